; SPDX-License-Identifier: MIT
; Signal handlers return here, and the kernel puts back the interrupted state.
;
; void __signal_return(void): the signal's number is still on the stack; sigreturn, 119
; void __rt_signal_return(void): of handlers with SA_SIGINFO; rt_sigreturn, 173

	section .text.__signal_return exec
	global __signal_return:function
__signal_return:
	pop	eax
	mov	eax, 119
	int	0x80

	section .text.__rt_signal_return exec
	global __rt_signal_return:function
__rt_signal_return:
	mov	eax, 173
	int	0x80

	section .note.GNU-stack noalloc
