; SPDX-License-Identifier: MIT
; Copies between kernel and user memory (prototypes: extable.h). Ranges are
; checked by vm/usercopy. Between stac and clac only the access itself.

%include "asm_offsets.inc"
%include "kernel/x86/sens.inc"

section .text
global x86_copy_user, x86_clear_user, x86_strncpy_user, x86_get_user32, x86_put_user32
global x86_cmpxchg_user32

; eax dst, edx src, ecx n -> eax bytes not copied. A fault among the words goes
; on by bytes, so that the count is exact.
x86_copy_user:
	push esi
	push edi
	mov edi, eax
	mov esi, edx
	mov edx, ecx
	shr ecx, 2
	and edx, 3
	smap_insn stac
	may_fault .by_bytes, rep movsd
	mov ecx, edx
	may_fault .done, rep movsb
.done:	smap_insn clac
	mov eax, ecx
	pop edi
	pop esi
	ret
.by_bytes:
	lea ecx, [ecx * 4 + edx]
	smap_insn stac
	may_fault .done, rep movsb
	jmp .done

; eax dst, edx n -> eax bytes not cleared
x86_clear_user:
	push edi
	mov edi, eax
	mov ecx, edx
	shr ecx, 2
	and edx, 3
	xor eax, eax
	smap_insn stac
	may_fault .by_bytes, rep stosd
	mov ecx, edx
	may_fault .done, rep stosb
.done:	smap_insn clac
	mov eax, ecx
	pop edi
	ret
.by_bytes:
	lea ecx, [ecx * 4 + edx]
	smap_insn stac
	may_fault .done, rep stosb
	jmp .done

; eax dst, edx src, ecx size -> eax length without the 0; size: no 0; -1: fault
x86_strncpy_user:
	push ebx
	push esi
	mov esi, ecx
	xor ebx, ebx
	smap_insn stac
.next:	cmp ebx, esi
	jae .done
	may_fault .fault, mov cl, [edx + ebx]
	mov [eax + ebx], cl
	inc ebx
	test cl, cl
	jnz .next
	dec ebx
.done:	smap_insn clac
	mov eax, ebx
	pop esi
	pop ebx
	ret
.fault:	smap_insn clac
	mov eax, -1
	pop esi
	pop ebx
	ret

; eax out (kernel), edx src -> eax 0 or -1
x86_get_user32:
	smap_insn stac
	may_fault user32_fault, mov ecx, [edx]
	smap_insn clac
	mov [eax], ecx
	xor eax, eax
	ret

; eax dst, edx value -> eax 0 or -1
x86_put_user32:
	smap_insn stac
	may_fault user32_fault, mov [eax], edx
	smap_insn clac
	xor eax, eax
	ret

; eax dst, edx expected (kernel), ecx new -> eax 0 or -1; *expected is what was there
x86_cmpxchg_user32:
	push ebx
	mov ebx, eax
	mov eax, [edx]
	smap_insn stac
	may_fault .fault, lock cmpxchg [ebx], ecx
	smap_insn clac
	mov [edx], eax
	xor eax, eax
	pop ebx
	ret
.fault:	pop ebx
	jmp user32_fault

user32_fault:
	smap_insn clac
	mov eax, -1
	ret

section .note.GNU-stack noalloc
