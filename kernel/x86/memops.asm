; SPDX-License-Identifier: MIT
; memcpy and friends (lib/string.h), and whole pages (mm/page.h). Arguments in
; eax, edx, ecx. Page copies use SSE2 where there is: the registers borrowed are
; saved on the stack, as they hold the program's values.

%include "asm_offsets.inc"

EVERY_BYTE equ 0x01010101

section .text
global memcpy, memmove, memset, memcmp, page_zero, page_copy
extern page_ops_sse2

; void *memcpy(void *dst, const void *src, size_t n)
memcpy:
	push esi
	push edi
	mov edi, eax
	mov esi, edx
	mov edx, ecx
	shr ecx, 2
	rep movsd
	mov ecx, edx
	and ecx, 3
	rep movsb
	pop edi
	pop esi
	ret

; void *memmove(void *dst, const void *src, size_t n): backwards when dst lies
; inside the source.
memmove:
	push ebx
	mov ebx, eax
	sub ebx, edx
	cmp ebx, ecx
	pop ebx
	jae memcpy
	push esi
	push edi
	lea edi, [eax + ecx - 1]
	lea esi, [edx + ecx - 1]
	std
	rep movsb
	cld
	pop edi
	pop esi
	ret

; void *memset(void *dst, int byte, size_t n)
memset:
	push edi
	push eax
	mov edi, eax
	movzx eax, dl
	imul eax, eax, EVERY_BYTE
	mov edx, ecx
	shr ecx, 2
	rep stosd
	mov ecx, edx
	and ecx, 3
	rep stosb
	pop eax
	pop edi
	ret

; int memcmp(const void *a, const void *b, size_t n)
memcmp:
	push esi
	push edi
	mov esi, eax
	mov edi, edx
	xor eax, eax
	cmp ecx, ecx                 ; equal, should n be 0
	repe cmpsb
	je .done
	movzx eax, byte [esi - 1]
	movzx edx, byte [edi - 1]
	sub eax, edx
.done:	pop edi
	pop esi
	ret

; void page_zero(void *page)
page_zero:
	cmp byte [page_ops_sse2], 0
	je .words
	sub esp, 16
	movups [esp], xmm0
	pxor xmm0, xmm0
	lea ecx, [eax + PAGE_SIZE]
.next:
%assign i 0
%rep 8
	movaps [eax + i * 16], xmm0
%assign i i + 1
%endrep
	add eax, 8 * 16
	cmp eax, ecx
	jne .next
	movups xmm0, [esp]
	add esp, 16
	ret
.words:	push edi
	mov edi, eax
	mov ecx, PAGE_SIZE / 4
	xor eax, eax
	rep stosd
	pop edi
	ret

; void page_copy(void *dst, const void *src)
page_copy:
	cmp byte [page_ops_sse2], 0
	je .words
	sub esp, 4 * 16
%assign i 0
%rep 4
	movups [esp + i * 16], xmm %+ i
%assign i i + 1
%endrep
	lea ecx, [eax + PAGE_SIZE]
.next:
%assign j 0
%rep 2
%assign i 0
%rep 4
	movaps xmm %+ i, [edx + (j * 4 + i) * 16]
%assign i i + 1
%endrep
%assign i 0
%rep 4
	movaps [eax + (j * 4 + i) * 16], xmm %+ i
%assign i i + 1
%endrep
%assign j j + 1
%endrep
	add edx, 8 * 16
	add eax, 8 * 16
	cmp eax, ecx
	jne .next
%assign i 0
%rep 4
	movups xmm %+ i, [esp + i * 16]
%assign i i + 1
%endrep
	add esp, 4 * 16
	ret
.words:	mov ecx, PAGE_SIZE
	jmp memcpy

section .note.GNU-stack noalloc
