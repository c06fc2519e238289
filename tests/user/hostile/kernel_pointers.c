/* SPDX-License-Identifier: MIT */
/* Gives system calls pointers into the kernel and to nowhere. Linux: EFAULT for each, exit
 * status 0. */

#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

enum { ARGUMENTS = 5, STATFS64_BYTES = 84, SIGSET_BYTES = 8, BIG = 4096 };

/* Stands for the address under test. */
enum { BAD = 0x0badbad0 };

static int pipe_out;
static int pipe_in;
static int directory;
static char root[] = "/";
static char scratch[BIG];

/* None of them is ever mapped: on a 64-bit Linux the stack of such a program lies between
 * 0xff000000 and 0xffffe000. */
static const unsigned long addresses[] = {
	(unsigned int)KERNEL_ADDRESS, 0xc0000000, 0xe0000000, 0xfffff000, 0xffffffff, 1, 0xfff0,
};

static int failures;

/* Every argument that is BAD becomes the address. */
static long substitute(long argument, unsigned long address)
{
	return argument == BAD ? (long)address : argument;
}

static void expect_fault(const char *name, long number, const long *given)
{
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		long a[ARGUMENTS];
		long result;

		for (int j = 0; j < ARGUMENTS; j++)
			a[j] = substitute(given[j], addresses[i]);
		errno = 0;
		result = syscall(number, a[0], a[1], a[2], a[3], a[4]);
		if (result == -1 && errno == EFAULT)
			continue;
		printf("%s of %#lx: %ld, %s\n", name, addresses[i], result, strerror(errno));
		failures++;
	}
}

#define FAULT(name, ...) expect_fault(#name, SYS_##name, (const long[ARGUMENTS]){ __VA_ARGS__ })

static void try_descriptors(void)
{
	FAULT(read, pipe_in, BAD, 1);
	FAULT(write, pipe_out, BAD, 1);
	FAULT(readv, pipe_in, BAD, 1);
	FAULT(writev, pipe_out, BAD, 1);
	FAULT(_llseek, directory, 0, 0, BAD, SEEK_SET);
	FAULT(getdents64, directory, BAD, BIG);
	FAULT(pipe, BAD);
	FAULT(fstat64, directory, BAD);
}

static void try_paths(void)
{
	FAULT(open, BAD, O_RDONLY);
	FAULT(openat, AT_FDCWD, BAD, O_RDONLY);
	FAULT(creat, BAD, 0);
	FAULT(stat64, BAD, (long)scratch);
	FAULT(stat64, (long)root, BAD);
	FAULT(lstat64, (long)root, BAD);
	FAULT(statx, AT_FDCWD, (long)root, 0, 0, BAD);
	FAULT(statfs64, (long)root, STATFS64_BYTES, BAD);
	FAULT(mkdir, BAD, 0);
	FAULT(rmdir, BAD);
	FAULT(unlink, BAD);
	FAULT(rename, BAD, BAD);
	FAULT(link, BAD, BAD);
	FAULT(symlink, BAD, BAD);
	FAULT(readlink, BAD, (long)scratch, BIG);
	FAULT(chdir, BAD);
	FAULT(chmod, BAD, 0);
	FAULT(access, BAD, 0);
	FAULT(getcwd, BAD, BIG);
	FAULT(execve, BAD, 0, 0);
	FAULT(execve, (long)"/bin/true", BAD, 0);
	FAULT(execve, (long)"/bin/true", 0, BAD);
}

static void try_others(void)
{
	FAULT(uname, BAD);
	FAULT(time, BAD);
	FAULT(times, BAD);
	FAULT(gettimeofday, BAD, 0);
	FAULT(clock_gettime, 0, BAD);
	FAULT(nanosleep, BAD, 0);
	FAULT(sysinfo, BAD);
	FAULT(getrandom, BAD, 1, 0);
	FAULT(set_thread_area, BAD);
	FAULT(rt_sigaction, SIGUSR1, BAD, 0, SIGSET_BYTES);
	FAULT(rt_sigaction, SIGUSR1, 0, BAD, SIGSET_BYTES);
	FAULT(rt_sigprocmask, SIG_BLOCK, BAD, 0, SIGSET_BYTES);
	FAULT(rt_sigprocmask, SIG_BLOCK, 0, BAD, SIGSET_BYTES);
}

int main(void)
{
	int ends[2];

	directory = open(root, O_RDONLY);
	if (pipe(ends) < 0 || directory < 0 || write(ends[1], scratch, BIG) != BIG)
		return 1;
	pipe_in = ends[0];
	pipe_out = ends[1];
	try_descriptors();
	try_paths();
	try_others();
	return failures != 0;
}
