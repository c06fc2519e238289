/* SPDX-License-Identifier: MIT */
/* Groups, by /etc/group. */
#include <grp.h>

#include "database.h"

enum { NAME, PASSWORD, GROUP_ID, MEMBERS, FIELDS, MEMBERS_MAX = 64 };

static struct database groups = { .path = "/etc/group" };

void setgrent(void)
{
	database_rewind(&groups);
}

void endgrent(void)
{
	database_rewind(&groups);
}

struct group *getgrent(void)
{
	static char *members[MEMBERS_MAX + 1];
	static struct group group;
	char *fields[FIELDS];
	size_t count = 0;

	if (!database_next(&groups, fields, FIELDS))
		return NULL;
	for (char *member = strtok(fields[MEMBERS], ","); member && count < MEMBERS_MAX;
	     member = strtok(NULL, ","))
		members[count++] = member;
	members[count] = NULL;
	group = (struct group){
		.gr_name = fields[NAME],
		.gr_passwd = fields[PASSWORD],
		.gr_gid = (gid_t)strtoul(fields[GROUP_ID], NULL, 10),
		.gr_mem = members,
	};
	return &group;
}

/* The first one of that name or, with no name, of that number. */
static struct group *find(const char *name, gid_t gid)
{
	struct group *group;

	setgrent();
	while ((group = getgrent()) != NULL) {
		if (name ? strcmp(group->gr_name, name) == 0 : group->gr_gid == gid)
			break;
	}
	endgrent();
	return group;
}

struct group *getgrnam(const char *name)
{
	return find(name, 0);
}

struct group *getgrgid(gid_t gid)
{
	return find(NULL, gid);
}
