/* SPDX-License-Identifier: MIT */
/* Interrupts on or off, known in software: a depth in the thread, so that a
 * critical section costs at most one cli and one sti and never a pushf.
 */
#ifndef CORE_IRQFLAG_H
#define CORE_IRQFLAG_H

#include "lib/assert.h"
#include "x86/context.h"
#include "x86/cpu.h"

static inline void irq_disable(void)
{
	struct context *c = current_context();

	if (c->irq_depth == 0)
		cpu_cli();
	c->irq_depth++;
	asm volatile("" ::: "memory");
}

static inline void irq_enable(void)
{
	struct context *c = current_context();

	asm volatile("" ::: "memory");
	if (--c->irq_depth == 0)
		cpu_sti();
}

static inline bool irqs_are_off(void)
{
	return current_context()->irq_depth > 0;
}

#endif
