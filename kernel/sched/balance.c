/* SPDX-License-Identifier: MIT */
/* Which CPU: where a woken thread goes, what an idle CPU takes over, whom it is told.
 *
 * No thread waits while a CPU that it may use idles. Whoever puts a thread into a queue looks at
 * idle_mask afterwards; a CPU sets its bit there before it looks at the queues for the last
 * time. One of the two sees the other. A waker takes the bit as it sends work, so that two
 * wakers choose two CPUs, and nobody is interrupted who was told already.
 */
#include "sched/balance.h"
#include "core/irqflag.h"
#include "core/percpu.h"
#include "sched/dispatch.h"
#include "x86/smp.h"

enum { BALANCE_TICKS = 4 };

static atomic_t idle_mask; /* [a] CPUs that idle and that nobody has sent work */

void balance_set_idle(unsigned cpu)
{
	atomic_or(&idle_mask, BIT(cpu));
}

void balance_clear_idle(unsigned cpu)
{
	atomic_and(&idle_mask, ~BIT(cpu));
}

bool balance_has_idle(uint32_t mask)
{
	return (uint32_t)atomic_read(&idle_mask) & mask;
}

void balance_kick(const struct cpu *cpu)
{
	irq_disable(); /* for the LAPIC; the caller may have them on */
	if (cpu != this_cpu())
		smp_send_ipi_mask(BIT(cpu->id), VEC_RESCHEDULE);
	irq_enable();
}

/* Takes an idle CPU out of those in `mask`, `first` if it is one; NULL: there is none. */
static struct cpu *take_idle(uint32_t mask, struct cpu *first)
{
	for (;;) {
		uint32_t idle = (uint32_t)atomic_read(&idle_mask), bit = idle & mask;

		if (!bit)
			return NULL;
		bit = bit & BIT(first->id) ? BIT(first->id) : bit & -bit;
		if (atomic_cmpxchg(&idle_mask, (int32_t)idle, (int32_t)(idle & ~bit)))
			return &cpus[__builtin_ctz(bit)];
	}
}

/* The CPU of `mask` with the shortest queue. */
static struct cpu *least_busy(uint32_t mask)
{
	struct cpu *best = NULL;

	for (unsigned i = 0; i < cpu_count; i++) {
		if (!(mask & BIT(i)) || !READ_ONCE(cpus[i].online))
			continue;
		if (!best || READ_ONCE(runq_of(&cpus[i])->ready.count) <
				     READ_ONCE(runq_of(best)->ready.count))
			best = &cpus[i];
	}
	return best ? best : &cpus[0];
}

/* Where a thread that was not running should go: where it ran last if that CPU idles, else to
 * any idle one, else where it ran last, if it still may.
 */
static struct cpu *choose_cpu(const struct thread *t)
{
	struct cpu *last = t->ctx.cpu, *idle = take_idle(t->affinity, last);

	if (idle)
		return idle;
	return likely(t->affinity & BIT(last->id)) ? last : least_busy(t->affinity);
}

/* Some CPU idles. If t cannot go there, who runs here perhaps can, and makes room. */
static __noinline void offer_idle(struct runq *rq, const struct thread *t)
{
	struct cpu *idle = take_idle(t->affinity, t->ctx.cpu);

	if (idle) {
		balance_kick(idle);
	} else if (balance_has_idle(rq->running->affinity)) {
		thread_set_work(rq->running, EXIT_RESCHED);
		balance_kick(rq->running->ctx.cpu);
	}
}

static inline void offer(struct runq *rq, const struct thread *t)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST); /* t is in the queue before we look */
	if (unlikely(atomic_read(&idle_mask) != 0))
		offer_idle(rq, t);
}

void balance_offer(struct runq *rq, const struct thread *t)
{
	assert_held(&rq->lock);
	offer(rq, t);
}

/* t waits for its turn in rq, whose lock is dropped. */
static inline void enqueue(struct runq *rq, struct thread *t)
{
	dispatch_ready(rq, t, false);
	offer(rq, t);
	spin_unlock(&rq->lock);
}

static __noinline void move(struct runq *rq, struct thread *t)
{
	struct cpu *to;
	bool moved;

	t->state = THREAD_MOVING;
	do {
		to = choose_cpu(t);
		moved = runq_of(to) != rq;
		if (moved) {
			t->ctx.cpu = to;
			spin_unlock(&rq->lock);
			rq = runq_of(to);
			spin_lock(&rq->lock);
		}
	} while (moved && !(t->affinity & BIT(to->id))); /* changed while it was in no queue */
	if (rq->running != rq->idle || rq->ready.count > 0) {
		enqueue(rq, t);
		return;
	}
	dispatch_ready(rq, t, false);
	spin_unlock(&rq->lock);
	balance_kick(to);
}

/* As a rule no CPU idles, or there is one alone: then t stays where it was. */
void balance_place(struct runq *rq, struct thread *t)
{
	if (likely(atomic_read(&idle_mask) == 0 && (t->affinity & BIT(t->ctx.cpu->id))))
		enqueue(rq, t);
	else
		move(rq, t);
}

bool balance_steal(struct runq *mine, uint32_t least)
{
	struct thread *t = NULL;
	struct cpu *cpu = this_cpu();

	for (unsigned i = 1; i < cpu_count && !t; i++) {
		struct runq *victim = runq_of(&cpus[(cpu->id + i) % cpu_count]);

		if (READ_ONCE(victim->ready.count) < least)
			continue;
		spin_lock(&victim->lock);
		t = dispatch_pick(victim, cpu->id);
		if (t) {
			t->state = THREAD_MOVING;
			t->ctx.cpu = cpu;
		}
		spin_unlock(&victim->lock);
	}
	if (!t)
		return false;
	spin_lock(&mine->lock);
	if (t->affinity & BIT(cpu->id)) {
		dispatch_ready(mine, t, false);
		spin_unlock(&mine->lock);
	} else {
		balance_place(mine, t); /* changed on the way */
	}
	return true;
}

/* Two more wait there than here: one of them comes over. */
void balance_tick(struct runq *mine)
{
	if (++mine->balance_ticks % BALANCE_TICKS == 0)
		balance_steal(mine, READ_ONCE(mine->ready.count) + 2);
}

void thread_set_affinity(struct thread *t, uint32_t mask)
{
	struct runq *rq = dispatch_lock(t);
	struct cpu *cpu = t->ctx.cpu;

	t->affinity = mask;
	if (t->state == THREAD_READY && !(mask & BIT(cpu->id))) {
		ready_remove(&rq->ready, t);
		balance_place(rq, t);
		return;
	}
	if (t->state == THREAD_READY)
		balance_offer(rq, t);
	if (rq->running == t && !(mask & BIT(cpu->id))) {
		thread_set_work(t, EXIT_RESCHED);
		balance_kick(cpu);
	}
	spin_unlock(&rq->lock);
	if (t == current)
		sched_point();
}
