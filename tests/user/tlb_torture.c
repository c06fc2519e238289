/* SPDX-License-Identifier: MIT */
/* Processors must forget translations that changed. Several processes, each of tasks that share
 * its memory, unmap, replace, protect and copy pages while others use them. A page holds its
 * generation: who reads an older one than was announced before came by a stale translation, and
 * so did who can still use what a call had shut before.
 *
 *   always   read directly: replaced by mmap, mremap, madvise; copied after fork
 *   shut     used by system calls, as touching it may be a fault: unmapped, protected
 *   file     shared by all processes: truncated and made longer again
 *
 * TLB_TORTURE=SECONDS runs it so long, TLB_TORTURE_ROUNDS=N that many changes per process. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

enum {
	PAGE = 4096,
	PAGES = 4, /* of each kind */
	GROUPS = 8,
	PROCESSORS = 4,
	READERS = 2, /* in each, beside the task that changes */
	STACK = 32768,
	RW = PROT_READ | PROT_WRITE,
	ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS,
	OTHER_WORD = 16,    /* of a page: written by the kernel for us */
	BURST = 64,         /* reads between two probes */
	SET_AFFINITY = 241, /* sched_setaffinity; not every kernel has it */
	TURNS = 20,         /* a second */
	TURN_NS = 1000000000 / TURNS,
	PAUSE = 3000, /* turns of a loop while a page is shut */
};

/* What may be done with a page of `shut`. */
enum { OPEN, READ_ONLY, CLOSED };

/* What is announced about a page. Odd changes: something is going on. */
struct page_state {
	volatile unsigned int generation, changes, shut;
};

enum counter { READS, PROBES, CHANGES, FORKS, TRUNCATIONS, STALE, COUNTERS };

/* Shared by all processes, where it always is. */
struct board {
	volatile unsigned int counter[COUNTERS];
	volatile unsigned int stale[3]; /* the first one found: page, wanted, seen */
	volatile int file_taken;
	struct page_state file[PAGES];
};

static struct board *board;
static unsigned int *file_pages; /* at the same address in all of them */
static int file_fd;
static time_t deadline;
static unsigned int rounds;

/* Of this process. */
static struct {
	unsigned int *always, *shut, *spare;
	struct page_state always_state[PAGES], shut_state[PAGES];
	unsigned int number;
	volatile unsigned int busy, probed; /* page that changes; probes of it while it was shut */
	volatile unsigned int stop, ended;
} group;

static char stacks[READERS][STACK] __attribute__((aligned(16)));

/* A call without errno, which our tasks share. */
static long raw(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return result;
}

static void count(enum counter which)
{
	__atomic_fetch_add(&board->counter[which], 1, __ATOMIC_SEQ_CST);
}

static void found_stale(unsigned int page, unsigned int wanted, unsigned int seen)
{
	if (__atomic_fetch_add(&board->counter[STALE], 1, __ATOMIC_SEQ_CST) > 0)
		return;
	board->stale[0] = page;
	board->stale[1] = wanted;
	board->stale[2] = seen;
}

static unsigned int random_next(unsigned int *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 16;
}

static unsigned int *page_of(unsigned int *base, unsigned int i)
{
	return base + i * (PAGE / sizeof(*base));
}

static volatile unsigned int *word_of(unsigned int *base, unsigned int i)
{
	return page_of(base, i);
}

static void barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

/* ---- what was read is judged ---- */

/* A page that is new holds 0 until its generation is written. While nothing went on, it is
 * exactly the one announced. */
static void judge(const struct page_state *s, const struct page_state *before, unsigned int page,
		  unsigned int seen)
{
	unsigned int newest;
	int quiet;

	barrier();
	newest = s->generation;
	barrier();
	quiet = s->changes == before->changes && before->changes % 2 == 0;
	if (quiet ? seen != before->generation
		  : seen != 0 && (seen < before->generation || seen > newest + 1))
		found_stale(page, before->generation, seen);
}

