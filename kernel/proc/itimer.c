/* SPDX-License-Identifier: MIT */
/* Interval timers. That of real time is a timer of core; those of processor time, and the
 * limit RLIMIT_CPU, are looked at when the tick has seen the process running, so they are as
 * fine as the tick. Locks: proctree_lock for who sets them, process->lock for the values.
 */
#include "proc/itimer.h"

#include "lib/div64.h"
#include "lib/errno.h"
#include "proc/process.h"
#include "proc/times.h"

/* A shorter interval would be all that the machine does. */
#define INTERVAL_MIN (100 * NSEC_PER_US)

enum { VIRTUAL, PROF }; /* in itimers.cpu */

static void real_expires(struct timer *timer)
{
	struct process *p = container_of(timer, struct process, itimers.real);
	ktime_t interval = p->itimers.interval;

	process_signal_kernel(p, SIGALRM);
	if (!interval)
		return;
	spin_lock(&p->lock);
	timer_arm(timer, MAX(timer->deadline + interval, ktime_now() + INTERVAL_MIN));
	spin_unlock(&p->lock);
}

void itimers_init(struct process *p)
{
	p->itimers = (struct itimers){ .interval = 0 };
	timer_init(&p->itimers.real, real_expires);
}

void itimers_stop(struct process *p)
{
	timer_cancel(&p->itimers.real);
}

/* Caller holds p->lock. What has not yet sent its signal has at least a microsecond left: 0 is
 * off.
 */
static void real_get(const struct process *p, struct itimer_value *out)
{
	const struct itimers *t = &p->itimers;

	*out = (struct itimer_value){ 0, t->interval };
	if (t->real.queued)
		out->left = MAX(t->real.deadline - ktime_now(), (ktime_t)NSEC_PER_US);
}

/* Caller holds proctree_lock: nobody else sets it. */
static void real_set(struct process *p, const struct itimer_value *new)
{
	timer_cancel(&p->itimers.real);
	spin_lock(&p->lock);
	p->itimers.interval = new->left ? new->interval : 0;
	if (new->left)
		timer_arm(&p->itimers.real, ktime_now() + new->left);
	spin_unlock(&p->lock);
}

/* Caller holds p->lock. */
static void cpu_used(struct process *p, uint64_t used[2])
{
	struct accounting a;

	accounting_of_process(p, &a);
	used[VIRTUAL] = a.time.user_ns;
	used[PROF] = a.run_ns;
}

/* Caller holds p->lock. */
static void cpu_exchange(struct process *p, int which, const struct itimer_value *new,
			 struct itimer_value *old)
{
	uint64_t used[2], at = p->itimers.cpu[which].at;

	cpu_used(p, used);
	if (old) {
		old->left = at > used[which] ? (ktime_t)(at - used[which]) : TICK_NS;
		old->left = at ? MAX(old->left, (ktime_t)NSEC_PER_US) : 0;
		old->interval = (ktime_t)p->itimers.cpu[which].interval;
	}
	if (new) {
		p->itimers.cpu[which].at = new->left ? used[which] + (uint64_t) new->left : 0;
		p->itimers.cpu[which].interval = new->left ? (uint64_t) new->interval : 0;
	}
}

int itimer_set(int which, const struct itimer_value *new, struct itimer_value *old)
{
	struct process *p = process_current();

	if (which < ITIMER_REAL || which > ITIMER_PROF)
		return -EINVAL;
	spin_lock(&proctree_lock);
	spin_lock(&p->lock);
	if (which != ITIMER_REAL)
		cpu_exchange(p, which == ITIMER_PROF ? PROF : VIRTUAL, new, old);
	else if (old)
		real_get(p, old);
	spin_unlock(&p->lock);
	if (which == ITIMER_REAL && new)
		real_set(p, new);
	spin_unlock(&proctree_lock);
	return 0;
}

/* True if it is time; then the next time is set. Caller holds p->lock. */
static bool cpu_expires(struct process *p, int which, uint64_t used)
{
	uint64_t *at = &p->itimers.cpu[which].at, interval = p->itimers.cpu[which].interval;

	if (!*at || used < *at)
		return false;
	*at = interval ? MAX(*at + interval, used + 1) : 0;
	return true;
}

/* The signal that RLIMIT_CPU asks for; 0: none. Caller holds p->lock. */
static int limit_expires(struct process *p, uint64_t used)
{
	struct abi_rlimit64 *limit = &p->limits[RLIMIT_CPU];
	uint64_t seconds = div_u64(used, NSEC_PER_SEC, NULL);

	if (seconds >= limit->rlim_max)
		return SIGKILL;
	if (seconds < limit->rlim_cur)
		return 0;
	limit->rlim_cur = seconds + 1; /* again in a second */
	return SIGXCPU;
}

void itimers_tick(void)
{
	struct process *p = process_current();
	int signals[] = { 0, 0, 0 };
	uint64_t used[2];

	if (!p->itimers.cpu[VIRTUAL].at && !p->itimers.cpu[PROF].at &&
	    p->limits[RLIMIT_CPU].rlim_cur == ABI_RLIM64_INFINITY)
		return;
	spin_lock(&p->lock);
	cpu_used(p, used);
	signals[0] = limit_expires(p, used[PROF]);
	if (cpu_expires(p, VIRTUAL, used[VIRTUAL]))
		signals[1] = SIGVTALRM;
	if (cpu_expires(p, PROF, used[PROF]))
		signals[2] = SIGPROF;
	spin_unlock(&p->lock);
	for (unsigned i = 0; i < ARRAY_SIZE(signals); i++)
		if (signals[i])
			process_signal_kernel(p, signals[i]);
}
