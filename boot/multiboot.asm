; SPDX-License-Identifier: MIT
; From the boot loader to C (Multiboot 1, section 3.2: machine state).
;
; We arrive in flat 32-bit protected mode without paging, at 1 MiB, while all
; symbols are linked 3 GiB higher: until paging is on every address is used
; as PHYS(symbol). The direct map is 448 large pages in the one kernel page
; directory; boot_low_pdpt also shows the first 2 MiB low for the moment of
; the jump (and later for other CPUs' start).

%include "asm_offsets.inc"
%include "kernel/x86/sens.inc"

%define PHYS(symbol) ((symbol) - KERNEL_BASE)

MULTIBOOT_MAGIC  equ 0x1BADB002
MULTIBOOT_ALIGN  equ 1 << 0          ; modules on page boundaries
MULTIBOOT_MEMORY equ 1 << 1          ; we want the memory map
MULTIBOOT_FLAGS  equ MULTIBOOT_ALIGN | MULTIBOOT_MEMORY

EFLAGS_ID        equ 1 << 21
CPUID_PAE        equ 1 << 6
CR0_PROTECT      equ (1 << 31) | (1 << 16) ; paging, write-protect in ring 0 too
CR4_PAGING       equ (1 << 5) | (1 << 4)   ; PAE; PSE as one emulator needs it
LARGE_RW         equ 0x83            ; present, writable, 2 MiB
LARGE_READ       equ 0x81            ; the same, not writable
PRESENT          equ 1
COM1             equ 0x3f8
COM1_STATUS      equ COM1 + 5
COM1_THR_EMPTY   equ 1 << 5
VGA_TEXT         equ 0xb8000
VGA_ATTRIBUTE    equ 0x0f00
GIVE_UP          equ 0x10000

section .multiboot progbits alloc exec nowrite align=4
	dd MULTIBOOT_MAGIC
	dd MULTIBOOT_FLAGS
	dd -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

section .text
global multiboot_start
extern kmain, boot_thread

; in: eax Multiboot's answer, ebx struct multiboot_info (physical)
multiboot_start:
	cld
	mov esp, PHYS(boot_stack_top)
	mov ebp, eax
	mov edi, ebx
	call cpu_has_pae
	jz no_pae
	jmp paging_on
high_start:
	mov esp, boot_stack_top
	mov eax, PHYS(boot_pdpt)     ; the low copy is not needed any more
	sens mov cr3, eax
	mov dword [boot_stack + KSTACK_SIZE - 4], boot_thread
	mov eax, ebp
	mov edx, edi
	xor ebp, ebp                 ; a backtrace ends here
	push ebp
	call kmain                   ; void kmain(uint32_t magic, uint32_t info_paddr)
.dead:
	sens hlt
	jmp .dead

; out: zf set when the CPU has no PAE (or no CPUID). Changes eax ecx edx ebx.
cpu_has_pae:
	sens pushf
	pop eax
	mov ecx, eax
	xor eax, EFLAGS_ID
	push eax
	sens popf
	sens pushf
	pop eax
	cmp eax, ecx
	je .no                       ; the bit cannot be changed: no CPUID
	mov eax, 1
	cpuid
	test edx, CPUID_PAE
	ret
.no:	xor eax, eax
	ret

; The direct map in 2 MiB pages, then paging on and away to the high half: the
; low pages can only be read and executed. Changes eax ecx edx.
paging_on:
	mov ecx, 0
	mov edx, PHYS(boot_kernel_pd)
	mov eax, LARGE_RW
.entry:	mov [edx + ecx * 8], eax
	add eax, 1 << 21
	inc ecx
	cmp ecx, DIRECT_MAP_SIZE >> 21
	jb .entry

	mov eax, PHYS(boot_kernel_pd) + PRESENT
	mov [PHYS(boot_pdpt) + 3 * 8], eax
	mov [PHYS(boot_low_pdpt) + 3 * 8], eax
	mov dword [PHYS(boot_low_pdpt)], PHYS(boot_low_pd) + PRESENT
	mov dword [PHYS(boot_low_pd)], LARGE_READ
	sens mov eax, cr4
	or eax, CR4_PAGING
	sens mov cr4, eax
	mov eax, PHYS(boot_low_pdpt)
	sens mov cr3, eax
	sens mov eax, cr0
	or eax, CR0_PROTECT
	sens mov cr0, eax
	mov eax, high_start
	jmp eax

; Says why we stop, on COM1 and on the screen, and stops.
no_pae:
	mov esi, PHYS(no_pae_text)
	mov edi, VGA_TEXT
.next:	lodsb
	test al, al
	jz .halt
	movzx ebx, al
	or ebx, VGA_ATTRIBUTE
	mov [edi], bx
	add edi, 2
	mov cl, al
	mov ebp, GIVE_UP             ; on a port that is never ready
.wait:	mov dx, COM1_STATUS
	sens in al, dx
	test al, COM1_THR_EMPTY
	jnz .ready
	dec ebp
	jnz .wait
.ready:	mov al, cl
	mov dx, COM1
	sens out dx, al
	jmp .next
.halt:	sens cli
	sens hlt
	jmp .halt

section .rodata
no_pae_text:
	db "Gatehouse: this CPU has no PAE (physical address extension); "
	db "it is needed for page protection. Stopped.", 13, 10, 0

; The boot thread's kernel stack: 8 KiB-aligned, its top word is the thread.
section .bss.pages nobits alloc noexec write align=8192
global boot_stack
boot_stack:
	resb KSTACK_SIZE
boot_stack_top equ boot_stack + KSTACK_SIZE - KSTACK_TOP_RESERVE

global boot_kernel_pd, boot_pdpt, boot_low_pdpt
boot_kernel_pd:
	resq 512
boot_low_pd:                         ; the first 2 MiB, low
	resq 512
boot_pdpt:                           ; the kernel's own address space
	resq 4
boot_low_pdpt:                       ; the same with the first 2 MiB low: for start-up
	resq 4

section .note.GNU-stack noalloc
