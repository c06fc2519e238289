/* SPDX-License-Identifier: MIT */
/* The local APIC of each CPU (SDM vol. 3A, chapter 11). */
#ifndef X86_LAPIC_H
#define X86_LAPIC_H

#include "lib/types.h"

/* registers: its page, mapped uncached. Once, boot CPU. */
void lapic_set_registers(volatile uint32_t *registers);
void lapic_init_cpu(void);        /* each CPU; LINT1 is NMI */
void lapic_timer_calibrate(void); /* once, boot CPU: 10 ms */
uint8_t lapic_id(void);
void lapic_eoi(void);
void lapic_timer_start(ktime_t ns); /* VEC_TIMER once, after ns */
void lapic_send_ipi(uint8_t apic_id, uint8_t vector);
void lapic_send_nmi_others(void);
/* INIT, then STARTUP twice: the CPU starts in real mode at page << 12. */
void lapic_start_cpu(uint8_t apic_id, uint8_t page);

#endif
