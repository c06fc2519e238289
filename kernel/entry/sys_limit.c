/* SPDX-License-Identifier: MIT */
/* System calls: resource limits, in three widths of "infinite". */
#include "entry/decode.h"
#include "proc/limit.h"

static uint64_t widen(uint32_t value)
{
	return value == ABI_RLIM32_INFINITY ? ABI_RLIM64_INFINITY : value;
}

static uint32_t narrow(uint64_t value, uint32_t infinity)
{
	return value > infinity ? infinity : (uint32_t)value;
}

static int32_t getrlimit_common(int32_t resource, uaddr_t limit, uint32_t infinity)
{
	struct abi_rlimit64 now;
	struct abi_rlimit32 out;
	int err = process_limit(0, (unsigned)resource, NULL, &now);

	if (err)
		return err;
	out.rlim_cur = narrow(now.rlim_cur, infinity);
	out.rlim_max = narrow(now.rlim_max, infinity);
	return copy_to_user(limit, &out, sizeof(out));
}

SYSCALL_ABI int32_t sys_getrlimit(int32_t resource, uaddr_t limit)
{
	return getrlimit_common(resource, limit, ABI_RLIM32_OLD_INFINITY);
}

SYSCALL_ABI int32_t sys_ugetrlimit(int32_t resource, uaddr_t limit)
{
	return getrlimit_common(resource, limit, ABI_RLIM32_INFINITY);
}

SYSCALL_ABI int32_t sys_setrlimit(int32_t resource, uaddr_t limit)
{
	struct abi_rlimit32 in;
	struct abi_rlimit64 new;
	int err = copy_from_user(&in, limit, sizeof(in));

	if (err)
		return err;
	new.rlim_cur = widen(in.rlim_cur);
	new.rlim_max = widen(in.rlim_max);
	return process_limit(0, (unsigned)resource, &new, NULL);
}

SYSCALL_ABI int32_t sys_prlimit64(int32_t pid, uint32_t resource, uaddr_t new_limit,
				  uaddr_t old_limit)
{
	struct abi_rlimit64 new, old;
	int err = 0;

	if (new_limit)
		err = copy_from_user(&new, new_limit, sizeof(new));
	if (!err)
		err = process_limit(pid, resource, new_limit ? &new : NULL, &old);
	if (!err && old_limit)
		err = copy_to_user(old_limit, &old, sizeof(old));
	return err;
}
