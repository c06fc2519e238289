/* SPDX-License-Identifier: MIT */
/* bench: what the basic operations of the system cost, in ticks of the time-stamp counter
 * (instructions when QEMU runs with `-icount shift=0,sleep=off`). One line each: "bench: NAME
 * COST". Every operation is done some times to warm up, then averaged over its iterations. */

#include "../cycles.h"
#include "../prog.h"
#include "bench.h"

enum { WARM_UPS = 3 };

struct operation {
	const char *name;
	const char *what;
	unsigned int iterations;
	/* Does it `iterations` times; returns the ticks for one, setting up left out. */
	uint64_t (*run)(unsigned int iterations);
};

void bench_die(const char *what)
{
	prog_die(what);
}

/* The counter itself: at the first prompt it says what starting the machine took. */
static uint64_t run_tsc(unsigned int iterations)
{
	(void)iterations;
	return cycles_now();
}

static const struct operation operations[] = {
	{ "getpid", "one system call", 10000, run_getpid },
	{ "pipe-pingpong", "one byte through a pipe to a process and back", 1000, run_pingpong },
	{ "pipe-pingpong-50", "the same beside 50 that sleep", 1000, run_pingpong_beside_50 },
	{ "pipe-pingpong-2000", "the same beside 2,000", 1000, run_pingpong_beside_2000 },
	{ "pipe-pingpong-far", "the same with one on another processor", 1000, run_pingpong_far },
	{ "futex", "a word to a thread that waits for it, and back", 1000, run_futex },
	{ "mutex", "a free mutex taken and given up, without a call", 10000, run_mutex },
	{ "signal", "a signal to oneself, its handler, and back", 1000, run_signal },
	{ "fork-wait", "fork, exit, wait", 100, run_fork },
	{ "fork-exec-wait", "fork, exec of a small program, exit, wait", 50, run_exec },
	{ "pipe-kib", "1 KiB of 64 KiB writes through a pipe", 8, run_pipe_kib },
	{ "page-touch", "first write to a new page", 8, run_touch },
	{ "fork-4mib", "fork with 4 MiB touched, exit, wait", 50, run_fork_big },
	{ "fork-4mib-touch", "the same, the child writes to all of it", 10, run_fork_big_touch },
	{ "mmap-touch-munmap", "a page mapped, written to, unmapped", 1000, run_map_touch_unmap },
	{ "mprotect-pair", "16 pages made read-only and writable again", 1000, run_protect_pair },
	{ "read-4k", "4 KiB of a file in memory, read again", 1000, run_read },
	{ "write-4k", "4 KiB of a file in memory, written again", 1000, run_write },
	{ "open-close", "open of a file that is there, close", 1000, run_open_close },
	{ "create-unlink", "open of a new file, close, unlink", 200, run_create_unlink },
	{ "stat", "attributes of a file by name", 1000, run_stat },
	{ "tsc", "the counter as it is, no operation", 1, run_tsc },
};

enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

/* `iterations`: 0 for the operation's own number. */
static void measure(const struct operation *op, unsigned int iterations)
{
	unsigned int count = iterations ? iterations : op->iterations;

	op->run(count < WARM_UPS ? count : WARM_UPS);
	printf("bench: %s %llu\n", op->name, (unsigned long long)op->run(count));
	fflush(stdout);
}

static const struct operation *find(const char *name)
{
	for (size_t i = 0; i < OPERATIONS; i++) {
		if (strcmp(operations[i].name, name) == 0)
			return &operations[i];
	}
	prog_warnx("no operation '%s' (see bench -l)", name);
	exit(1);
}

static int list_operations(void)
{
	for (size_t i = 0; i < OPERATIONS; i++)
		printf("%-18s %s\n", operations[i].name, operations[i].what);
	printf("%-18s %s\n", "disk", "the disk here, a file of -n MiB; only when it is named");
	return prog_finish(0);
}

int main(int argc, char **argv)
{
	unsigned int iterations = 0;
	int option;

	prog_begin("bench", "[-l] [-n ITERATIONS] [-c CHILD] [OPERATION]...", argc, argv);
	while ((option = getopt(argc, argv, "ln:c:")) != -1) {
		if (option == 'l')
			return list_operations();
		else if (option == 'n')
			iterations = (unsigned int)strtoul(optarg, NULL, 10);
		else if (option == 'c')
			bench_child = optarg;
		else
			prog_usage(1);
	}
	for (size_t i = 0; optind == argc && i < OPERATIONS; i++)
		measure(&operations[i], iterations);
	for (int i = optind; i < argc; i++) {
		if (strcmp(argv[i], "disk") == 0)
			bench_disk(iterations);
		else
			measure(find(argv[i]), iterations);
	}
	return prog_finish(0);
}
