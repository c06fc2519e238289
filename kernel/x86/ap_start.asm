; SPDX-License-Identifier: MIT
; Where another CPU starts: real mode, at AP_TRAMPOLINE, where smp.c copies the
; bytes between ap_trampoline and ap_trampoline_end. It goes to protected mode
; with a GDT of its own, then to PAE paging with the low copy of the kernel's
; page table, then to ap_high on its idle thread's stack (ap_stack).

%include "asm_offsets.inc"
%include "kernel/x86/sens.inc"

%define PHYS(symbol) ((symbol) - KERNEL_BASE)
%define LOW(symbol)  (AP_TRAMPOLINE + (symbol) - ap_trampoline)

CR0_PE     equ 1
CR0_PAGING equ (1 << 31) | (1 << 16)
CR4_PAGING equ (1 << 5) | (1 << 4)
MSR_EFER   equ 0xc0000080
EFER_NXE   equ 1 << 11
CODE       equ 8
DATA       equ 16

section .rodata
global ap_trampoline, ap_trampoline_end
extern boot_low_pdpt, pte_nx, ap_stack, ap_main

bits 16
align 16
ap_trampoline:
	cli
	cld
	xor ax, ax
	mov ds, ax
	lgdt [LOW(ap_gdtr)]
	mov eax, cr0
	or eax, CR0_PE
	mov cr0, eax
	jmp dword CODE:LOW(ap_protected)

bits 32
ap_protected:
	mov ax, DATA
	mov ds, ax
	mov es, ax
	mov ss, ax
	cmp dword [PHYS(pte_nx) + 4], 0
	je .no_nx                    ; else page tables already have bit 63
	mov ecx, MSR_EFER
	rdmsr
	or eax, EFER_NXE
	wrmsr
.no_nx:	mov eax, cr4
	or eax, CR4_PAGING
	mov cr4, eax
	mov eax, PHYS(boot_low_pdpt)
	mov cr3, eax
	mov eax, cr0
	or eax, CR0_PAGING
	mov cr0, eax
	mov eax, ap_high
	jmp eax

align 8
ap_gdt:
	dq 0
	dq 0x00cf9a000000ffff        ; flat code
	dq 0x00cf92000000ffff        ; flat data
ap_gdtr:
	dw $ - ap_gdt - 1
	dd LOW(ap_gdt)
ap_trampoline_end:

section .text
ap_high:
	mov esp, [ap_stack]
	xor ebp, ebp
	push ebp
	call ap_main                 ; void ap_main(void), does not return

section .note.GNU-stack noalloc
