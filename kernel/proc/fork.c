/* SPDX-License-Identifier: MIT */
/* fork, vfork and clone without CLONE_THREAD: another process with one thread,
 * which leaves the kernel as if it had returned 0 from the same call. Built
 * unseen, published last; nothing fails after that. A signal that came meanwhile
 * goes first, and the call is made again: one sent to the group would miss the child.
 */
#include <abi/sched.h>

#include "fs/fdtable.h"
#include "fs/vnode.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "proc/exec.h"
#include "proc/process.h"
#include "vm/space.h"

/* Threads: issue 4. Who asks for another parent must not get this one. */
#define FLAGS_THREAD (CLONE_THREAD | CLONE_SIGHAND | CLONE_FS | CLONE_PARENT)
#define FLAGS_NEW_NAMESPACE \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
	 CLONE_NEWPID | CLONE_NEWNET)

int process_fork_check(uint32_t flags)
{
	return flags & (FLAGS_THREAD | FLAGS_NEW_NAMESPACE) ? -EINVAL : 0;
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

	child->paths.root = parent->paths.root;
	child->paths.cwd = parent->paths.cwd;
	vnode_get(child->paths.root);
	vnode_get(child->paths.cwd);
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

static struct thread *fork_thread(struct process *child, const struct fork_request *r)
{
	struct thread *t = thread_create(current->name);

	if (!t)
		return NULL;
	t->tid = child->id;
	t->process = child;
	thread_set_user_entry(t);
	t->affinity = current->affinity;
	t->nice = current->nice;
	t->sig_blocked = current->sig_blocked;
	t->sig_pending = 0;
	if (r->flags & CLONE_CHILD_CLEARTID)
		t->clear_tid = r->child_tid;
	fork_registers(t, r);
	list_add_tail(&child->threads, &t->process_link);
	return t;
}

/* The child's side of the tid flags waits until it runs in its own memory. */
static void fork_store_tid(struct process *child, const struct fork_request *r)
{
	int err = 0;

	if (r->flags & CLONE_PARENT_SETTID)
		err = put_user32(r->parent_tid, (uint32_t)child->id);
	(void)err; /* as Linux: a bad address is the program's loss */
}

/* Waits until the child has left our memory. Not interruptible: the child runs
 * on our stack. Ending the child ends the wait.
 */
static void fork_wait_vfork(bool *done)
{
	struct process *me = process_current();
	int err = 0;

	spin_lock(&proctree_lock);
	while (!*done && !err)
		err = waitq_wait(&me->child_wait, &proctree_lock, WAIT_UNINTERRUPTIBLE,
				 KTIME_NEVER);
	spin_unlock(&proctree_lock);
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
	*t = fork_thread(child, r);
	if (!*t)
		goto no_thread;
	fork_paths(child, parent);
	child->exit_signal = (int)(r->flags & CSIGNAL);
	if (child->exit_signal > ABI_SIGNAL_MAX)
		child->exit_signal = 0; /* as Linux: what is no signal is not sent */
	child->set_tid = r->flags & CLONE_CHILD_SETTID ? r->child_tid : 0;
	if (child->set_tid)
		thread_set_work(*t, EXIT_SIGNAL); /* signal_deliver stores it */
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

/* RLIMIT_NPROC is not counted per user: only the numbers limit how many. */
pid_t process_fork(const struct fork_request *r)
{
	struct process *child;
	struct thread *t = NULL;
	bool vfork_done = false;
	int err = process_fork_check(r->flags);
	pid_t id;

	if (err)
		return err;
	child = fork_build(r, &t);
	if (!child)
		return -EAGAIN;
	id = child->id;
	if (r->flags & CLONE_VFORK)
		child->vfork_done = &vfork_done;
	t->pagetable = &child->space->pt;
	err = process_publish(child, process_current());
	if (err) {
		fork_undo(child, t);
		return err;
	}
	fork_store_tid(child, r);
	thread_start(t); /* child may be gone from here */
	if (r->flags & CLONE_VFORK)
		fork_wait_vfork(&vfork_done);
	return id;
}
