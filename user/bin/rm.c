/* SPDX-License-Identifier: MIT */
/* rm: removes names; with -r directories and all that is in them. */

#include <dirent.h>

#include "copy.h"

static struct {
	bool directory; /* -d: empty directories, too */
	bool force;     /* -f: what is not there is fine; ask nothing */
	bool ask;       /* -i */
	bool recursive; /* -r */
	bool verbose;   /* -v */
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

static bool report(const char *what, const char *path)
{
	if (option.verbose)
		printf("removed %s'%s'\n", what, path);
	return true;
}

static bool remove_directory(const char *path)
{
	if (!option.recursive && !option.directory) {
		prog_warnx("%s: is a directory (-r removes it)", path);
		return false;
	}
	if (option.recursive && option.ask && !copy_ask("descend into", path))
		return true;
	if (option.recursive && !empty_directory(path))
		return false;
	if (option.ask && !copy_ask("remove directory", path))
		return true;
	return rmdir(path) == 0 ? report("directory ", path) : complain(path);
}

/* What must not be written is only removed when somebody at a terminal says so. */
static bool is_protected(const char *path, const struct stat *st)
{
	return !option.force && !S_ISLNK(st->st_mode) && isatty(STDIN_FILENO) &&
	       access(path, W_OK) < 0;
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
	if ((option.ask || is_protected(path, &st)) &&
	    !copy_ask(option.ask ? "remove" : "remove write-protected", path))
		return true;
	return unlink(path) == 0 ? report("", path) : complain(path);
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

static void parse_option(int letter)
{
	switch (letter) {
	case 'd':
		option.directory = true;
		break;
	case 'f':
		option.force = true;
		option.ask = false;
		break;
	case 'i':
		option.ask = true;
		option.force = false;
		break;
	case 'r':
	case 'R':
		option.recursive = true;
		break;
	case 'v':
		option.verbose = true;
		break;
	default:
		prog_usage(1);
	}
}

int main(int argc, char **argv)
{
	int status = 0;
	int letter;

	prog_begin("rm",
		   "[-dfirv] FILE...\n"
		   "  -d  empty directories, too\n"
		   "  -f  nothing wrong with files that are not there; ask nothing\n"
		   "  -i  ask before each file\n"
		   "  -r  directories with all that is in them (also -R)\n"
		   "  -v  say what is removed",
		   argc, argv);
	while ((letter = getopt(argc, argv, "dfirRv")) != -1)
		parse_option(letter);
	if (optind == argc && !option.force)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		if (!remove_argument(argv[i]))
			status = 1;
	}
	return prog_finish(status);
}