static struct page_state look(const struct page_state *s)
{
	struct page_state now = { .changes = s->changes };

	barrier();
	now.generation = s->generation;
	now.shut = s->shut;
	barrier();
	return now;
}

static void read_always(unsigned int i)
{
	struct page_state before = look(&group.always_state[i]);

	judge(&group.always_state[i], &before, i, *word_of(group.always, i));
	count(READS);
}

/* The kernel reads for us: a page that is not there is no fault then. */
static void read_file(unsigned int i, const int ends[2])
{
	struct page_state before = look(&board->file[i]);
	unsigned int seen;

	if (raw(SYS_write, ends[1], (long)page_of(file_pages, i), sizeof(seen)) != sizeof(seen))
		return; /* truncated just now */
	if (raw(SYS_read, ends[0], (long)&seen, sizeof(seen)) == sizeof(seen))
		judge(&board->file[i], &before, PAGES + i, seen);
	count(READS);
}

/* While a page is shut, neither may be done: reading (as the name of a file) when it is
 * unmapped, writing (the time) in any case. */
static void probe_shut(unsigned int i, int write)
{
	struct page_state *s = &group.shut_state[i], before = look(s);
	long at = (long)page_of(group.shut, i);
	long result = write ? raw(SYS_time, at + OTHER_WORD, 0, 0) : raw(SYS_access, at, 0, 0);

	barrier();
	if (before.shut == OPEN || before.changes % 2 || s->changes != before.changes)
		return;
	group.probed++;
	count(PROBES);
	if ((write || before.shut == CLOSED) && result != -EFAULT)
		found_stale(2 * PAGES + i, before.shut, (unsigned int)result);
}

/* One process at a time, so that tasks which share memory really run at the same time: only who
 * keeps running keeps its translations. The others sleep. */
static void wait_for_turn(void)
{
	long now[2] = { 0, 0 }, pause[2] = { 0, TURN_NS / 8 }; /* seconds, nanoseconds */

	while (!group.stop) {
		raw(SYS_clock_gettime, CLOCK_MONOTONIC, (long)now, 0);
		if ((unsigned long)(now[0] * TURNS + now[1] / TURN_NS) % GROUPS == group.number)
			return;
		raw(SYS_nanosleep, (long)pause, 0, 0);
	}
}

/* Where there are so many: a task and those it shares memory with on different ones. */
static void run_on_processor(unsigned int number)
{
	unsigned long mask = 1UL << number % PROCESSORS;

	raw(SET_AFFINITY, 0, sizeof(mask), (long)&mask);
}

static int reader(void *arg)
{
	unsigned int seed = (unsigned int)(unsigned long)arg + (unsigned int)getpid();
	int ends[2] = { -1, -1 };

	run_on_processor(group.number + 1 + (unsigned int)(unsigned long)arg);
	if (raw(SYS_pipe, (long)ends, 0, 0) < 0)
		found_stale(0, 0, 1);
	while (!group.stop) {
		for (int i = 0; i < BURST; i++)
			read_always(i % 2 ? group.busy : random_next(&seed) % PAGES);
		for (int i = 0; i < BURST / 2; i++)
			probe_shut(i % 4 < 2 ? group.busy : random_next(&seed) % PAGES, i % 2);
		for (unsigned int i = 0; i < PAGES; i++)
			read_file(i, ends);
		wait_for_turn();
		/* Else who changes may have to wait here until its turn is over. */
		raw(SYS_sched_yield, 0, 0, 0);
	}
	raw(SYS_close, ends[0], 0, 0);
	raw(SYS_close, ends[1], 0, 0);
	__atomic_fetch_add(&group.ended, 1, __ATOMIC_SEQ_CST);
	raw(SYS_exit, 0, 0, 0);
	return 0;
}

/* ---- changes; each returns when the old page must be out of reach. Every page is changed in one
 * way only: else one way's flush would hide that another has none ---- */

static void begin_change(struct page_state *s)
{
	s->changes++;
	barrier();
}

