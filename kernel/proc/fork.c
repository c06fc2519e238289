/* SPDX-License-Identifier: MIT */
/* fork, vfork and clone: another process with one thread or, with CLONE_THREAD, another
 * thread of this one. It leaves the kernel as if it had returned 0 from the same call. Built
 * unseen, published last; nothing fails after that. A signal that came meanwhile
 * goes first, and the call is made again: one sent to the group would miss the child.
 */
#include <abi/sched.h>

#include "fs/fdtable.h"
#include "fs/namei.h"
#include "fs/vnode.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "proc/exec.h"
#include "proc/oom.h"
#include "proc/process.h"
#include "sched/kstack.h"
#include "vm/space.h"

/* What threads of a process share here always and processes never; memory and descriptors
 * may be shared by both.
 */
#define FLAGS_OF_GROUP (CLONE_THREAD | CLONE_SIGHAND | CLONE_FS)
#define FLAGS_OF_THREAD (FLAGS_OF_GROUP | CLONE_VM | CLONE_FILES)
#define FLAGS_NOT_OFFERED \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
	 CLONE_NEWPID | CLONE_NEWNET | CLONE_PIDFD)

int process_fork_check(uint32_t flags)
{
	uint32_t asked = flags & FLAGS_OF_THREAD;

	if (flags & FLAGS_NOT_OFFERED)
		return -EINVAL;
	if ((flags & CLONE_PARENT) && process_current() == process_init)
		return -EINVAL; /* it has none */
	return asked & FLAGS_OF_GROUP && asked != FLAGS_OF_THREAD ? -EINVAL : 0;
}

/* The last stacks are not for threads, nor for a job (process group) that has most of them:
 * who wants to end it must be able to.
 */
static bool stack_is_for_others(uint32_t flags)
{
	bool large;

	if (likely(!kstack_is_scarce()))
		return false;
	spin_lock(&proctree_lock);
	large = process_current()->group->members > kstack_limit() / 2;
	spin_unlock(&proctree_lock);
	return large || (flags & CLONE_THREAD);
}

/* The child's memory: a copy-on-write copy or, with CLONE_VM, the parent's. */
static int fork_space(struct process *child, struct process *parent, uint32_t flags)
{
	if (flags & CLONE_VM) {
		space_get(parent->space);
		child->space = parent->space;
		return 0;
	}
	child->space = space_fork(parent->space);
	return child->space ? 0 : -ENOMEM;
}

static int fork_files(struct process *child, struct process *parent, uint32_t flags)
{
	if (flags & CLONE_FILES) {
		fdtable_get(parent->files);
		child->files = parent->files;
		return 0;
	}
	child->files = fdtable_fork(parent->files);
	return child->files ? 0 : -ENOMEM;
}

/* References only: cannot fail. The parent's own ones keep all of it alive, and
 * its program denied to writers.
 */
static void fork_paths(struct process *child, struct process *parent)
{
	int err;

	child->paths.root = path_root_get(&parent->paths);
	child->paths.cwd = path_cwd_get(&parent->paths);
	child->program = parent->program;
	if (!child->program)
		return;
	vnode_get(child->program);
	err = vnode_deny_write(child->program);
	assert(err == 0);
}

/* The registers, as they were when the parent entered the kernel. */
static void fork_registers(struct thread *t, const struct fork_request *r)
{
	const struct thread *me = current;

	*t->frame = *me->frame;
	t->frame->eax = 0;
	if (r->stack)
		t->frame->esp = r->stack;
	memcpy(t->tls, r->flags & CLONE_SETTLS ? r->tls : me->tls, sizeof(t->tls));
	thread_copy_fpu(t);
}

