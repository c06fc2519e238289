/* SPDX-License-Identifier: MIT */
/* cp: copies files; with -r whole trees, where links and devices stay what they are; with -p
 * modes, owners and times too. */

#include <dirent.h>
#include <fcntl.h>
#include <time.h>

#include "copy.h"

enum { LINK_BYTES = 4096, PERMISSION_BITS = 07777 };

static struct {
	bool ask;       /* -i: before something is replaced */
	bool force;     /* -f: remove a target that cannot be opened */
	bool keep;      /* -n: replace nothing */
	bool preserve;  /* -p */
	bool recursive; /* -r */
	bool verbose;   /* -v */
} option;

static char buffer[PROG_IO_BYTES];

static bool copy_any(const char *from, const char *to);

static bool complain(const char *what)
{
	prog_warn(what);
	return false;
}

/* Owner first: changing it takes the set-id bits away. */
static bool preserve(const char *to, const struct stat *st)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (!option.preserve)
		return true;
	if (lchown(to, st->st_uid, st->st_gid) < 0 && errno != EPERM)
		return complain(to);
	if (!S_ISLNK(st->st_mode) && chmod(to, st->st_mode & PERMISSION_BITS) < 0)
		return complain(to);
	if (utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW) < 0)
		return complain(to);
	return true;
}

static bool copy_bytes(int in, const char *from, int out, const char *to)
{
	ssize_t bytes;

	while ((bytes = read(in, buffer, sizeof(buffer))) != 0) {
		if (bytes < 0)
			return complain(from);
		if (!prog_write(out, buffer, (size_t)bytes))
			return complain(to);
	}
	return true;
}

static int open_target(const char *to, mode_t mode)
{
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);

	if (out < 0 && option.force && unlink(to) == 0)
		out = open(to, O_WRONLY | O_CREAT | O_TRUNC, mode);
	return out;
}

static bool is_same_file(const char *to, const struct stat *st)
{
	struct stat other;

	return stat(to, &other) == 0 && other.st_dev == st->st_dev && other.st_ino == st->st_ino;
}

static bool copy_regular(const char *from, const char *to, const struct stat *st)
{
	bool good;
	int out;
	int in;

	if (is_same_file(to, st)) {
		prog_warnx("%s and %s are the same file", from, to);
		return false;
	}
	in = open(from, O_RDONLY);
	if (in < 0)
		return complain(from);
	out = open_target(to, st->st_mode & PERMISSION_BITS);
	if (out < 0) {
		complain(to);
		close(in);
		return false;
	}
	good = copy_bytes(in, from, out, to);
	close(in);
	if (close(out) < 0 && good)
		good = complain(to);
	return good;
}

static bool copy_link(const char *from, const char *to)
{
	static char target[LINK_BYTES];
	ssize_t length = readlink(from, target, sizeof(target) - 1);

	if (length < 0)
		return complain(from);
	target[length] = '\0';
	if (symlink(target, to) == 0)
		return true;
	if (errno != EEXIST || unlink(to) < 0 || symlink(target, to) < 0)
		return complain(to);
	return true;
}

static bool copy_entries(const char *from, const char *to)
{
	DIR *directory = opendir(from);
	struct dirent *entry;
	bool good = true;

	if (!directory)
		return complain(from);
	while ((errno = 0, entry = readdir(directory)) != NULL) {
		char *source;
		char *target;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		source = prog_join(from, entry->d_name);
		target = prog_join(to, entry->d_name);
		good &= copy_any(source, target);
		free(source);
		free(target);
	}
	if (errno)
		good = complain(from);
	closedir(directory);
	return good;
}

/* True if `to` lies in the tree that is being copied, which would never end. */
static bool is_inside(const char *to, const struct stat *st)
{
	char *parent = strdup(to);
	bool inside = false;
	struct stat above;
	char *next;

	if (!parent)
		prog_die(to);
	next = realpath(dirname(parent), NULL);
	free(parent);
	while (next && !inside && stat(next, &above) == 0) {
		inside = above.st_dev == st->st_dev && above.st_ino == st->st_ino;
		if (strcmp(next, "/") == 0)
			break;
		dirname(next);
	}
	free(next);
	return inside;
}

static bool copy_directory(const char *from, const char *to, const struct stat *st)
{
	mode_t mode = st->st_mode & PERMISSION_BITS;

	if (!option.recursive) {
		prog_warnx("%s: is a directory (-r copies it)", from);
		return false;
	}
	/* Writable while it is filled, whatever it will be afterwards. */
	if (mkdir(to, mode | S_IRWXU) < 0 && (errno != EEXIST || !copy_is_directory(to)))
		return complain(to);
	if (!copy_entries(from, to))
		return false;
	if ((mode & S_IRWXU) != S_IRWXU && chmod(to, mode) < 0)
		return complain(to);
	return true;
}

static bool copy_special(const char *from, const char *to, const struct stat *st)
{
	(void)from;
	if (mknod(to, st->st_mode, st->st_rdev) < 0)
		return complain(to);
	return true;
}

/* Whether a file may be put there. */
static bool may_replace(const char *to)
{
	struct stat st;

	if ((!option.ask && !option.keep) || lstat(to, &st) < 0)
		return true;
	return !option.keep && copy_ask("overwrite", to);
}

static bool copy_any(const char *from, const char *to)
{
	struct stat st;
	bool good;

	if ((option.recursive ? lstat(from, &st) : stat(from, &st)) < 0)
		return complain(from);
	if (!S_ISDIR(st.st_mode) && !may_replace(to))
		return true;
	if (S_ISDIR(st.st_mode))
		good = copy_directory(from, to, &st);
	else if (S_ISLNK(st.st_mode))
		good = copy_link(from, to);
	else if (S_ISREG(st.st_mode) || !option.recursive)
		good = copy_regular(from, to, &st);
	else
		good = copy_special(from, to, &st);
	if (good && option.verbose)
		printf("'%s' -> '%s'\n", from, to);
	return good && preserve(to, &st);
}

static bool copy_argument(const char *from, const char *to)
{
	struct stat st;

	if (option.recursive && stat(from, &st) == 0 && S_ISDIR(st.st_mode) && is_inside(to, &st)) {
		prog_warnx("cannot copy %s into itself", from);
		return false;
	}
	return copy_any(from, to);
}

static void parse_option(int letter)
{
	switch (letter) {
	case 'a':
		option.preserve = option.recursive = true;
		break;
	case 'f':
		option.force = true;
		break;
	case 'i':
		option.ask = true;
		option.keep = false;
		break;
	case 'n':
		option.keep = true;
		option.ask = false;
		break;
	case 'p':
		option.preserve = true;
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
	int letter;

	prog_begin("cp",
		   "[-afinprv] SOURCE... TARGET\n"
		   "  -a  the same as -rp\n"
		   "  -f  remove a target that cannot be opened\n"
		   "  -i  ask before something is replaced; -n replace nothing\n"
		   "  -p  keep modes, owners and times\n"
		   "  -r  directories with all that is in them (also -R)\n"
		   "  -v  say what is copied",
		   argc, argv);
	while ((letter = getopt(argc, argv, "afinprRv")) != -1)
		parse_option(letter);
	if (argc - optind < 2)
		prog_usage(1);
	return prog_finish(copy_each(argv + optind, argc - optind, copy_argument));
}
