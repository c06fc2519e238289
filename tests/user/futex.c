/* SPDX-License-Identifier: MIT */
/* futex(): who waits, who is woken, counted and moved, by threads and by processes that share
 * memory; time-outs; robust lists. */
#define _GNU_SOURCE
#include "ktap.h"
#include "rawthread.h"

#include <abi/futex.h>
#include <limits.h>
#include <sys/mman.h>
#include <time.h>

static struct raw_thread threads[RAW_THREADS];
static volatile int word, other_word, woken;

static int futex(volatile int *at, int op, int value, const void *timeout, volatile int *second,
		 unsigned int value3)
{
	return (int)syscall(SYS_futex, at, op, value, timeout, second, value3);
}

static int wake(volatile int *at, int count)
{
	return futex(at, FUTEX_WAKE, count, NULL, NULL, 0);
}

/* As the kernel's struct, whatever the library has. */
struct span {
	int seconds, nanoseconds;
};

static const struct span ten_ms = { 0, 10000000 };

static long long now_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* How many of the first n threads sleep in the kernel. */
static int sleeping(int n)
{
	char path[64], line[256];
	int count = 0;

	for (int i = 0; i < n; i++) {
		FILE *f;

		snprintf(path, sizeof(path), "/proc/self/task/%d/stat", threads[i].tid);
		f = fopen(path, "r");
		if (!f)
			continue;
		if (fgets(line, sizeof(line), f) && strstr(line, ") S "))
			count++;
		fclose(f);
	}
	return count;
}

static void wait_until_sleeping(int n)
{
	while (sleeping(n) < n)
		usleep(1000);
}

/* arg: the bits it waits with; 0: plain. */
static int wait_for_word(void *arg)
{
	unsigned int bits = (unsigned int)(long)arg;
	int result = bits ? futex(&word, FUTEX_WAIT_BITSET, 1, NULL, NULL, bits)
			  : futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0);

	__atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST);
	return result;
}

static void start_waiters(int n, unsigned int bits)
{
	word = 1;
	woken = 0;
	for (int i = 0; i < n; i++)
		EXPECT(raw_start(&threads[i], wait_for_word, (void *)(long)bits) > 0);
	wait_until_sleeping(n);
}

static void join(int n)
{
	for (int i = 0; i < n; i++)
		raw_join(&threads[i]);
}

/* ---- wait and wake ---- */

static void wait_returns_at_once_if_the_word_has_changed(void)
{
	word = 2;
	EXPECT_ERR(futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0), EAGAIN);
	EXPECT_ERR(futex(&word, FUTEX_WAIT_BITSET, 1, NULL, NULL, 1), EAGAIN);
}

static void wake_counts_whom_it_wakes(void)
{
	EXPECT_EQ(wake(&word, 1), 0);
	start_waiters(5, 0);
	EXPECT_EQ(wake(&word, 2), 2);
	raw_wait_for(&woken, 2);
	EXPECT_EQ(wake(&word, INT_MAX), 3);
	join(5);
}

static void wake_of_none_wakes_one(void)
{
	start_waiters(2, 0);
	EXPECT_EQ(wake(&word, 0), 1);
	EXPECT_EQ(wake(&word, -1), 1);
	join(2);
}

static void bits_choose_whom_to_wake(void)
{
	start_waiters(2, 6);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_BITSET, 9, NULL, NULL, 1), 0);
	EXPECT_EQ(futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 2), 1);
	EXPECT_EQ(wake(&word, 9), 1);
	join(2);
	EXPECT_ERR(futex(&word, FUTEX_WAIT_BITSET, 1, NULL, NULL, 0), EINVAL);
	EXPECT_ERR(futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), EINVAL);
}

static int wait_private(void *arg)
{
	(void)arg;
	return futex(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
}

static void private_and_shared_waiters_are_apart(void)
{
	word = 1;
	EXPECT(raw_start(&threads[0], wait_private, NULL) > 0);
	wait_until_sleeping(1);
	EXPECT_EQ(wake(&word, 1), 0);
	EXPECT_EQ(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0), 1);
	join(1);
}

