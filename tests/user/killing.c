/* SPDX-License-Identifier: MIT */
/* kill -9 ends a process within a second whatever it is doing, with every other signal blocked, and
 * leaves nothing behind. */
#define _GNU_SOURCE
#include "free_memory.h"
#include "ktap.h"

#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <termios.h>
#include <time.h>

enum { PATIENCE = 3000, LIMIT_MS = 1000, NEVER_S = 1000, ROUNDS_MAX = 6 };

static int ends[2]; /* of an empty pipe; each process has its own, unless there was one */
static char buffer[65536];
static volatile int word;

static void sleep_long(void)
{
	sleep(NEVER_S);
}

static void spin(void)
{
	for (;;)
		word++;
}

static void spin_in_calls(void)
{
	for (;;)
		getppid();
}

static void read_pipe(void)
{
	read(ends[0], buffer, 1);
}

static void write_pipe(void)
{
	for (;;)
		write(ends[1], buffer, sizeof(buffer));
}

static void open_fifo_to_read(void)
{
	open("fifo", O_RDONLY);
}

static void open_fifo_to_write(void)
{
	open("fifo", O_WRONLY);
}

static void poll_pipe(void)
{
	struct pollfd p = { .fd = ends[0], .events = POLLIN };

	poll(&p, 1, -1);
}

static void wait_for_signals(void)
{
	sigset_t set;

	sigfillset(&set);
	sigsuspend(&set);
}

static void take_signals(void)
{
	sigset_t set;

	sigfillset(&set);
	sigwaitinfo(&set, NULL);
}

static void wait_on_word(void)
{
	syscall(SYS_futex, &word, 0, 0, NULL, NULL, 0);
}

/* Until what it waits for goes: the write end of the pipe is only ours then. */
static void wait_for_child(void)
{
	if (fork() == 0) {
		close(ends[1]);
		read(ends[0], buffer, 1);
		_exit(0);
	}
	wait(NULL);
}

static pid_t in_vfork(void)
{
	pid_t child = vfork();

	if (child == 0) {
		syscall(SYS_close, ends[1]);
		syscall(SYS_read, ends[0], buffer, 1);
		_exit(0);
	}
	return child;
}

static void wait_in_vfork(void)
{
	in_vfork();
}

static void wait_for_lock(void)
{
	int fd = open("lock", O_RDWR);

	flock(fd, LOCK_EX);
}

static void stop(void)
{
	raise(SIGSTOP);
}

static void touch_memory(void)
{
	enum { BYTES = 1 << 20 };

	for (;;) {
		char *p = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			       0);

		memset(p, 1, BYTES);
		munmap(p, BYTES);
	}
}

static void write_file(void)
{
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);

	for (;;) {
		write(fd, buffer, sizeof(buffer));
		fsync(fd);
		if (lseek(fd, 0, SEEK_CUR) >= 1 << 20)
			ftruncate(fd, lseek(fd, 0, SEEK_SET));
	}
}

static void fork_and_wait(void)
{
	for (;;) {
		if (fork() == 0)
			_exit(0);
		wait(NULL);
	}
}

static void read_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	grantpt(master);
	unlockpt(master);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	read(slave, buffer, 1);
}

static void write_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	grantpt(master);
	unlockpt(master);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	for (;;)
		write(slave, buffer, sizeof(buffer));
}

static const struct state {
	const char *name;
	void (*enter)(void);
	int runs; /* does not come to rest */
} states[] = {
	{ "sleeping", sleep_long, 0 },
	{ "spinning", spin, 1 },
	{ "making calls", spin_in_calls, 1 },
	{ "reading a pipe", read_pipe, 0 },
	{ "writing a pipe", write_pipe, 0 },
	{ "opening a FIFO to read", open_fifo_to_read, 0 },
	{ "opening a FIFO to write", open_fifo_to_write, 0 },
	{ "polling", poll_pipe, 0 },
	{ "in sigsuspend", wait_for_signals, 0 },
	{ "in sigwaitinfo", take_signals, 0 },
	{ "waiting on a word", wait_on_word, 0 },
	{ "waiting for a child", wait_for_child, 0 },
	{ "waiting in vfork", wait_in_vfork, 0 },
	{ "waiting for a lock", wait_for_lock, 0 },
	{ "stopped", stop, 0 },
	{ "faulting pages in", touch_memory, 1 },
	{ "writing a file", write_file, 1 },
	{ "forking", fork_and_wait, 1 },
	{ "reading a terminal", read_terminal, 0 },
	{ "writing to a terminal", write_terminal, 0 },
};

