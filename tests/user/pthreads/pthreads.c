/* SPDX-License-Identifier: MIT */
/* POSIX threads as programs use them, for the libraries that others wrote (musl, glibc) and for
 * ours. Each part checks itself and prints one line that does not depend on who ran when; the
 * test compares them with what this machine's Linux prints. With arguments only those parts run.
 */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8, ROUNDS = 500, ITEMS = 1000, ROOM = 4 };

static void must(int error, const char *what)
{
	if (!error)
		return;
	printf("%s: %s\n", what, strerror(error));
	exit(1);
}

static pthread_t start(void *(*run)(void *), void *arg)
{
	pthread_t thread;

	must(pthread_create(&thread, NULL, run, arg), "pthread_create");
	return thread;
}

static void *join(pthread_t thread)
{
	void *result;

	must(pthread_join(thread, &result), "pthread_join");
	return result;
}

static void start_all(pthread_t *threads, void *(*run)(void *))
{
	for (long i = 0; i < THREADS; i++)
		threads[i] = start(run, (void *)i);
}

static long join_all(pthread_t *threads)
{
	long sum = 0;

	for (int i = 0; i < THREADS; i++)
		sum += (long)join(threads[i]);
	return sum;
}

static void *square(void *arg)
{
	return (void *)((long)arg * (long)arg);
}

static void *end_early(void *arg)
{
	pthread_exit(arg);
}

static void *detached_sets(void *arg)
{
	sem_post(arg);
	return NULL;
}

static void part_create(void)
{
	pthread_t threads[THREADS];
	pthread_attr_t attr;
	pthread_t detached;
	sem_t done;

	start_all(threads, square);
	printf("create: squares %ld, exit %ld", join_all(threads),
	       (long)join(start(end_early, (void *)77L)));
	sem_init(&done, 0, 0);
	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, 65536);
	must(pthread_create(&detached, &attr, detached_sets, &done), "pthread_create");
	pthread_attr_destroy(&attr);
	sem_wait(&done);
	printf(", self %d\n", pthread_equal(pthread_self(), pthread_self()) != 0);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static long counter;

static void *count(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void *try_it(void *arg)
{
	return (void *)(long)pthread_mutex_trylock(arg);
}

static void *wait_a_moment_for(void *arg)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 5000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return (void *)(long)pthread_mutex_timedlock(arg, &until);
}

static void mutex_kind(pthread_mutex_t *m, int kind)
{
	pthread_mutexattr_t attr;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, kind);
	must(pthread_mutex_init(m, &attr), "pthread_mutex_init");
	pthread_mutexattr_destroy(&attr);
}

