/* SPDX-License-Identifier: MIT */
/* The end of threads and processes. Memory, files and paths go first, with no
 * lock held; then, under proctree_lock, the process becomes a zombie in one
 * step: children handed to init, parent told.
 */
#include <abi/futex.h>

#include "fs/fdtable.h"
#include "fs/vnode.h"
#include "lib/kprintf.h"
#include "proc/exec.h"
#include "proc/futex.h"
#include "proc/process.h"
#include "proc/shm.h"
#include "proc/terminal.h"
#include "proc/times.h"
#include "vm/space.h"

/* What a parent says of its children, with the action of SIGCHLD. */
struct child_wishes {
	bool ignores;        /* SIG_IGN: no signal, no zombies */
	bool reaps_nothing;  /* SA_NOCLDWAIT: no zombies */
	bool hears_no_stops; /* SA_NOCLDSTOP */
};

static struct child_wishes wishes_of(struct process *parent)
{
	struct abi_sigaction action;

	spin_lock(&parent->lock);
	signal_action_get(&parent->signals, SIGCHLD, &action);
	spin_unlock(&parent->lock);
	return (struct child_wishes){
		.ignores = action.handler == ABI_SIG_IGN,
		.reaps_nothing = action.flags & SA_NOCLDWAIT,
		.hears_no_stops = action.flags & SA_NOCLDSTOP,
	};
}

void process_notify_parent(struct process *p)
{
	struct process *parent = p->parent;
	struct child_wishes wishes = wishes_of(parent);
	bool zombie = p->state == PROCESS_ZOMBIE;
	int sig = zombie ? p->exit_signal : SIGCHLD, err = 0;
	struct abi_siginfo info = signal_info_child(p->id, p->cred.uid,
						    zombie ? p->exit_status : p->report);

	assert_held(&proctree_lock);
	accounting_to_siginfo(&p->used, &info);
	waitq_wake_all(&parent->child_wait);
	info.si_signo = sig;
	if (sig == SIGCHLD && (wishes.ignores || (!zombie && wishes.hears_no_stops)))
		sig = 0;
	if (sig)
		err = process_signal(parent, &info);
	(void)err; /* only what programs queue can be refused */
	if (zombie && p->exit_signal == SIGCHLD && (wishes.ignores || wishes.reaps_nothing))
		process_free(p);
}

void process_parent_died(struct process *p, const struct process *parent)
{
	struct abi_siginfo info = {
		.si_signo = p->death_signal,
		.si_code = SI_USER,
		.si_pid = parent->id,
		.si_uid = parent->cred.uid,
	};
	int err = 0;

	assert_held(&proctree_lock);
	if (p->death_signal && p->state == PROCESS_ALIVE)
		err = process_signal(p, &info);
	(void)err; /* as above */
}

/* Init takes the orphans; those that are dead already it is told of. Caller
 * holds proctree_lock.
 */
static void reparent_children(struct process *p)
{
	struct process *child, *next;

	list_for_each_entry_safe(child, next, &p->children, sibling_link) {
		list_remove(&child->sibling_link);
		list_add_tail(&process_init->children, &child->sibling_link);
		child->parent = process_init;
		child->parent_tid = process_init->id;
		child->exit_signal = SIGCHLD;
		process_parent_died(child, p);
		if (child->state == PROCESS_ZOMBIE)
			process_notify_parent(child);
	}
}

/* What a zombie does not need. May sleep. */
static void process_release(struct process *p)
{
	struct fdtable *files = p->files;
	struct path_context paths = p->paths;
	struct vnode *program = p->program;

	spin_lock(&p->lock);
	p->files = NULL;
	p->paths.cwd = p->paths.root = NULL;
	p->program = NULL;
	accounting_add_space(&p->used, p->space);
	p->space = NULL;
	spin_unlock(&p->lock);
	fdtable_put(files);
	vnode_put(paths.cwd);
	vnode_put(paths.root);
	program_close(program);
	signal_state_exec(p);
	itimers_stop(p);
	space_put(space_switch(NULL));
	shm_sweep();
}

/* The last thread ends the process: nothing of p may be touched afterwards. */
static void process_end(struct process *p)
{
	if (p == process_init)
		panic("the first process (%s) ended with status 0x%x", current->name,
		      p->group_status);
	process_release(p);
	spin_lock(&proctree_lock);
	threads_leave(p);
	terminal_process_exits(p);
	reparent_children(p);
	p->exit_status = p->group_status;
	p->state = PROCESS_ZOMBIE;
	process_notify_parent(p);
	spin_unlock(&proctree_lock);
}

/* With CLONE_CHILD_CLEARTID a word is cleared, if there is anybody to see it. */
void thread_forget_memory(struct process *p)
{
	uaddr_t where = current->clear_tid;
	int err;

	robust_list_end();
	current->clear_tid = 0;
	if (!where || (list_is_single(&p->threads) && atomic_read(&p->space->refs) == 1))
		return;
	err = put_user32(where, 0);
	(void)err; /* it gave us the address: its loss */
	futex_wake((struct futex_word){ .addr = where, .shared = true }, 1, FUTEX_BITSET_MATCH_ANY);
}

/* True if the current thread is the last; if not, it has left the list. */
static bool thread_leave(struct process *p)
{
	bool last;

	spin_lock(&proctree_lock);
	last = list_is_single(&p->threads);
	if (!last) {
		current->pagetable = NULL; /* the last thread may now free it */
		fdtable_put(p->files);     /* never the last user */
		threads_leave(p);
	}
	spin_unlock(&proctree_lock);
	return last;
}

/* The last thread to begin its end decides about the process, though another one may finish later:
 * who was told of a thread's end by its cleared word counts on that.
 */
static void thread_begin_exit(struct process *p, int status)
{
	spin_lock(&p->lock);
	if (--p->staying == 0 && !p->exiting) {
		p->exiting = true;
		p->group_status = status;
	}
	spin_unlock(&p->lock);
}

void process_thread_exit(int status)
{
	struct process *p = process_current();

	thread_begin_exit(p, status);
	thread_forget_memory(p);
	if (thread_leave(p))
		process_end(p);
	thread_exit();
}

void process_exit(int status)
{
	struct process *p = process_current();

	spin_lock(&p->lock);
	if (!p->exiting) {
		p->exiting = true;
		p->group_status = status;
		threads_kill_others(p);
	}
	spin_unlock(&p->lock);
	process_thread_exit(status);
}