static long long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static char state_letter(pid_t pid)
{
	char path[32], stat[512], *end;
	ssize_t count;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	count = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	stat[count > 0 ? count : 0] = '\0';
	end = strrchr(stat, ')');
	return end ? end[2] : '?';
}

/* All signals are blocked: only the one that cannot be is left. */
static pid_t start(const struct state *s)
{
	pid_t child;
	sigset_t all;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, NULL);
		if (!ends[1] && pipe(ends))
			_exit(98);
		s->enter();
		_exit(99);
	}
	for (int i = 0; !s->runs && i < PATIENCE && !strchr("SDT", state_letter(child)); i++)
		usleep(1000);
	usleep(5000);
	return child;
}

static void kill_in(const struct state *s)
{
	pid_t child = start(s);
	int status = 0, tries;
	long long begin = now_ms(), took;

	EXPECT_OK(kill(child, SIGKILL));
	for (tries = 0; waitpid(child, &status, WNOHANG) == 0 && tries < 10 * PATIENCE; tries++)
		usleep(1000);
	took = now_ms() - begin;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL || took > LIMIT_MS) {
		ktap_failures++;
		printf("# %s: status %#x after %lld ms\n", s->name, status, took);
	}
	EXPECT_ERR(kill(child, 0), ESRCH);
}

static void set_up(int *lock)
{
	EXPECT_OK(mkfifo("fifo", 0600));
	*lock = open("lock", O_RDWR | O_CREAT, 0600);
	EXPECT_OK(flock(*lock, LOCK_EX));
}

/* What a killed process was still waiting for may go on for a moment. */
static void clean_up(int lock)
{
	close(lock);
	unlink("fifo");
	unlink("lock");
	unlink("data");
}

static void kill_ends_a_process_in_every_state(void)
{
	int lock;

	set_up(&lock);
	for (unsigned int i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		kill_in(&states[i]);
	clean_up(lock);
}

/* The lock of a killed owner is free, its pipe ends are closed. */
static void own_and_sleep(void)
{
	int fd = open("lock", O_RDWR | O_CREAT, 0600);

	flock(fd, LOCK_EX);
	write(ends[1], "x", 1);
	close(ends[0]);
	sleep(NEVER_S);
}

static void what_a_killed_process_held_is_free(void)
{
	static const struct state owner = { "owning", own_and_sleep, 0 };
	pid_t child;
	int fd;
	char c;

	EXPECT_OK(pipe(ends));
	child = start(&owner);
	EXPECT_EQ(read(ends[0], &c, 1), 1);
	close(ends[1]);
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_EQ(read(ends[0], &c, 1), 0); /* nobody can write any more */
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	fd = open("lock", O_RDWR);
	EXPECT_OK(flock(fd, LOCK_EX | LOCK_NB));
	close(fd);
	close(ends[0]);
	ends[0] = ends[1] = 0;
	unlink("lock");
}

/* All of it at once, but who would open the FIFO's other end. */
static void kill_all_at_once(void)
{
	enum { STATES = sizeof(states) / sizeof(states[0]) };
	pid_t children[STATES];
	long long begin;
	int lock, status;

	set_up(&lock);
	for (int i = 0; i < STATES; i++)
		children[i] = start(&states[states[i].enter == open_fifo_to_write ? 0 : i]);
	begin = now_ms();
	for (int i = 0; i < STATES; i++)
		EXPECT_OK(kill(children[i], SIGKILL));
	for (int i = 0; i < STATES; i++) {
		EXPECT_EQ(waitpid(children[i], &status, 0), children[i]);
		EXPECT_SIGNAL(status, SIGKILL);
	}
	EXPECT(now_ms() - begin <= LIMIT_MS);
	clean_up(lock);
}

static void a_mix_of_all_states_is_killed_at_once(void)
{
	kill_all_at_once();
}

/* The kernel's own pools settle in the first rounds; a page that is lost is lost in each. */
static void killed_processes_leave_no_page_behind(void)
{
	unsigned long before, after;
	int rounds = 0;

	if (!ktap_is_gatehouse())
		SKIP("only on a machine of our own");
	drop_fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	EXPECT(drop_fd >= 0);
	do {
		before = free_kib();
		kill_all_at_once();
		after = free_kib_once_all_ended(before);
		printf("# %lu KiB free before, %lu after\n", before, after);
	} while (after < before && ++rounds < ROUNDS_MAX);
	EXPECT(after >= before);
	close(drop_fd);
}

static const struct ktap_test tests[] = {
	KTAP(kill_ends_a_process_in_every_state),
	KTAP(what_a_killed_process_held_is_free),
	KTAP(a_mix_of_all_states_is_killed_at_once),
	KTAP(killed_processes_leave_no_page_behind),
};

KTAP_MAIN(tests)
