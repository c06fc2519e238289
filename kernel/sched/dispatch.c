/* SPDX-License-Identifier: MIT */
/* The dispatcher: how to switch. Who is next is the policy's business, and on
 * which CPU that of balance.c.
 *
 * Invariant: a thread is in a ready queue iff its state is READY, and
 * runq.running is RUNNING or on its way out.
 */
#include "sched/dispatch.h"
#include "sched/balance.h"
#include "sched/reclaimd.h"
#include "sched/stats.h"
#include "sched/waitq.h"
#include "core/irq.h"
#include "core/param.h"
#include "core/percpu.h"
#include "lib/div64.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/page.h"
#include "x86/switch.h"

static struct runq runqs[MAX_CPUS];
static const struct sched_policy *policy = &policy_rr; /* [I] after sched_init */

struct runq *runq_of(const struct cpu *cpu)
{
	return &runqs[cpu->id];
}

struct runq *dispatch_lock(struct thread *t)
{
	for (;;) {
		struct cpu *cpu = READ_ONCE(t->ctx.cpu);
		struct runq *rq = runq_of(cpu);

		spin_lock(&rq->lock);
		if (t->ctx.cpu == cpu)
			return rq;
		spin_unlock(&rq->lock);
	}
}

/* The lock changes hands: `from` no longer holds it, the current thread does. */
static void lock_handed_over(struct runq *rq)
{
	atomic_set(&rq->lock.holder, (int32_t)current_context());
	if (CONFIG_DEBUG)
		rank_take(&rq->lock, LOCK_RUNQ);
}

void dispatch_finish(struct context *prev_context)
{
	struct thread *prev = (struct thread *)prev_context;
	struct runq *rq = runq_of(this_cpu());
	bool dead = prev->state == THREAD_DEAD;

	lock_handed_over(rq);
	if (unlikely(prev->state == THREAD_MOVING))
		balance_place(rq, prev); /* nobody runs on its stack any more */
	else
		spin_unlock(&rq->lock);
	if (dead)
		thread_put(prev);
}

static void account(struct thread *prev, struct thread *next)
{
	ktime_t now = ktime_now();

	prev->run_ns += (uint64_t)(now - prev->switched_in);
	next->switched_in = now;
}

/* What belongs to the program goes out with prev and comes in with next. */
static void switch_user_state(struct thread *prev, struct thread *next, unsigned cpu)
{
	if (prev->pagetable)
		fpu_save(&prev->fpu);
	pagetable_load(next->pagetable);
	if (!next->pagetable)
		return;
	fpu_restore(&next->fpu);
	gdt_set_esp0(cpu, (uint32_t)(next->frame + 1));
	gdt_load_tls(cpu, next->tls);
}

/* The CPU goes to `next`. Caller holds rq->lock; on return -- when this thread
 * runs again, perhaps on another CPU -- it has been dropped.
 */
static void switch_to(struct runq *rq, struct thread *next)
{
	struct thread *prev = rq->running;
	struct context *from;

	if (next == prev) {
		prev->state = THREAD_RUNNING;
		spin_unlock(&rq->lock);
		return;
	}
	account(prev, next);
	rq->running = next;
	rq->switches++;
	next->state = THREAD_RUNNING;
	switch_user_state(prev, next, this_cpu()->id);
	if (CONFIG_DEBUG)
		rank_drop(&rq->lock);
	from = context_switch(&prev->ctx, &next->ctx);
	dispatch_finish(from);
}

/* The ticks of the CPUs are spread over the time between two: they do not want the same locks at
 * once; and with -icount, when QEMU lets one CPU run until the next timer of any, all get turns.
 * Lost ticks are not made up for: a CPU that the host let wait would do nothing else.
 */
static ktime_t next_tick(unsigned cpu)
{
	ktime_t now = ktime_now();
	uint32_t into, phase = (uint32_t)TICK_NS / cpu_count * cpu;

	div_u64((uint64_t)(now + TICK_NS) - phase, (uint32_t)TICK_NS, &into);
	return now + TICK_NS - into;
}

/* Caller holds rq->lock and has put the current thread where it belongs. */
static void dispatch(struct runq *rq)
{
	unsigned cpu = this_cpu()->id;
	struct thread *next = policy->pick(&rq->ready, cpu);

	if (next && rq->running == rq->idle) {
		balance_clear_idle(cpu);
		if (!rq->tick.queued)
			timer_arm(&rq->tick, next_tick(cpu));
	}
	switch_to(rq, next ? next : rq->idle);
}

