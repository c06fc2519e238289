/* SPDX-License-Identifier: MIT */
/* getopt: letters. Operands met on the way are moved behind the options, as
 * GNU's does, so that `ls dir -l` works. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "options.h"

char *optarg;
int optind = 1, opterr = 1, optopt;

static const char *next_letter; /* in a word of several, else NULL */
static int operands;            /* moved behind the present option word */

static int is_option(const char *word)
{
	return word[0] == '-' && word[1] != '\0';
}

/* Moves the word at from down to to, those between up by one. */
static void word_move(char **argv, int from, int to)
{
	char *word = argv[from];

	for (; from > to; from--)
		argv[from] = argv[from - 1];
	argv[to] = word;
}

/* The first option at or behind optind, or argc. */
static int option_index(int argc, char *const argv[])
{
	int i = optind;

	while (i < argc && !is_option(argv[i]))
		i++;
	return i;
}

enum option_word __option_find(int argc, char *const argv[], int in_order)
{
	int found;

	if (optind == 0) { /* a program may start over */
		optind = 1;
		next_letter = NULL;
	}
	if (next_letter && *next_letter)
		return OPTION_SHORT;
	next_letter = NULL;
	found = in_order ? optind : option_index(argc, argv);
	if (found >= argc || !is_option(argv[found]))
		return OPTION_NONE;
	operands = found - optind;
	word_move((char **)argv, found, optind);
	if (!strcmp(argv[optind], "--")) {
		optind++;
		return OPTION_NONE;
	}
	next_letter = argv[optind] + 1;
	return *next_letter == '-' ? OPTION_LONG : OPTION_SHORT;
}

void __option_reset(void)
{
	next_letter = NULL;
}

/* The operands that were moved lie between the option and this word. */
char *__option_take_word(int argc, char *const argv[])
{
	if (optind + operands >= argc)
		return NULL;
	word_move((char **)argv, optind + operands, optind);
	return argv[optind++];
}

static int complain(const char *program, const char *options, const char *what, int letter)
{
	if (opterr && *options != ':')
		fprintf(stderr, "%s: %s -- '%c'\n", program, what, letter);
	return '?';
}

/* The argument of the letter just read: the rest of the word, or a word. */
static int option_argument(int argc, char *const argv[], const char *options, int letter)
{
	const char *rest = next_letter;

	next_letter = NULL;
	optind++;
	optarg = *rest ? (char *)rest : __option_take_word(argc, argv);
	if (optarg)
		return letter;
	complain(argv[0], options, "option requires an argument", letter);
	return *options == ':' ? ':' : '?';
}

int __option_letter(int argc, char *const argv[], const char *options)
{
	int letter = (unsigned char)*next_letter++;
	const char *known = letter == ':' ? NULL : strchr(options, letter);

	optarg = NULL;
	optopt = letter;
	if (known && known[1] == ':' && known[2] != ':')
		return option_argument(argc, argv, options, letter);
	if (known && known[1] == ':' && *next_letter) { /* optional: only in the word */
		optarg = (char *)next_letter;
		next_letter = "";
	}
	if (!*next_letter) {
		next_letter = NULL;
		optind++;
	}
	if (!known)
		return complain(argv[0], options, "invalid option", letter);
	return letter;
}

int getopt(int argc, char *const argv[], const char *options)
{
	int in_order = *options == '+';

	options += in_order;
	if (__option_find(argc, argv, in_order) == OPTION_NONE)
		return -1;
	return __option_letter(argc, argv, options);
}
