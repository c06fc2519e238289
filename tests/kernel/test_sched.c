/* SPDX-License-Identifier: MIT */
/* Threads, sleeping, wait queues and mutexes, on as many CPUs as there are. */
#include "core/percpu.h"
#include "core/spinlock.h"
#include "ktest.h"
#include "sched/kstack.h"
#include "sched/mutex.h"
#include "sched/stats.h"
#include "sched/thread.h"
#include "sched/waitq.h"
#include "sched/workq.h"

enum { CROWD = 200, WORKERS = 8, ROUNDS = 500 };

static struct spinlock lock = SPINLOCK_INIT(LOCK_OBJECT);
static struct waitq queue = WAITQ_INIT(queue); /* [lock] */
static unsigned done;                          /* [lock] threads that finished */
static uint32_t cpus_seen;                     /* [lock] */

static void thread_done(void)
{
	spin_lock(&lock);
	cpus_seen |= 1U << this_cpu()->id;
	done++;
	waitq_wake_all(&queue);
	spin_unlock(&lock);
}

/* Waits until n threads called thread_done(); false after a minute. */
static bool wait_for(unsigned n)
{
	ktime_t deadline = ktime_now() + 60 * NSEC_PER_SEC;
	int err = 0;

	spin_lock(&lock);
	while (done < n && !err)
		err = waitq_wait(&queue, &lock, WAIT_UNINTERRUPTIBLE, deadline);
	spin_unlock(&lock);
	return !err;
}

/* Starts n threads and waits for all. */
static bool run_threads(unsigned n, void (*fn)(void *), void *arg)
{
	done = 0;
	cpus_seen = 0;
	for (unsigned i = 0; i < n; i++)
		if (kthread_start("ktest", fn, arg))
			return false;
	return wait_for(n);
}

static void counts_itself(void *arg)
{
	atomic_inc(arg);
	thread_done();
}

KTEST(sched_starts_a_crowd_and_loses_nobody)
{
	atomic_t count = ATOMIC_INIT(0);

	KEXPECT(run_threads(CROWD, counts_itself, &count));
	KEXPECT_EQ(atomic_read(&count), CROWD);
}

/* Keeps its CPU busy until every CPU runs one of these, for five seconds at most. */
static void runs_until_all_do(void *arg)
{
	ktime_t end = ktime_now() + 5 * NSEC_PER_SEC;
	uint32_t all = *(const uint32_t *)arg;

	do {
		spin_lock(&lock);
		cpus_seen |= 1U << this_cpu()->id;
		spin_unlock(&lock);
		sched_point();
	} while ((READ_ONCE(cpus_seen) & all) != all && ktime_now() < end);
	thread_done();
}

KTEST(sched_uses_every_cpu)
{
	uint32_t online = 0;

	for (unsigned i = 0; i < cpu_count; i++)
		if (READ_ONCE(cpus[i].online))
			online |= 1U << i;
	KEXPECT(run_threads(4 * cpu_count, runs_until_all_do, &online));
	KEXPECT_EQ(cpus_seen, online);
}

static atomic_t stop; /* [a] busy threads end */

/* Busy until told to stop, for ten seconds at most. */
static void runs_until_stopped(void *arg)
{
	ktime_t end = ktime_now() + 10 * NSEC_PER_SEC;

	(void)arg;
	while (!atomic_read(&stop) && ktime_now() < end) {
		spin_lock(&lock);
		cpus_seen |= 1U << this_cpu()->id;
		spin_unlock(&lock);
		sched_point();
	}
	thread_done();
}

/* A thread that starts on CPU 0, referenced. */
static struct thread *start(void (*fn)(void *), uint32_t affinity)
{
	struct thread *t = thread_create("ktest");

	if (!t)
		return NULL;
	t->entry = fn;
	t->affinity = affinity;
	t->ctx.cpu = &cpus[0];
	thread_start(t);
	return t;
}