static void bad_arguments_give_linuxs_errors(void)
{
	char *at = (char *)&word;
	struct span bad = { 0, 1000000000 }, negative = { -1, 0 };

	word = 1;
	EXPECT_ERR(futex((int *)(at + 1), FUTEX_WAKE, 1, NULL, NULL, 0), EINVAL);
	EXPECT_ERR(futex((int *)(at + 2), FUTEX_WAIT, 1, NULL, NULL, 0), EINVAL);
	EXPECT_ERR(wake((int *)16, 1), EFAULT);
	EXPECT_EQ(futex((int *)16, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0), 0);
	EXPECT_ERR(futex((int *)16, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0), EFAULT);
	EXPECT_ERR(futex(&word, FUTEX_WAIT, 1, &bad, NULL, 0), EINVAL);
	EXPECT_ERR(futex(&word, FUTEX_WAIT, 1, &negative, NULL, 0), EINVAL);
	EXPECT_ERR(futex(&word, FUTEX_WAIT, 1, (void *)16, NULL, 0), EFAULT);
	EXPECT_ERR(futex(&word, 2, 1, NULL, NULL, 0), ENOSYS);
	EXPECT_ERR(futex(&word, 99, 1, NULL, NULL, 0), ENOSYS);
	EXPECT_ERR(futex(&word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0), ENOSYS);
	EXPECT_ERR(futex(&word, FUTEX_REQUEUE, -1, NULL, &other_word, 0), EINVAL);
	EXPECT_ERR(futex(&word, FUTEX_REQUEUE, 1, (void *)-1L, &other_word, 0), EINVAL);
	EXPECT_ERR(futex(&word, FUTEX_REQUEUE, 1, (void *)1L, (int *)16, 0), EFAULT);
}

/* ---- time ---- */

static void a_wait_ends_after_its_span(void)
{
	long long start = now_ms(CLOCK_MONOTONIC), took;

	word = 1;
	EXPECT_ERR(futex(&word, FUTEX_WAIT, 1, &ten_ms, NULL, 0), ETIMEDOUT);
	took = now_ms(CLOCK_MONOTONIC) - start;
	EXPECT(took >= 9 && took < 5000);
}

static void a_bitset_wait_ends_at_a_point_in_time(void)
{
	static const clockid_t clocks[] = { CLOCK_MONOTONIC, CLOCK_REALTIME };

	word = 1;
	for (int i = 0; i < 2; i++) {
		int op = FUTEX_WAIT_BITSET | (i ? FUTEX_CLOCK_REALTIME : 0);
		long long start = now_ms(clocks[i]);
		struct timespec t;
		struct span at;

		clock_gettime(clocks[i], &t);
		at = (struct span){ (int)t.tv_sec, (int)t.tv_nsec + 10000000 };
		if (at.nanoseconds >= 1000000000) {
			at.nanoseconds -= 1000000000;
			at.seconds++;
		}
		EXPECT_ERR(futex(&word, op, 1, &at, NULL, FUTEX_BITSET_MATCH_ANY), ETIMEDOUT);
		EXPECT(now_ms(clocks[i]) - start >= 9);
		at = (struct span){ 0, 1 }; /* past already */
		EXPECT_ERR(futex(&word, op, 1, &at, NULL, FUTEX_BITSET_MATCH_ANY), ETIMEDOUT);
		EXPECT_ERR(futex(&word, op, 2, &at, NULL, FUTEX_BITSET_MATCH_ANY), EAGAIN);
	}
}

static void the_call_with_64_bits_of_time_is_the_same(void)
{
	long long span[2] = { 0, 10000000 };

	word = 1;
	EXPECT_ERR(syscall(SYS_futex_time64, &word, FUTEX_WAIT, 1, span, NULL, 0), ETIMEDOUT);
	EXPECT_ERR(syscall(SYS_futex_time64, &word, FUTEX_WAIT, 2, span, NULL, 0), EAGAIN);
	EXPECT_EQ(syscall(SYS_futex_time64, &word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
}

/* ---- two words ---- */

static void requeue_moves_waiters_to_another_word(void)
{
	start_waiters(5, 0);
	EXPECT_EQ(futex(&word, FUTEX_REQUEUE, 1, (void *)2L, &other_word, 0), 3);
	raw_wait_for(&woken, 1);
	EXPECT_EQ(wake(&other_word, 9), 2);
	EXPECT_EQ(wake(&word, 9), 2);
	join(5);
}

static void cmp_requeue_looks_at_the_word_first(void)
{
	start_waiters(4, 0);
	EXPECT_ERR(futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)9L, &other_word, 7), EAGAIN);
	EXPECT_EQ(futex(&word, FUTEX_CMP_REQUEUE, 0, (void *)9L, &other_word, 1), 4);
	EXPECT_EQ(wake(&word, 9), 0);
	EXPECT_EQ(futex(&other_word, FUTEX_REQUEUE, 0, (void *)9L, &other_word, 0), 4);
	EXPECT_EQ(wake(&other_word, 9), 4);
	join(4);
}

