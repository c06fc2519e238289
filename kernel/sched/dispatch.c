/* SPDX-License-Identifier: MIT */
/* The dispatcher: how to switch. Who is next is the policy's business.
 *
 * Invariant: a thread is in a ready queue iff its state is READY (but for the
 * moment it moves between CPUs), and runq.running is RUNNING or on its way out.
 */
#include "sched/dispatch.h"
#include "sched/stats.h"
#include "core/irq.h"
#include "core/param.h"
#include "core/percpu.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "x86/smp.h"
#include "x86/switch.h"

static struct runq runqs[MAX_CPUS];
static const struct sched_policy *policy = &policy_rr; /* [I] after sched_init */
static atomic_t idle_mask;                             /* [a] CPUs whose idle thread runs */

struct runq *runq_of(const struct cpu *cpu)
{
	return &runqs[cpu->id];
}

/* Locks the run queue that t belongs to; t may move until it is held. */
static struct runq *lock_runq_of(struct thread *t)
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

/* Caller holds rq->lock and has put the current thread where it belongs. */
static void dispatch(struct runq *rq)
{
	struct thread *next = policy->pick(&rq->ready);

	if (next) {
		rq->ready.count--;
		if (rq->running == rq->idle) {
			atomic_and(&idle_mask, ~BIT(this_cpu()->id));
			if (!rq->tick.queued)
				timer_arm(&rq->tick, ktime_now() + TICK_NS);
		}
	} else {
		next = rq->idle;
		atomic_or(&idle_mask, BIT(this_cpu()->id));
	}
	switch_to(rq, next);
}

static void make_ready(struct runq *rq, struct thread *t, bool preempted)
{
	assert_held(&rq->lock);
	t->state = THREAD_READY;
	policy->add(&rq->ready, t, preempted);
	rq->ready.count++;
}

/* Makes the CPUs in `mask` look: at their run queue, and at exit_work. */
static void kick(uint32_t mask)
{
	irq_disable(); /* for the LAPIC; the caller may have them on */
	smp_send_ipi_mask(mask, VEC_RESCHEDULE);
	irq_enable();
}

/* Where a thread that was not running should go: where it ran last if that CPU
 * is idle, else to any idle one, else where it ran last.
 */
static struct cpu *choose_cpu(const struct thread *t)
{
	uint32_t idle = (uint32_t)atomic_read(&idle_mask) & t->affinity;

	if (idle == 0 || idle & BIT(t->ctx.cpu->id))
		return t->ctx.cpu;
	return &cpus[__builtin_ctz(idle)];
}

/* t is READY in no queue; its old run queue `rq` is locked and is unlocked. */
static void place(struct runq *rq, struct thread *t)
{
	struct cpu *to = choose_cpu(t);

	if (runq_of(to) != rq) {
		t->ctx.cpu = to;
		spin_unlock(&rq->lock);
		rq = runq_of(to);
		spin_lock(&rq->lock);
	}
	make_ready(rq, t, false);
	spin_unlock(&rq->lock);
	if (to != this_cpu() && (uint32_t)atomic_read(&idle_mask) & BIT(to->id))
		kick(BIT(to->id));
}

/* For the load: a program that waits for the disk, not a thread of the kernel that
 * waits for work.
 */
static bool is_blocked(const struct thread *t)
{
	return t->process && !t->interruptible;
}

static bool wake(struct thread *t, bool only_interruptible, bool woken)
{
	struct runq *rq = lock_runq_of(t);

	if (t->state != THREAD_SLEEPING || (only_interruptible && !t->interruptible)) {
		spin_unlock(&rq->lock);
		return false;
	}
	rq->blocked -= is_blocked(t);
	t->woken = woken;
	t->state = THREAD_READY;
	place(rq, t);
	return true;
}

bool thread_wake(struct thread *t)
{
	return wake(t, false, true);
}

void dispatch_timeout(struct thread *t)
{
	wake(t, false, false);
}

bool thread_interrupt(struct thread *t)
{
	thread_set_work(t, EXIT_SIGNAL);
	if (wake(t, true, false))
		return true;
	/* In ring 3 on another CPU it would not notice before its next entry. */
	if (t != current && READ_ONCE(t->state) == THREAD_RUNNING && t->ctx.cpu != this_cpu())
		kick(BIT(t->ctx.cpu->id));
	return false;
}

