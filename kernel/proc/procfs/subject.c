/* SPDX-License-Identifier: MIT */
/* From a file of /proc to its process, which may be gone. A struct process is good only
 * under proctree_lock: so what is to be shown is copied, or referenced, under it.
 */
#include "core/percpu.h"
#include "dev/tty.h"
#include "fs/fdtable.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "proc/oom.h"
#include "proc/procfs/internal.h"
#include "proc/times.h"
#include "vm/space.h"

/* The process, with its lock and proctree_lock held; NULL: none is. */
static struct process *subject_lock(const struct procfs_subject *of)
{
	struct process *p;

	spin_lock(&proctree_lock);
	p = process_find(of->pid);
	if (!p || p->started != of->started) {
		spin_unlock(&proctree_lock);
		return NULL;
	}
	spin_lock(&p->lock);
	return p;
}

static void subject_unlock(struct process *p)
{
	spin_unlock(&p->lock);
	spin_unlock(&proctree_lock);
}

bool subject_is_alive(const struct procfs_subject *of)
{
	struct process *p = subject_lock(of);

	if (p)
		subject_unlock(p);
	return p != NULL;
}

/* ---- a picture ---- */

/* Who stands for the process: the thread asked for, else its leader. NULL: it ended. */
static struct thread *main_thread(struct process *p, const struct procfs_subject *of)
{
	return thread_find(p->id, of->number ? (pid_t)of->number : p->id);
}

static char state_letter(const struct process *p, const struct thread *t)
{
	if (p->state == PROCESS_ZOMBIE || !t)
		return 'Z';
	if (p->stopped)
		return 'T';
	switch (READ_ONCE(t->state)) {
	case THREAD_SLEEPING:
		return thread_is_interruptible(t) ? 'S' : 'D';
	case THREAD_DEAD:
		return 'X';
	default:
		return 'R';
	}
}

/* Both locks are held. */
static void picture_times(struct process *p, const struct procfs_subject *of,
			  struct process_picture *out)
{
	struct thread *t;

	/* A leader that ended counts as long as there are others. */
	out->threads = !p->pid->thread && p->state == PROCESS_ALIVE;
	accounting_of_process(p, &out->used);
	list_for_each_entry(t, &p->threads, process_link) {
		out->threads++;
		if ((unsigned)t->tid == of->number)
			accounting_of_thread(t, &out->used);
	}
	out->children_used = p->children_used;
}

static void picture_thread(const struct thread *t, struct process_picture *out)
{
	if (!t)
		return;
	out->cpu = t->ctx.cpu->id;
	out->nice = t->nice;
	out->affinity = t->affinity;
	out->blocked = t->sig_blocked;
	out->thread_pending = t->sig_pending.set;
}

static void picture_space(const struct space *s, struct process_picture *out)
{
	if (!s)
		return;
	out->args = s->args;
	out->env = s->env;
	out->env_end = s->env_end;
	out->brk_start = s->brk_start;
}

static void picture_terminal(const struct process *p, struct process_picture *out)
{
	out->tty_group = -1;
	if (!p->terminal)
		return;
	out->tty = p->terminal->chardev.dev;
	out->tty_group = p->terminal->pgrp ? p->terminal->pgrp->number : 0;
}

int subject_picture(const struct procfs_subject *of, struct process_picture *out)
{
	struct process *p = subject_lock(of);
	const struct thread *t;

	if (!p)
		return -ESRCH;
	t = main_thread(p, of);
	if (of->number && !t) {
		subject_unlock(p);
		return -ESRCH;
	}
	memset(out, 0, sizeof(*out));
	out->id = of->number ? (pid_t)of->number : p->id;
	out->parent = p->parent ? p->parent->id : 0;
	out->group = p->group->number;
	out->session = p->session->number;
	memcpy(out->name, of->number ? t->name : p->name, sizeof(out->name));
	out->state = state_letter(p, t);
	out->cred = p->cred;
	out->umask = p->paths.umask;
	out->pending = p->signals.pending.set;
	out->ignored = p->signals.ignored;
	out->caught = p->signals.caught;
	out->started = p->started;
	out->exit_signal = p->exit_signal;
	out->exit_status = p->state == PROCESS_ZOMBIE ? p->exit_status : 0;
	out->descriptors = p->files ? READ_ONCE(p->files->capacity) : 0;
	picture_times(p, of, out);
	picture_thread(t, out);
	picture_space(p->space, out);
	picture_terminal(p, out);
	subject_unlock(p);
	return 0;
}

/* ---- parts ---- */

int subject_space(const struct procfs_subject *of, struct space **out)
{
	struct process *p = subject_lock(of);

	if (!p)
		return -ESRCH;
	*out = p->space;
	if (p->space)
		space_get(p->space);
	subject_unlock(p);
	return 0;
}

int subject_limits(const struct procfs_subject *of, struct abi_rlimit64 *out)
{
	struct process *p = subject_lock(of);

	if (!p)
		return -ESRCH;
	memcpy(out, p->limits, sizeof(p->limits));
	subject_unlock(p);
	return 0;
}

int subject_oom_score(const struct procfs_subject *of, uint32_t pages, int *out)
{
	struct process *p = subject_lock(of);

	if (!p)
		return -ESRCH;
	p->oom_pages = pages;
	*out = oom_score(p);
	subject_unlock(p);
	return 0;
}

