/* SPDX-License-Identifier: MIT */
/* Users, by /etc/passwd. */
#include <pwd.h>

#include "database.h"

enum { NAME, PASSWORD, USER_ID, GROUP_ID, COMMENT, HOME, SHELL, FIELDS };

static struct database users = { .path = "/etc/passwd" };

void setpwent(void)
{
	database_rewind(&users);
}

void endpwent(void)
{
	database_rewind(&users);
}

struct passwd *getpwent(void)
{
	static struct passwd user;
	char *fields[FIELDS];

	if (!database_next(&users, fields, FIELDS))
		return NULL;
	user = (struct passwd){
		.pw_name = fields[NAME],
		.pw_passwd = fields[PASSWORD],
		.pw_uid = (uid_t)strtoul(fields[USER_ID], NULL, 10),
		.pw_gid = (gid_t)strtoul(fields[GROUP_ID], NULL, 10),
		.pw_gecos = fields[COMMENT],
		.pw_dir = fields[HOME],
		.pw_shell = fields[SHELL],
	};
	return &user;
}

/* The first one of that name or, with no name, of that number. */
static struct passwd *find(const char *name, uid_t uid)
{
	struct passwd *user;

	setpwent();
	while ((user = getpwent()) != NULL) {
		if (name ? strcmp(user->pw_name, name) == 0 : user->pw_uid == uid)
			break;
	}
	endpwent();
	return user;
}

struct passwd *getpwnam(const char *name)
{
	return find(name, 0);
}

struct passwd *getpwuid(uid_t uid)
{
	return find(NULL, uid);
}