static void end_change(struct page_state *s)
{
	barrier();
	s->changes++;
}

/* A child that has the pages as they were, and its own from the first write on. */
static void change_after_fork(struct page_state *s, volatile unsigned int *word)
{
	unsigned int was = s->generation;
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		int good = *word == was;

		*word = ~was;
		_exit(good && *word == ~was ? 0 : 1);
	}
	for (volatile int pause = 0; pause < PAUSE; pause++)
		; /* others read the page that is shared now */
	*word = was + 1;
	if (child > 0 && (waitpid(child, &status, 0) != child || status != 0))
		found_stale((unsigned int)(s - group.always_state), was, (unsigned int)status);
	count(FORKS);
}

static void change_always(unsigned int i)
{
	struct page_state *s = &group.always_state[i];
	unsigned int *at = page_of(group.always, i), next = s->generation + 1;

	begin_change(s);
	switch (i) {
	case 0:
		mmap(at, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0);
		break;
	case 1:
		madvise(at, PAGE, MADV_DONTNEED);
		break;
	case 2:
		mmap(group.spare, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0);
		*group.spare = next;
		mremap(group.spare, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, at);
		break;
	default:
		change_after_fork(s, at);
	}
	*(volatile unsigned int *)at = next;
	barrier();
	s->generation = next;
	end_change(s);
}

static void change_shut(unsigned int i)
{
	struct page_state *s = &group.shut_state[i];
	unsigned int *at = page_of(group.shut, i), probed;

	begin_change(s);
	if (i == 0)
		munmap(at, PAGE);
	else
		mprotect(at, PAGE, i == 1 ? PROT_NONE : PROT_READ);
	s->shut = i == 2 ? READ_ONLY : CLOSED;
	end_change(s);
	probed = group.probed;
	for (int pause = 0; pause < PAUSE && group.probed - probed < READERS; pause++)
		;
	begin_change(s);
	s->shut = OPEN;
	barrier();
	if (i == 0)
		mmap(at, PAGE, RW, ANONYMOUS | MAP_FIXED, -1, 0);
	else
		mprotect(at, PAGE, RW);
	*(volatile unsigned int *)at = '/';
	end_change(s);
}

/* One process at a time; the pages go away in all of them. */
static void change_file(void)
{
	if (__atomic_exchange_n(&board->file_taken, 1, __ATOMIC_SEQ_CST))
		return;
	for (unsigned int i = 0; i < PAGES; i++)
		begin_change(&board->file[i]);
	if (ftruncate(file_fd, 0) || ftruncate(file_fd, PAGES * PAGE))
		found_stale(PAGES, 0, 1);
	for (unsigned int i = 0; i < PAGES; i++) {
		unsigned int next = board->file[i].generation + 1;

		if (pwrite(file_fd, &next, sizeof(next), (off_t)i * PAGE) != sizeof(next))
			found_stale(PAGES + i, next, 0);
		barrier();
		board->file[i].generation = next;
		end_change(&board->file[i]);
	}
	board->file_taken = 0;
	count(TRUNCATIONS);
}

static int goes_on(unsigned int round)
{
	return rounds ? round < rounds : time(NULL) < deadline;
}

static void change_until_the_end(unsigned int seed)
{
	for (unsigned int round = 0; goes_on(round); round++) {
		unsigned int what = random_next(&seed), i = random_next(&seed) % PAGES;

		wait_for_turn();
		if (i == PAGES - 1 && what % 16)
			i = what % (PAGES - 1); /* fork is slow, and flushes everything */
		group.busy = i;
		if (what % 64 == 0)
			change_file();
		else if (what % 2 && i < PAGES - 1)
			change_shut(i);
		else
			change_always(i);
		count(CHANGES);
	}
}

/* ---- processes and tasks ---- */

