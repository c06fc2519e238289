/* SPDX-License-Identifier: MIT */
/* A scene for each system call: what is there before (prepare, and what all have), the call, and
 * what it makes. Each runs in a child of its own, so only names need to be cleared away. */
#pragma once

#define _GNU_SOURCE
#include <abi/expand.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, ZONE_PAGES = 16, BLOCK = 8192, CANNOT_MOUNT = 95 };

/* Open in every child, by number. LAST + 1 is free. */
enum { FILE_FD = 10, DIR_FD, READ_FD, WRITE_FD, NULL_FD, FULL_FD, TTY_FD, LAST_FD = TTY_FD };

/* Mapped in every child, and touched: private memory; a shared mapping of "f". */
#define ZONE 0x50000000
#define SHARED 0x50100000
#define AWAY 0x50200000 /* nothing is there */

struct scene {
	const char *call;
	const void *argument[6];
	void (*prepare)(void);
	long (*run)(void);   /* in place of the plain call */
	const char *makes;   /* a name that is there exactly if the call succeeds */
	const char *removes; /* the other way round */
	int error;           /* the call ends with it even if nothing fails; or 0 */
	int also;            /* an error that is as good as ENOMEM, or 0 */
};

static char block[BLOCK]; /* zeros, and large enough for anything */
static char some_text[64] = "words";
static int pair[2];
static char *const arguments[] = { (char *)"failnth", (char *)"fired", NULL };
static char *const no_words[] = { NULL };
static const long iov[4] = { (long)block, 100, (long)(block + 200), 5000 };
static const struct timespec brief[2] = { { 0, 1000 }, { 0, 1000 } };
static long millisecond[4] = { 0, 0, 1000000, 0 }; /* struct timespec of 64-bit calls */
static struct pollfd polled[2] = { { READ_FD, POLLIN, 0 }, { WRITE_FD, POLLOUT, 0 } };
static long read_set[32] = { 1 << NULL_FD };
static long old_select[5] = { NULL_FD + 1, (long)read_set, 0, 0, (long)block };
static long desc_of[4] = { -1, 0, 0xfffff, 0x51 };
static const long signal_action[5];
static const unsigned long limit64[4] = { 100, 0, 4096, 0 };
static const unsigned long limit32[2] = { 100, 4096 };
static const unsigned long long clone_request[8] = { [4] = SIGCHLD };
static const long old_mmap[6] = { 0, 8 * PAGE, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0 };
static int siginfo_of_queue[32] = { 0, 0, -1 /* SI_QUEUE */ };
static const long far_timer[4] = { 0, 0, 1000, 0 }, all_cpus[1] = { 1 };
static int epoll = -1;
static long zero_offset[2], far_offset[2] = { 20000, 0 };
static long big_set[32], long_iov[80]; /* long_iov: 40 pieces of 100 bytes */
static struct pollfd many_polled[300];
static char long_name[200];    /* more than fits an inode */
static char this_program[256]; /* this one */
static int segment = -1;
static int started = -1;

static void put_bytes(void)
{
	if (write(WRITE_FD, some_text, 8) < 0)
		_exit(90);
}

static void make_name(const char *name)
{
	int fd = open(name, O_CREAT | O_WRONLY, 0600);

	if (fd < 0 || close(fd))
		_exit(91);
}

static void make_new(void)
{
	make_name("new");
}

static void make_new_dir(void)
{
	if (mkdir("new", 0700))
		_exit(92);
}

static void dirty_file(void)
{
	if (pwrite(FILE_FD, block, BLOCK, 0) != BLOCK)
		_exit(93);
}

static void dirty_mapping(void)
{
	((volatile char *)SHARED)[0]++;
	((volatile char *)SHARED)[PAGE]++;
}

static void set_area(void)
{
	syscall(SYS_set_thread_area, desc_of);
}

static void start_child(void)
{
	started = fork();
	if (started == 0)
		_exit(0);
}

static void make_segment(void)
{
	segment = (int)syscall(SYS_shmget, 0, 3 * PAGE, 0600);
	if (segment < 0)
		_exit(94);
}

static void attach_segment(void)
{
	make_segment();
	syscall(SYS_shmat, segment, (void *)AWAY, 0);
	syscall(SYS_shmctl, segment, 0, NULL);
}

static void mount_tmpfs(void)
{
	if (syscall(SYS_mount, "none", "d", "tmpfs", 0, NULL))
		_exit(CANNOT_MOUNT);
}