/* Ends n busy threads. */
static void stop_busy(struct thread *const t[], unsigned n)
{
	atomic_set(&stop, 1);
	KEXPECT(wait_for(n));
	for (unsigned i = 0; i < n; i++)
		thread_put(t[i]);
	atomic_set(&stop, 0);
}

/* Looks until it holds, for five seconds at most. */
static bool comes_true(bool (*holds)(void))
{
	for (int i = 0; i < 1000 && !holds(); i++)
		(void)thread_sleep_until(ktime_now() + 5 * NSEC_PER_MS, false);
	return holds();
}

/* Queues with their running threads differ by one at most. */
static bool is_balanced(void)
{
	uint32_t least = UINT32_MAX, most = 0;

	for (unsigned i = 0; i < cpu_count; i++) {
		struct cpu_stats cpu;
		uint32_t load;

		sched_cpu_stats(i, &cpu);
		load = cpu.ready + !cpu.idle;
		least = MIN(least, load);
		most = MAX(most, load);
	}
	return most - least <= 1;
}

enum { BUSY_MAX = 3 * MAX_CPUS };

/* All on CPU 0 until they are set free together. */
KTEST(sched_balances_what_does_not_sleep)
{
	struct thread *t[BUSY_MAX];
	unsigned n = 3 * cpu_count;

	done = 0;
	for (unsigned i = 0; i < n; i++) {
		t[i] = start(runs_until_stopped, 1);
		KREQUIRE(t[i]);
	}
	for (unsigned i = 0; i < n; i++)
		thread_set_affinity(t[i], UINT32_MAX);
	KEXPECT(comes_true(is_balanced));
	stop_busy(t, n);
}

static bool nobody_waits_beside_an_idle_cpu(void)
{
	bool idle = false, waits = false;

	for (unsigned i = 0; i < cpu_count; i++) {
		struct cpu_stats cpu;

		sched_cpu_stats(i, &cpu);
		idle |= cpu.idle;
		waits |= cpu.ready > 0;
	}
	return !idle || !waits;
}

/* CPU 0's queue: pinned threads first, then one that may leave. */
KTEST(sched_pinned_thread_hides_nobody_behind_it)
{
	struct thread *t[3];

	if (cpu_count == 1) {
		ktest_skip("one CPU");
		return;
	}
	done = 0;
	for (unsigned i = 0; i < 3; i++) {
		t[i] = start(runs_until_stopped, 1);
		KREQUIRE(t[i]);
	}
	cpus_seen = 0;
	thread_set_affinity(t[2], 1 | 2);
	for (int i = 0; i < 1000 && !(READ_ONCE(cpus_seen) & 2); i++)
		(void)thread_sleep_until(ktime_now() + 5 * NSEC_PER_MS, false);
	KEXPECT(cpus_seen & 2);
	stop_busy(t, 3);
}

/* One may only be where the other runs, which then goes to the idle CPU. */
KTEST(sched_thread_that_can_leave_makes_room_for_one_that_cannot)
{
	struct thread *t[2];

	if (cpu_count == 1) {
		ktest_skip("one CPU");
		return;
	}
	done = 0;
	t[0] = start(runs_until_stopped, 1 | 2);
	KREQUIRE(t[0]);
	t[1] = start(runs_until_stopped, 1);
	KREQUIRE(t[1]);
	KEXPECT(comes_true(nobody_waits_beside_an_idle_cpu));
	stop_busy(t, 2);
}

static struct thread *frontmost; /* [lock] to run of those who look */

static void looks_who_was_first(void *arg)
{
	(void)arg;
	spin_lock(&lock);
	if (!frontmost)
		frontmost = current;
	spin_unlock(&lock);
	thread_done();
}

/* All wait for us, who are on their CPU and do not sleep before the last is killed. */
KTEST(sched_killed_thread_waits_behind_nobody)
{
	struct thread *t[3];

	done = 0;
	frontmost = NULL;
	thread_set_affinity(current, 1);
	for (unsigned i = 0; i < ARRAY_SIZE(t); i++) {
		t[i] = start(looks_who_was_first, 1);
		KREQUIRE(t[i]);
	}
	thread_kill(t[2]);
	KEXPECT(wait_for(ARRAY_SIZE(t)));
	KEXPECT(frontmost == t[2]);
	for (unsigned i = 0; i < ARRAY_SIZE(t); i++)
		thread_put(t[i]);
	thread_set_affinity(current, UINT32_MAX);
}

