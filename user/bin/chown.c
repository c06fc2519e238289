/* SPDX-License-Identifier: MIT */
/* chown: gives files another owner and another group. */

#include "owner.h"
#include "walk.h"

static const uid_t unchanged_user = (uid_t)-1;
static const gid_t unchanged_group = (gid_t)-1;

static uid_t new_user;
static gid_t new_group;
static bool no_follow; /* -h, and below directories */

static bool change_owner(const char *path, const struct stat *st)
{
	int (*change)(const char *, uid_t, gid_t) = no_follow ? lchown : chown;

	(void)st;
	if (change(path, new_user, new_group) == 0)
		return true;
	prog_warn(path);
	return false;
}

/* "USER", "USER:GROUP", "USER:" (the user's own group), ":GROUP". */
static void parse_owner(char *text)
{
	char *group = strchr(text, ':');

	new_user = unchanged_user;
	new_group = unchanged_group;
	if (group)
		*group++ = '\0';
	if (*text)
		new_user = owner_parse_user(text);
	if (group && *group) {
		new_group = owner_parse_group(group);
	} else if (group && *text) {
		const struct passwd *user = getpwuid(new_user);

		if (!user)
			prog_diex("%s: the user's group is not known", text);
		new_group = user->pw_gid;
	}
}

int main(int argc, char **argv)
{
	bool recursive = false;
	int status = 0;
	int letter;

	prog_begin("chown",
		   "[-hR] [USER][:[GROUP]] FILE...\n"
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
	parse_owner(argv[optind]);
	for (int i = optind + 1; i < argc; i++) {
		if (!walk_argument(argv[i], recursive, change_owner))
			status = 1;
	}
	return status;
}
