/* SPDX-License-Identifier: MIT */
/* hog WAY [SECONDS]: takes memory until there is none, then holds it for so many seconds (5).
 * Not on a machine of others: only Gatehouse lets it run. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, MEBIBYTE = 1 << 20, SMALL = 64 * PAGE };
enum { CROWD = 1500, CHILDREN = 50, FEW = 4, DESCRIPTORS = 4096 };

static unsigned int hold_seconds = 5;
static int turn[2];

static char *map(size_t length, int type)
{
	char *at = mmap(NULL, length, PROT_READ | PROT_WRITE, type | MAP_ANONYMOUS | MAP_NORESERVE,
			-1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static void touch(char *at, size_t length, size_t step)
{
	for (size_t i = 0; i < length; i += step)
		((volatile char *)at)[i] = 1;
}

static void take_anonymous(void)
{
	char *at;

	while ((at = map(MEBIBYTE, MAP_PRIVATE)))
		touch(at, MEBIBYTE, PAGE);
}

static void take_shared(void)
{
	char *at;

	while ((at = map(MEBIBYTE, MAP_SHARED)))
		touch(at, MEBIBYTE, PAGE);
}

/* Everybody forks, as long as it goes. */
static void take_processes(void)
{
	int failures = 0;

	while (failures < 20)
		failures += fork() < 0;
}

/* A page in each 2 MiB needs a page table, too. */
static void take_tables(void)
{
	char *at;

	while ((at = map(64 * MEBIBYTE, MAP_PRIVATE)))
		touch(at, 64 * MEBIBYTE, 2 * MEBIBYTE);
	take_anonymous();
}

static void fill_pipes(void)
{
	static char block[65536];
	int fds[2];

	while (pipe2(fds, O_NONBLOCK) == 0)
		(void)!write(fds[1], block, sizeof(block));
}

/* Then tells the parent, which waits for the end of a pipe. */
static void open_files(void)
{
	while (open("/proc/self/maps", O_RDONLY) >= 0)
		;
	close(turn[1]);
}

/* By so many children, each of which may have many descriptors. */
static void take_by_children(void (*take)(void), int count)
{
	const struct rlimit many = { DESCRIPTORS, DESCRIPTORS };

	setrlimit(RLIMIT_NOFILE, &many);
	for (int i = 0; i < count; i++) {
		if (fork())
			continue;
		take();
		sleep(hold_seconds);
		_exit(0);
	}
}

/* Many processes, none of them large. */
static void take_small(void)
{
	char *at = map(SMALL, MAP_PRIVATE);

	if (at)
		touch(at, SMALL, PAGE);
}

static void take_many(void)
{
	take_by_children(take_small, CROWD);
}

static void take_pipes(void)
{
	take_by_children(fill_pipes, FEW);
}

/* One after the other: this is not about who gets the processor. */
static void take_descriptors(void)
{
	char c;

	for (int i = 0; i < CHILDREN && pipe(turn) == 0; i++) {
		take_by_children(open_files, 1);
		close(turn[1]);
		(void)!read(turn[0], &c, 1);
		close(turn[0]);
	}
}

static void take_file(void)
{
	static char block[65536];
	int fd = open("/dev/shm/hog", O_CREAT | O_RDWR | O_TRUNC, 0600);

	unlink("/dev/shm/hog");
	while (write(fd, block, sizeof(block)) > 0)
		;
	take_anonymous();
}

static void take_segments(void)
{
	for (int i = 0; i < 64; i++) {
		int id = (int)syscall(SYS_shmget, 0, MEBIBYTE, 0600);
		long at = id < 0 ? -1 : syscall(SYS_shmat, id, 0, 0);

		syscall(SYS_shmctl, id, 0, NULL);
		if (at != -1)
			touch((char *)at, MEBIBYTE, PAGE);
	}
	take_anonymous();
}

static void spare_me(const char *how_much)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);

	(void)!write(fd, how_much, strlen(how_much));
	close(fd);
}

static void ignore(int sig)
{
	(void)sig;
}

/* While others take all memory, one after the other, this one's system calls fill fresh pages, and
 * signals arrive: no call may say that there is nothing at that address. */
static void take_by_calls(void)
{
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } };
	const struct sigaction action = { .sa_handler = ignore, .sa_flags = SA_RESTART };
	int fd = open("/dev/zero", O_RDONLY);
	char *at = map(SMALL, MAP_PRIVATE);
	pid_t hog = 0;

	spare_me("-1000");
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	for (unsigned int victims = 0; victims <= hold_seconds;) {
		if (hog == 0 && (hog = fork()) == 0) {
			spare_me("0");
			take_anonymous();
			_exit(0);
		}
		if (read(fd, at, SMALL) < 0 && errno != EINTR) {
			printf("calls: %s\n", strerror(errno));
			return;
		}
		madvise(at, SMALL, MADV_DONTNEED);
		if (waitpid(hog, NULL, WNOHANG) == hog)
			hog = 0, victims++;
	}
	printf("calls: all well\n");
}

static const struct {
	const char *name;
	void (*take)(void);
} ways[] = {
	{ "anonymous", take_anonymous }, { "shared", take_shared },
	{ "many", take_many },           { "processes", take_processes },
	{ "tables", take_tables },       { "pipes", take_pipes },
	{ "file", take_file },           { "descriptors", take_descriptors },
	{ "segments", take_segments },   { "calls", take_by_calls },
};

int main(int argc, char **argv)
{
	struct utsname name;

	if (uname(&name) || strcmp(name.sysname, "Gatehouse") || argc < 2)
		return 2;
	if (argc > 2)
		hold_seconds = (unsigned int)atoi(argv[2]);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(ways[i].name, argv[1]))
			continue;
		ways[i].take();
		sleep(hold_seconds);
		return 0;
	}
	return 2;
}
