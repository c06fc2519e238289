/* SPDX-License-Identifier: MIT */
/* System calls: user and group identities (man 7 credentials). The rules stand in
 * proc/cred.c.
 */
#include "entry/decode.h"
#include "proc/cred.h"

enum { ID_16_MAX = 0xffff, ID_16_OVERFLOW = 65534 };

/* What the calls of 16 bits show of a larger number. */
static int32_t id16(uint32_t id)
{
	return id > ID_16_MAX ? ID_16_OVERFLOW : (int32_t)id;
}

SYSCALL_ABI int32_t sys_getuid(void)
{
	return id16(current_cred()->uid);
}

SYSCALL_ABI int32_t sys_geteuid(void)
{
	return id16(current_cred()->euid);
}

SYSCALL_ABI int32_t sys_getgid(void)
{
	return id16(current_cred()->gid);
}

SYSCALL_ABI int32_t sys_getegid(void)
{
	return id16(current_cred()->egid);
}

SYSCALL_ABI int32_t sys_getuid32(void)
{
	return (int32_t)current_cred()->uid;
}

SYSCALL_ABI int32_t sys_geteuid32(void)
{
	return (int32_t)current_cred()->euid;
}

SYSCALL_ABI int32_t sys_getgid32(void)
{
	return (int32_t)current_cred()->gid;
}

SYSCALL_ABI int32_t sys_getegid32(void)
{
	return (int32_t)current_cred()->egid;
}

static int32_t put_three(uaddr_t a, uint32_t x, uaddr_t b, uint32_t y, uaddr_t c, uint32_t z)
{
	int err = put_user32(a, x);

	if (!err)
		err = put_user32(b, y);
	return err ? err : put_user32(c, z);
}

SYSCALL_ABI int32_t sys_getresuid32(uaddr_t ruid, uaddr_t euid, uaddr_t suid)
{
	const struct cred *c = current_cred();

	return put_three(ruid, c->uid, euid, c->euid, suid, c->suid);
}

SYSCALL_ABI int32_t sys_getresgid32(uaddr_t rgid, uaddr_t egid, uaddr_t sgid)
{
	const struct cred *c = current_cred();

	return put_three(rgid, c->gid, egid, c->egid, sgid, c->sgid);
}

SYSCALL_ABI int32_t sys_setuid32(uint32_t uid)
{
	return cred_setuid(uid);
}

SYSCALL_ABI int32_t sys_setgid32(uint32_t gid)
{
	return cred_setgid(gid);
}

SYSCALL_ABI int32_t sys_setreuid32(uint32_t ruid, uint32_t euid)
{
	return cred_setreuid(ruid, euid);
}

SYSCALL_ABI int32_t sys_setregid32(uint32_t rgid, uint32_t egid)
{
	return cred_setregid(rgid, egid);
}

SYSCALL_ABI int32_t sys_setresuid32(uint32_t ruid, uint32_t euid, uint32_t suid)
{
	return cred_setresuid(ruid, euid, suid);
}

SYSCALL_ABI int32_t sys_setresgid32(uint32_t rgid, uint32_t egid, uint32_t sgid)
{
	return cred_setresgid(rgid, egid, sgid);
}

SYSCALL_ABI int32_t sys_getgroups32(int32_t group_count, uaddr_t groups)
{
	const struct cred *c = current_cred();
	int err;

	if (group_count < 0)
		return -EINVAL;
	if (group_count == 0 || c->ngroups == 0)
		return (int32_t)c->ngroups;
	if ((unsigned)group_count < c->ngroups)
		return -EINVAL;
	err = copy_to_user(groups, c->groups, c->ngroups * sizeof(c->groups[0]));
	return err ? err : (int32_t)c->ngroups;
}

SYSCALL_ABI int32_t sys_setgroups32(int32_t group_count, uaddr_t groups)
{
	gid_t list[CRED_GROUPS];
	int err;

	if (current_cred()->euid != 0)
		return -EPERM;
	if (group_count < 0 || group_count > CRED_GROUPS)
		return -EINVAL;
	err = copy_from_user(list, groups, (size_t)group_count * sizeof(list[0]));
	return err ? err : cred_setgroups(list, (unsigned)group_count);
}
