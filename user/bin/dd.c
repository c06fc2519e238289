/* SPDX-License-Identifier: MIT */
/* dd: copies blocks, from a place to a place. */

#include <fcntl.h>

#include "prog.h"

enum { NEW_FILE_MODE = 0666, DEFAULT_BLOCK = 512 };

static struct {
	const char *in;  /* if= */
	const char *out; /* of= */
	long long block; /* bs=, in bytes */
	long long count; /* blocks to copy, -1: all */
	long long skip;  /* blocks of the input */
	long long seek;  /* blocks of the output */
	bool keep;       /* conv=notrunc */
	bool pad;        /* conv=sync: short blocks are filled up with zeros */
	bool carry_on;   /* conv=noerror: read errors are no end */
	bool flush;      /* conv=fsync */
	bool quiet;      /* status=none */
} option = {
	.in = "standard input", .out = "standard output", .block = DEFAULT_BLOCK, .count = -1
};

static struct {
	long long in_whole;
	long long in_part;
	long long out_whole;
	long long out_part;
	long long bytes;
} done;

static int in = STDIN_FILENO;
static int out = STDOUT_FILENO;
static char *buffer;

static void report(void)
{
	if (option.quiet)
		return;
	fprintf(stderr, "%lld+%lld records in\n%lld+%lld records out\n%lld bytes copied\n",
		done.in_whole, done.in_part, done.out_whole, done.out_part, done.bytes);
}

/* Says what errno says; what was copied so far is told, too. */
static _Noreturn void fail(const char *what)
{
	prog_warn(what);
	report();
	exit(1);
}

static ssize_t read_block(void)
{
	ssize_t bytes;

	do {
		bytes = read(in, buffer, (size_t)option.block);
	} while (bytes < 0 && errno == EINTR);
	return bytes;
}

/* What cannot be sought is read. */
static void skip_input(void)
{
	if (option.skip == 0 || lseek(in, (off_t)(option.skip * option.block), SEEK_CUR) >= 0)
		return;
	for (long long i = 0; i < option.skip; i++) {
		if (read_block() < 0)
			fail(option.in);
	}
}

static void seek_output(void)
{
	off_t place = (off_t)(option.seek * option.block);

	if (out != STDOUT_FILENO && !option.keep && ftruncate(out, place) < 0 && option.seek > 0)
		fail(option.out);
	if (option.seek > 0 && lseek(out, place, SEEK_CUR) < 0)
		fail(option.out);
}

static void write_block(size_t bytes)
{
	if (!prog_write(out, buffer, bytes))
		fail(option.out);
	if ((long long)bytes == option.block)
		done.out_whole++;
	else
		done.out_part++;
	done.bytes += (long long)bytes;
}

static void copy(void)
{
	for (long long i = 0; option.count < 0 || i < option.count; i++) {
		ssize_t bytes = read_block();

		if (bytes < 0 && option.carry_on) {
			prog_warn(option.in);
			if (lseek(in, (off_t)option.block, SEEK_CUR) < 0)
				break;
			bytes = 0;
		} else if (bytes < 0) {
			fail(option.in);
		} else if (bytes == 0) {
			break;
		} else if (bytes == option.block) {
			done.in_whole++;
		} else {
			done.in_part++;
		}
		if (option.pad && bytes < option.block) {
			memset(buffer + bytes, 0, (size_t)(option.block - bytes));
			bytes = (ssize_t)option.block;
		}
		if (bytes > 0)
			write_block((size_t)bytes);
	}
}

static void parse_conversions(char *list)
{
	for (char *word = strtok(list, ","); word; word = strtok(NULL, ",")) {
		if (strcmp(word, "notrunc") == 0)
			option.keep = true;
		else if (strcmp(word, "sync") == 0)
			option.pad = true;
		else if (strcmp(word, "noerror") == 0)
			option.carry_on = true;
		else if (strcmp(word, "fsync") == 0)
			option.flush = true;
		else
			prog_diex("conv=%s: not known", word);
	}
}

/* NAME=VALUE */
static void parse_operand(char *operand)
{
	static const struct {
		const char *name;
		long long *number;
	} numbers[] = {
		{ "bs", &option.block },    { "ibs", &option.block }, { "obs", &option.block },
		{ "count", &option.count }, { "skip", &option.skip }, { "seek", &option.seek },
	};
	char *value = strchr(operand, '=');

	if (!value)
		prog_usage(1);
	*value++ = '\0';
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(operand, numbers[i].name) != 0)
			continue;
		if (!prog_bytes(value, numbers[i].number) || *numbers[i].number < 0)
			prog_diex("invalid number '%s'", value);
		return;
	}
	if (strcmp(operand, "if") == 0)
		option.in = value;
	else if (strcmp(operand, "of") == 0)
		option.out = value;
	else if (strcmp(operand, "conv") == 0)
		parse_conversions(value);
	else if (strcmp(operand, "status") == 0)
		option.quiet = strcmp(value, "none") == 0;
	else
		prog_usage(1);
}

static void open_files(const char *no_in, const char *no_out)
{
	if (option.in != no_in && (in = open(option.in, O_RDONLY)) < 0)
		prog_die(option.in);
	if (option.out != no_out && (out = open(option.out, O_RDWR | O_CREAT, NEW_FILE_MODE)) < 0 &&
	    (out = open(option.out, O_WRONLY | O_CREAT, NEW_FILE_MODE)) < 0)
		prog_die(option.out);
}

int main(int argc, char **argv)
{
	const char *no_in = option.in;
	const char *no_out = option.out;

	prog_begin("dd",
		   "[NAME=VALUE]...\n"
		   "  if=FILE of=FILE     from and to (default: standard input and output)\n"
		   "  bs=BYTES            block size (default: 512), also with K, M or G behind\n"
		   "  count=BLOCKS        copy no more\n"
		   "  skip=BLOCKS         leave out so many of the input; seek= of the output\n"
		   "  conv=notrunc,sync,noerror,fsync\n"
		   "                      keep the rest of the output; fill up short blocks;\n"
		   "                      go on after errors; write to the disk before the end\n"
		   "  status=none         do not say what was copied",
		   argc, argv);
	for (int i = 1; i < argc; i++)
		parse_operand(argv[i]);
	if (option.block < 1 || option.block > INT32_MAX)
		prog_diex("invalid block size");
	buffer = prog_grow(NULL, (size_t)option.block);
	open_files(no_in, no_out);
	skip_input();
	seek_output();
	copy();
	if ((option.flush && fsync(out) < 0) || close(out) < 0)
		fail(option.out);
	report();
	return 0;
}
