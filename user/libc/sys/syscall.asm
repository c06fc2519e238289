; SPDX-License-Identifier: MIT
; System calls that C cannot make.
%include "user/libc/sys/call6.inc"

	extern __set_errno

	section .text.syscall6 exec
	global syscall6:function

; long syscall6(long n, long a, long b, long c, long d, long e, long f)
; long syscall(long n, ...): the same, with errno
%macro six_arguments 0
	call6_begin
	int	0x80
	call6_end
%endmacro

syscall6:
	six_arguments
	ret

; eax is between -4095 and -1: give -1 and set errno.
%macro return_result 0
	cmp	eax, -4095
	jae	%%failed
	ret
%%failed:
	neg	eax
	push	eax
	call	__set_errno
	add	esp, 4
	ret
%endmacro

	section .text.syscall exec
	global syscall:function
syscall:
	six_arguments
	return_result

; pid_t vfork(void)
; The child runs on this very stack while we sleep: the return address is kept
; in a register, where the child cannot overwrite it.
	section .text.vfork exec
	global vfork:function
vfork:
	pop	edx
	mov	eax, 190
	int	0x80
	push	edx
	return_result

	section .note.GNU-stack noalloc
