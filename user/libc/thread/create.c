/* SPDX-License-Identifier: MIT */
/* The life of threads: the main one's, making, ending, joining. */
#include <abi/ldt.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../start/hooks.h"
#include "thread.h"

enum { GUARD = 4096, USUAL_STACK = 128 * 1024, ALIGNMENT = 64, SELECTOR_SHIFT = 3, RING_3 = 3 };

#define THREAD_FLAGS \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | \
	 CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

static unsigned int gs_entry;

int *__thread_errno(void)
{
	return &thread_self()->error;
}

static size_t align_up(size_t n, size_t to)
{
	return (n + to - 1) & ~(to - 1);
}

/* Of all thread-local variables, rounded so that what follows is aligned. */
static size_t tls_size(void)
{
	size_t image = (size_t)(__tls_image_end - __tls_image);

	return align_up(align_up(image, (size_t)__tls_align) + (size_t)__tls_zero_size, ALIGNMENT);
}

/* Puts a thread's struct, with its variables below, at the end of zeroed memory. */
static struct __pthread *thread_place(char *end)
{
	struct __pthread *t = (struct __pthread *)(end - align_up(sizeof(*t), ALIGNMENT));
	size_t image = (size_t)(__tls_image_end - __tls_image), align = (size_t)__tls_align;
	size_t size = align_up(image, align) + (size_t)__tls_zero_size;

	memcpy((char *)t - align_up(size, align), __tls_image, image);
	t->self = t;
	return t;
}

static struct abi_user_desc segment_of(const struct __pthread *t, unsigned int entry)
{
	return (struct abi_user_desc){
		.entry_number = entry,
		.base_addr = (uint32_t)t,
		.limit = 0xfffff,
		.seg_32bit = 1,
		.limit_in_pages = 1,
		.useable = 1,
	};
}

/* From crt0.asm, before main(), in programs that have this file. */
void __thread_start_main(void);
void __thread_start_main(void)
{
	size_t size = align_up(tls_size() + sizeof(struct __pthread) + ALIGNMENT, GUARD);
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct abi_user_desc desc;
	struct __pthread *t;

	if (at == MAP_FAILED)
		_exit(127);
	t = thread_place(at + size);
	desc = segment_of(t, ABI_TLS_ANY_ENTRY);
	if (sys_set_thread_area(&desc))
		_exit(127);
	gs_entry = desc.entry_number;
	asm volatile("movw %w0, %%gs" : : "r"(gs_entry << SELECTOR_SHIFT | RING_3));
	t->tid = (int)sys_set_tid_address((unsigned long)&t->tid);
}

pthread_t pthread_self(void)
{
	return thread_self();
}

int pthread_equal(pthread_t a, pthread_t b)
{
	return a == b;
}

static int thread_main(void *arg)
{
	struct __pthread *t = arg;

	pthread_exit(t->run(t->arg));
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg)
{
	size_t stack = attr && attr->stack_size ? attr->stack_size : USUAL_STACK;
	size_t size = align_up(GUARD + stack + tls_size() + sizeof(struct __pthread) + ALIGNMENT,
			       GUARD);
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct abi_user_desc desc;
	struct __pthread *t, *self = thread_self();
	int error = self->error;

	if (map == MAP_FAILED)
		return EAGAIN;
	mprotect(map, GUARD, PROT_NONE);
	t = thread_place(map + size);
	t->map = map;
	t->map_size = size;
	t->run = run;
	t->arg = arg;
	t->state = attr && attr->detached ? THREAD_DETACHED : THREAD_JOINABLE;
	desc = segment_of(t, gs_entry);
	*thread = t; /* before it may end */
	__atomic_fetch_add(&__thread_count, 1, __ATOMIC_SEQ_CST);
	if (clone(thread_main, (char *)t - tls_size(), THREAD_FLAGS, t, &t->tid, &desc, &t->tid) >
	    0)
		return 0;
	self->error = error; /* errno is not told */
	__atomic_fetch_sub(&__thread_count, 1, __ATOMIC_SEQ_CST);
	munmap(map, size);
	return EAGAIN;
}

_Noreturn void pthread_exit(void *result)
{
	struct __pthread *t = thread_self();
	sigset_t all = ~0ULL;
	int state = THREAD_JOINABLE;

	t->cancel_disabled = 1;
	t->cancel_now = 0;
	t->result = result;
	while (t->cleanups) {
		struct __cleanup *c = t->cleanups;

		t->cleanups = c->outer;
		c->run(c->arg);
	}
	__keys_destroy(t);
	sigprocmask(SIG_BLOCK, &all, NULL); /* its stack may go */
	if (__atomic_sub_fetch(&__thread_count, 1, __ATOMIC_SEQ_CST) == 0)
		exit(0);
	if (t->map && !__atomic_compare_exchange_n(&t->state, &state, THREAD_ENDED, 0,
						   __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
		sys_set_tid_address(0); /* it goes with the stack */
		__thread_unmap_and_exit(t->map, t->map_size);
	}
	for (;;)
		sys_exit(0);
}

/* Waits for its end, and frees its memory. */
static void thread_reap(struct __pthread *t)
{
	int tid;

	/* The kernel wakes as for memory that processes share. */
	while ((tid = __atomic_load_n(&t->tid, __ATOMIC_SEQ_CST)) != 0)
		sys_futex((unsigned long)&t->tid, FUTEX_WAIT, (unsigned int)tid, 0, 0, 0);
	if (t->map)
		munmap(t->map, t->map_size);
}

int pthread_join(pthread_t t, void **result)
{
	int tid;

	if (t == thread_self())
		return EDEADLK;
	if (__atomic_load_n(&t->state, __ATOMIC_SEQ_CST) == THREAD_DETACHED)
		return EINVAL;
	while ((tid = __atomic_load_n(&t->tid, __ATOMIC_SEQ_CST)) != 0)
		futex_wait_cancellable(&t->tid, tid, CLOCK_MONOTONIC, NULL, 1);
	if (result)
		*result = t->result;
	thread_reap(t);
	return 0;
}

int pthread_detach(pthread_t t)
{
	int state = THREAD_JOINABLE;

	if (__atomic_compare_exchange_n(&t->state, &state, THREAD_DETACHED, 0, __ATOMIC_SEQ_CST,
					__ATOMIC_SEQ_CST))
		return 0;
	if (state == THREAD_DETACHED)
		return EINVAL;
	thread_reap(t);
	return 0;
}

int pthread_kill(pthread_t t, int number)
{
	int tid = __atomic_load_n(&t->tid, __ATOMIC_SEQ_CST);

	return tid ? (int)-sys_tgkill(getpid(), tid, number) : ESRCH;
}

int pthread_sigmask(int how, const sigset_t *set, sigset_t *old)
{
	return (int)-sys_rt_sigprocmask(how, set, old, sizeof(sigset_t));
}
