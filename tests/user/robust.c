/* SPDX-License-Identifier: MIT */
/* Robust locks: whose owner ends, by exit or by execve(), is marked and one waiter woken; lists
 * that lie do no harm. */
#define _GNU_SOURCE
#include "ktap.h"
#include "rawthread.h"

#include <abi/futex.h>
#include <sys/mman.h>

static struct raw_thread threads[2];

struct lock {
	unsigned int next; /* entry of the list */
	volatile unsigned int word;
};

enum { WORD_OFFSET = 4 };

struct shared {
	struct abi_robust_list_head head;
	struct lock locks[3];
};

static struct shared *shared;

static unsigned int address(const volatile void *p)
{
	return (unsigned int)(unsigned long)p;
}

static void set_list(struct abi_robust_list_head *head)
{
	EXPECT_OK(syscall(SYS_set_robust_list, head, sizeof(*head)));
}

/* A ring of all locks, each owned by the caller. */
static void own_all(void)
{
	shared->head.next = address(&shared->locks[0]);
	shared->head.offset = WORD_OFFSET;
	shared->head.pending = 0;
	for (int i = 0; i < 3; i++) {
		shared->locks[i].next = i < 2 ? address(&shared->locks[i + 1])
					      : address(&shared->head);
		shared->locks[i].word = (unsigned int)raw_tid();
	}
	set_list(&shared->head);
}

static void make_shared(void)
{
	shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	EXPECT(shared != MAP_FAILED);
}

static void forget_shared(void)
{
	munmap(shared, 4096);
}

static void own_and_end(void)
{
	own_all();
	shared->locks[1].word |= FUTEX_WAITERS;
	shared->locks[2].word = 12345; /* another's */
}

static void locks_of_the_dead_are_marked(void)
{
	make_shared();
	EXPECT_EXIT(ktap_child(own_and_end), 0);
	EXPECT_EQ(shared->locks[0].word, FUTEX_OWNER_DIED);
	EXPECT_EQ(shared->locks[1].word, FUTEX_OWNER_DIED | FUTEX_WAITERS);
	EXPECT_EQ(shared->locks[2].word, 12345);
	forget_shared();
}

static void own_and_be_killed(void)
{
	own_all();
	kill(getpid(), SIGKILL);
}

static void own_and_exec(void)
{
	char *argv[] = { "sh", "-c", "exit 7", NULL };

	own_all();
	execv("/bin/sh", argv);
}

static void a_signal_and_exec_are_ends_too(void)
{
	make_shared();
	EXPECT_SIGNAL(ktap_child(own_and_be_killed), SIGKILL);
	EXPECT_EQ(shared->locks[2].word, FUTEX_OWNER_DIED);
	EXPECT_EXIT(ktap_child(own_and_exec), 7);
	EXPECT_EQ(shared->locks[2].word, FUTEX_OWNER_DIED);
	forget_shared();
}

static int own_in_a_thread(void *arg)
{
	(void)arg;
	own_all();
	shared->locks[0].word |= FUTEX_WAITERS;
	while (shared->locks[0].word & FUTEX_TID_MASK && shared->locks[1].word != 1)
		sched_yield();
	return 0;
}

static void one_waiter_of_each_is_woken(void)
{
	struct {
		int seconds, nanoseconds;
	} long_span = { 20, 0 };
	unsigned int seen;
	int result;

	make_shared();
	EXPECT(raw_start(&threads[0], own_in_a_thread, NULL) > 0);
	while (!(shared->locks[0].word & FUTEX_WAITERS))
		sched_yield();
	seen = shared->locks[0].word;
	shared->locks[1].word = 1; /* it goes on to its end */
	result = (int)syscall(SYS_futex, &shared->locks[0].word, FUTEX_WAIT, seen, &long_span);
	EXPECT(result == 0 || errno == EAGAIN);
	EXPECT_EQ(shared->locks[0].word, FUTEX_OWNER_DIED | FUTEX_WAITERS);
	raw_join(&threads[0]);
	forget_shared();
}

static void pend_and_end(void)
{
	own_all();
	shared->head.next = address(&shared->head); /* nothing in the ring */
	shared->head.pending = address(&shared->locks[1]);
}

static void the_lock_being_taken_counts(void)
{
	make_shared();
	EXPECT_EXIT(ktap_child(pend_and_end), 0);
	EXPECT_EQ(shared->locks[1].word, FUTEX_OWNER_DIED);
	EXPECT(shared->locks[0].word != FUTEX_OWNER_DIED);
	forget_shared();
}

/* Rings without end, unmapped, unaligned, read-only and kernel memory. */
static void lie_and_end(void)
{
	static const unsigned int bad[] = { 16, 0xfffff000, 0xc0000000, 0x08048000, 3, 0 };
	struct abi_robust_list_head *head = &shared->head;
	int status;

	for (unsigned int i = 0; i < 3 * sizeof(bad) / sizeof(bad[0]); i++) {
		pid_t child = fork();

		if (child == 0) {
			own_all();
			if (i % 3 == 0)
				shared->locks[1].next = bad[i / 3];
			else if (i % 3 == 1)
				head->pending = bad[i / 3];
			else
				head->offset = (int)bad[i / 3];
			_exit(3);
		}
		EXPECT_EQ(waitpid(child, &status, 0), child);
		EXPECT_EXIT(status, 3);
	}
	own_all();
	shared->locks[2].next = address(&shared->locks[0]); /* round and round */
}

static void lists_that_lie_do_no_harm(void)
{
	make_shared();
	EXPECT_EXIT(ktap_child(lie_and_end), 0);
	EXPECT_EQ(shared->locks[0].word, FUTEX_OWNER_DIED);
	forget_shared();
}

static void the_head_can_be_asked_for(void)
{
	struct abi_robust_list_head head = { 0 };
	unsigned int at = 1, size = 0;

	EXPECT_ERR(syscall(SYS_set_robust_list, &head, sizeof(head) - 1), EINVAL);
	set_list(&head);
	EXPECT_OK(syscall(SYS_get_robust_list, 0, &at, &size));
	EXPECT_EQ(at, address(&head));
	EXPECT_EQ(size, sizeof(head));
	EXPECT_OK(syscall(SYS_get_robust_list, raw_tid(), &at, &size));
	set_list(NULL);
	EXPECT_OK(syscall(SYS_get_robust_list, 0, &at, &size));
	EXPECT_EQ(at, 0);
	EXPECT_ERR(syscall(SYS_get_robust_list, 32767, &at, &size), ESRCH);
	EXPECT_ERR(syscall(SYS_get_robust_list, 0, 16, &size), EFAULT);
}

static const struct ktap_test tests[] = {
	KTAP(locks_of_the_dead_are_marked), KTAP(a_signal_and_exec_are_ends_too),
	KTAP(one_waiter_of_each_is_woken),  KTAP(the_lock_being_taken_counts),
	KTAP(lists_that_lie_do_no_harm),    KTAP(the_head_can_be_asked_for),
};

KTAP_MAIN(tests)
