/* SPDX-License-Identifier: MIT */
/* System calls: processes, who they are and how they begin and end. */
#include <abi/personality.h>
#include <abi/sched.h>
#include <abi/wait.h>

#include "entry/decode.h"
#include "entry/tls.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/times.h"

enum { EXIT_STATUS_SHIFT = 8, EXIT_STATUS_MASK = 0xff };

static int exit_status(int32_t status)
{
	return (status & EXIT_STATUS_MASK) << EXIT_STATUS_SHIFT;
}

SYSCALL_ABI int32_t sys_exit(int32_t status)
{
	process_thread_exit(exit_status(status));
}

SYSCALL_ABI int32_t sys_exit_group(int32_t status)
{
	process_exit(exit_status(status));
}

/* A signal goes first; then the call is made again, whatever its handler says. */
static int32_t fork_common(const struct fork_request *r)
{
	int32_t id = process_fork(r);

	return id == -EINTR ? -ERESTARTNOINTR : id;
}

SYSCALL_ABI int32_t sys_fork(void)
{
	struct fork_request r = { .exit_signal = SIGCHLD };

	return fork_common(&r);
}

SYSCALL_ABI int32_t sys_vfork(void)
{
	struct fork_request r = { .flags = CLONE_VFORK | CLONE_VM, .exit_signal = SIGCHLD };

	return fork_common(&r);
}

static int32_t clone_common(struct fork_request *r, uaddr_t tls)
{
	int err = process_fork_check(r->flags);

	if (!err && (r->flags & CLONE_SETTLS)) {
		memcpy(r->tls, current->tls, sizeof(r->tls));
		err = tls_set_from_user(r->tls, tls, false);
	}
	return err ? err : fork_common(r);
}

SYSCALL_ABI int32_t sys_clone(uint32_t flags, uaddr_t stack, uaddr_t parent_tid, uaddr_t tls,
			      uaddr_t child_tid)
{
	int sig = (int)(flags & CSIGNAL);
	struct fork_request r = {
		.flags = flags & ~(uint32_t)CSIGNAL,
		.exit_signal = sig <= ABI_SIGNAL_MAX ? sig : 0, /* what is none is not sent */
		.stack = stack,
		.parent_tid = parent_tid,
		.child_tid = child_tid,
	};

	return clone_common(&r, tls);
}

/* Reads what the program knows of the struct; the rest is 0. What we do not know must be. */
static int clone_args_get(struct abi_clone_args *a, uaddr_t from, uint32_t size)
{
	uint32_t known = MIN(size, (uint32_t)sizeof(*a));
	int err;

	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < ABI_CLONE_ARGS_MIN)
		return -EINVAL;
	memset(a, 0, sizeof(*a));
	err = copy_from_user(a, from, known);
	for (; !err && known < size; known++) {
		uint8_t byte;

		err = copy_from_user(&byte, from + known, 1);
		if (!err && byte)
			err = -E2BIG;
	}
	return err;
}

static int clone_args_check(const struct abi_clone_args *a)
{
	bool inherits = a->flags & (CLONE_THREAD | CLONE_PARENT);

	if (a->flags >> 32 || (a->flags & (CLONE_DETACHED | CSIGNAL)))
		return -EINVAL;
	if (a->exit_signal > ABI_SIGNAL_MAX || (inherits && a->exit_signal))
		return -EINVAL;
	if (!a->stack != !a->stack_size || a->stack > USER_MAX || a->stack_size > USER_MAX ||
	    a->stack + a->stack_size > USER_MAX)
		return -EINVAL;
	return a->set_tid || a->set_tid_size ? -EINVAL : 0;
}

SYSCALL_ABI int32_t sys_clone3(uaddr_t args, uint32_t size)
{
	struct abi_clone_args a;
	struct fork_request r;
	int err = clone_args_get(&a, args, size);

	if (!err)
		err = clone_args_check(&a);
	if (err)
		return err;
	r = (struct fork_request){
		.flags = (uint32_t)a.flags,
		.exit_signal = (int)a.exit_signal,
		.stack = (uint32_t)(a.stack + a.stack_size),
		.parent_tid = (uaddr_t)a.parent_tid,
		.child_tid = (uaddr_t)a.child_tid,
	};
	return clone_common(&r, (uaddr_t)a.tls);
}

SYSCALL_ABI int32_t sys_execve(uaddr_t path, uaddr_t argv, uaddr_t envp)
{
	struct exec_request r = { .argv = argv, .envp = envp };
	struct user_path p;
	int err = user_path_get(&p, AT_FDCWD, path, 0);

	if (err)
		return err;
	r.path = p.name;
	err = process_exec(&r);
	user_path_put(&p);
	return err;
}

