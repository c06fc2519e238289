/* SPDX-License-Identifier: MIT */
/* What the disk costs under the current directory: a file written and synced, read from the
 * start, and read in random places, with nothing of it in memory before. Two numbers each: the
 * nanoseconds that processors were busy for a MiB (instructions under -icount shift=0), from
 * /proc/schedstat, and MiB per second of time that passed. */

#include <fcntl.h>
#include <time.h>

#include "../prog.h"
#include "bench.h"

enum {
	MIB = 1024 * 1024,
	DEFAULT_MIB = 8,
	CHUNK = 65536,
	PAGE_BYTES = 4096,
	RANDOM_READS = 128,
	MULTIPLIER = 1664525, /* of a linear congruence, Numerical Recipes */
	INCREMENT = 1013904223,
	FIELDS_BEFORE_BUSY = 7, /* in a processor's line of schedstat */
	FILE_MODE = 0600
};

#define NS_PER_SECOND 1000000000ULL

static const char file_name[] = "bench.tmp";
static const char schedstat[] = "/proc/schedstat";
static const char drop_caches[] = "/proc/sys/vm/drop_caches";
static char chunk[CHUNK];

struct instant {
	uint64_t busy, now; /* nanoseconds */
};

/* The busy nanoseconds in a line "cpu0 0 0 0 0 0 0 BUSY ...". */
static uint64_t busy_of(const char *line)
{
	for (unsigned int i = 0; i < FIELDS_BEFORE_BUSY; i++) {
		line = strchr(line, ' ');
		if (!line)
			return 0;
		line++;
	}
	return strtoull(line, NULL, 10);
}

static struct instant take_instant(void)
{
	FILE *file = fopen(schedstat, "r");
	struct instant at = { 0, 0 };
	struct timespec now;
	char line[256];

	if (!file)
		bench_die(schedstat);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, "cpu", 3) == 0)
			at.busy += busy_of(line);
	}
	fclose(file);
	clock_gettime(CLOCK_MONOTONIC, &now);
	at.now = (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
	return at;
}

static void report(const char *what, struct instant start, uint64_t bytes)
{
	struct instant end = take_instant();
	uint64_t busy = (end.busy - start.busy) * MIB / bytes;
	uint64_t passed = end.now > start.now ? end.now - start.now : 1;
	uint64_t tenths = bytes * 10 * (NS_PER_SECOND / MIB) / passed;

	printf("bench: disk-%s %llu busy/MiB %llu.%llu MiB/s\n", what, (unsigned long long)busy,
	       (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
	fflush(stdout);
}

static void forget_everything(void)
{
	int fd = open(drop_caches, O_WRONLY);

	if (fd < 0 || !prog_write(fd, "3\n", 2) || close(fd) < 0)
		bench_die(drop_caches);
}

static void write_file(int fd, unsigned int mib)
{
	struct instant start = take_instant();

	for (unsigned int i = 0; i < mib * (MIB / CHUNK); i++) {
		if (!prog_write(fd, chunk, CHUNK))
			bench_die(file_name);
	}
	if (fsync(fd) < 0)
		bench_die(file_name);
	report("write", start, (uint64_t)mib * MIB);
}

static void read_file(int fd, unsigned int mib)
{
	struct instant start = take_instant();

	for (unsigned int i = 0; i < mib * (MIB / CHUNK); i++) {
		if (pread(fd, chunk, CHUNK, (off_t)i * CHUNK) != CHUNK)
			bench_die(file_name);
	}
	report("read", start, (uint64_t)mib * MIB);
}

static void read_randomly(int fd, unsigned int mib)
{
	unsigned int pages = mib * (MIB / PAGE_BYTES);
	unsigned int random = 1;
	struct instant start = take_instant();

	for (unsigned int i = 0; i < RANDOM_READS; i++) {
		random = random * MULTIPLIER + INCREMENT;
		if (pread(fd, chunk, PAGE_BYTES,
			  (off_t)((uint64_t)random * pages >> 32) * PAGE_BYTES) != PAGE_BYTES)
			bench_die(file_name);
	}
	report("random", start, (uint64_t)RANDOM_READS * PAGE_BYTES);
}

void bench_disk(unsigned int mib)
{
	int fd = open(file_name, O_RDWR | O_CREAT | O_TRUNC, FILE_MODE);

	mib = mib ? mib : DEFAULT_MIB;
	if (fd < 0)
		bench_die(file_name);
	memset(chunk, 'x', sizeof(chunk));
	write_file(fd, mib);
	forget_everything();
	read_file(fd, mib);
	forget_everything();
	read_randomly(fd, mib);
	if (close(fd) < 0 || unlink(file_name) < 0)
		bench_die(file_name);
}
