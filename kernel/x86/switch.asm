; SPDX-License-Identifier: MIT
; struct context *context_switch(struct context *from, struct context *to)
;
; in: eax from, edx to; irqs off, the run-queue lock held. The callee-saved
; registers go on the old stack, the stack pointer is exchanged, the new
; thread's come from its stack. Returns `from` -- in the new thread.
;
;	esp ->	| edi | esi | ebx | ebp | return address |

%include "asm_offsets.inc"

section .text
global context_switch
context_switch:
	push ebp
	push ebx
	push esi
	push edi
	mov [eax + CONTEXT_ESP], esp
	mov esp, [edx + CONTEXT_ESP]
	pop edi
	pop esi
	pop ebx
	pop ebp
	ret

section .note.GNU-stack noalloc
