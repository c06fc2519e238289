/* SPDX-License-Identifier: MIT */
/* User and group numbers. */
#include <unistd.h>

#include "stubs.h"

/* "Leave this one as it is." */
#define KEEP ((unsigned int)-1)

uid_t getuid(void)
{
	return sys_getuid32();
}

uid_t geteuid(void)
{
	return sys_geteuid32();
}

gid_t getgid(void)
{
	return sys_getgid32();
}

gid_t getegid(void)
{
	return sys_getegid32();
}

int setuid(uid_t uid)
{
	return sys_result(sys_setuid32(uid));
}

int setgid(gid_t gid)
{
	return sys_result(sys_setgid32(gid));
}

int seteuid(uid_t uid)
{
	return sys_result(sys_setresuid32(KEEP, uid, KEEP));
}

int setegid(gid_t gid)
{
	return sys_result(sys_setresgid32(KEEP, gid, KEEP));
}

int setreuid(uid_t ruid, uid_t euid)
{
	return sys_result(sys_setreuid32(ruid, euid));
}

int setregid(gid_t rgid, gid_t egid)
{
	return sys_result(sys_setregid32(rgid, egid));
}

int setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	return sys_result(sys_setresuid32(ruid, euid, suid));
}

int setresgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	return sys_result(sys_setresgid32(rgid, egid, sgid));
}

int getresuid(uid_t *ruid, uid_t *euid, uid_t *suid)
{
	return sys_result(sys_getresuid32(ruid, euid, suid));
}

int getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid)
{
	return sys_result(sys_getresgid32(rgid, egid, sgid));
}

int getgroups(int count, gid_t groups[])
{
	return sys_result(sys_getgroups32(count, groups));
}
