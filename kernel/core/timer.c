/* SPDX-License-Identifier: MIT */
/* Timers: a tree of deadlines per CPU. The hardware is programmed for the
 * earliest one. Lock: each tree's own (rank TIMER); a callback runs without it.
 */
#include "core/timer.h"
#include "core/irq.h"
#include "core/percpu.h"
#include "core/spinlock.h"
#include "lib/kprintf.h"
#include "x86/lapic.h"
#include "x86/pit.h"

struct timer_queue {
	struct spinlock lock;
	struct rbtree tree;    /* [lock] by deadline */
	struct timer *running; /* [lock] callback in progress */
	ktime_t programmed;    /* [lock] what the hardware waits for */
};

static struct timer_queue queues[MAX_CPUS];

static bool earlier(const struct rbnode *a, const struct rbnode *b)
{
	return rb_entry(a, struct timer, node)->deadline <
	       rb_entry(b, struct timer, node)->deadline;
}

void timer_init(struct timer *timer, void (*fn)(struct timer *))
{
	*timer = (struct timer){ .fn = fn };
}

/* Asks the hardware for an interrupt at the earliest deadline. Caller holds
 * q->lock and runs on its CPU.
 */
static void program(struct timer_queue *q)
{
	struct rbnode *first = rb_first(&q->tree);
	ktime_t deadline = first ? rb_entry(first, struct timer, node)->deadline : KTIME_NEVER;
	ktime_t delta;

	if (deadline == q->programmed)
		return;
	q->programmed = deadline;
	if (deadline == KTIME_NEVER)
		return;
	delta = MAX(deadline - ktime_now(), (ktime_t)0);
	if (irq_uses_apic())
		lapic_timer_start(delta);
	else
		pit_start(delta);
}

void timer_arm(struct timer *timer, ktime_t deadline)
{
	struct timer_queue *q;

	irq_disable();
	q = &queues[this_cpu()->id];
	spin_lock(&q->lock);
	assert(!timer->queued);
	timer->deadline = deadline;
	timer->cpu = this_cpu();
	timer->queued = true;
	rb_insert(&q->tree, &timer->node, earlier);
	if (rb_first(&q->tree) == &timer->node)
		program(q);
	spin_unlock(&q->lock);
	irq_enable();
}

/* Takes it out of the tree; false while its callback runs (on another CPU). */
static bool try_cancel(struct timer *timer, struct timer_queue *q)
{
	bool running;

	spin_lock(&q->lock);
	if (timer->queued)
		rb_remove(&q->tree, &timer->node);
	timer->queued = false;
	running = q->running == timer;
	spin_unlock(&q->lock);
	return !running;
}

void timer_cancel(struct timer *timer)
{
	if (!timer->cpu)
		return;
	while (!try_cancel(timer, &queues[timer->cpu->id]))
		cpu_pause();
}

/* The earliest timer that is due, taken out; NULL: none. Caller holds q->lock. */
static struct timer *take_due(struct timer_queue *q, ktime_t now)
{
	struct rbnode *first = rb_first(&q->tree);
	struct timer *timer;

	if (!first)
		return NULL;
	timer = rb_entry(first, struct timer, node);
	if (timer->deadline > now)
		return NULL;
	rb_remove(&q->tree, first);
	timer->queued = false;
	return timer;
}

/* Timer interrupt. The queue says which callback is running, so that a cancel on
 * another CPU waits for its end; the callback may arm its timer again.
 */
static void timer_interrupt(void *arg)
{
	struct timer_queue *q = &queues[this_cpu()->id];
	ktime_t now = ktime_now();
	struct timer *timer;

	(void)arg;
	spin_lock(&q->lock);
	q->programmed = KTIME_NEVER;
	while ((timer = take_due(q, now)) != NULL) {
		q->running = timer;
		spin_unlock(&q->lock);
		timer->fn(timer);
		spin_lock(&q->lock);
		q->running = NULL;
	}
	program(q);
	spin_unlock(&q->lock);
}

void timers_init_cpu(struct cpu *cpu)
{
	struct timer_queue *q = &queues[cpu->id];

	spin_init(&q->lock, LOCK_TIMER);
	rb_init(&q->tree);
	q->programmed = KTIME_NEVER;
}

void timers_init(void)
{
	if (irq_uses_apic())
		irq_register_vector(VEC_TIMER, timer_interrupt, NULL);
	else if (irq_register(IRQ_TIMER, timer_interrupt, NULL) != 0)
		panic("the timer's interrupt is taken");
}
