/* SPDX-License-Identifier: MIT */
/* Interrupts: who handles which vector. Handlers run with interrupts off, on
 * the current kernel stack, un-nested, and are short.
 */
#ifndef CORE_IRQ_H
#define CORE_IRQ_H

#include "lib/types.h"
#include "x86/frame.h"

enum { IRQ_ISA_COUNT = 16, IRQ_TIMER = 0, IRQ_KEYBOARD = 1, IRQ_COM1 = 4 };

/* Calls fn(arg) on interrupts of ISA line `irq`, and unmasks it. -EBUSY, -EINVAL. */
int irq_register(unsigned irq, void (*fn)(void *arg), void *arg) __must_check;

/* One of those who share a line, as PCI functions do (level-triggered). Kept for ever. */
struct irq_handler {
	void (*fn)(void *arg); /* [I] called whoever of them it was: must look */
	void *arg;             /* [I] */
	struct irq_handler *next;
};

/* As irq_register, together with others that share the line. */
int irq_register_shared(unsigned irq, struct irq_handler *h) __must_check;

/* Calls fn(arg) on a vector that is sent by a LAPIC (timer, IPIs). */
void irq_register_vector(unsigned vector, void (*fn)(void *arg), void *arg);

/* Counts for /proc/interrupts: of one CPU and vector. Exceptions are counted by who handles
 * them, with the vector; system calls are not.
 */
uint32_t irq_count(unsigned cpu, unsigned vector);
void irq_count_exception(unsigned vector);

/* Spent in that CPU's handlers so far, nanoseconds. */
uint64_t irq_time_ns(unsigned cpu);

/* From entry.asm; f->orig_eax is ~vector. */
void irq_entry(struct trapframe *f);

/* True while this CPU's timer interrupt came from ring 3 (CPU time split). */
bool irq_from_user(void);

/* The idle loop halts this CPU next, with interrupts off until then: notes when it is
 * woken, so that the handler's time does not count as idle. The second one returns
 * that instant.
 */
void irq_halt_begin(void);
ktime_t irq_halt_end(void);

/* Chooses and starts the interrupt controllers: LAPIC and IOAPIC, or the 8259. */
void irq_init(bool use_apic);
bool irq_uses_apic(void);

#endif
