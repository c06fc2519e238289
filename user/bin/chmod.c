/* SPDX-License-Identifier: MIT */
/* chmod: changes permissions. */

#include "mode.h"
#include "walk.h"

static const char *wanted;
static bool recursive;
static bool verbose;

static bool change_file(const char *path, const struct stat *st)
{
	mode_t mode;

	/* A link in a tree has no permissions of its own, and may lead out of it. */
	if (recursive && S_ISLNK(st->st_mode))
		return true;
	mode = mode_argument(wanted, st->st_mode);
	if (chmod(path, mode) < 0) {
		prog_warn(path);
		return false;
	}
	if (verbose)
		printf("%s: %04o\n", path, (unsigned)mode);
	return true;
}

/* Options end where a mode like -w begins. */
static int parse_options(char **argv)
{
	int i = 1;

	for (; argv[i] && argv[i][0] == '-' && argv[i][1]; i++) {
		if (strcmp(argv[i], "--") == 0)
			return i + 1;
		if (strspn(argv[i] + 1, "Rv") != strlen(argv[i] + 1))
			break;
		recursive |= strchr(argv[i], 'R') != NULL;
		verbose |= strchr(argv[i], 'v') != NULL;
	}
	return i;
}

int main(int argc, char **argv)
{
	int status = 0;
	int first;

	prog_begin("chmod",
		   "[-Rv] MODE FILE...\n"
		   "  -R  directories with all that is in them\n"
		   "  -v  say what became of each file\n"
		   "  A mode is octal, or like u+x,go-w: [ugoa...][+-=][rwxXst...],...",
		   argc, argv);
	first = parse_options(argv);
	if (argc - first < 2)
		prog_usage(1);
	wanted = argv[first];
	mode_argument(wanted, 0);
	for (int i = first + 1; i < argc; i++) {
		if (!walk_argument(argv[i], recursive, change_file))
			status = 1;
	}
	return prog_finish(status);
}
