/* SPDX-License-Identifier: MIT */
/* wc: count lines, words and bytes. */

#include <ctype.h>
#include <fcntl.h>

#include "prog.h"

struct counts {
	unsigned long long lines;
	unsigned long long words;
	unsigned long long bytes;
};

static struct {
	bool lines;
	bool words;
	bool bytes;
} show;

static char buffer[PROG_IO_BYTES];

static void count_buffer(struct counts *c, size_t bytes, bool *in_word)
{
	c->bytes += bytes;
	if (!show.lines && !show.words)
		return;
	for (size_t i = 0; i < bytes; i++) {
		unsigned char byte = (unsigned char)buffer[i];

		c->lines += byte == '\n';
		if (isspace(byte)) {
			*in_word = false;
		} else if (!*in_word) {
			*in_word = true;
			c->words++;
		}
	}
}

/* Counts until end of file; false (and a message) if reading failed on the way. */
static bool count_fd(int fd, const char *name, struct counts *c)
{
	bool in_word = false;
	ssize_t bytes;

	while ((bytes = read(fd, buffer, sizeof(buffer))) != 0) {
		if (bytes < 0) {
			prog_warn(name);
			return false;
		}
		count_buffer(c, (size_t)bytes, &in_word);
	}
	return true;
}

static bool count_file(const char *name, struct counts *c)
{
	bool good;
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY);

	if (fd < 0) {
		prog_warn(name);
		return false;
	}
	good = count_fd(fd, name, c);
	if (fd != STDIN_FILENO)
		close(fd);
	return good;
}

/* A lone count stands alone; several are put in columns. */
static void print_counts(const struct counts *c, const char *name)
{
	int width = show.lines + show.words + show.bytes > 1 ? 7 : 0;
	const char *gap = "";

	if (show.lines) {
		printf("%*llu", width, c->lines);
		gap = " ";
	}
	if (show.words) {
		printf("%s%*llu", gap, width, c->words);
		gap = " ";
	}
	if (show.bytes)
		printf("%s%*llu", gap, width, c->bytes);
	if (name)
		printf(" %s", name);
	putchar('\n');
}

static int count_files(char **names, int n)
{
	struct counts total = { 0 };
	int status = 0;

	for (int i = 0; i < n; i++) {
		struct counts c = { 0 };

		if (!count_file(names[i], &c)) {
			status = 1;
			continue;
		}
		print_counts(&c, names[i]);
		total.lines += c.lines;
		total.words += c.words;
		total.bytes += c.bytes;
	}
	if (n > 1)
		print_counts(&total, "total");
	return status;
}

int main(int argc, char **argv)
{
	struct counts c = { 0 };
	int status;
	int option;

	prog_begin("wc", "[-clw] [FILE]...\n  -c  bytes\n  -l  lines\n  -w  words", argc, argv);
	while ((option = getopt(argc, argv, "clw")) != -1) {
		if (option == '?')
			prog_usage(1);
		show.lines |= option == 'l';
		show.words |= option == 'w';
		show.bytes |= option == 'c';
	}
	if (!show.lines && !show.words && !show.bytes)
		show.lines = show.words = show.bytes = true;
	if (optind < argc)
		return prog_finish(count_files(argv + optind, argc - optind));
	status = count_fd(STDIN_FILENO, "-", &c) ? 0 : 1;
	if (status == 0)
		print_counts(&c, NULL);
	return prog_finish(status);
}