static void wake_op_changes_a_word_and_wakes_by_what_it_was(void)
{
	static const struct {
		unsigned int op;
		int before, after, woken;
	} cases[] = {
		{ FUTEX_OP(FUTEX_OP_SET, 5, FUTEX_OP_CMP_EQ, 1), 1, 5, 2 },
		{ FUTEX_OP(FUTEX_OP_ADD, -1, FUTEX_OP_CMP_GT, 1), 1, 0, 1 },
		{ FUTEX_OP(FUTEX_OP_OR, 6, FUTEX_OP_CMP_LE, 1), 1, 7, 2 },
		{ FUTEX_OP(FUTEX_OP_ANDN, 1, FUTEX_OP_CMP_NE, 3), 3, 2, 1 },
		{ FUTEX_OP(FUTEX_OP_XOR, 3, FUTEX_OP_CMP_LT, 2), 1, 2, 2 },
		{ FUTEX_OP(FUTEX_OP_SET | FUTEX_OP_OPARG_SHIFT, 9, FUTEX_OP_CMP_GE, -1), 0, 512,
		  2 },
	};

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		start_waiters(1, 0);
		other_word = cases[i].before;
		EXPECT_EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1L, &other_word, cases[i].op), 1);
		EXPECT_EQ(other_word, cases[i].after);
		join(1);
		/* the same word twice: the second part wakes the other waiter */
		start_waiters(2, 0);
		word = cases[i].before;
		EXPECT_EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1L, &word, cases[i].op),
			  cases[i].woken);
		wake(&word, 9);
		join(2);
	}
	EXPECT_ERR(futex(&word, FUTEX_WAKE_OP, 1, (void *)1L, &other_word, 7u << 28), ENOSYS);
	EXPECT_ERR(futex(&word, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, NULL, (int *)16, 0), EFAULT);
}

/* ---- between processes ---- */

static volatile int *shared_page(int fd)
{
	int flags = MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0);
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, flags, fd, 0);

	EXPECT(page != MAP_FAILED);
	return page;
}

/* Memory of one's own that nobody can write never changes; what others share may. */
static void a_word_that_none_can_write_is_no_futex(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	volatile int *own = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	volatile int *file = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	EXPECT_OK(ftruncate(fd, 4096));
	EXPECT_ERR(futex(own, FUTEX_WAIT, 0, &ten_ms, NULL, 0), EFAULT);
	EXPECT_ERR(wake(own, 1), EFAULT);
	EXPECT_ERR(futex(own, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, &ten_ms, NULL, 0), ETIMEDOUT);
	EXPECT_ERR(futex(file, FUTEX_WAIT, 0, &ten_ms, NULL, 0), ETIMEDOUT);
	munmap((void *)own, 4096);
	munmap((void *)file, 4096);
	close(fd);
	unlink("file");
}

/* A child waits on `theirs`, we wake on `ours`: the same word by other names. */
static void wake_a_child(volatile int *theirs, volatile int *ours)
{
	int status, tries = 0;
	pid_t child;

	*ours = 1;
	child = fork();
	if (child == 0)
		_exit(futex(theirs, FUTEX_WAIT, 1, NULL, NULL, 0) ? 1 : 0);
	while (wake(ours, 1) != 1 && tries++ < 2000)
		usleep(1000);
	EXPECT(tries < 2000);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
}

static void processes_meet_in_shared_memory(void)
{
	volatile int *page = shared_page(-1);

	wake_a_child(page + 3, page + 3);
	munmap((void *)page, 4096);
}

static void a_file_is_the_same_wherever_it_is_mapped(void)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	volatile int *one, *two;

	EXPECT_OK(ftruncate(fd, 4096));
	one = shared_page(fd);
	two = shared_page(fd);
	EXPECT(one != two);
	wake_a_child(one + 5, two + 5);
	munmap((void *)one, 4096);
	munmap((void *)two, 4096);
	close(fd);
	EXPECT_OK(unlink("f"));
}

