/* SPDX-License-Identifier: MIT */
/* rm: removes names; with -r directories and all that is in them. It never asks. */

#include <dirent.h>
#include <sys/stat.h>

#include "prog.h"

static struct {
	bool force;     /* -f: what is not there is fine */
	bool recursive; /* -r */
} option;

static bool remove_any(const char *path);

static bool complain(const char *what)
{
	prog_warn(what);
	return false;
}

static bool is_dot(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes all it can, also after a failure. */
static bool empty_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	bool good = true;

	if (!directory)
		return complain(path);
	while ((errno = 0, entry = readdir(directory)) != NULL) {
		char *inner;

		if (is_dot(entry->d_name))
			continue;
		inner = prog_join(path, entry->d_name);
		good &= remove_any(inner);
		free(inner);
	}
	if (errno)
		good = complain(path);
	closedir(directory);
	return good;
}

static bool remove_directory(const char *path)
{
	if (!option.recursive) {
		prog_warnx("%s: is a directory (-r removes it)", path);
		return false;
	}
	if (!empty_directory(path))
		return false;
	return rmdir(path) == 0 || complain(path);
}

static bool remove_any(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0) {
		if (errno == ENOENT && option.force)
			return true;
		return complain(path);
	}
	if (S_ISDIR(st.st_mode))
		return remove_directory(path);
	return unlink(path) == 0 || complain(path);
}

/* `.` and `..` cannot be removed by name; `/` would be a slip. */
static bool remove_argument(const char *path)
{
	const char *base = strrchr(path, '/');

	base = base ? base + 1 : path;
	if (is_dot(base) || strcmp(path, "/") == 0) {
		prog_warnx("will not remove %s", path);
		return false;
	}
	return remove_any(path);
}

int main(int argc, char **argv)
{
	int status = 0;
	int letter;

	prog_begin("rm", "[-frR] FILE...", argc, argv);
	while ((letter = getopt(argc, argv, "frR")) != -1) {
		if (letter == '?')
			prog_usage(1);
		option.force |= letter == 'f';
		option.recursive |= letter != 'f';
	}
	if (optind == argc && !option.force)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		if (!remove_argument(argv[i]))
			status = 1;
	}
	return status;
}
