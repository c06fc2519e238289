/* SPDX-License-Identifier: MIT */
/* System call: prctl, what a process says about itself. */
#include <abi/prctl.h>

#include "entry/decode.h"
#include "lib/string.h"
#include "proc/signal.h"

/* The name of the thread, and with the first one of the process. */
static int set_name(uaddr_t from)
{
	struct process *p = process_current();
	char name[THREAD_NAME] = "";
	int n = string_from_user(name, from, sizeof(name));

	if (n < 0 && n != -ENAMETOOLONG)
		return n;
	name[THREAD_NAME - 1] = '\0'; /* a longer one is cut */
	spin_lock(&p->lock);
	memcpy(current->name, name, sizeof(name));
	if (current->tid == p->id)
		memcpy(p->name, name, sizeof(name));
	spin_unlock(&p->lock);
	return 0;
}

static int set_flag(bool *flag, uint32_t on)
{
	if (on > 1)
		return -EINVAL;
	*flag = on;
	return 0;
}

SYSCALL_ABI int32_t sys_prctl(uint32_t option, uint32_t arg2, uint32_t arg3, uint32_t arg4,
			      uint32_t arg5)
{
	struct process *p = process_current();

	switch (option) {
	case PR_SET_PDEATHSIG:
		if (arg2 > ABI_SIGNAL_MAX)
			return -EINVAL;
		p->death_signal = (int)arg2;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user32(arg2, (uint32_t)p->death_signal);
	case PR_SET_NAME:
		return set_name(arg2);
	case PR_GET_NAME:
		return copy_to_user(arg2, current->name, sizeof(current->name));
	case PR_GET_DUMPABLE:
		return p->dumpable;
	case PR_SET_DUMPABLE:
		return set_flag(&p->dumpable, arg2);
	case PR_SET_NO_NEW_PRIVS:
		if (arg2 != 1 || arg3 || arg4 || arg5)
			return -EINVAL;
		p->no_new_privileges = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return arg2 || arg3 || arg4 || arg5 ? -EINVAL : p->no_new_privileges;
	default:
		return -EINVAL;
	}
}
