; SPDX-License-Identifier: MIT
; void __signal_return(void)
; A signal handler returns here, its number still on the stack: pop it and ask
; the kernel for the interrupted state (sigreturn, 119).

	section .text.__signal_return exec
	global __signal_return:function
__signal_return:
	pop	eax
	mov	eax, 119
	int	0x80

	section .note.GNU-stack noalloc
