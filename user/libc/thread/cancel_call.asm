; SPDX-License-Identifier: MIT
; long __cancel_call(long n, long a, long b, long c, long d, long e, long f)
; Between the look at cancel_now and int 0x80 a signal that cancels has it look again (cancel.c): no
; thread falls asleep that was cancelled. After it, the call was made, and counts.
%include "user/libc/sys/call6.inc"

	section .text.__cancel_call exec
	extern __cancel_act
	global __cancel_call:function
	global __cancel_begin:function
	global __cancel_end:function
__cancel_call:
	call6_begin
__cancel_begin:
	cmp	dword [gs:4], 0		; cancel_now
	jne	__cancelled
	int	0x80
__cancel_end:
	call6_end
	ret
__cancelled:
	and	esp, -16
	call	__cancel_act		; does not return

	section .note.GNU-stack noalloc
