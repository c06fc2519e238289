/* SPDX-License-Identifier: MIT */
/* The groups of /etc/group. */
#pragma once

#include <sys/types.h>

struct group {
	char *gr_name;
	char *gr_passwd;
	gid_t gr_gid;
	char **gr_mem; /* names of members, NULL behind the last */
};

/* NULL if there is no such group; the result lasts until the next call of any of them. */
struct group *getgrnam(const char *name);
struct group *getgrgid(gid_t gid);
struct group *getgrent(void);
void setgrent(void);
void endgrent(void);
