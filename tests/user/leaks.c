/* SPDX-License-Identifier: MIT */
/* leaks [PROGRAM ARGUMENT...]
 * Runs other tests (or that program) again and again and looks at free memory and at the number of
 * processes in between: what one run takes it must give back. Before each look
 * everything that is only cached is dropped (BLKFLSBUF). The kernel's own pools
 * still settle at first, the longer the more processors there are; so each program
 * runs WARM times before the first look, then ROUNDS times, and on while every one
 * of them lost some: it fails when ROUNDS_MAX did. */
#define _GNU_SOURCE
#include "ktap.h"

#include <abi/ioctl.h>
#include <libgen.h>
#include <sys/ioctl.h>
#include <sys/sysinfo.h>

enum { WARM = 2, ROUNDS = 3, ROUNDS_MAX = 12, SETTLE_US = 20000, CANNOT_RUN = 99 };

/* All but those that take long. */
static const char *const programs[] = {
	"fork_wait", "exec",    "signals",   "ids",         "memory",    "tls",
	"files",     "dirs",    "links",     "rename",      "stat",      "pipes",
	"info",      "badargs", "libc_text", "libc_system", "libc_misc", "descriptors",
};

enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

/* The system, with nothing of ours running. */
struct look {
	long free_kib;
	int processes;
};

static struct look look_around(void)
{
	int disk = open("/dev/ram0", O_RDONLY | O_CLOEXEC);
	struct sysinfo info;

	usleep(SETTLE_US);
	EXPECT_OK(ioctl(disk, BLKFLSBUF, 0));
	close(disk);
	EXPECT_OK(sysinfo(&info));
	return (struct look){
		.free_kib = (long)((unsigned long long)info.freeram * info.mem_unit / 1024),
		.processes = info.procs,
	};
}

/* Output goes nowhere: each program also runs, and is judged, alone. */
static void run(char *const *command)
{
	int status, fd;
	pid_t child = fork();

	if (child == 0) {
		fd = open("/dev/null", O_RDWR);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		close(fd);
		execv(command[0], command);
		_exit(CANNOT_RUN);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) != CANNOT_RUN);
}

static void try(char *const *command)
{
	struct look first, before, after;
	int losses = 0;

	for (int i = 0; i < WARM; i++)
		run(command);
	first = before = after = look_around();
	for (int i = 0; i < ROUNDS || (losses == i && i < ROUNDS_MAX); i++) {
		run(command);
		after = look_around();
		losses += after.free_kib < before.free_kib;
		before = after;
	}
	EXPECT_EQ(after.processes, first.processes);
	EXPECT(losses < ROUNDS_MAX);
	printf("# %s: %ld KiB free, %ld after %d runs\n", command[0], first.free_kib,
	       after.free_kib, ROUNDS);
}

/* One test of the list, beside us. */
static void try_listed(const char *here, const char *name)
{
	char path[256], *command[] = { path, NULL };

	snprintf(path, sizeof(path), "%s/%s", here, name);
	fflush(stdout);
	try(command);
}

static int report(int number, const char *name)
{
	printf("%sok %d - %s_gives_back_what_it_takes\n", ktap_failures ? "not " : "", number,
	       name);
	return ktap_failures != 0;
}

int main(int argc, char **argv)
{
	char *here = strdup(dirname(argv[0]));
	int failed = 0;

	if (!ktap_is_gatehouse()) {
		printf("TAP version 14\n1..0 # SKIP only where nobody else runs\n");
		return 0;
	}
	printf("TAP version 14\n1..%d\n", argc > 1 ? 1 : PROGRAMS);
	if (argc > 1) {
		try(argv + 1);
		return report(1, basename(argv[1]));
	}
	for (int i = 0; i < PROGRAMS; i++) {
		ktap_failures = 0;
		try_listed(here, programs[i]);
		failed |= report(i + 1, programs[i]);
	}
	free(here);
	return failed;
}