static unsigned int *map(unsigned int pages, int type)
{
	void *at = mmap(NULL, (size_t)pages * PAGE, RW, type | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

/* A task that shares memory and files with its parent: as a thread, or as a process. */
static int start_reader(unsigned int number, int as_thread)
{
	char **top = (char **)(void *)(stacks[number] + STACK) - 4;
	long flags = CLONE_VM | CLONE_FILES, pid;

	flags |= as_thread ? CLONE_FS | CLONE_SIGHAND | CLONE_THREAD : SIGCHLD;
	top[0] = (char *)(unsigned long)number;
	__asm__ volatile("int $0x80\n\t"
			 "test %%eax, %%eax\n\t"
			 "jnz 1f\n\t"
			 "xor %%ebp, %%ebp\n\t"
			 "call *%%edi\n"
			 "1:"
			 : "=a"(pid)
			 : "a"(SYS_clone), "b"(flags), "c"(top), "d"(0), "S"(0), "D"(reader)
			 : "memory");
	return pid > 0 ? (int)pid : 0;
}

static int start_readers(int as_thread)
{
	int started = 0;

	for (unsigned int i = 0; i < READERS; i++)
		started += start_reader(i, as_thread) > 0;
	return started;
}

static _Noreturn void run_group(unsigned int number)
{
	int threads = number % 2, started;

	group.number = number;
	run_on_processor(number);
	group.always = map(PAGES, MAP_PRIVATE);
	group.shut = map(PAGES, MAP_PRIVATE);
	group.spare = map(1, MAP_PRIVATE);
	if (!group.always || !group.shut || !group.spare)
		_exit(1);
	for (unsigned int i = 0; i < PAGES; i++)
		*word_of(group.shut, i) = '/';
	started = start_readers(threads);
	if (threads && !started)
		started = start_readers(threads = 0);
	change_until_the_end(number + ktap_seed());
	group.stop = 1;
	while (group.ended < (unsigned int)started)
		sched_yield();
	while (!threads && waitpid(-1, NULL, 0) > 0)
		;
	_exit(started == READERS ? 0 : 2);
}

static void set_up(void)
{
	const char *seconds = getenv("TLB_TORTURE"), *number = getenv("TLB_TORTURE_ROUNDS");

	board = (struct board *)(void *)map(1, MAP_SHARED);
	EXPECT(board != NULL);
	file_fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	EXPECT_OK(ftruncate(file_fd, PAGES * PAGE));
	file_pages = mmap(NULL, PAGES * PAGE, RW, MAP_SHARED, file_fd, 0);
	EXPECT(file_pages != MAP_FAILED);
	rounds = number ? (unsigned int)atoi(number) : 0;
	deadline = time(NULL) + (seconds ? atoi(seconds) : 2);
}

static void no_task_sees_what_was_there_before(void)
{
	set_up();
	fflush(stdout);
	for (unsigned int i = 0; i < GROUPS; i++)
		if (fork() == 0)
			run_group(i);
	for (unsigned int i = 0; i < GROUPS; i++) {
		int status = -1;

		EXPECT(wait(&status) > 0);
		EXPECT_EQ(status, 0);
	}
	printf("# %u reads, %u probes of shut pages, %u changes, %u forks, %u truncations\n",
	       board->counter[READS], board->counter[PROBES], board->counter[CHANGES],
	       board->counter[FORKS], board->counter[TRUNCATIONS]);
	printf("# %u stale: page %u, wanted %u, seen %u\n", board->counter[STALE], board->stale[0],
	       board->stale[1], board->stale[2]);
	EXPECT_EQ(board->counter[STALE], 0);
	EXPECT(board->counter[READS] > 0 && board->counter[CHANGES] >= GROUPS);
	EXPECT_OK(munmap(file_pages, PAGES * PAGE));
	EXPECT_OK(munmap(board, PAGE));
	EXPECT_OK(close(file_fd));
	EXPECT_OK(unlink("file"));
}

static const struct ktap_test tests[] = { KTAP(no_task_sees_what_was_there_before) };

KTAP_MAIN(tests)
