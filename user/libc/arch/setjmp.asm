; SPDX-License-Identifier: MIT
; int setjmp(jmp_buf state): 0, or what longjmp() was given
; void longjmp(jmp_buf state, int value)
;
;	state: ebx esi edi ebp esp eip
	section .text.setjmp exec
	global setjmp:function
	global _setjmp:function
setjmp:
_setjmp:
	mov	eax, [esp + 4]
	mov	[eax], ebx
	mov	[eax + 4], esi
	mov	[eax + 8], edi
	mov	[eax + 12], ebp
	lea	ecx, [esp + 4]		; as it is after our return
	mov	[eax + 16], ecx
	mov	ecx, [esp]
	mov	[eax + 20], ecx
	xor	eax, eax
	ret

	section .text.longjmp exec
	global longjmp:function
	global _longjmp:function
longjmp:
_longjmp:
	mov	edx, [esp + 4]
	mov	eax, [esp + 8]
	cmp	eax, 1
	adc	eax, 0			; 0 becomes 1
	mov	ebx, [edx]
	mov	esi, [edx + 4]
	mov	edi, [edx + 8]
	mov	ebp, [edx + 12]
	mov	esp, [edx + 16]
	jmp	[edx + 20]

	section .note.GNU-stack noalloc
