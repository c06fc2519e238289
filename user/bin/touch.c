/* SPDX-License-Identifier: MIT */
/* touch: sets the times of files to now, or to those of another file (-r); makes missing files
 * unless -c. */

#include <fcntl.h>
#include <sys/stat.h>

#include "prog.h"

enum { NEW_FILE_MODE = 0666 };

/* `times`: as utimensat() takes them, NULL for now. */
static bool touch(const char *path, const struct timespec *times, bool create)
{
	int fd;

	if (utimensat(AT_FDCWD, path, times, 0) == 0)
		return true;
	if (errno == ENOENT && !create)
		return true;
	if (errno == ENOENT) {
		fd = open(path, O_WRONLY | O_CREAT, NEW_FILE_MODE);
		if (fd >= 0) {
			bool good = !times || futimens(fd, times) == 0;

			close(fd);
			if (good)
				return true;
		}
	}
	prog_warn(path);
	return false;
}

int main(int argc, char **argv)
{
	struct timespec times[2];
	bool have_times = false;
	bool create = true;
	int status = 0;
	int letter;

	prog_begin("touch", "[-c] [-r FILE] FILE...", argc, argv);
	while ((letter = getopt(argc, argv, "cr:")) != -1) {
		struct stat st;

		if (letter == '?')
			prog_usage(1);
		if (letter == 'c') {
			create = false;
			continue;
		}
		if (stat(optarg, &st) < 0)
			prog_die(optarg);
		times[0] = st.st_atim;
		times[1] = st.st_mtim;
		have_times = true;
	}
	if (optind == argc)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		if (!touch(argv[i], have_times ? times : NULL, create))
			status = 1;
	}
	return status;
}
