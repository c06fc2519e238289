/* SPDX-License-Identifier: MIT */
/* pagedemo: what memory costs, and when. Each step prints how many pages are in memory, and how
 * often the kernel was asked: mapping costs nothing, the first touch of a page does; after fork
 * nothing is copied until it is written. */

#include <sys/mman.h>
#include <sys/wait.h>

#include "pages.h"

enum { PAGES = 64 };

static const char *const counters[] = { "pgfault ", "pgzero ", "pgcopy ", "nr_tlb_local_flush_one ",
					"nr_tlb_local_flush_all " };
static const char *const heads[] = { "faults", "zeros", "copies", "flush 1", "flush all" };

enum { COUNTERS = sizeof(counters) / sizeof(counters[0]) };

static unsigned long long last[COUNTERS];

static void read_counters(unsigned long long *now)
{
	char text[PROCINFO_TEXT];

	procinfo_need("/proc/vmstat", text, sizeof(text));
	for (size_t i = 0; i < COUNTERS; i++)
		now[i] = procinfo_field(text, counters[i]);
}

/* What happened since the last step, all processes together. */
static void step(const char *what)
{
	unsigned long long now[COUNTERS];
	char text[PROCINFO_TEXT];
	unsigned long resident = 0;

	read_counters(now);
	procinfo_need("/proc/self/statm", text, sizeof(text));
	sscanf(text, "%*u %lu", &resident);
	printf("%-42s %6lu", what, resident);
	for (size_t i = 0; i < COUNTERS; i++)
		printf(" %9llu", now[i] - last[i]);
	putchar('\n');
	fflush(stdout);
	read_counters(last);
}

static void write_pages(volatile char *memory, int from, int to)
{
	for (int i = from; i < to; i++)
		memory[i * PAGES_BYTES] = 'x';
}

static void wait_for(pid_t child)
{
	if (child < 0 || waitpid(child, NULL, 0) != child)
		prog_die("fork");
}

int main(int argc, char **argv)
{
	char *memory;
	pid_t child;

	prog_begin("pagedemo", "", argc, argv);
	if (argc > 1)
		prog_usage(1);
	printf("%-42s %6s", "step", "pages");
	for (size_t i = 0; i < COUNTERS; i++)
		printf(" %9s", heads[i]);
	putchar('\n');
	step("start");
	step("nothing, for comparison");
	memory = mmap(NULL, PAGES * PAGES_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		prog_die("mmap");
	step("64 pages mapped: a promise");
	write_pages(memory, 0, PAGES / 2);
	step("32 of them written: zeros on demand");
	write_pages(memory, 0, PAGES / 2);
	step("the same again: they are there");
	child = fork();
	if (child == 0)
		_exit(0);
	wait_for(child);
	step("a child that does nothing");
	child = fork();
	if (child == 0) {
		write_pages(memory, 0, PAGES / 4);
		_exit(0);
	}
	wait_for(child);
	step("a child that writes 16: copies on write");
	write_pages(memory, 0, PAGES / 2);
	step("written here: ours alone, no copies");
	mprotect(memory, PAGES * PAGES_BYTES, PROT_READ);
	step("made read-only: translations forgotten");
	munmap(memory, PAGES * PAGES_BYTES);
	step("unmapped");
	return prog_finish(0);
}
