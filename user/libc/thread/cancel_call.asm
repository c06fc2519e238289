; SPDX-License-Identifier: MIT
; long __cancel_call(long n, long a, long b, long c, long d, long e, long f)
; Between the look at cancel_now and int 0x80 a signal that cancels moves eip to __cancel_act: no
; thread falls asleep that was cancelled. After it, the call was made, and counts.
	section .text.__cancel_call exec
	extern __cancel_act
	global __cancel_call:function
	global __cancel_begin:function
	global __cancel_end:function
__cancel_call:
	push	ebx
	push	esi
	push	edi
	push	ebp
	mov	eax, [esp + 20]
	mov	ebx, [esp + 24]
	mov	ecx, [esp + 28]
	mov	edx, [esp + 32]
	mov	esi, [esp + 36]
	mov	edi, [esp + 40]
	mov	ebp, [esp + 44]
__cancel_begin:
	cmp	dword [gs:4], 0		; cancel_now
	jne	__cancelled
	int	0x80
__cancel_end:
	pop	ebp
	pop	edi
	pop	esi
	pop	ebx
	ret
__cancelled:
	and	esp, -16
	call	__cancel_act		; does not return

	section .note.GNU-stack noalloc
