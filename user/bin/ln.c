/* SPDX-License-Identifier: MIT */
/* ln: another name for a file, or with -s a symbolic link to a path. */

#include "copy.h"

static struct {
	bool force;    /* -f: remove what has the name already */
	bool symbolic; /* -s */
} option;

static bool make(const char *from, const char *to)
{
	int (*call)(const char *, const char *) = option.symbolic ? symlink : link;

	if (call(from, to) == 0)
		return true;
	if (errno == EEXIST && option.force && unlink(to) == 0 && call(from, to) == 0)
		return true;
	fprintf(stderr, "ln: %s to %s: %s\n", to, from, strerror(errno));
	return false;
}

/* One name: the link gets its last component, here. */
static int make_here(const char *from)
{
	char *base = copy_base_name(from);
	bool good = make(from, base);

	free(base);
	return good ? 0 : 1;
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("ln",
		   "[-fs] SOURCE... [TARGET]\n  -f  replace what is there\n  -s  symbolic links",
		   argc, argv);
	while ((letter = getopt(argc, argv, "fs")) != -1) {
		if (letter == '?')
			prog_usage(1);
		option.force |= letter == 'f';
		option.symbolic |= letter == 's';
	}
	if (optind == argc)
		prog_usage(1);
	if (argc - optind == 1)
		return make_here(argv[optind]);
	return copy_each(argv + optind, argc - optind, make);
}
