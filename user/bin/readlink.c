/* SPDX-License-Identifier: MIT */
/* readlink: what a symbolic link says, or (-f) where the path leads in the end. */

#include "path.h"

/* Prints nothing for what is no link; -v says why. */
static bool print_target(const char *path, bool canonical, bool verbose, const char *end)
{
	char *target = canonical ? path_resolve(path) : prog_grow(NULL, PATH_MAX);
	ssize_t length;

	if (target && !canonical) {
		length = readlink(path, target, PATH_MAX - 1);
		if (length >= 0) {
			target[length] = '\0';
		} else {
			free(target);
			target = NULL;
		}
	}
	if (target)
		printf("%s%s", target, end);
	else if (verbose)
		prog_warn(path);
	free(target);
	return target != NULL;
}

int main(int argc, char **argv)
{
	bool canonical = false;
	bool verbose = false;
	const char *end = "\n";
	int status = 0;
	int letter;

	prog_begin("readlink",
		   "[-fnv] FILE...\n"
		   "  -f  follow all links, print an absolute path; its end may be missing\n"
		   "  -n  no newline at the end\n"
		   "  -v  say what is wrong",
		   argc, argv);
	while ((letter = getopt(argc, argv, "fnv")) != -1) {
		if (letter == '?')
			prog_usage(1);
		canonical |= letter == 'f';
		verbose |= letter == 'v';
		if (letter == 'n')
			end = "";
	}
	if (optind == argc)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		if (!print_target(argv[i], canonical, verbose, end))
			status = 1;
	}
	return prog_finish(status);
}
