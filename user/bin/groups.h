/* SPDX-License-Identifier: MIT */
/* Who is in which groups, for id and groups. */
#ifndef USER_BIN_GROUPS_H
#define USER_BIN_GROUPS_H

#include "owner.h"

enum { GROUPS_MAX = 64 };

struct membership {
	uid_t uid, euid;
	gid_t gid, egid;
	gid_t groups[GROUPS_MAX]; /* the first is the effective one */
	size_t count;
};

static inline void groups_add(struct membership *m, gid_t gid)
{
	for (size_t i = 0; i < m->count; i++) {
		if (m->groups[i] == gid)
			return;
	}
	if (m->count < GROUPS_MAX)
		m->groups[m->count++] = gid;
}

static inline void groups_of_process(struct membership *m)
{
	gid_t own[GROUPS_MAX];
	int n = getgroups(GROUPS_MAX, own);

	*m = (struct membership){
		.uid = getuid(), .euid = geteuid(), .gid = getgid(), .egid = getegid()
	};
	groups_add(m, m->egid);
	for (int i = 0; i < n; i++)
		groups_add(m, own[i]);
}

/* By /etc/passwd and /etc/group; the end if there is no such user. */
static inline void groups_of_user(const char *name, struct membership *m)
{
	const struct passwd *user = getpwnam(name);
	const struct group *group;

	if (!user)
		prog_diex("%s: no such user", name);
	*m = (struct membership){
		.uid = user->pw_uid, .euid = user->pw_uid, .gid = user->pw_gid, .egid = user->pw_gid
	};
	groups_add(m, m->egid);
	setgrent();
	while ((group = getgrent()) != NULL) {
		for (char **member = group->gr_mem; *member; member++) {
			if (strcmp(*member, name) == 0)
				groups_add(m, group->gr_gid);
		}
	}
	endgrent();
}

#endif
