; SPDX-License-Identifier: MIT
; Copying and filling memory, with the processor's string instructions: words
; first, the odd bytes last.

; void *memcpy(void *to, const void *from, size_t count)
;	esp + 4 to, + 8 from, + 12 count
	section .text.memcpy exec
	global memcpy:function
memcpy:
	mov	eax, [esp + 4]
	push	esi
	push	edi
	mov	edi, eax
	mov	esi, [esp + 16]
	mov	edx, [esp + 20]
copy_up:
	mov	ecx, edx
	shr	ecx, 2
	rep	movsd
	mov	ecx, edx
	and	ecx, 3
	rep	movsb
	pop	edi
	pop	esi
	ret

; void *memmove(void *to, const void *from, size_t count)
; Copies down from the end when the target begins inside the source.
	global memmove:function
memmove:
	mov	eax, [esp + 4]
	push	esi
	push	edi
	mov	edi, eax
	mov	esi, [esp + 16]
	mov	edx, [esp + 20]
	mov	ecx, edi
	sub	ecx, esi
	cmp	ecx, edx		; unsigned: to - from < count
	jae	copy_up
	std
	mov	ecx, edx
	lea	esi, [esi + edx - 1]
	lea	edi, [edi + edx - 1]
	and	ecx, 3
	rep	movsb
	mov	ecx, edx
	shr	ecx, 2
	sub	esi, 3
	sub	edi, 3
	rep	movsd
	cld
	pop	edi
	pop	esi
	ret

%define FOUR_TIMES 0x01010101	; times a byte: a word of that byte

; void *memset(void *to, int byte, size_t count)
	section .text.memset exec
	global memset:function
memset:
	push	edi
	mov	edi, [esp + 8]
	movzx	eax, byte [esp + 12]
	imul	eax, eax, FOUR_TIMES
	mov	edx, [esp + 16]
	mov	ecx, edx
	shr	ecx, 2
	rep	stosd
	mov	ecx, edx
	and	ecx, 3
	rep	stosb
	mov	eax, [esp + 8]
	pop	edi
	ret

	section .note.GNU-stack noalloc