void dispatch_ready(struct runq *rq, struct thread *t, bool preempted)
{
	assert_held(&rq->lock);
	t->state = THREAD_READY;
	policy->add(&rq->ready, t, preempted);
}

struct thread *dispatch_pick(struct runq *rq, unsigned cpu)
{
	assert_held(&rq->lock);
	return policy->pick(&rq->ready, cpu);
}

/* For the load: a program that waits for the disk, not one that was stopped, nor a thread
 * of the kernel that waits for work.
 */
static bool is_blocked(const struct thread *t)
{
	return t->process && !(t->wakers & (WAIT_INTERRUPTIBLE | WAIT_STOPPED));
}

/* why: the EXIT_ bits that came; 0: what it waited for, or the time. */
static bool wake(struct thread *t, uint32_t why, bool woken)
{
	struct runq *rq = dispatch_lock(t);

	if (t->state != THREAD_SLEEPING || (why && !(t->wakers & why))) {
		spin_unlock(&rq->lock);
		return false;
	}
	rq->blocked -= is_blocked(t);
	t->woken = woken;
	balance_place(rq, t);
	return true;
}

bool thread_wake(struct thread *t)
{
	return wake(t, 0, true);
}

void dispatch_timeout(struct thread *t)
{
	wake(t, 0, false);
}

static bool interrupt(struct thread *t, uint32_t why)
{
	thread_set_work(t, why);
	if (wake(t, why, false))
		return true;
	/* In ring 3 on another CPU it would not notice before its next entry. */
	if (t != current && READ_ONCE(t->state) == THREAD_RUNNING)
		balance_kick(READ_ONCE(t->ctx.cpu));
	return false;
}

bool thread_interrupt(struct thread *t)
{
	return interrupt(t, EXIT_SIGNAL);
}

bool thread_kill(struct thread *t)
{
	struct runq *rq = dispatch_lock(t);

	t->ending = true;
	if (t->state == THREAD_READY) {
		ready_remove(&rq->ready, t);
		dispatch_ready(rq, t, false);
	}
	spin_unlock(&rq->lock);
	return interrupt(t, EXIT_SIGNAL | EXIT_KILL);
}

uint64_t thread_run_ns(struct thread *t)
{
	struct runq *rq = dispatch_lock(t);
	uint64_t ns = t->run_ns;

	if (rq->running == t)
		ns += (uint64_t)(ktime_now() - t->switched_in);
	spin_unlock(&rq->lock);
	return ns;
}

void thread_start(struct thread *t)
{
	struct runq *rq = dispatch_lock(t);

	assert(t->state == THREAD_NEW);
	thread_get(t); /* the scheduler's, until it is dead and switched away from */
	balance_place(rq, t);
}

bool dispatch_sleep(struct spinlock *outer, uint32_t wakers)
{
	struct runq *rq;

	irq_disable();
	rq = runq_of(this_cpu());
	spin_lock(&rq->lock);
	if (thread_has_work(current, wakers)) {
		spin_unlock(&rq->lock);
		if (outer)
			spin_unlock(outer);
		irq_enable();
		return false;
	}
	current->state = THREAD_SLEEPING;
	current->wakers = wakers;
	current->voluntary++;
	rq->blocked += is_blocked(current);
	if (outer)
		spin_unlock(outer);
	dispatch(rq);
	irq_enable();
	return true;
}

/* The current thread waits for its next turn; elsewhere, if it may no longer run here or
 * need not wait there.
 */
static void make_room(struct runq *rq, bool preempted)
{
	if (unlikely(!(current->affinity & BIT(this_cpu()->id)))) {
		current->state = THREAD_MOVING;
		return;
	}
	dispatch_ready(rq, current, preempted);
	if (rq->ready.count > 1) {
		current->involuntary++;
		balance_offer(rq, current);
	}
}

static void give_up_cpu(bool preempted)
{
	struct runq *rq;

	irq_disable();
	rq = runq_of(this_cpu());
	spin_lock(&rq->lock);
	if (rq->running != rq->idle)
		make_room(rq, preempted);
	dispatch(rq);
	irq_enable();
}

void thread_yield(void)
{
	give_up_cpu(false);
}

void thread_preempt(void)
{
	thread_clear_work(current, EXIT_RESCHED);
	give_up_cpu(true);
}