static void a_forked_copy_is_another_word(void)
{
	pid_t child;
	int status;

	word = 1;
	child = fork();
	if (child == 0)
		_exit(futex(&word, FUTEX_WAIT, 1, &ten_ms, NULL, 0) == -1 && errno == ETIMEDOUT);
	while (waitpid(child, &status, WNOHANG) == 0) {
		EXPECT_EQ(wake(&word, 1), 0);
		usleep(500);
	}
	EXPECT_EXIT(status, 1);
}

static int wait_in_page(void *arg)
{
	return futex(arg, FUTEX_WAIT, 1, NULL, NULL, 0) ? errno : 0;
}

static void waiters_move_between_private_and_shared_words(void)
{
	volatile int *page = shared_page(-1);

	page[0] = page[1] = 1;
	word = 1;
	EXPECT(raw_start(&threads[0], wait_in_page, (void *)page) > 0);
	wait_until_sleeping(1);
	EXPECT_EQ(futex(page, FUTEX_REQUEUE, 0, (void *)1L, &word, 0), 1);
	EXPECT_EQ(futex(&word, FUTEX_REQUEUE, 0, (void *)1L, page + 1, 0), 1);
	EXPECT_EQ(wake(page + 1, 1), 1);
	join(1);
	munmap((void *)page, 4096);
}

/* ---- the end of waiters ---- */

static void a_waiter_can_be_killed(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		word = 1;
		for (int i = 0; i < 4; i++)
			raw_start(&threads[i], wait_for_word, NULL);
		futex(&word, FUTEX_WAIT, 1, NULL, NULL, 0);
	}
	usleep(20000);
	kill(child, SIGKILL);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_SIGNAL(status, SIGKILL);
}

static void the_end_of_a_thread_wakes_who_waits_for_its_number(void)
{
	struct raw_thread *t = &threads[0];

	for (int i = 0; i < 50; i++) {
		int tid;

		word = 1;
		EXPECT(raw_start(t, wait_for_word, (void *)1L) > 0);
		while ((tid = t->alive) != 0) {
			wake(&word, 1);
			if (tid != 1)
				futex(&t->alive, FUTEX_WAIT, tid, &ten_ms, NULL, 0);
		}
	}
}

/* ---- ping-pong ---- */

static int answer(void *arg)
{
	(void)arg;
	for (int i = 0; i < 2000; i++) {
		while (word != 2)
			futex(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
		word = 1;
		futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
	}
	return 0;
}

static void no_wake_up_is_lost(void)
{
	word = 1;
	EXPECT(raw_start(&threads[0], answer, NULL) > 0);
	for (int i = 0; i < 2000; i++) {
		word = 2;
		futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
		while (word != 1)
			futex(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 2, NULL, NULL, 0);
	}
	join(1);
}

static const struct ktap_test tests[] = {
	KTAP(wait_returns_at_once_if_the_word_has_changed),
	KTAP(wake_counts_whom_it_wakes),
	KTAP(wake_of_none_wakes_one),
	KTAP(bits_choose_whom_to_wake),
	KTAP(private_and_shared_waiters_are_apart),
	KTAP(bad_arguments_give_linuxs_errors),
	KTAP(a_wait_ends_after_its_span),
	KTAP(a_bitset_wait_ends_at_a_point_in_time),
	KTAP(the_call_with_64_bits_of_time_is_the_same),
	KTAP(requeue_moves_waiters_to_another_word),
	KTAP(cmp_requeue_looks_at_the_word_first),
	KTAP(wake_op_changes_a_word_and_wakes_by_what_it_was),
	KTAP(processes_meet_in_shared_memory),
	KTAP(a_word_that_none_can_write_is_no_futex),
	KTAP(a_file_is_the_same_wherever_it_is_mapped),
	KTAP(a_forked_copy_is_another_word),
	KTAP(waiters_move_between_private_and_shared_words),
	KTAP(a_waiter_can_be_killed),
	KTAP(the_end_of_a_thread_wakes_who_waits_for_its_number),
	KTAP(no_wake_up_is_lost),
};

KTAP_MAIN(tests)
