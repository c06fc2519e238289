/* SPDX-License-Identifier: MIT */
/* Threads without a library: clone() on stacks of ours. A thread runs a function and ends with
 * what it returns. Nothing here waits in futex(): it is for the tests of that, too. */
#pragma once

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLONE_THREAD
#include <abi/sched.h>
#endif

enum { RAW_STACK = 16384, RAW_THREADS = 64 };

#define RAW_FLAGS \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | \
	 CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

struct raw_thread {
	int (*run)(void *);
	void *arg;
	volatile int tid;   /* CLONE_PARENT_SETTID stores it */
	volatile int alive; /* its number, until it ended: CLONE_CHILD_CLEARTID */
	char stack[RAW_STACK] __attribute__((aligned(16)));
};

static inline void raw_exit(int status)
{
	for (;;)
		syscall(SYS_exit, status);
}

/* clone() as it is, where the child goes on at run(arg) on a stack that ends at top. Returns as the
 * kernel does: the number or -errno. */
static inline int raw_clone(unsigned int flags, void *top, int (*run)(void *), void *arg,
			    volatile int *parent_tid, void *tls, volatile int *child_tid)
{
	void **sp = (void **)top - 4; /* of the alignment a call wants */
	int result;

	sp[0] = arg;
	*--sp = (void *)run;
	asm volatile("int $0x80\n\t"
		     "testl %%eax, %%eax\n\t"
		     "jnz 1f\n\t"
		     "xorl %%ebp, %%ebp\n\t"
		     "popl %%eax\n\t"
		     "call *%%eax\n\t"
		     "movl %%eax, %%ebx\n\t"
		     "movl %[end], %%eax\n\t"
		     "int $0x80\n\t"
		     "1:"
		     : "=a"(result)
		     : "0"(SYS_clone), "b"(flags), "c"(sp), "d"(parent_tid), "S"(tls),
		       "D"(child_tid), [end] "i"(SYS_exit)
		     : "memory", "cc");
	return result;
}

static inline void *raw_stack_top(struct raw_thread *t)
{
	return t->stack + sizeof(t->stack);
}

/* A thread of this process that runs run(arg): its number or -errno. */
static inline int raw_start(struct raw_thread *t, int (*run)(void *), void *arg)
{
	int result;

	t->run = run;
	t->arg = arg;
	t->alive = 1;
	result = raw_clone(RAW_FLAGS, raw_stack_top(t), run, arg, &t->tid, NULL, &t->alive);
	if (result < 0)
		t->alive = 0;
	return result;
}

static inline void raw_wait_for(volatile int *word, int value)
{
	while (*word != value)
		sched_yield();
}

static inline void raw_join(struct raw_thread *t)
{
	raw_wait_for(&t->alive, 0);
}

static inline int raw_tid(void)
{
	return (int)syscall(SYS_gettid);
}
