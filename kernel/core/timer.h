/* SPDX-License-Identifier: MIT */
/* Timers: deadlines in a tree per CPU. The callback runs in interrupt context
 * (irqs off) on the CPU that armed the timer, with no lock held.
 */
#ifndef CORE_TIMER_H
#define CORE_TIMER_H

#include "lib/rbtree.h"
#include "core/time.h"

struct timer {
	struct rbnode node;              /* [t] TIMER lock of its CPU */
	ktime_t deadline;                /* [t] */
	struct cpu *cpu;                 /* [t] where armed last; NULL: never */
	bool queued;                     /* [t] in the tree */
	void (*fn)(struct timer *timer); /* [I] */
};

void timer_init(struct timer *timer, void (*fn)(struct timer *));

/* Arms for an absolute monotonic time; not armed before. */
void timer_arm(struct timer *timer, ktime_t deadline);

/* After return the callback neither runs nor will run. Not from the callback, nor
 * under a lock that it takes: waits for its end on another CPU.
 */
void timer_cancel(struct timer *timer);

struct cpu;
void timers_init_cpu(struct cpu *cpu); /* each CPU, before its first timer */
void timers_init(void);                /* once, after irq_init */

#endif
