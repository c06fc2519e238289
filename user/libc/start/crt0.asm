; SPDX-License-Identifier: MIT
; The first instruction of a program. The kernel leaves on the stack:
;
;     esp  ->  argc
;              argv[0] ... argv[argc-1], 0
;              envp[0] ..., 0
;              auxiliary vector
;
; environ is a weak reference: a program that never looks at its environment
; does not dirty a page for it. So is what readies the main thread of programs with
; threads (thread/create.c).

	extern main
	extern exit
	extern environ:weak
	extern __thread_start_main:weak

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
	mov	ebx, __thread_start_main
	test	ebx, ebx
	jz	.main
	push	ecx
	push	edx
	push	eax
	call	ebx
	pop	eax
	pop	edx
	pop	ecx
.main:
	push	ecx			; one word short of the alignment
	push	ecx
	push	edx
	push	eax
	call	main
	mov	[esp], eax
	call	exit			; does not return

	section .note.GNU-stack noalloc
