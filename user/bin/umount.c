/* SPDX-License-Identifier: MIT */
/* umount: takes file systems out of the tree, with all that was changed written. */

#include <sys/mount.h>

#include "mounts.h"

enum { FAILED = 32 };

/* The directory that a device is mounted on, in new memory; else the name itself. */
static char *where(const char *name)
{
	struct mount_line line;
	FILE *file = mounts_open();
	char *dir = prog_copy(name);

	while (mounts_next(file, &line)) {
		if (name[0] != '/' || strcmp(line.source, name) != 0)
			continue;
		free(dir);
		dir = prog_copy(line.dir);
	}
	fclose(file);
	return dir;
}

int main(int argc, char **argv)
{
	int status = 0;

	prog_begin("umount", "DIRECTORY|DEVICE...", argc, argv);
	if (argc < 2 || argv[1][0] == '-')
		prog_usage(1);
	for (int i = 1; i < argc; i++) {
		char *dir = where(argv[i]);

		if (umount(dir) < 0) {
			prog_warn(argv[i]);
			status = FAILED;
		}
		free(dir);
	}
	return status;
}
