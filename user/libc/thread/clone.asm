; SPDX-License-Identifier: MIT
; What threads need below C.

SYS_exit	equ 1
SYS_munmap	equ 91
SYS_clone	equ 120

	extern __set_errno

; int clone(int (*run)(void *), void *stack, int flags, void *arg,
;	    int *parent_tid, void *tls, int *child_tid)
; The child runs on the new stack and ends with what run(arg) returns.
	section .text.clone exec
	global clone:function
clone:
	push	ebx
	push	esi
	push	edi
	mov	ecx, [esp + 20]		; stack
	and	ecx, -16
	sub	ecx, 20
	mov	eax, [esp + 28]
	mov	[ecx + 4], eax		; arg, where the alignment of a call wants it
	mov	eax, [esp + 16]
	mov	[ecx], eax		; run
	mov	ebx, [esp + 24]		; flags
	mov	edx, [esp + 32]
	mov	esi, [esp + 36]
	mov	edi, [esp + 40]
	mov	eax, SYS_clone
	int	0x80
	test	eax, eax
	jnz	.parent
	xor	ebp, ebp		; the end of the chain of frames
	pop	eax
	call	eax
	mov	ebx, eax
	mov	eax, SYS_exit
	int	0x80
.parent:
	pop	edi
	pop	esi
	pop	ebx
	cmp	eax, -4095
	jae	.failed
	ret
.failed:
	neg	eax
	push	eax
	call	__set_errno
	add	esp, 4
	ret

; void __thread_unmap_and_exit(void *map, size_t size)
	section .text.__thread_unmap_and_exit exec
	global __thread_unmap_and_exit:function
__thread_unmap_and_exit:
	mov	ebx, [esp + 4]
	mov	ecx, [esp + 8]
	mov	eax, SYS_munmap
	int	0x80
	xor	ebx, ebx
	mov	eax, SYS_exit
	int	0x80

	section .note.GNU-stack noalloc
