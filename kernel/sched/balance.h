/* SPDX-License-Identifier: MIT */
/* Which CPU a thread runs on, for the dispatcher. */
#ifndef SCHED_BALANCE_H
#define SCHED_BALANCE_H

#include "core/percpu.h"
#include "sched/dispatch.h"

/* That CPU has nothing to do, and looks at all queues once more before it halts; or has. */
void balance_set_idle(unsigned cpu);
void balance_clear_idle(unsigned cpu);

/* Whether a CPU of the mask idles. */
bool balance_has_idle(uint32_t mask);

/* Makes another CPU look at its run queue and at exit_work. Any context. */
void balance_kick(const struct cpu *cpu);

/* t, which is in no queue, becomes ready where it may run. Caller holds rq->lock, which is that
 * of t's CPU; it is dropped.
 */
void balance_place(struct runq *rq, struct thread *t);

/* t waits in rq, whose lock the caller holds, though some CPU may idle. */
void balance_offer(struct runq *rq, const struct thread *t);

/* Takes a thread that may run on this CPU over from one where at least `least` wait. False if
 * there is none. Irqs off.
 */
bool balance_steal(struct runq *mine, uint32_t least);

/* Each tick of a CPU that has work. */
void balance_tick(struct runq *mine);

#endif
