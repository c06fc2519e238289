/* SPDX-License-Identifier: MIT */
/* Names of users and groups, for chgrp, chown, find, ls and stat. */
#ifndef USER_BIN_OWNER_H
#define USER_BIN_OWNER_H

#include <grp.h>
#include <pwd.h>

#include "prog.h"

enum { OWNER_BYTES = 33 };

/* The name of a user in `text`, or the number if there is none. The last one is remembered: most
 * files of a directory have the same owner. */
static inline const char *owner_user(uid_t uid, char text[OWNER_BYTES])
{
	static char last_name[OWNER_BYTES];
	static uid_t last_uid;

	if (!last_name[0] || last_uid != uid) {
		const struct passwd *user = getpwuid(uid);

		last_uid = uid;
		if (user)
			snprintf(last_name, sizeof(last_name), "%s", user->pw_name);
		else
			snprintf(last_name, sizeof(last_name), "%lu", (unsigned long)uid);
	}
	return strcpy(text, last_name);
}

/* The same for a group. */
static inline const char *owner_group(gid_t gid, char text[OWNER_BYTES])
{
	static char last_name[OWNER_BYTES];
	static gid_t last_gid;

	if (!last_name[0] || last_gid != gid) {
		const struct group *group = getgrgid(gid);

		last_gid = gid;
		if (group)
			snprintf(last_name, sizeof(last_name), "%s", group->gr_name);
		else
			snprintf(last_name, sizeof(last_name), "%lu", (unsigned long)gid);
	}
	return strcpy(text, last_name);
}

/* The user of that name or number; the end if there is none. */
static inline uid_t owner_parse_user(const char *text)
{
	const struct passwd *user = getpwnam(text);
	long long number;

	if (user)
		return user->pw_uid;
	if (!prog_number(text, &number) || number < 0 || number >= UINT32_MAX)
		prog_diex("%s: no such user", text);
	return (uid_t)number;
}

static inline gid_t owner_parse_group(const char *text)
{
	const struct group *group = getgrnam(text);
	long long number;

	if (group)
		return group->gr_gid;
	if (!prog_number(text, &number) || number < 0 || number >= UINT32_MAX)
		prog_diex("%s: no such group", text);
	return (gid_t)number;
}

#endif
