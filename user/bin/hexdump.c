/* SPDX-License-Identifier: MIT */
/* hexdump: files in hex: words of 16 bits or, with -C, bytes and characters. */

#include <ctype.h>

#include "dump.h"

enum { HALF = DUMP_BYTES / 2 };

static void print_words(unsigned long long offset, const unsigned char *bytes, size_t count)
{
	if (count == 0 && offset == 0)
		return;
	printf("%07llx", offset);
	for (size_t i = 0; count > 0 && i < DUMP_BYTES; i += 2) {
		if (i < count)
			printf(" %02x%02x", bytes[i + 1], bytes[i]);
		else
			printf("%5s", "");
	}
	putchar('\n');
}

static void print_characters(unsigned long long offset, const unsigned char *bytes, size_t count)
{
	if (count == 0 && offset == 0)
		return;
	printf("%08llx", offset);
	for (size_t i = 0; count > 0 && i < DUMP_BYTES; i++) {
		if (i % HALF == 0)
			putchar(' ');
		if (i < count)
			printf(" %02x", bytes[i]);
		else
			printf("%3s", "");
	}
	if (count > 0) {
		fputs("  |", stdout);
		for (size_t i = 0; i < count; i++)
			putchar(isprint(bytes[i]) ? bytes[i] : '.');
		putchar('|');
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("hexdump",
		   "[-Cv] [-n BYTES] [-s BYTES] [FILE]...\n"
		   "  -C  bytes and characters\n"
		   "  -n  only so many bytes\n"
		   "  -s  skip so many bytes in front\n"
		   "  -v  lines that repeat, too (else a star stands for them)",
		   argc, argv);
	dump.print = print_words;
	while ((letter = getopt(argc, argv, "Cn:s:v")) != -1) {
		if (letter == 'C')
			dump.print = print_characters;
		else if (letter == 'n')
			dump.limit = dump_size(optarg);
		else if (letter == 's')
			dump.skip = dump_size(optarg);
		else if (letter == 'v')
			dump.all = true;
		else
			prog_usage(1);
	}
	return dump_files(argv + optind, argc - optind);
}
