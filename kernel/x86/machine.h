/* SPDX-License-Identifier: MIT */
/* Ending the machine. */
#ifndef X86_MACHINE_H
#define X86_MACHINE_H

/* Values for QEMU's isa-debug-exit device: QEMU ends with (value << 1) | 1. */
enum machine_exit { MACHINE_EXIT_POWEROFF = 0x10, MACHINE_EXIT_PANIC = 0x20 };

void machine_exit_code(enum machine_exit code);        /* returns if there is no such device */
void machine_poweroff(void) __attribute__((noreturn)); /* ACPI would be better: halts at last */
void machine_reset(void) __attribute__((noreturn));

#endif
