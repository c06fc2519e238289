/* SPDX-License-Identifier: MIT */
/* Random operations on a file, each also done on an array in memory: both must
 * always agree. KTAP_SEED=N gives another run; failures name seed and step. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sys/uio.h>

enum { LARGEST = 300000, STEPS = 3000, PIECE = 40000 };

static unsigned char model[LARGEST], buffer[PIECE];
static long model_size;
static unsigned int seed = 1;
static int file;

/* xorshift: the same on every machine. */
static unsigned int random_below(unsigned int limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % limit;
}

/* Mostly small numbers, and often just around a page or a block. */
static long random_size(long limit)
{
	static const long edges[] = { 1, 1023, 1024, 4095, 4096, 4097, 8192, 12287 };
	long n;

	switch (random_below(3)) {
	case 0:
		n = edges[random_below(8)];
		break;
	case 1:
		n = random_below(200);
		break;
	default:
		n = random_below(PIECE);
	}
	return n < limit ? n : limit;
}

static void fill_buffer(long count)
{
	for (long i = 0; i < count; i++)
		buffer[i] = (unsigned char)random_below(256);
}

/* Bytes between the old end and a new one are zeros. */
static void model_grow(long size)
{
	if (size > model_size) {
		memset(model + model_size, 0, size - model_size);
		model_size = size;
	}
}

static int step_write(void)
{
	long at = random_below(LARGEST - PIECE), count = random_size(PIECE);

	fill_buffer(count);
	if (count)
		model_grow(at + count);
	memcpy(model + at, buffer, count);
	return pwrite(file, buffer, count, at) == count;
}

static int step_append(void)
{
	long count = random_size(LARGEST - model_size);

	fill_buffer(count);
	memcpy(model + model_size, buffer, count);
	model_size += count;
	lseek(file, 0, SEEK_END);
	return write(file, buffer, count) == count;
}

static int step_writev(void)
{
	long at = random_below(LARGEST - PIECE), count = random_size(PIECE), first;
	struct iovec parts[2];

	fill_buffer(count);
	first = count / 3;
	parts[0] = (struct iovec){ buffer, first };
	parts[1] = (struct iovec){ buffer + first, count - first };
	if (count)
		model_grow(at + count);
	memcpy(model + at, buffer, count);
	lseek(file, at, SEEK_SET);
	return writev(file, parts, 2) == count;
}

static int step_read(void)
{
	long at = random_below(LARGEST), count = random_size(PIECE), wanted;

	wanted = at >= model_size ? 0 : model_size - at < count ? model_size - at : count;
	return pread(file, buffer, count, at) == wanted && !memcmp(buffer, model + at, wanted);
}

static int step_truncate(void)
{
	long size = random_below(LARGEST);

	model_grow(size);
	model_size = size;
	return ftruncate(file, size) == 0;
}

static int step_size(void)
{
	struct stat st;

	return fstat(file, &st) == 0 && st.st_size == model_size;
}

static int step_sync(void)
{
	return random_below(8) ? 1 : fsync(file) == 0;
}

static int step_reopen(void)
{
	close(file);
	file = open("file", O_RDWR);
	return file >= 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} steps[] = {
	{ "write", step_write },       { "append", step_append }, { "writev", step_writev },
	{ "read", step_read },         { "read", step_read },     { "read", step_read },
	{ "truncate", step_truncate }, { "size", step_size },     { "sync", step_sync },
	{ "reopen", step_reopen },
};

static int whole_file_agrees(void)
{
	for (long at = 0; at < model_size; at += PIECE) {
		long count = model_size - at < PIECE ? model_size - at : PIECE;

		if (pread(file, buffer, PIECE, at) != count || memcmp(buffer, model + at, count))
			return 0;
	}
	return 1;
}

static void run_steps(unsigned int first_seed)
{
	seed = first_seed = first_seed + ktap_seed() * 7919;
	model_size = 0;
	file = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	for (int i = 0; i < STEPS; i++) {
		unsigned int which = random_below(sizeof(steps) / sizeof(steps[0]));

		if (steps[which].run())
			continue;
		printf("# seed %u step %d: %s: errno %d, size %ld\n", first_seed, i,
		       steps[which].name, errno, model_size);
		ktap_failures++;
		break;
	}
	EXPECT(whole_file_agrees());
	close(file);
	EXPECT_OK(unlink("file"));
}

static void a_file_always_holds_what_was_written(void)
{
	run_steps(1);
}

static void so_it_does_with_another_seed(void)
{
	run_steps(20261);
}

/* Several at once, each with a file of its own in a directory of its own. */
static void files_of_other_processes_do_not_mix(void)
{
	enum { PROCESSES = 4 };
	int status;
	char name[8];

	for (int i = 0; i < PROCESSES; i++) {
		snprintf(name, sizeof(name), "dir%d", i);
		EXPECT_OK(mkdir(name, 0700));
		fflush(stdout);
		if (fork() == 0) {
			EXPECT_OK(chdir(name));
			run_steps(1000 + i);
			fflush(stdout);
			_exit(ktap_failures != 0);
		}
	}
	for (int i = 0; i < PROCESSES; i++) {
		EXPECT(wait(&status) > 0);
		EXPECT_EXIT(status, 0);
	}
	for (int i = 0; i < PROCESSES; i++) {
		snprintf(name, sizeof(name), "dir%d", i);
		EXPECT_OK(rmdir(name));
	}
}

static const struct ktap_test tests[] = {
	KTAP(a_file_always_holds_what_was_written),
	KTAP(so_it_does_with_another_seed),
	KTAP(files_of_other_processes_do_not_mix),
};

KTAP_MAIN(tests)
