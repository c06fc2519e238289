/* SPDX-License-Identifier: MIT */
/* strings: what can be read in files that are not text. */

#include <ctype.h>

#include "prog.h"

static struct {
	size_t least; /* -n: so many characters in a row */
	char radix;   /* -t: print where, in decimal, octal or hex */
} option = { .least = 4 };

static void print_offset(unsigned long long offset)
{
	if (option.radix == 'd')
		printf("%7llu ", offset);
	else if (option.radix == 'o')
		printf("%7llo ", offset);
	else if (option.radix == 'x')
		printf("%7llx ", offset);
}

/* The first `least` characters wait in `held` until there are enough of them. */
static bool print_strings(FILE *file, const char *name)
{
	char *held = prog_grow(NULL, option.least);
	unsigned long long offset = 0;
	size_t length = 0;
	int character;

	(void)name;
	while ((character = getc(file)) != EOF) {
		offset++;
		if (!isprint(character) && character != '\t') {
			if (length >= option.least)
				putchar('\n');
			length = 0;
			continue;
		}
		if (length < option.least)
			held[length] = (char)character;
		else
			putchar(character);
		if (++length == option.least) {
			print_offset(offset - length);
			fwrite(held, 1, length, stdout);
		}
	}
	if (length >= option.least)
		putchar('\n');
	free(held);
	return true;
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("strings",
		   "[-n LENGTH] [-t d|o|x] [FILE]...\n"
		   "  -n  how many characters make a string (default: 4)\n"
		   "  -t  print where it is, in decimal, octal or hex",
		   argc, argv);
	while ((letter = getopt(argc, argv, "n:t:")) != -1) {
		if (letter == 'n' && prog_count(optarg, 1) > 0)
			option.least = (size_t)prog_count(optarg, 1);
		else if (letter == 't' && strlen(optarg) == 1 && strchr("dox", optarg[0]))
			option.radix = optarg[0];
		else
			prog_usage(1);
	}
	return prog_finish(prog_each_file(argv + optind, argc - optind, print_strings, 1));
}