/* A thread of `owner`, the process it is for, with the number pid. NULL: no memory. */
static struct thread *fork_thread(struct process *owner, struct pid *pid,
				  const struct fork_request *r)
{
	struct thread *t = thread_create(current->name);

	if (!t)
		return NULL;
	t->tid = pid->number;
	t->pid = pid;
	t->process = owner;
	t->pagetable = &owner->space->pt;
	thread_set_user_entry(t);
	t->affinity = current->affinity;
	t->nice = current->nice;
	t->sig_blocked = current->sig_blocked;
	if (!(r->flags & CLONE_VM) || (r->flags & CLONE_VFORK))
		t->sig_stack = current->sig_stack;
	else
		t->sig_stack.flags = SS_DISABLE;
	if (r->flags & CLONE_CHILD_CLEARTID)
		t->clear_tid = r->child_tid;
	if (r->flags & CLONE_CHILD_SETTID)
		t->set_tid = r->child_tid;
	if (t->set_tid)
		thread_set_work(t, EXIT_SIGNAL); /* signal_next stores it */
	fork_registers(t, r);
	return t;
}

/* Waits until the child has left our memory; its end counts. Not interruptible, as it may
 * run on our stack.
 */
static void fork_wait_vfork(struct vfork *v)
{
	int err = 0;

	spin_lock(&proctree_lock);
	while (!v->done && !err)
		err = waitq_wait(&v->wait, &proctree_lock, WAIT_KILLABLE, KTIME_NEVER);
	if (!v->done)
		v->child->vfork = NULL;
	spin_unlock(&proctree_lock);
}

/* t is published: it goes, and the parent learns its number. The child's side of the tid
 * flags waits until it runs in its own memory.
 */
static pid_t fork_start(struct thread *t, const struct fork_request *r)
{
	struct vfork v = { .child = t, .wait = WAITQ_INIT(v.wait) };
	pid_t id = t->tid;
	int err = 0;

	if (r->flags & CLONE_PARENT_SETTID)
		err = put_user32(r->parent_tid, (uint32_t)id);
	(void)err; /* as Linux: a bad address is the program's loss */
	if (r->flags & CLONE_VFORK)
		t->vfork = &v;
	thread_start(t); /* t may be gone from here */
	if (r->flags & CLONE_VFORK)
		fork_wait_vfork(&v);
	return id;
}

/* CLONE_THREAD. */
static pid_t fork_same_process(const struct fork_request *r)
{
	struct pid *pid = pid_alloc();
	struct thread *t;
	int err;

	if (!pid)
		return -EAGAIN;
	t = fork_thread(process_current(), pid, r);
	err = t ? threads_join(t, pid) : -EAGAIN;
	if (!err)
		return fork_start(t, r);
	if (t)
		thread_put(t);
	pid_free(pid);
	return err;
}

/* Everything of the child but its place in the tree. NULL: no memory. */
static struct process *fork_build(const struct fork_request *r, struct thread **t)
{
	struct process *parent = process_current(), *child = process_create(parent);

	if (!child)
		return NULL;
	if (fork_space(child, parent, r->flags))
		goto no_space;
	if (fork_files(child, parent, r->flags))
		goto no_files;
	*t = fork_thread(child, child->pid, r);
	if (!*t)
		goto no_thread;
	list_add_tail(&child->threads, &(*t)->process_link);
	fork_paths(child, parent);
	child->exit_signal = r->exit_signal;
	return child;

no_thread:
	fdtable_put(child->files);
no_files:
	space_put(child->space);
no_space:
	process_discard(child);
	return NULL;
}

/* Undoes fork_build: t has not started. */
static void fork_undo(struct process *child, struct thread *t)
{
	list_remove(&t->process_link);
	thread_put(t);
	program_close(child->program);
	vnode_put(child->paths.cwd);
	vnode_put(child->paths.root);
	fdtable_put(child->files);
	space_put(child->space);
	process_discard(child);
}

/* RLIMIT_NPROC is not counted per user: threads-max and the numbers limit how many. */
pid_t process_fork(const struct fork_request *r)
{
	struct process *child;
	struct thread *t = NULL;
	unsigned attempts = 0;
	int err = process_fork_check(r->flags);

	if (err)
		return err;
	if (stack_is_for_others(r->flags))
		return -EAGAIN;
	if (r->flags & CLONE_THREAD)
		return fork_same_process(r);
	child = fork_build(r, &t);
	while (!child && oom_try_again(-ENOMEM, &attempts))
		child = fork_build(r, &t);
	if (!child)
		return -EAGAIN;
	err = process_publish(child, process_current(), r->flags & CLONE_PARENT);
	if (err) {
		fork_undo(child, t);
		return err;
	}
	return fork_start(t, r);
}