enum { WAIT_COMMON = WNOHANG | WUNTRACED | WCONTINUED | ABI_WNOTHREAD | ABI_WALL };

/* wait4's first argument. */
static struct wait_request wait4_request(int32_t pid, uint32_t options)
{
	struct wait_request r = { .options = options | WEXITED };

	r.which = pid == -1 ? WAIT_ANY : pid > 0 ? WAIT_CHILD : WAIT_GROUP;
	r.id = pid > 0 ? pid : -pid;
	return r;
}

static int32_t wait_common(int32_t pid, uaddr_t status, uint32_t options, uaddr_t usage)
{
	struct wait_request r;
	struct abi_rusage ru;
	int32_t child;
	int err = 0;

	if (options & ~(WAIT_COMMON | ABI_WCLONE))
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	r = wait4_request(pid, options);
	child = process_wait(&r);
	if (child <= 0)
		return syscall_restartable(child);
	if (status)
		err = put_user32(status, (uint32_t)r.status);
	if (usage && !err) {
		accounting_to_rusage(&r.used, &ru);
		err = copy_to_user(usage, &ru, sizeof(ru));
	}
	return err ? err : child;
}

SYSCALL_ABI int32_t sys_wait4(int32_t pid, uaddr_t status, uint32_t options, uaddr_t usage)
{
	return wait_common(pid, status, options, usage);
}

SYSCALL_ABI int32_t sys_waitpid(int32_t pid, uaddr_t status, uint32_t options)
{
	return wait_common(pid, status, options, 0);
}

static int waitid_request(struct wait_request *r, int32_t which, int32_t id, uint32_t options)
{
	uint32_t what = options & (WEXITED | WSTOPPED | WCONTINUED);

	if (!what || (options & ~(WAIT_COMMON | ABI_WCLONE | WEXITED | WNOWAIT)))
		return -EINVAL;
	if (which < P_ALL || which > P_PGID)
		return -EINVAL;
	if ((which == P_PID && id <= 0) || (which == P_PGID && id < 0))
		return -EINVAL;
	r->which = which == P_ALL ? WAIT_ANY : which == P_PID ? WAIT_CHILD : WAIT_GROUP;
	r->id = id;
	r->options = options;
	return 0;
}

/* waitid(2): 0, with no signal in *info when nothing was there (WNOHANG). */
SYSCALL_ABI int32_t sys_waitid(int32_t which, int32_t id, uaddr_t info, uint32_t options,
			       uaddr_t usage)
{
	struct wait_request r = { 0 };
	struct abi_siginfo out = { 0 };
	struct abi_rusage ru;
	int32_t child;
	int err = waitid_request(&r, which, id, options);

	if (err)
		return err;
	child = process_wait(&r);
	if (child < 0)
		return syscall_restartable(child);
	if (child > 0)
		out = signal_info_child(child, r.uid, r.status);
	if (usage && child > 0) {
		accounting_to_rusage(&r.used, &ru);
		err = copy_to_user(usage, &ru, sizeof(ru));
	}
	if (info && !err)
		err = copy_to_user(info, &out, offsetof(struct abi_siginfo, si_utime));
	return err;
}

SYSCALL_ABI int32_t sys_getpid(void)
{
	return process_current()->id;
}

SYSCALL_ABI int32_t sys_gettid(void)
{
	return current->tid;
}

SYSCALL_ABI int32_t sys_getppid(void)
{
	struct process *parent;
	pid_t id;

	spin_lock(&proctree_lock);
	parent = process_current()->parent;
	id = parent ? parent->id : 0;
	spin_unlock(&proctree_lock);
	return id;
}

SYSCALL_ABI int32_t sys_setpgid(int32_t pid, int32_t pgid)
{
	return process_setpgid(pid, pgid);
}

SYSCALL_ABI int32_t sys_getpgid(int32_t pid)
{
	return process_getpgid(pid);
}

SYSCALL_ABI int32_t sys_getpgrp(void)
{
	return process_getpgid(0);
}

SYSCALL_ABI int32_t sys_setsid(void)
{
	return process_setsid();
}

SYSCALL_ABI int32_t sys_getsid(int32_t pid)
{
	return process_getsid(pid);
}

SYSCALL_ABI int32_t sys_set_tid_address(uaddr_t tid)
{
	current->clear_tid = tid;
	return current->tid;
}

SYSCALL_ABI int32_t sys_personality(uint32_t persona)
{
	struct process *p = process_current();
	uint32_t old = p->personality;

	if (persona != ABI_PERSONALITY_QUERY)
		p->personality = persona;
	return (int32_t)old;
}
