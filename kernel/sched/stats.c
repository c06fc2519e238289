/* SPDX-License-Identifier: MIT */
/* Statistics of the processors, and load averages.
 *
 * A sample n changes an average so: load = load * e + n * (1 - e), where e is
 * exp(-5s/60s) for the average over a minute, and so on; in fixed point.
 * Lock: the samples are written by one timer only; a run queue's numbers are its own.
 */
#include "sched/stats.h"

#include "core/irq.h"
#include "core/percpu.h"
#include "lib/string.h"
#include "sched/dispatch.h"

#define LOAD_PERIOD (5 * NSEC_PER_SEC)

static const uint32_t decay[3] = { 1884, 2014, 2037 }; /* e for 1, 5, 15 minutes, in 1/LOAD_ONE */
static uint32_t averages[3];                           /* [timer] */
static struct timer load_timer;

/* Caller holds rq->lock. */
static void fill_times(struct runq *rq, uint64_t irq_ns, struct cpu_stats *out)
{
	struct cpu_ticks ticks = rq->ticks;
	struct cpu_ticks nice = { rq->nice_ticks, rq->ticks.user - rq->nice_ticks };
	ktime_t now = ktime_now();
	uint64_t busy;

	out->irq_ns = irq_ns;
	out->idle_ns = rq->halted_ns;
	out->iowait_ns = rq->iowait_ns;
	if (rq->halted_at)
		*(rq->iowait ? &out->iowait_ns : &out->idle_ns) += (uint64_t)(now - rq->halted_at);
	busy = (uint64_t)(now - rq->since) - out->idle_ns - out->iowait_ns;
	/* Without a tick yet: the kernel's start, and nothing of it was nice. */
	ticks.kernel += !ticks.user && !ticks.kernel;
	nice.kernel += !nice.user && !nice.kernel;
	cputime_split(busy - MIN(busy, irq_ns), ticks, &rq->told);
	cputime_split(rq->told.user_ns, nice, &rq->told_nice);
	out->nice_ns = rq->told_nice.user_ns;
	out->user_ns = rq->told_nice.kernel_ns;
	out->kernel_ns = rq->told.kernel_ns;
}

void sched_cpu_stats(unsigned cpu, struct cpu_stats *out)
{
	struct runq *rq = runq_of(&cpus[cpu]);

	spin_lock(&rq->lock);
	fill_times(rq, irq_time_ns(cpu), out);
	out->switches = rq->switches;
	out->ready = rq->ready.count;
	out->blocked = rq->blocked;
	out->idle = rq->running == rq->idle;
	out->tid = rq->running->tid;
	strlcpy(out->name, rq->running->name, sizeof(out->name));
	spin_unlock(&rq->lock);
}

void sched_for_each_ready(unsigned cpu, void (*fn)(const struct thread *t, void *ctx), void *ctx)
{
	struct runq *rq = runq_of(&cpus[cpu]);
	const struct thread *t;

	spin_lock(&rq->lock);
	list_for_each_entry(t, &rq->ready.threads, run_link)
		fn(t, ctx);
	spin_unlock(&rq->lock);
}

/* Threads that want a processor now, or wait for the disk. */
static uint32_t count_active(void)
{
	int n = 0;

	for (unsigned i = 0; i < cpu_count; i++) {
		const struct runq *rq = runq_of(&cpus[i]);

		n += (int)READ_ONCE(rq->ready.count) + READ_ONCE(rq->blocked);
		n += READ_ONCE(rq->running) != rq->idle;
	}
	return (uint32_t)MAX(n, 0);
}

static void sample(struct timer *timer)
{
	uint32_t active = count_active() << LOAD_SHIFT;

	for (unsigned i = 0; i < ARRAY_SIZE(averages); i++) {
		uint64_t sum = (uint64_t)averages[i] * decay[i] +
			       (uint64_t)active * (LOAD_ONE - decay[i]);

		/* Rising, it is rounded up, so that a steady load is reached. */
		if (active >= averages[i])
			sum += LOAD_ONE - 1;
		averages[i] = (uint32_t)(sum >> LOAD_SHIFT);
	}
	timer_arm(timer, timer->deadline + LOAD_PERIOD);
}

void sched_load(uint32_t load[3])
{
	for (unsigned i = 0; i < ARRAY_SIZE(averages); i++)
		load[i] = READ_ONCE(averages[i]);
}

void sched_load_init(void)
{
	timer_init(&load_timer, sample);
	timer_arm(&load_timer, ktime_now() + LOAD_PERIOD);
}