uint64_t thread_run_ns(struct thread *t)
{
	struct runq *rq = lock_runq_of(t);
	uint64_t ns = t->run_ns;

	if (rq->running == t)
		ns += (uint64_t)(ktime_now() - t->switched_in);
	spin_unlock(&rq->lock);
	return ns;
}

void thread_start(struct thread *t)
{
	struct runq *rq = lock_runq_of(t);

	assert(t->state == THREAD_NEW);
	thread_get(t); /* the scheduler's, until it is dead and switched away from */
	t->state = THREAD_READY;
	place(rq, t);
}

bool dispatch_sleep(struct spinlock *outer, bool interruptible)
{
	struct runq *rq;

	irq_disable();
	rq = runq_of(this_cpu());
	spin_lock(&rq->lock);
	if (interruptible && thread_has_work(current, EXIT_SIGNAL)) {
		spin_unlock(&rq->lock);
		if (outer)
			spin_unlock(outer);
		irq_enable();
		return false;
	}
	current->state = THREAD_SLEEPING;
	current->interruptible = interruptible;
	rq->blocked += is_blocked(current);
	if (outer)
		spin_unlock(outer);
	dispatch(rq);
	irq_enable();
	return true;
}

static void give_up_cpu(bool preempted)
{
	struct runq *rq;

	irq_disable();
	rq = runq_of(this_cpu());
	spin_lock(&rq->lock);
	if (rq->running != rq->idle)
		make_ready(rq, current, preempted);
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

/* The tick, in interrupt context. An idle CPU does without: dispatch() arms it
 * again when there is work.
 */
static void tick(struct timer *timer)
{
	struct runq *rq = container_of(timer, struct runq, tick);
	struct thread *t = current;
	uint32_t idle = (uint32_t)atomic_read(&idle_mask);
	bool waiting;

	spin_lock(&rq->lock);
	if (rq->running != rq->idle) {
		*(irq_from_user() ? &t->user_ns : &t->kernel_ns) += TICK_NS;
		*(irq_from_user() ? &rq->user_ns : &rq->kernel_ns) += TICK_NS;
		if (policy->tick(t) && rq->ready.count > 0)
			thread_set_work(t, EXIT_RESCHED);
	}
	waiting = rq->ready.count > 0;
	spin_unlock(&rq->lock);
	/* One that became idle just before a thread came to wait here did not see it. This
	 * CPU's own idle thread looks by itself.
	 */
	idle &= ~BIT(this_cpu()->id);
	if (waiting && idle)
		kick(idle & -idle);
	if (t != rq->idle)
		timer_arm(timer, timer->deadline + TICK_NS);
}

/* An idle CPU takes a ready thread from a CPU that has one waiting. */
static bool steal(void)
{
	struct thread *t = NULL;
	unsigned me = this_cpu()->id;

	for (unsigned i = 1; i < cpu_count && !t; i++) {
		struct runq *victim = &runqs[(me + i) % cpu_count];

		if (READ_ONCE(victim->ready.count) == 0)
			continue;
		spin_lock(&victim->lock);
		t = policy->pick(&victim->ready);
		if (t)
			victim->ready.count--;
		if (t && !(t->affinity & BIT(me))) {
			make_ready(victim, t, false);
			t = NULL;
		}
		if (t)
			t->ctx.cpu = &cpus[me];
		spin_unlock(&victim->lock);
	}
	if (!t)
		return false;
	spin_lock(&runqs[me].lock);
	make_ready(&runqs[me], t, false);
	spin_unlock(&runqs[me].lock);
	return true;
}

/* Until an interrupt comes. What its handler does is no idle time. */
static void halt(struct runq *rq)
{
	spin_lock(&rq->lock);
	rq->halted_at = ktime_now();
	spin_unlock(&rq->lock);
	irq_halt_begin();
	cpu_idle();
	spin_lock(&rq->lock);
	rq->halted_ns += (uint64_t)(irq_halt_end() - rq->halted_at);
	rq->halted_at = 0;
	spin_unlock(&rq->lock);
}

void sched_idle(void)
{
	struct runq *rq = runq_of(this_cpu());

	irq_disable();
	atomic_or(&idle_mask, BIT(this_cpu()->id));
	for (;;) {
		/* Off from here to hlt: a wake-up in between is an interrupt kept pending. */
		if (READ_ONCE(rq->ready.count) > 0 || steal())
			thread_yield();
		else
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
	idle->state = THREAD_RUNNING;
	cpu->idle = &idle->ctx;
	timer_init(&rq->tick, tick);
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
