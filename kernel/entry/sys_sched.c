/* SPDX-License-Identifier: MIT */
/* System calls: who runs where, and how long. There is one policy for programs, SCHED_OTHER; what
 * asks for another one is told that there is none.
 */
#include <abi/resource.h>
#include <abi/sched.h>

#include "core/percpu.h"
#include "entry/decode.h"
#include "entry/timespec.h"
#include "lib/string.h"
#include "proc/priority.h"
#include "sched/stats.h"
#include "x86/cpu.h"

enum { BITS_PER_BYTE = 8 };

static uint32_t online_cpus(void)
{
	return BIT(cpu_count) - 1;
}

/* A mask shorter than ours is filled up with zeros; a longer one is cut. */
SYSCALL_ABI int32_t sys_sched_setaffinity(int32_t pid, uint32_t size, uaddr_t mask)
{
	struct thread *t;
	uint32_t allowed = 0;
	int err = 0;

	if (size)
		err = copy_from_user(&allowed, mask, MIN(size, (uint32_t)sizeof(allowed)));
	if (!err)
		err = priority_find(pid, true, &t);
	if (err)
		return err;
	if (allowed & online_cpus())
		thread_set_affinity(t, allowed);
	else
		err = -EINVAL;
	thread_put(t);
	return err;
}

/* The bytes written. */
SYSCALL_ABI int32_t sys_sched_getaffinity(int32_t pid, uint32_t size, uaddr_t mask)
{
	struct thread *t;
	uint32_t allowed;
	int err;

	if (size * BITS_PER_BYTE < cpu_count || size % sizeof(allowed) != 0)
		return -EINVAL;
	err = priority_find(pid, false, &t);
	if (err)
		return err;
	allowed = t->affinity & online_cpus();
	thread_put(t);
	err = put_user32(mask, allowed);
	return err ? err : (int32_t)sizeof(allowed);
}

/* There is one node. */
SYSCALL_ABI int32_t sys_getcpu(uaddr_t cpu, uaddr_t node, uaddr_t unused)
{
	int err = cpu ? put_user32(cpu, this_cpu()->id) : 0;

	(void)unused;
	if (!err && node)
		err = put_user32(node, 0);
	return err;
}

/* Who calls it in a loop waits for somebody, perhaps on another CPU: that one may share a core with
 * ours, or take turns with it (QEMU -icount), which a pause ends.
 */
SYSCALL_ABI int32_t sys_sched_yield(void)
{
	thread_yield();
	cpu_pause();
	return 0;
}

/* From 40 down to 1, so that it is no error number. */
SYSCALL_ABI int32_t sys_getpriority(int32_t which, int32_t who)
{
	int nice, err = priority_get(which, who, &nice);

	return err ? err : NICE_MAX + 1 - nice;
}

SYSCALL_ABI int32_t sys_setpriority(int32_t which, int32_t who, int32_t nice)
{
	return priority_set(which, who, nice);
}

SYSCALL_ABI int32_t sys_nice(int32_t step)
{
	const int most = NICE_MAX - NICE_MIN + 1;
	int err = priority_set(PRIO_PROCESS, 0, current->nice + MIN(MAX(step, -most), most));

	return err == -EACCES ? -EPERM : err;
}

/* ---- policies ---- */

/* Whether there is such a thread, which only its owner may change. */
static int check_thread(int32_t pid, bool change)
{
	struct thread *t;
	int err = pid < 0 ? -EINVAL : priority_find(pid, change, &t);

	if (!err)
		thread_put(t);
	return err;
}

/* The only policy has one priority, 0. */
static int set_policy(int32_t pid, int32_t policy, uaddr_t param)
{
	struct abi_sched_param in;
	int err;

	if (!param || pid < 0 || policy < 0)
		return -EINVAL;
	err = copy_from_user(&in, param, sizeof(in));
	if (!err)
		err = check_thread(pid, false);
	if (!err && (policy != SCHED_OTHER || in.sched_priority != 0))
		err = -EINVAL;
	return err ? err : check_thread(pid, true);
}

SYSCALL_ABI int32_t sys_sched_setparam(int32_t pid, uaddr_t param)
{
	return set_policy(pid, SCHED_OTHER, param);
}

SYSCALL_ABI int32_t sys_sched_setscheduler(int32_t pid, int32_t policy, uaddr_t param)
{
	return set_policy(pid, policy, param);
}

SYSCALL_ABI int32_t sys_sched_getparam(int32_t pid, uaddr_t param)
{
	const struct abi_sched_param out = { 0 };
	int err = param ? check_thread(pid, false) : -EINVAL;

	return err ? err : copy_to_user(param, &out, sizeof(out));
}

SYSCALL_ABI int32_t sys_sched_getscheduler(int32_t pid)
{
	int err = check_thread(pid, false);

	return err ? err : SCHED_OTHER;
}

SYSCALL_ABI int32_t sys_sched_get_priority_max(int32_t policy)
{
	return policy == SCHED_OTHER ? 0 : -EINVAL;
}

SYSCALL_ABI int32_t sys_sched_get_priority_min(int32_t policy)
{
	return policy == SCHED_OTHER ? 0 : -EINVAL;
}

static int32_t rr_get_interval_common(int32_t pid, uaddr_t ts, bool wide)
{
	struct thread *t;
	uint64_t slice;
	int err = pid < 0 ? -EINVAL : priority_find(pid, false, &t);

	if (err)
		return err;
	slice = sched_slice_ns(t);
	thread_put(t);
	return timespec_to_user(ts, (ktime_t)slice, wide);
}

SYSCALL_ABI int32_t sys_sched_rr_get_interval(int32_t pid, uaddr_t ts)
{
	return rr_get_interval_common(pid, ts, false);
}

SYSCALL_ABI int32_t sys_sched_rr_get_interval_time64(int32_t pid, uaddr_t ts)
{
	return rr_get_interval_common(pid, ts, true);
}
