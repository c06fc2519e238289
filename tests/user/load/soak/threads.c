/* SPDX-License-Identifier: MIT */
/* Threads of one process that share, wait for each other, and are ended together. */
#include "soak.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum { THREADS = 4, TIMES = 200 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static volatile unsigned int counter; /* [mutex] */

static void *count_under_mutex(void *arg)
{
	for (unsigned int i = 0; i < TIMES; i++) {
		unsigned int value;

		pthread_mutex_lock(&mutex);
		value = counter;
		if (i % 16 == 0)
			sched_yield();
		counter = value + 1;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static bool threads_count(struct random *r)
{
	pthread_t thread[THREADS];
	void *result;

	(void)r;
	counter = 0;
	for (uintptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, count_under_mutex, (void *)i) == 0);
	for (uintptr_t i = 0; i < THREADS; i++) {
		CHECK(pthread_join(thread[i], &result) == 0);
		CHECK(result == (void *)i);
	}
	CHECK(counter == THREADS * TIMES);
	return true;
}

/* Each waits for its turn, round and round. */
static void *take_turns(void *arg)
{
	uintptr_t me = (uintptr_t)arg;

	for (unsigned int i = 0; i < TIMES / 10; i++) {
		pthread_mutex_lock(&mutex);
		while (counter % THREADS != me)
			pthread_cond_wait(&changed, &mutex);
		counter++;
		pthread_cond_broadcast(&changed);
		pthread_mutex_unlock(&mutex);
	}
	return NULL;
}

static bool threads_take_turns(struct random *r)
{
	pthread_t thread[THREADS];

	(void)r;
	counter = 0;
	for (uintptr_t i = 0; i < THREADS; i++)
		CHECK(pthread_create(&thread[i], NULL, take_turns, (void *)i) == 0);
	for (unsigned int i = 0; i < THREADS; i++)
		CHECK(pthread_join(thread[i], NULL) == 0);
	CHECK(counter == THREADS * (TIMES / 10));
	return true;
}

static void *be_busy(void *arg)
{
	uintptr_t how = (uintptr_t)arg;

	for (;;) {
		if (how % 3 == 1)
			usleep(1000000);
		else if (how % 3 == 2)
			getppid();
	}
	return NULL;
}

/* A process with threads ends: by itself, by a signal, by exec. */
static bool threads_end_together(struct random *r)
{
	unsigned int how = random_below(r, 3), kind = random_below(r, 3);
	pid_t child = fork();

	if (child == 0) {
		pthread_t thread;

		for (uintptr_t i = 0; i < THREADS; i++)
			if (pthread_create(&thread, NULL, be_busy, (void *)(kind + i)))
				_exit(CHILD_WRONG);
		if (how == 0)
			_exit(3);
		if (how == 1)
			execl("/bin/false", "false", (char *)NULL);
		be_busy((void *)1);
	}
	CHECK(child > 0);
	if (how < 2)
		return soak_child_ends(child, how == 0 ? 3 << 8 : 1 << 8);
	usleep(random_below(r, 3000));
	CHECK(kill(child, SIGKILL) == 0);
	return soak_child_ends(child, SIGKILL);
}

const struct operation thread_operations[] = {
	{ "threads_count", threads_count, 5 },
	{ "threads_take_turns", threads_take_turns, 4 },
	{ "threads_end_together", threads_end_together, 5 },
	{ NULL, NULL, 0 },
};