static void part_mutex(void)
{
	pthread_t threads[THREADS];
	pthread_mutex_t other;
	int again, unlocked;

	counter = 0;
	start_all(threads, count);
	join_all(threads);
	printf("mutex: %ld", counter);
	mutex_kind(&other, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_lock(&other);
	again = pthread_mutex_lock(&other);
	printf(", recursive %d, try %d", again, (long)join(start(try_it, &other)) == EBUSY);
	printf(", timed %d", (long)join(start(wait_a_moment_for, &other)) == ETIMEDOUT);
	pthread_mutex_unlock(&other);
	pthread_mutex_unlock(&other);
	pthread_mutex_destroy(&other);
	mutex_kind(&other, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_lock(&other);
	again = pthread_mutex_lock(&other);
	pthread_mutex_unlock(&other);
	unlocked = pthread_mutex_unlock(&other);
	printf(", errors %d %d\n", again == EDEADLK, unlocked == EPERM);
	pthread_mutex_destroy(&other);
}

/* ---- condition variables: a queue with ROOM places ---- */

static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER, not_full = PTHREAD_COND_INITIALIZER;
static int queue[ROOM], filled, taken_from, put_to;

static void *produce(void *arg)
{
	(void)arg;
	for (int i = 1; i <= ITEMS; i++) {
		pthread_mutex_lock(&mutex);
		while (filled == ROOM)
			pthread_cond_wait(&not_full, &mutex);
		queue[put_to++ % ROOM] = i;
		filled++;
		pthread_cond_signal(&not_empty);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static void *consume(void *arg)
{
	long sum = 0;

	(void)arg;
	for (int i = 0; i < ITEMS; i++) {
		pthread_mutex_lock(&mutex);
		while (filled == 0)
			pthread_cond_wait(&not_empty, &mutex);
		sum += queue[taken_from++ % ROOM];
		filled--;
		pthread_cond_signal(&not_full);
		pthread_mutex_unlock(&mutex);
	}
	return (void *)sum;
}

static int gate_open;

static void *pass_gate(void *arg)
{
	(void)arg;
	pthread_mutex_lock(&mutex);
	while (!gate_open)
		pthread_cond_wait(&not_empty, &mutex);
	pthread_mutex_unlock(&mutex);
	return (void *)1L;
}

static void part_cond(void)
{
	pthread_t threads[THREADS];
	struct timespec until;
	int result;

	filled = taken_from = put_to = gate_open = 0;
	for (int i = 0; i < THREADS; i++)
		threads[i] = start(i % 2 ? produce : consume, NULL);
	printf("cond: sum %ld", join_all(threads));
	start_all(threads, pass_gate);
	pthread_mutex_lock(&mutex);
	gate_open = 1;
	pthread_cond_broadcast(&not_empty);
	pthread_mutex_unlock(&mutex);
	printf(", through the gate %ld", join_all(threads));
	clock_gettime(CLOCK_REALTIME, &until);
	pthread_mutex_lock(&mutex);
	result = pthread_cond_timedwait(&not_full, &mutex, &until);
	pthread_mutex_unlock(&mutex);
	printf(", timed %d\n", result == ETIMEDOUT);
}

static pthread_barrier_t barrier;
static int stage[THREADS];

static void *walk_in_step(void *arg)
{
	long me = (long)arg, serial = 0;

	for (int i = 0; i < 50; i++) {
		stage[me] = i;
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			serial++;
		for (int other = 0; other < THREADS; other++)
			if (stage[other] != i)
				serial += 1000;
		pthread_barrier_wait(&barrier);
	}
	return (void *)serial;
}

static void part_barrier(void)
{
	pthread_t threads[THREADS];

	must(pthread_barrier_init(&barrier, NULL, THREADS), "pthread_barrier_init");
	start_all(threads, walk_in_step);
	printf("barrier: serial %ld\n", join_all(threads));
	pthread_barrier_destroy(&barrier);
}

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static long left_value, right_value;

static void *read_or_write(void *arg)
{
	long torn = 0;

	for (int i = 0; i < ROUNDS; i++) {
		if ((long)arg % 4 == 0) {
			pthread_rwlock_wrlock(&rwlock);
			left_value++;
			right_value++;
		} else {
			pthread_rwlock_rdlock(&rwlock);
			torn += left_value != right_value;
		}
		pthread_rwlock_unlock(&rwlock);
	}
	return (void *)torn;
}

static void part_rwlock(void)
{
	pthread_t threads[THREADS];
	int busy, shared;

	left_value = right_value = 0;
	start_all(threads, read_or_write);
	printf("rwlock: torn %ld", join_all(threads));
	pthread_rwlock_rdlock(&rwlock);
	shared = pthread_rwlock_tryrdlock(&rwlock);
	busy = pthread_rwlock_trywrlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	pthread_rwlock_unlock(&rwlock);
	printf(", writes %ld, try %d %d\n", left_value, shared, busy == EBUSY);
}

static sem_t items;

static void *post_items(void *arg)
{
	(void)arg;
	for (int i = 0; i < ROUNDS; i++)
		sem_post(&items);
	return NULL;
}

static void part_semaphore(void)
{
	pthread_t threads[THREADS];
	int value;

	sem_init(&items, 0, 0);
	start_all(threads, post_items);
	for (int i = 0; i < THREADS * ROUNDS; i++)
		sem_wait(&items);
	join_all(threads);
	sem_getvalue(&items, &value);
	printf("semaphore: left %d, try %d\n", value, sem_trywait(&items) && errno == EAGAIN);
}

/* What is a thread's own. */
static __thread int own = 5;
static __thread char own_zero[100];
static pthread_key_t key;
static int destroyed;

static void count_destroyed(void *value)
{
	__atomic_fetch_add(&destroyed, (int)(long)value, __ATOMIC_SEQ_CST);
}

static void *use_own(void *arg)
{
	long me = (long)arg, good;

	good = own == 5 && own_zero[99] == 0 && pthread_getspecific(key) == NULL;
	own += (int)me;
	own_zero[99] = (char)me;
	pthread_setspecific(key, (void *)(me + 1));
	errno = (int)me;
	for (int i = 0; i < 20; i++)
		sched_yield();
	return (void *)(good && own == 5 + me && own_zero[99] == (char)me && errno == (int)me &&
			pthread_getspecific(key) == (void *)(me + 1));
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialised;

static void initialise(void)
{
	initialised++;
}

static void *do_once(void *arg)
{
	(void)arg;
	pthread_once(&once, initialise);
	return (void *)(long)initialised;
}

static void part_own(void)
{
	pthread_t threads[THREADS];

	destroyed = 0;
	must(pthread_key_create(&key, count_destroyed), "pthread_key_create");
	start_all(threads, use_own);
	printf("own: good %ld", join_all(threads));
	pthread_key_delete(key);
	start_all(threads, do_once);
	printf(", destroyed %d, once %ld, mine %d\n", destroyed, join_all(threads), own);
}

static void *allocate_and_print(void *arg)
{
	long good = 1;

	for (int i = 0; i < 50; i++) {
		size_t size = 1 + (size_t)(i * 37 + (long)arg * 11) % 3000;
		char *block = malloc(size), text[32];

		memset(block, (int)(long)arg, size);
		snprintf(text, sizeof(text), "%ld-%d", (long)arg, i);
		good &= strtol(text, NULL, 10) == (long)arg && block[size - 1] == (char)(long)arg;
		free(block);
	}
	return (void *)good;
}

static void part_library(void)
{
	pthread_t threads[THREADS];

	start_all(threads, allocate_and_print);
	printf("library: good %ld\n", join_all(threads));
}

static int cleaned;

static void clean(void *arg)
{
	cleaned += (int)(long)arg;
}

static void *wait_for_ever(void *arg)
{
	pthread_cleanup_push(clean, (void *)1L);
	sem_post(arg);
	for (;;)
		pause();
	pthread_cleanup_pop(0);
	return NULL;
}

static void *wait_in_sem(void *arg)
{
	sem_post(arg);
	sem_wait(&items); /* there are none */
	return NULL;
}

static void unlock(void *arg)
{
	pthread_mutex_unlock(arg);
}

static void *wait_in_cond(void *arg)
{
	pthread_mutex_lock(&mutex);
	pthread_cleanup_push(unlock, &mutex);
	sem_post(arg);
	for (;;)
		pthread_cond_wait(&not_empty, &mutex);
	pthread_cleanup_pop(1);
	return NULL;
}

static void *compute_then_test(void *arg)
{
	int old;

	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old);
	sem_post(arg);
	usleep(3000); /* a place to be cancelled at, were it not disabled */
	pthread_cleanup_push(clean, (void *)10L);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old);
	for (;;)
		pthread_testcancel();
	pthread_cleanup_pop(0);
	return NULL;
}

static int cancel_one(void *(*run)(void *))
{
	pthread_t thread;
	sem_t ready;

	sem_init(&ready, 0, 0);
	thread = start(run, &ready);
	sem_wait(&ready);
	must(pthread_cancel(thread), "pthread_cancel");
	return join(thread) == PTHREAD_CANCELED;
}

static void part_cancel(void)
{
	int asleep, waiting, later;

	cleaned = 0;
	asleep = cancel_one(wait_for_ever) + cancel_one(wait_in_sem);
	waiting = cancel_one(wait_in_cond);
	waiting += pthread_mutex_trylock(&mutex) == 0; /* its handler unlocked it */
	pthread_mutex_unlock(&mutex);
	later = cancel_one(compute_then_test);
	printf("cancel: %d %d %d, cleaned %d\n", asleep, waiting, later, cleaned);
}

static const struct {
	const char *name;
	void (*run)(void);
} parts[] = {
	{ "create", part_create },       { "mutex", part_mutex },     { "cond", part_cond },
	{ "barrier", part_barrier },     { "rwlock", part_rwlock },   { "own", part_own },
	{ "semaphore", part_semaphore }, { "library", part_library }, { "cancel", part_cancel },
};

int main(int argc, char **argv)
{
	for (unsigned int i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		int wanted = argc == 1;

		for (int a = 1; a < argc; a++)
			wanted |= !strcmp(argv[a], parts[i].name);
		if (wanted)
			parts[i].run();
	}
	return 0;
}
