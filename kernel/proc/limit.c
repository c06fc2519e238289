/* SPDX-License-Identifier: MIT */
/* Resource limits. Lock: the process's; proctree_lock keeps another one alive. */
#include "proc/limit.h"

#include "fs/fdtable.h"
#include "lib/errno.h"
#include "proc/process.h"
#include "vm/space.h"

/* All of its user and group numbers are ours. Caller holds proctree_lock. */
static bool limit_is_allowed(struct process *p)
{
	const struct cred *me = &process_current()->cred, *c = &p->cred;
	bool same;

	if (p == process_current() || me->euid == 0)
		return true;
	spin_lock(&p->lock);
	same = me->uid == c->uid && me->uid == c->euid && me->uid == c->suid && me->gid == c->gid &&
	       me->gid == c->egid && me->gid == c->sgid;
	spin_unlock(&p->lock);
	return same;
}

/* Caller holds p->lock. */
static int limit_check(const struct process *p, unsigned resource, const struct abi_rlimit64 *new)
{
	if (new->rlim_cur > new->rlim_max)
		return -EINVAL;
	if (resource == RLIMIT_NOFILE && new->rlim_max > FDTABLE_MAX)
		return -EPERM;
	if (new->rlim_max > p->limits[resource].rlim_max && process_current()->cred.euid != 0)
		return -EPERM;
	return 0;
}

static int limit_exchange(struct process *p, unsigned resource, const struct abi_rlimit64 *new,
			  struct abi_rlimit64 *old)
{
	int err = 0;

	spin_lock(&p->lock);
	if (old)
		*old = p->limits[resource];
	if (new)
		err = limit_check(p, resource, new);
	if (new && !err)
		p->limits[resource] = *new;
	if (new && !err && p->space)
		space_set_limit(p->space, resource, new->rlim_cur);
	spin_unlock(&p->lock);
	return err;
}

int process_limit(pid_t pid, unsigned resource, const struct abi_rlimit64 *new,
		  struct abi_rlimit64 *old)
{
	struct process *me = process_current(), *p;
	int err;

	if (resource >= ABI_RLIMIT_COUNT)
		return -EINVAL;
	spin_lock(&proctree_lock);
	p = pid ? process_find(pid) : me;
	if (!p)
		err = -ESRCH;
	else if (!limit_is_allowed(p))
		err = -EPERM;
	else
		err = limit_exchange(p, resource, new, old);
	spin_unlock(&proctree_lock);
	return err;
}