static void moves_about(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		unsigned cpu = (unsigned)i % cpu_count;

		thread_set_affinity(current, 1U << cpu);
		if (this_cpu()->id != cpu)
			atomic_inc(arg);
	}
	thread_done();
}

KTEST(sched_thread_that_moves_itself_is_there_at_once)
{
	atomic_t wrong = ATOMIC_INIT(0);

	KEXPECT(run_threads(WORKERS, moves_about, &wrong));
	KEXPECT_EQ(atomic_read(&wrong), 0);
}

/* Others move it, whether it runs, waits or sleeps. */
KTEST(sched_thread_goes_where_it_is_sent)
{
	struct thread *t = start(runs_until_stopped, UINT32_MAX);

	KREQUIRE(t);
	done = 0;
	for (unsigned i = 0; i < 10 * cpu_count; i++) {
		uint32_t where = 1U << i % cpu_count;

		thread_set_affinity(t, where);
		for (int n = 0; n < 1000 && (1U << READ_ONCE(t->ctx.cpu)->id) != where; n++)
			(void)thread_sleep_until(ktime_now() + NSEC_PER_MS, false);
		KEXPECT_EQ(1U << t->ctx.cpu->id, where);
	}
	stop_busy(&t, 1);
}

static void yields(void *arg)
{
	for (int i = 0; i < ROUNDS; i++)
		thread_yield();
	counts_itself(arg);
}

KTEST(sched_yield_comes_back)
{
	atomic_t count = ATOMIC_INIT(0);

	KEXPECT(run_threads(WORKERS, yields, &count));
	KEXPECT_EQ(atomic_read(&count), WORKERS);
}

KTEST(sleep_lasts_at_least_as_long_as_asked)
{
	ktime_t deadline = ktime_now() + 25 * NSEC_PER_MS;

	KEXPECT_EQ(thread_sleep_until(deadline, false), 0);
	KEXPECT(ktime_now() >= deadline);
	KEXPECT_EQ(thread_sleep_until(deadline, false), 0); /* past: returns at once */
}

KTEST(wait_times_out_at_its_deadline)
{
	ktime_t deadline = ktime_now() + 20 * NSEC_PER_MS;
	struct waitq nobody = WAITQ_INIT(nobody);
	int err;

	spin_lock(&lock);
	err = waitq_wait(&nobody, &lock, WAIT_INTERRUPTIBLE, deadline);
	spin_unlock(&lock);
	KEXPECT_EQ(err, -ETIMEDOUT);
	KEXPECT(ktime_now() >= deadline);
	KEXPECT(list_is_empty(&nobody.waiters));
}

static struct waitq gate = WAITQ_INIT(gate); /* [lock] */
static unsigned waiting, passed;             /* [lock] */
static unsigned passes;                      /* [lock] tickets not yet used */
static unsigned wakeups;                     /* [lock] returns from the wait */

