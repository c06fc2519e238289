; SPDX-License-Identifier: MIT
; Into the kernel and out of it. The frame on the kernel stack is struct
; trapframe (frame.h). Exceptions and the system call come through trap gates
; (interrupts stay as they were: on, from ring 3), interrupts and NMI through
; interrupt gates (off). C functions take arguments in eax, edx, ecx.

%include "asm_offsets.inc"
%include "kernel/x86/sens.inc"

section .text
extern trap, irq_entry, nmi_handler, exit_to_user_work, exit_fault
extern syscall_table, syscall_count, syscall_unknown, dispatch_finish, kthread_main

; After orig_eax was pushed: the rest of the frame, and the kernel's data
; segments. A program may have set AC or D: neither may reach C. Changes ecx.
%macro save_registers 0
	push gs
	push fs
	push es
	push ds
	push eax
	push ebp
	push edi
	push esi
	push edx
	push ecx
	push ebx
	load_kernel_segments
%endmacro

%macro load_kernel_segments 0
	mov ecx, SEL_KERNEL_DATA
	mov ds, ecx
	mov es, ecx
	cld
	smap_insn clac
%endmacro

; %1 = struct context * of the current thread
%macro current_context 1
	mov %1, esp
	or %1, KSTACK_SIZE - 1
	mov %1, [%1 - 3]
%endmacro

; The stub pushed error code and vector; the vector stands where gs belongs.
global exception_entry
exception_entry:
	push fs
	push es
	push ds
	push eax
	push ebp
	push edi
	push esi
	push edx
	push ecx
	push ebx
	load_kernel_segments
	mov edx, [esp + FRAME_GS]
	mov ecx, gs
	mov [esp + FRAME_GS], ecx
	mov ecx, [esp + FRAME_ORIG_EAX]
	mov dword [esp + FRAME_ORIG_EAX], -1
	mov eax, esp
	call trap                    ; void trap(struct trapframe *, vector, error code)
	test byte [esp + FRAME_CS], 3
	jnz return_to_user
	jmp return_to_kernel

; The stub pushed ~vector. Interrupts were on, so the depth goes 0 -> 1 -> 0 (in
; the idle loop, which counts as off, 1 -> 2 -> 1).
global interrupt_entry
interrupt_entry:
	save_registers
	current_context ebx
	inc dword [ebx + CONTEXT_IRQ_DEPTH]
	mov eax, esp
	call irq_entry               ; void irq_entry(struct trapframe *)
	dec dword [ebx + CONTEXT_IRQ_DEPTH]
	test byte [esp + FRAME_CS], 3
	jnz return_to_user.irqs_off
	jmp return_to_kernel

; May come anywhere, even with interrupts off: does no work on the way out.
global nmi_entry
nmi_entry:
	save_registers
	current_context ebx
	inc dword [ebx + CONTEXT_IRQ_DEPTH]
	mov eax, esp
	call nmi_handler             ; void nmi_handler(struct trapframe *)
	dec dword [ebx + CONTEXT_IRQ_DEPTH]
	test byte [esp + FRAME_CS], 3
	jnz return_to_user.restore
	jmp return_to_kernel

; int 0x80: number in eax, arguments in ebx ecx edx esi edi ebp. The function
; gets copies on the stack: it owns its arguments and may change them.
global syscall_entry
syscall_entry:
	push eax
	save_registers
	cmp eax, [syscall_count]
	jae .unknown
	push ebp
	push edi
	push esi
	push edx
	push dword [esp + 4 * 4 + 4] ; ecx, from the frame
	push ebx
	call [syscall_table + eax * 4]
	add esp, 6 * 4
.result:
	mov [esp + FRAME_EAX], eax
	jmp return_to_user
.unknown:
	mov eax, esp
	call syscall_unknown         ; int syscall_unknown(struct trapframe *)
	jmp .result

; esp = frame, from ring 3. The last look at exit_work is with interrupts off,
; so that nothing is missed between it and iret.
global return_to_user
return_to_user:
	sens cli
.irqs_off:
	current_context ecx
	cmp dword [ecx + CONTEXT_EXIT_WORK], 0
	jne .work
.restore:
	may_fault bad_gs, mov gs, [esp + FRAME_GS]
	may_fault bad_fs, mov fs, [esp + FRAME_GS - 4]
	may_fault bad_es, mov es, [esp + FRAME_GS - 8]
	may_fault bad_ds, mov ds, [esp + FRAME_GS - 12]
	pop ebx
	pop ecx
	pop edx
	pop esi
	pop edi
	pop ebp
	pop eax
	add esp, 5 * 4               ; ds es fs gs orig_eax
	sens may_fault bad_iret, iret
.work:
	sens sti
	mov eax, esp
	call exit_to_user_work       ; void exit_to_user_work(struct trapframe *)
	jmp return_to_user

; A selector that cannot be loaded becomes the null selector, as in Linux.
bad_gs:	mov dword [esp + FRAME_GS], 0
	jmp return_to_user.restore
bad_fs:	mov dword [esp + FRAME_GS - 4], 0
	jmp return_to_user.restore
bad_es:	mov dword [esp + FRAME_GS - 8], 0
	jmp return_to_user.restore
bad_ds:	mov dword [esp + FRAME_GS - 12], 0
	jmp return_to_user.restore

; iret refused what stands on the stack (eip cs eflags esp ss): a full frame
; again, and the program gets a signal.
bad_iret:
	push dword -1
	save_registers
	sens sti
	mov eax, esp
	call exit_fault              ; void exit_fault(struct trapframe *)
	jmp return_to_user

; esp = frame, from ring 0: fs and gs were never changed. ds and es may be the
; program's: when we came between its gate and save_registers, or on the way out.
return_to_kernel:
	may_fault null_es, mov es, [esp + FRAME_GS - 8]
	may_fault null_ds, mov ds, [esp + FRAME_GS - 12]
	pop ebx
	pop ecx
	pop edx
	pop esi
	pop edi
	pop ebp
	pop eax
	add esp, 5 * 4
	sens iret

null_es:
	mov dword [esp + FRAME_GS - 8], 0
	jmp return_to_kernel
null_ds:
	mov dword [esp + FRAME_GS - 12], 0
	jmp return_to_kernel

; First moments of a new thread: eax = the thread switched from; the run-queue
; lock is still held. A user thread's stack then holds its frame.
global user_first_run, kthread_first_run
user_first_run:
	call dispatch_finish
	jmp return_to_user
kthread_first_run:
	call dispatch_finish
	call kthread_main            ; does not return

section .note.GNU-stack noalloc
