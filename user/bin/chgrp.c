/* SPDX-License-Identifier: MIT */
/* chgrp: gives files another group. */

#include "owner.h"
#include "walk.h"

static gid_t new_group;
static bool no_follow; /* -h, and below directories */

static bool change_group(const char *path, const struct stat *st)
{
	int (*change)(const char *, uid_t, gid_t) = no_follow ? lchown : chown;

	(void)st;
	if (change(path, (uid_t)-1, new_group) == 0)
		return true;
	prog_warn(path);
	return false;
}

int main(int argc, char **argv)
{
	bool recursive = false;
	int status = 0;
	int letter;

	prog_begin("chgrp",
		   "[-hR] GROUP FILE...\n"
		   "  -h  links themselves, not what they lead to\n"
		   "  -R  directories with all that is in them",
		   argc, argv);
	while ((letter = getopt(argc, argv, "hR")) != -1) {
		if (letter == '?')
			prog_usage(1);
		recursive |= letter == 'R';
		no_follow = true;
	}
	if (argc - optind < 2)
		prog_usage(1);
	new_group = owner_parse_group(argv[optind]);
	for (int i = optind + 1; i < argc; i++) {
		if (!walk_argument(argv[i], recursive, change_group))
			status = 1;
	}
	return status;
}
