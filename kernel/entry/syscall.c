/* SPDX-License-Identifier: MIT */
/* The dispatch table, made from syscalls.def, and the way back to ring 3. */
#include "entry/syscall.h"

#include "proc/process.h"
#include "proc/signal.h"

enum { INT80_LENGTH = 2 }; /* bytes of `int 0x80` */

static SYSCALL_ABI int32_t syscall_none(void)
{
	return -ENOSYS;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init" /* holes first, then the calls */
const syscall_fn syscall_table[SYSCALL_LIMIT] = {
	[0 ... SYSCALL_LIMIT - 1] = (syscall_fn)syscall_none,
	[0] = (syscall_fn)sys_restart_syscall,
#define SYSCALL(number, name, ...) [number] = (syscall_fn)sys_##name,
#include <syscalls.def>
#undef SYSCALL
};
#pragma GCC diagnostic pop

const uint32_t syscall_count = SYSCALL_LIMIT;

int syscall_unknown(struct trapframe *f)
{
	(void)f;
	return -ENOSYS;
}

SYSCALL_ABI int32_t sys_restart_syscall(void)
{
	struct restart_block *r = &current->restart;

	return r->fn ? r->fn(r) : -EINTR;
}

/* No handler runs: the call that a signal interrupted is made again, as if
 * nothing had happened.
 */
static void syscall_restart(struct trapframe *f)
{
	int32_t result = (int32_t)f->eax;

	if ((int32_t)f->orig_eax < 0)
		return; /* not from a system call */
	if (result == -ERESTARTSYS || result == -ERESTARTNOINTR || result == -ERESTARTNOHAND)
		f->eax = f->orig_eax;
	else if (result == -ERESTART_RESTARTBLOCK)
		f->eax = 0; /* sys_restart_syscall */
	else
		return;
	f->eip -= INT80_LENGTH;
}

void exit_to_user_work(struct trapframe *f)
{
	if (thread_has_work(current, EXIT_SIGNAL)) {
		signal_deliver();
		syscall_restart(f);
	}
	if (thread_has_work(current, EXIT_RESCHED))
		thread_preempt();
}