static long seen(long result)
{
	return result == -1 ? -errno : result;
}

/* By name, as a call that is not there yet has no SYS_ name. */
static const struct {
	const char *name;
	long number;
} numbers[] = {
#define SYSCALL(number_, name_, ...) { #name_, number_ },
#include <syscalls.def>
#undef SYSCALL
};

static long number_of(const char *call)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (!strcmp(numbers[i].name, call))
			return numbers[i].number;
	return -1;
}

static long run_epoll_ctl(void)
{
	static long event[3] = { POLLIN, 0, 0 };

	return seen(syscall(number_of("epoll_ctl"), epoll, 1, READ_FD, event));
}

static void make_epoll(void)
{
	epoll = (int)syscall(number_of("epoll_create1"), 0);
	if (epoll < 0)
		_exit(96);
}

static long run_epoll_wait(void)
{
	return seen(syscall(number_of("epoll_wait"), epoll, block, 4, 0));
}

static long run_epoll_pwait(void)
{
	return seen(syscall(number_of("epoll_pwait"), epoll, block, 4, 0, NULL, 8));
}

static long run_epoll_pwait2(void)
{
	return seen(syscall(number_of("epoll_pwait2"), epoll, block, 4, millisecond, NULL, 8));
}

/* ---- calls that are more than a call ---- */

/* Those that queue are kept, with what is told of them, while they are blocked. */
static void block_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
}

static long run_sigqueueinfo(void)
{
	return seen(syscall(SYS_rt_sigqueueinfo, getpid(), SIGRTMIN, siginfo_of_queue));
}

static long run_tgsigqueueinfo(void)
{
	return seen(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGRTMIN, siginfo_of_queue));
}

static long run_fork(void)
{
	pid_t pid = (pid_t)syscall(SYS_fork);

	if (pid == 0)
		_exit(0);
	return seen(pid);
}

static long run_clone(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return seen(pid);
}

static long run_clone3(void)
{
	pid_t pid = (pid_t)syscall(SYS_clone3, clone_request, sizeof(clone_request));

	if (pid == 0)
		_exit(0);
	return seen(pid);
}

static long run_vfork(void)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return seen(pid);
}

static long run_wait4(void)
{
	return seen(syscall(SYS_wait4, started, block, 0, block + 100));
}

static long run_waitpid(void)
{
	return seen(syscall(SYS_waitpid, started, block, 0));
}

static long run_waitid(void)
{
	return seen(syscall(SYS_waitid, 1, started, block, WEXITED, NULL));
}

static long run_shmctl(void)
{
	return seen(syscall(SYS_shmctl, segment, 0, NULL));
}

static long run_shmat(void)
{
	long result = seen(syscall(SYS_shmat, segment, 0, 0));

	syscall(SYS_shmctl, segment, 0, NULL);
	return result;
}

static long run_shmget(void)
{
	long id = seen(syscall(SYS_shmget, 0, 5 * PAGE, 0600));

	if (id >= 0)
		syscall(SYS_shmctl, id, 0, NULL);
	return id;
}

static long run_ipc(void)
{
	long id = seen(syscall(SYS_ipc, 23, 0, 5 * PAGE, 0600, 0));

	if (id >= 0)
		syscall(SYS_shmctl, id, 0, NULL);
	return id;
}

static long run_umount(void)
{
	return seen(syscall(SYS_umount, "d"));
}

static long run_umount2(void)
{
	return seen(syscall(SYS_umount2, "d", 0));
}

/* Two mappings grow into unmapped memory; what a fault needs may be missing, too. */
static long run_brk(void)
{
	long now = syscall(SYS_brk, 0), then = syscall(SYS_brk, now + 5 * PAGE);

	if (then == now)
		return -ENOMEM;
	((char *)now)[4 * PAGE] = 1;
	return 0;
}

/* A page fault is no call, but asks for pages all the same: nobody may be killed. */
static long run_faults(void)
{
	char *at = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, FILE_FD, 0);

	if (at == MAP_FAILED)
		return -errno;
	for (int i = 0; i < 2; i++)
		at[i * PAGE]++;
	((volatile char *)SHARED)[0]++;
	return 0;
}

static long run_stack_fault(void)
{
	volatile char deep[64 * 1024];

	for (size_t i = 0; i < sizeof(deep); i += PAGE)
		deep[i] = 1;
	return deep[0] - 1;
}
