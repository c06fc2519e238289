/* SPDX-License-Identifier: MIT */
/* Other CPUs: interrupt them, start them. CPUs are named by id; smp_set_apic_id
 * tells which local APIC that is.
 */
#ifndef X86_SMP_H
#define X86_SMP_H

#include "lib/types.h"

enum { AP_TRAMPOLINE = 0x8000 }; /* low page that a starting CPU runs from */

extern uint32_t ap_stack; /* stack pointer of the CPU being started */

void smp_set_apic_id(unsigned cpu, uint8_t apic_id);

/* Sends `vector` to the CPUs in `mask` (bit = id). Irqs off: a handler that sends
 * one, too, would change the destination between our two writes to the LAPIC.
 */
void smp_send_ipi_mask(uint32_t mask, uint8_t vector);

/* Non-maskable, to all others: panic and dumps. */
void smp_send_nmi_others(void);

/* Starts CPU `cpu` with the stack pointer `esp`; it calls ap_main() there. The
 * caller waits for it to come online. One at a time.
 */
void smp_start_cpu(unsigned cpu, uint32_t esp);

/* Upcall: the started CPU's C entry, on its idle thread's stack (init). */
void ap_main(void) __attribute__((noreturn));

#endif
