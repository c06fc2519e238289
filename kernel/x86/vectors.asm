; SPDX-License-Identifier: MIT
; The 256 doors: one stub a vector. A stub completes what the CPU pushed to
; the same picture for all (frame.h) and goes to the common part in entry.asm.

%include "asm_offsets.inc"

section .text
extern exception_entry, interrupt_entry, nmi_entry, syscall_entry

; Exceptions for which the CPU pushes an error code (SDM vol. 3A, 6.13).
%define HAS_ERROR_CODE(v) ((v) == 8 || ((v) >= 10 && (v) <= 14) || (v) == 17 || (v) == 21)
%define IS_EXCEPTION(v)   ((v) < VEC_IRQ_BASE)

%macro stub 1
vector_%1:
%if %1 == VEC_SYSCALL
	jmp syscall_entry
%elif %1 == VEC_NMI
	push dword -1
	jmp nmi_entry
%elif IS_EXCEPTION(%1)
%if !HAS_ERROR_CODE(%1)
	push dword 0
%endif
	push dword %1                ; where gs will stand
	jmp exception_entry
%else
	push dword ~%1
	jmp interrupt_entry
%endif
%endmacro

%assign v 0
%rep 256
	stub v
%assign v v + 1
%endrep

; uint32_t vector_stubs[256]: for the IDT
section .rodata
global vector_stubs
vector_stubs:
%assign v 0
%rep 256
	dd vector_ %+ v
%assign v v + 1
%endrep

section .note.GNU-stack noalloc
