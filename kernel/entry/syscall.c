/* SPDX-License-Identifier: MIT */
/* The dispatch table, made from syscalls.def, and the way back to ring 3. */
#include "entry/syscall.h"

#include "entry/signal_frame.h"
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

/* The call is made again, with that number, by the same instruction. */
static void syscall_again(struct trapframe *f, uint32_t number)
{
	f->eax = number;
	f->eip -= INT80_LENGTH;
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
		syscall_again(f, f->orig_eax);
	else if (result == -ERESTART_RESTARTBLOCK)
		syscall_again(f, 0); /* sys_restart_syscall */
}

/* A handler runs first: then the program sees EINTR, or the call is made again. */
static void syscall_interrupt(struct trapframe *f, uint32_t flags)
{
	int32_t result = (int32_t)f->eax;

	if ((int32_t)f->orig_eax < 0)
		return;
	if (result == -ERESTARTNOINTR || (result == -ERESTARTSYS && (flags & SA_RESTART)))
		syscall_again(f, f->orig_eax);
	else if (result == -ERESTARTSYS || result == -ERESTARTNOHAND ||
		 result == -ERESTART_RESTARTBLOCK)
		f->eax = (uint32_t)-EINTR;
}

static void signals_act(struct trapframe *f)
{
	struct signal_caught caught;

	if (signal_next(&caught)) {
		syscall_interrupt(f, caught.action.flags);
		signal_frame_enter(f, &caught);
		return;
	}
	syscall_restart(f);
	signal_mask_restore();
}

void exit_to_user_work(struct trapframe *f)
{
	if (thread_has_work(current, EXIT_TICK)) {
		thread_clear_work(current, EXIT_TICK);
		itimers_tick();
	}
	if (thread_has_work(current, EXIT_SIGNAL))
		signals_act(f);
	if (thread_has_work(current, EXIT_RESCHED))
		thread_preempt();
}