void sched_point(void)
{
	if (thread_has_work(current, EXIT_RESCHED))
		thread_preempt();
}

void dispatch_dead(void)
{
	struct runq *rq;

	irq_disable();
	rq = runq_of(this_cpu());
	spin_lock(&rq->lock);
	current->state = THREAD_DEAD;
	dispatch(rq);
	panic("a dead thread was switched to");
}

/* What the tick saw running has used it all: the sample that cputime_split() divides by. */
static void count_tick(struct runq *rq, struct thread *t)
{
	if (!irq_from_user()) {
		t->ticks.kernel++;
		rq->ticks.kernel++;
		return;
	}
	t->ticks.user++;
	rq->ticks.user++;
	rq->nice_ticks += t->nice > 0;
}

/* The tick, in interrupt context. An idle CPU does without: dispatch() arms it
 * again when there is work.
 */
static void tick(struct timer *timer)
{
	struct runq *rq = container_of(timer, struct runq, tick);
	struct thread *t = current;

	spin_lock(&rq->lock);
	if (t == rq->idle) {
		spin_unlock(&rq->lock);
		return;
	}
	count_tick(rq, t);
	if (t->process)
		thread_set_work(t, EXIT_TICK);
	/* If others must wait here and t need not, its turn is over, too. */
	if ((policy->tick(t) || balance_has_idle(t->affinity)) && rq->ready.count > 0)
		thread_set_work(t, EXIT_RESCHED);
	spin_unlock(&rq->lock);
	balance_tick(rq);
	reclaimd_tick();
	timer_arm(timer, next_tick(this_cpu()->id));
}

/* Until an interrupt comes. What its handler does is no idle time. A program that fell
 * asleep here and waits for a disk makes it time lost to that.
 */
static void halt(struct runq *rq)
{
	spin_lock(&rq->lock);
	rq->halted_at = ktime_now();
	rq->iowait = rq->blocked > 0;
	spin_unlock(&rq->lock);
	irq_halt_begin();
	cpu_idle();
	spin_lock(&rq->lock);
	*(rq->iowait ? &rq->iowait_ns
		     : &rq->halted_ns) += (uint64_t)(irq_halt_end() - rq->halted_at);
	rq->halted_at = 0;
	spin_unlock(&rq->lock);
}

static bool has_work(struct runq *rq)
{
	return READ_ONCE(rq->ready.count) > 0 || balance_steal(rq, 1);
}

/* With interrupts on: what was looked at before may have changed. */
static bool zero_ahead(void)
{
	bool more;

	irq_enable();
	more = page_zero_ahead();
	irq_disable();
	return more;
}

void sched_idle(void)
{
	struct runq *rq = runq_of(this_cpu());

	irq_disable();
	for (;;) {
		balance_set_idle(this_cpu()->id);
		if (has_work(rq))
			thread_yield();
		/* Off from the last look to hlt: a wake-up in between is kept pending. */
		else if (!zero_ahead() && !has_work(rq))
			halt(rq);
	}
}

static void reschedule_irq(void *arg)
{
	(void)arg; /* the way out of the interrupt, or the idle loop, looks again */
}

void sched_init_cpu(struct cpu *cpu, struct thread *idle)
{
	struct runq *rq = &runqs[cpu->id];

	spin_init(&rq->lock, LOCK_RUNQ);
	list_init(&rq->ready.threads);
	rq->running = idle;
	rq->idle = idle;
	rq->since = ktime_now();
	idle->state = THREAD_RUNNING;
	cpu->idle = &idle->ctx;
	timer_init(&rq->tick, tick);
}

uint64_t sched_slice_ns(struct thread *t)
{
	return policy->slice(t) * (uint64_t)TICK_NS;
}

void thread_set_nice(struct thread *t, int nice)
{
	struct runq *rq = dispatch_lock(t);

	t->nice = (int8_t)nice;
	spin_unlock(&rq->lock);
}

const char *sched_policy_name(void)
{
	return policy->name;
}

void sched_init(const char *name)
{
	if (strcmp(name, policy_coop.name) == 0)
		policy = &policy_coop;
	else if (strcmp(name, policy_rr.name) != 0)
		kprintf("sched=%s: no such policy, taking %s\n", name, policy->name);
	irq_register_vector(VEC_RESCHEDULE, reschedule_irq, NULL);
}