static void waits_at_the_gate(void *arg)
{
	int err = 0;

	(void)arg;
	spin_lock(&lock);
	waiting++;
	while (!passes && !err) {
		err = waitq_wait(&gate, &lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
		wakeups++;
	}
	passes--;
	passed++;
	spin_unlock(&lock);
	thread_done();
}

/* Sleeps in short steps until *value reaches n; false after a minute. */
static bool reaches(unsigned *value, unsigned n)
{
	for (int i = 0; i < 6000 && READ_ONCE(*value) < n; i++)
		(void)thread_sleep_until(ktime_now() + 10 * NSEC_PER_MS, false);
	return READ_ONCE(*value) >= n;
}

KTEST(wake_one_wakes_exactly_one)
{
	done = waiting = passed = passes = wakeups = 0;
	for (int i = 0; i < WORKERS; i++)
		KEXPECT_EQ(kthread_start("ktest", waits_at_the_gate, NULL), 0);
	KREQUIRE(reaches(&waiting, WORKERS));
	for (unsigned i = 1; i <= WORKERS; i++) {
		spin_lock(&lock);
		passes++;
		waitq_wake_one(&gate);
		spin_unlock(&lock);
		KEXPECT(reaches(&passed, i));
		(void)thread_sleep_until(ktime_now() + 5 * NSEC_PER_MS, false); /* the rest stays */
		KEXPECT_EQ(READ_ONCE(passed), i);
		KEXPECT_EQ(READ_ONCE(wakeups), i);
	}
	KEXPECT(wait_for(WORKERS));
}

static struct mutex mutex;
static volatile unsigned guarded; /* [mutex] */

static void counts_under_the_mutex(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		unsigned value;

		mutex_lock(&mutex);
		value = guarded;
		if (i % 16 == 0)
			thread_yield(); /* give others the chance to break in */
		guarded = value + 1;
		mutex_unlock(&mutex);
	}
	counts_itself(arg);
}

KTEST(mutex_keeps_threads_apart)
{
	atomic_t count = ATOMIC_INIT(0);

	mutex_init(&mutex, LOCK_BLKDEV);
	guarded = 0;
	KEXPECT(run_threads(WORKERS, counts_under_the_mutex, &count));
	KEXPECT_EQ(guarded, WORKERS * ROUNDS);
}

KTEST(mutex_trylock_fails_while_held)
{
	bool first, second;

	mutex_init(&mutex, LOCK_BLKDEV);
	first = mutex_trylock(&mutex);
	KREQUIRE(first);
	KEXPECT(mutex_is_held(&mutex));
	second = mutex_trylock(&mutex);
	KEXPECT(!second);
	mutex_unlock(&mutex);
	KEXPECT(!mutex_is_held(&mutex));
}

static volatile unsigned spun; /* [lock] */

static void counts_under_the_spinlock(void *arg)
{
	for (int i = 0; i < 20 * ROUNDS; i++) {
		spin_lock(&lock);
		spun = spun + 1;
		spin_unlock(&lock);
	}
	counts_itself(arg);
}

KTEST(spinlock_keeps_cpus_apart)
{
	atomic_t count = ATOMIC_INIT(0);

	spun = 0;
	KEXPECT(run_threads(WORKERS, counts_under_the_spinlock, &count));
	KEXPECT_EQ(spun, WORKERS * 20 * ROUNDS);
}

static void work_runs(struct work *work)
{
	(void)work;
	thread_done();
}

KTEST(work_runs_once_for_each_time_it_was_idle)
{
	struct work work;

	done = 0;
	work_init(&work, work_runs);
	work_queue(&work);
	KEXPECT(wait_for(1));
	work_queue(&work);
	KEXPECT(wait_for(2));
}

/* All of the crowd is alive at once. */
static bool crowd_comes_and_goes(void)
{
	done = waiting = passed = passes = 0;
	for (unsigned i = 0; i < CROWD; i++)
		if (kthread_start("ktest", waits_at_the_gate, NULL))
			return false;
	if (!reaches(&waiting, CROWD))
		return false;
	spin_lock(&lock);
	passes = CROWD;
	waitq_wake_all(&gate);
	spin_unlock(&lock);
	return wait_for(CROWD) && !thread_sleep_until(ktime_now() + 50 * NSEC_PER_MS, false);
}

/* The stacks of dead threads are kept, mapped, until memory is short. */
KTEST(threads_give_their_memory_back)
{
	uint32_t before = ktest_free_pages();
	unsigned stacks = kstack_count();

	KREQUIRE(crowd_comes_and_goes());
	KEXPECT(kstack_count() >= stacks + CROWD);
	KEXPECT_EQ(ktest_free_pages(), before);
	KEXPECT_EQ(kstack_count(), stacks);
}