int subject_oom_score_adj(const struct procfs_subject *of, int *out)
{
	struct process *p = subject_lock(of);

	if (!p)
		return -ESRCH;
	*out = p->oom_score_adj;
	subject_unlock(p);
	return 0;
}

int subject_set_oom_score_adj(const struct procfs_subject *of, int adj)
{
	bool root = cred_current_is_root();
	struct process *p = subject_lock(of);
	int err = 0;

	if (!p)
		return -ESRCH;
	if (adj < p->oom_score_adj && !root)
		err = -EACCES;
	else
		p->oom_score_adj = (int16_t)adj;
	subject_unlock(p);
	return err;
}

int subject_fail_nth(const struct procfs_subject *of, const uint32_t *set, uint32_t *was)
{
	struct process *p = subject_lock(of);
	struct thread *t;

	if (!p)
		return -ESRCH;
	t = main_thread(p, of);
	*was = t ? t->ctx.fail_nth : 0;
	if (t && set)
		t->ctx.fail_nth = *set;
	subject_unlock(p);
	return t ? 0 : -ESRCH;
}

int subject_permit(const struct procfs_subject *of)
{
	const struct cred *me = &process_current()->cred;
	struct process *p = subject_lock(of);
	const struct cred *it;
	bool same;

	if (!p)
		return -ESRCH;
	it = &p->cred;
	same = p->dumpable && me->fsuid == it->uid && me->fsuid == it->euid &&
	       me->fsuid == it->suid && me->fsgid == it->gid && me->fsgid == it->egid &&
	       me->fsgid == it->sgid;
	subject_unlock(p);
	return same || me->euid == 0 ? 0 : -EACCES;
}

enum which_vnode { CWD, ROOT, PROGRAM };

static int subject_vnode(const struct procfs_subject *of, enum which_vnode which,
			 struct vnode **out)
{
	struct process *p = subject_lock(of);
	struct vnode *v;

	if (!p)
		return -ENOENT;
	v = which == CWD ? p->paths.cwd : which == ROOT ? p->paths.root : p->program;
	if (v)
		vnode_get(v);
	subject_unlock(p);
	*out = v;
	return v ? 0 : -ENOENT;
}

int subject_cwd(const struct procfs_subject *of, struct vnode **out)
{
	return subject_vnode(of, CWD, out);
}

int subject_root(const struct procfs_subject *of, struct vnode **out)
{
	return subject_vnode(of, ROOT, out);
}

int subject_program(const struct procfs_subject *of, struct vnode **out)
{
	return subject_vnode(of, PROGRAM, out);
}

/* The open file with the least number >= *fd, referenced; NULL: none. */
static struct file *next_file(const struct procfs_subject *of, unsigned *fd)
{
	struct process *p = subject_lock(of);
	struct file *f;

	if (!p)
		return NULL;
	f = p->files ? fd_next(p->files, fd) : NULL;
	subject_unlock(p);
	return f;
}

int subject_file(const struct procfs_subject *of, struct file **out)
{
	unsigned fd = of->number;
	struct file *f = next_file(of, &fd);

	if (f && fd != of->number) {
		file_put(f);
		f = NULL;
	}
	*out = f;
	return f ? 0 : -ENOENT;
}

/* ---- directories of numbers ---- */

static bool next_process(const struct procfs_subject *of, unsigned *number)
{
	bool found;

	(void)of;
	spin_lock(&proctree_lock);
	found = process_next(number);
	spin_unlock(&proctree_lock);
	return found;
}

static int find_process(unsigned number, struct procfs_subject *of)
{
	struct process *p;

	spin_lock(&proctree_lock);
	p = process_find((pid_t)number);
	if (p) {
		of->number = number == (unsigned)p->id ? 0 : number; /* a thread: not listed */
		of->pid = p->id;
		of->started = p->started;
		of->uid = p->cred.euid;
		of->gid = p->cred.egid;
	}
	spin_unlock(&proctree_lock);
	return p ? 0 : -ENOENT;
}

static bool next_thread(const struct procfs_subject *of, unsigned *number)
{
	struct process *p = subject_lock(of);
	unsigned least = UINT32_MAX;
	struct thread *t;

	if (!p)
		return false;
	list_for_each_entry(t, &p->threads, process_link) {
		if ((unsigned)t->tid >= *number)
			least = MIN(least, (unsigned)t->tid);
	}
	subject_unlock(p);
	*number = least;
	return least != UINT32_MAX;
}

static int find_thread(unsigned number, struct procfs_subject *of)
{
	unsigned found = number;

	if (!next_thread(of, &found) || found != number)
		return -ENOENT;
	of->number = number;
	return 0;
}

/* No file is referenced: dropping it could end it, and a directory's lock is held here. */
static bool next_descriptor(const struct procfs_subject *of, unsigned *number)
{
	struct process *p = subject_lock(of);
	bool found;

	if (!p)
		return false;
	found = p->files && fd_next_number(p->files, number);
	subject_unlock(p);
	return found;
}

static int find_descriptor(unsigned number, struct procfs_subject *of)
{
	unsigned found = number;

	if (!next_descriptor(of, &found) || found != number)
		return -ENOENT;
	of->number = number;
	return 0;
}

const struct procfs_numbers procfs_processes = { next_process, find_process,
						 &procfs_process_entry };
const struct procfs_numbers procfs_threads = { next_thread, find_thread, &procfs_thread_entry };
const struct procfs_numbers procfs_descriptors = { next_descriptor, find_descriptor,
						   &procfs_descriptor_entry };
