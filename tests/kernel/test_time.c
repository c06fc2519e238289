/* SPDX-License-Identifier: MIT */
/* The clock and the timers. */
#include "core/irqflag.h"
#include "core/time.h"
#include "core/timer.h"
#include "ktest.h"
#include "sched/thread.h"
#include "x86/atomic.h"

enum { TIMERS = 20 };

KTEST(time_never_goes_back_and_does_go_on)
{
	ktime_t start = ktime_now(), last = start;

	for (int i = 0; i < 10000; i++) {
		ktime_t now = ktime_now();

		KREQUIRE(now >= last);
		last = now;
	}
	KEXPECT(last > start);
	KEXPECT(ktime_real() > 0);
}

struct shot {
	struct timer timer;
	ktime_t deadline, fired;
	int order;
};

static struct shot shots[TIMERS];
static atomic_t shots_fired;

static void shot_fires(struct timer *timer)
{
	struct shot *shot = container_of(timer, struct shot, timer);

	shot->fired = ktime_now();
	shot->order = atomic_add_return(&shots_fired, 1);
}

/* A permutation: the order of arming is not that of the deadlines. */
static int shot_rank(unsigned i)
{
	return (int)(i * 7 % TIMERS);
}

KTEST(timers_fire_in_order_and_never_early)
{
	ktime_t start = ktime_now();

	atomic_set(&shots_fired, 0);
	irq_disable(); /* all on one CPU, so that one tree orders them */
	for (unsigned i = 0; i < TIMERS; i++) {
		struct shot *shot = &shots[i];

		timer_init(&shot->timer, shot_fires);
		shot->deadline = start + (20 + shot_rank(i) * 3) * NSEC_PER_MS;
		timer_arm(&shot->timer, shot->deadline);
	}
	irq_enable();
	KEXPECT_EQ(thread_sleep_until(start + 200 * NSEC_PER_MS, false), 0);
	KEXPECT_EQ(atomic_read(&shots_fired), TIMERS);
	for (unsigned i = 0; i < TIMERS; i++) {
		KEXPECT(shots[i].fired >= shots[i].deadline);
		KEXPECT_EQ(shots[i].order, shot_rank(i) + 1);
		timer_cancel(&shots[i].timer);
	}
}

KTEST(timer_cancelled_does_not_fire)
{
	struct shot *shot = &shots[0];

	atomic_set(&shots_fired, 0);
	timer_init(&shot->timer, shot_fires);
	timer_cancel(&shot->timer);
	timer_arm(&shot->timer, ktime_now() + 10 * NSEC_PER_MS);
	timer_cancel(&shot->timer);
	KEXPECT_EQ(thread_sleep_until(ktime_now() + 30 * NSEC_PER_MS, false), 0);
	KEXPECT_EQ(atomic_read(&shots_fired), 0);
	timer_arm(&shot->timer, ktime_now() - 1); /* in the past: at once */
	KEXPECT_EQ(thread_sleep_until(ktime_now() + 30 * NSEC_PER_MS, false), 0);
	KEXPECT_EQ(atomic_read(&shots_fired), 1);
	timer_cancel(&shot->timer);
}
