/* SPDX-License-Identifier: MIT */
/* mkdir: makes directories; with -p those above them too, and none that is there is an error. */

#include "mode.h"

enum { NEW_DIRECTORY_MODE = 0777 };

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool make(const char *path, bool existing_is_fine)
{
	if (mkdir(path, NEW_DIRECTORY_MODE) == 0)
		return true;
	if (existing_is_fine && errno == EEXIST && is_directory(path))
		return true;
	prog_warn(path);
	return false;
}

/* Cuts the path at each slash in turn. */
static bool make_with_parents(char *path)
{
	for (char *at = path + strspn(path, "/"); (at = strchr(at, '/')) != NULL; at++) {
		bool good;

		*at = '\0';
		good = make(path, true);
		*at = '/';
		if (!good)
			return false;
	}
	return make(path, true);
}

int main(int argc, char **argv)
{
	const char *mode = NULL;
	bool parents = false;
	int status = 0;
	int letter;

	prog_begin("mkdir",
		   "[-p] [-m MODE] DIRECTORY...\n"
		   "  -m  permissions, as chmod takes them\n"
		   "  -p  make those above, too, and accept those that are there",
		   argc, argv);
	while ((letter = getopt(argc, argv, "m:p")) != -1) {
		if (letter == '?')
			prog_usage(1);
		parents |= letter == 'p';
		mode = letter == 'm' ? optarg : mode;
		if (mode)
			mode_argument(mode, S_IFDIR);
	}
	if (optind == argc)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		if (!(parents ? make_with_parents(argv[i]) : make(argv[i], false))) {
			status = 1;
		} else if (mode &&
			   chmod(argv[i], mode_argument(mode, S_IFDIR | NEW_DIRECTORY_MODE)) < 0) {
			prog_warn(argv[i]);
			status = 1;
		}
	}
	return status;
}
