/* SPDX-License-Identifier: MIT */
/* which: where PATH finds programs. */

#include <sys/stat.h>

#include "prog.h"

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* Prints the first place, or all of them (-a). */
static bool find_in_path(const char *path, const char *name, bool all)
{
	bool found = false;

	while (path && (!found || all)) {
		size_t length = strcspn(path, ":");
		char *directory = strndup(path, length);
		char *whole;

		if (!directory)
			prog_die(name);
		whole = prog_join(length ? directory : ".", name);
		if (is_program(whole)) {
			puts(whole);
			found = true;
		}
		free(whole);
		free(directory);
		path = path[length] ? path + length + 1 : NULL;
	}
	return found;
}

static bool find(const char *name, bool all)
{
	const char *path = getenv("PATH");

	if (!strchr(name, '/'))
		return find_in_path(path ? path : "/bin", name, all);
	if (is_program(name))
		puts(name);
	return is_program(name);
}

int main(int argc, char **argv)
{
	bool all = false;
	int status = 0;
	int letter;

	prog_begin("which", "[-a] NAME...\n  -a  all places, not only the first", argc, argv);
	while ((letter = getopt(argc, argv, "a")) != -1) {
		if (letter == '?')
			prog_usage(2);
		all = true;
	}
	if (optind == argc)
		prog_usage(2);
	for (int i = optind; i < argc; i++) {
		if (!find(argv[i], all))
			status = 1;
	}
	return prog_finish(status);
}
