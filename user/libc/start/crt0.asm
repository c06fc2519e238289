; SPDX-License-Identifier: MIT
; The first instruction of a program. The kernel leaves on the stack:
;
;     esp  ->  argc
;              argv[0] ... argv[argc-1], 0
;              envp[0] ..., 0
;              auxiliary vector
;
; environ is a weak reference: a program that never looks at its environment
; does not dirty a page for it.

	extern main
	extern exit
	extern environ:weak

	section .text._start exec
	global _start:function
_start:
	xor	ebp, ebp		; the end of the chain of frames
	mov	eax, [esp]		; argc
	lea	edx, [esp + 4]		; argv
	lea	ecx, [edx + eax*4 + 4]	; envp
	mov	ebx, environ
	test	ebx, ebx
	jz	.call
	mov	[ebx], ecx
.call:
	and	esp, -16
	push	ecx			; one word short of the alignment
	push	ecx
	push	edx
	push	eax
	call	main
	mov	[esp], eax
	call	exit			; does not return

	section .note.GNU-stack noalloc
