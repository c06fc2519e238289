/* SPDX-License-Identifier: MIT */
/* Changing the current process's identity by Linux's rules (man 2 setuid,
 * setreuid, setresuid). Who has effective user 0 may do all of it. 0 or -EPERM,
 * -EINVAL. (uid_t)-1 means unchanged in the calls with several.
 */
#ifndef PROC_CRED_H
#define PROC_CRED_H

#include "fs/cred.h"

int cred_setuid(uid_t uid) __must_check;
int cred_setgid(gid_t gid) __must_check;
int cred_setreuid(uid_t ruid, uid_t euid) __must_check;
int cred_setregid(gid_t rgid, gid_t egid) __must_check;
int cred_setresuid(uid_t ruid, uid_t euid, uid_t suid) __must_check;
int cred_setresgid(gid_t rgid, gid_t egid, gid_t sgid) __must_check;
int cred_setgroups(const gid_t *groups, unsigned n) __must_check;

#endif
