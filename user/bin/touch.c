/* SPDX-License-Identifier: MIT */
/* touch: sets the times of files to now, or to a given time; makes files that are missing. */

#include <fcntl.h>
#include <sys/stat.h>

#include "when.h"

enum { NEW_FILE_MODE = 0666, TIMES = 2 };

static struct {
	bool keep;        /* -c: make no file */
	bool no_follow;   /* -h */
	bool only_access; /* -a */
	bool only_change; /* -m */
	struct timespec times[TIMES];
} option = { .times = { { .tv_nsec = UTIME_NOW }, { .tv_nsec = UTIME_NOW } } };

static bool touch(const char *path)
{
	int fd;

	if (utimensat(AT_FDCWD, path, option.times, option.no_follow ? AT_SYMLINK_NOFOLLOW : 0) ==
	    0)
		return true;
	if (errno == ENOENT && (option.keep || option.no_follow))
		return option.keep;
	if (errno == ENOENT) {
		fd = open(path, O_WRONLY | O_CREAT, NEW_FILE_MODE);
		if (fd >= 0) {
			bool good = futimens(fd, option.times) == 0;

			close(fd);
			if (good)
				return true;
		}
	}
	prog_warn(path);
	return false;
}

static void copy_times(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		prog_die(path);
	option.times[0] = st.st_atim;
	option.times[1] = st.st_mtim;
}

static void set_times(const char *text, bool digits)
{
	struct timespec when;

	if (!(digits ? when_parse_digits(text, &when) : when_parse(text, &when)))
		prog_diex("invalid date '%s'", text);
	option.times[0] = option.times[1] = when;
}

static void parse_option(int letter)
{
	switch (letter) {
	case 'a':
		option.only_access = true;
		break;
	case 'c':
		option.keep = true;
		break;
	case 'd':
	case 't':
		set_times(optarg, letter == 't');
		break;
	case 'h':
		option.no_follow = true;
		break;
	case 'm':
		option.only_change = true;
		break;
	case 'r':
		copy_times(optarg);
		break;
	default:
		prog_usage(1);
	}
}

int main(int argc, char **argv)
{
	int status = 0;
	int letter;

	prog_begin("touch",
		   "[-achm] [-d TIME | -t TIME | -r FILE] FILE...\n"
		   "  -a  only the time of the last access; -m only that of the last change\n"
		   "  -c  make no file that is not there\n"
		   "  -d  a time like '2026-11-20 19:30', '19:30:15', yesterday, @SECONDS\n"
		   "  -h  links themselves, not what they lead to\n"
		   "  -r  the times of that file\n"
		   "  -t  a time like [[CC]YY]MMDDhhmm[.SS]",
		   argc, argv);
	while ((letter = getopt(argc, argv, "acd:hmr:t:")) != -1)
		parse_option(letter);
	if (optind == argc)
		prog_usage(1);
	if (option.only_access && !option.only_change)
		option.times[1].tv_nsec = UTIME_OMIT;
	if (option.only_change && !option.only_access)
		option.times[0].tv_nsec = UTIME_OMIT;
	for (int i = optind; i < argc; i++) {
		if (!touch(argv[i]))
			status = 1;
	}
	return status;
}
