/* SPDX-License-Identifier: MIT */
/* mv: gives files another name. Between file systems, where rename() cannot, cp and rm do the
 * work. */

#include <sys/wait.h>

#include "copy.h"

/* Runs a program with up to four arguments; true if it was content. */
static bool run(const char *program, const char *option, const char *first, const char *second)
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		prog_die("fork");
	if (pid == 0) {
		execlp(program, program, option, "--", first, second, (char *)NULL);
		prog_warn(program);
		_exit(1);
	}
	if (waitpid(pid, &status, 0) < 0)
		prog_die("waitpid");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static struct {
	char existing; /* targets that are there: f replace, i ask, n leave alone */
	bool verbose;  /* -v */
} option = { .existing = 'f' };

/* The same file under both names stays where it is. */
static bool is_same(const char *from, const char *to)
{
	struct stat a;
	struct stat b;

	return lstat(from, &a) == 0 && lstat(to, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

/* Whether `to` may be replaced. */
static bool may_replace(const char *to)
{
	struct stat st;

	if (option.existing == 'f' || lstat(to, &st) < 0)
		return true;
	return option.existing == 'i' && copy_ask("overwrite", to);
}

static bool move(const char *from, const char *to)
{
	bool good;

	if (is_same(from, to)) {
		prog_warnx("%s and %s are the same file", from, to);
		return false;
	}
	if (!may_replace(to))
		return true;
	good = rename(from, to) == 0;
	if (!good && errno == EXDEV) {
		good = run("cp", "-a", from, to) && run("rm", "-rf", from, NULL);
	} else if (!good) {
		fprintf(stderr, "mv: %s to %s: %s\n", from, to, strerror(errno));
	}
	if (good && option.verbose)
		printf("renamed '%s' -> '%s'\n", from, to);
	return good;
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("mv",
		   "[-finv] SOURCE... TARGET\n"
		   "  -f  replace what is there (default)\n"
		   "  -i  ask before something is replaced\n"
		   "  -n  replace nothing\n"
		   "  -v  say what is moved",
		   argc, argv);
	while ((letter = getopt(argc, argv, "finv")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 'v')
			option.verbose = true;
		else
			option.existing = (char)letter;
	}
	if (argc - optind < 2)
		prog_usage(1);
	return prog_finish(copy_each(argv + optind, argc - optind, move));
}
