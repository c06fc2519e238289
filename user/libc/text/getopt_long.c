/* SPDX-License-Identifier: MIT */
/* getopt_long: words after "--", or any beginning of them that is unique. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "options.h"

/* The option a word names: exactly, or as the only one it begins. Returns its
 * index, -1 for none, -2 for several. */
static int long_find(const struct option *list, const char *word, size_t length)
{
	int found = -1;

	for (int i = 0; list[i].name; i++) {
		if (strncmp(list[i].name, word, length))
			continue;
		if (!list[i].name[length])
			return i;
		found = found == -1 ? i : -2;
	}
	return found;
}

static int long_complain(char *const argv[], const char *options, const char *format,
			 const char *name, int length) __attribute__((format(printf, 3, 0)));
static int long_complain(char *const argv[], const char *options, const char *format,
			 const char *name, int length)
{
	if (opterr && *options != ':') {
		fprintf(stderr, "%s: ", argv[0]);
		fprintf(stderr, format, length, name);
	}
	return '?';
}

/* The argument: behind '=', or the next word when one is required. */
static int long_argument(int argc, char *const argv[], const char *options,
			 const struct option *option, char *value)
{
	int length = (int)strlen(option->name);

	optopt = option->val;
	optarg = value;
	if (value && option->has_arg == no_argument)
		return long_complain(argv, options, "option '--%.*s' doesn't allow an argument\n",
				     option->name, length);
	if (value || option->has_arg != required_argument)
		return 0;
	optarg = __option_take_word(argc, argv);
	if (optarg)
		return 0;
	long_complain(argv, options, "option '--%.*s' requires an argument\n", option->name,
		      length);
	return *options == ':' ? ':' : '?';
}

static int long_option(int argc, char *const argv[], const char *options, const struct option *list,
		       int *index)
{
	const char *word = argv[optind++] + 2;
	int length = (int)strcspn(word, "="), found, failed;

	found = long_find(list, word, length);
	optopt = 0;
	if (found == -1)
		return long_complain(argv, options, "unrecognized option '--%.*s'\n", word, length);
	if (found < 0)
		return long_complain(argv, options, "option '--%.*s' is ambiguous\n", word, length);
	failed = long_argument(argc, argv, options, &list[found],
			       word[length] ? (char *)word + length + 1 : NULL);
	if (failed)
		return failed;
	if (index)
		*index = found;
	if (!list[found].flag)
		return list[found].val;
	*list[found].flag = list[found].val;
	return 0;
}

int getopt_long(int argc, char *const argv[], const char *options,
		const struct option *long_options, int *long_index)
{
	int in_order = *options == '+';

	options += in_order;
	switch (__option_find(argc, argv, in_order)) {
	case OPTION_NONE:
		return -1;
	case OPTION_SHORT:
		return __option_letter(argc, argv, options);
	default:
		__option_reset();
		return long_option(argc, argv, options, long_options, long_index);
	}
}
