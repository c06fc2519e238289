/* SPDX-License-Identifier: MIT */
/* What threads cost: a word that goes to and fro between two of them, and a lock that nobody else
 * wants. Made by clone() itself, so that the other operations are those of a program without
 * threads. */

#include <abi/futex.h>
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>

#include "../cycles.h"
#include "../prog.h"
#include "bench.h"

enum { OURS = 1, THEIRS = 2, DONE = 3, STACK_BYTES = 8192 };

#define THREAD_FLAGS \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_CHILD_CLEARTID)

static int turn;
static char stack[STACK_BYTES];

static void wait_while(int value)
{
	while (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) == value)
		syscall(SYS_futex, &turn, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, value, NULL);
}

static void pass_to(int value)
{
	__atomic_store_n(&turn, value, __ATOMIC_SEQ_CST);
	syscall(SYS_futex, &turn, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
}

static int other_thread(void *arg)
{
	(void)arg;
	for (;;) {
		wait_while(OURS);
		if (turn == DONE)
			return 0;
		pass_to(OURS);
	}
}

uint64_t run_futex(unsigned int iterations)
{
	static int tid = 1;
	uint64_t start, ticks;

	turn = OURS;
	if (clone(other_thread, stack + sizeof(stack), THREAD_FLAGS, NULL, NULL, NULL, &tid) < 0)
		bench_die("clone");
	start = cycles_now();
	for (unsigned int i = 0; i < iterations; i++) {
		pass_to(THEIRS);
		wait_while(THEIRS);
	}
	ticks = cycles_now() - start;
	tid = 1;
	pass_to(DONE);
	while (__atomic_load_n(&tid, __ATOMIC_SEQ_CST))
		syscall(SYS_futex, &tid, FUTEX_WAIT, 1, NULL);
	return ticks / iterations;
}

uint64_t run_mutex(unsigned int iterations)
{
	static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	uint64_t start = cycles_now();

	for (unsigned int i = 0; i < iterations; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	return (cycles_now() - start) / iterations;
}
