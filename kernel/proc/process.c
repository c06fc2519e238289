/* SPDX-License-Identifier: MIT */
/* Making, linking, finding and freeing process control blocks, and the calls
 * on groups and sessions. Lock of all links: proctree_lock.
 */
#include "proc/process.h"

#include "fs/fdtable.h"
#include "fs/vnode.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"

static struct slab_cache process_cache = SLAB_CACHE("process", struct process);

struct spinlock proctree_lock = SPINLOCK_INIT(LOCK_PROCTREE);
struct list process_all = LIST_INIT(process_all);
struct process *process_init;
static unsigned process_live; /* [T] in process_all */
static unsigned process_ever; /* [T] that were */

enum {
	STACK_LIMIT = 8 << 20,
	NOFILE_LIMIT = 1024,
	NOFILE_LIMIT_HARD = 4096,
};

/* What the first process may use; the others inherit. */
static void limits_init(struct abi_rlimit64 *limits)
{
	for (unsigned i = 0; i < ABI_RLIMIT_COUNT; i++)
		limits[i] = (struct abi_rlimit64){ ABI_RLIM64_INFINITY, ABI_RLIM64_INFINITY };
	limits[RLIMIT_STACK].rlim_cur = STACK_LIMIT;
	limits[RLIMIT_CORE].rlim_cur = 0;
	limits[RLIMIT_NOFILE] = (struct abi_rlimit64){ NOFILE_LIMIT, NOFILE_LIMIT_HARD };
	limits[RLIMIT_NPROC] = (struct abi_rlimit64){ PID_LIMIT, PID_LIMIT };
	limits[RLIMIT_SIGPENDING] = (struct abi_rlimit64){ SIGPENDING_LIMIT, SIGPENDING_LIMIT };
	limits[RLIMIT_NICE] = (struct abi_rlimit64){ 0, 0 };
	limits[RLIMIT_RTPRIO] = (struct abi_rlimit64){ 0, 0 };
}

/* The fields that need no parent. */
static void process_reset(struct process *p)
{
	p->state = PROCESS_ALIVE;
	p->parent = NULL;
	list_init(&p->children);
	list_init(&p->sibling_link);
	list_init(&p->group_link);
	list_init(&p->session_link);
	waitq_init(&p->child_wait);
	p->lost_group = NULL;
	p->parent_tid = 0;
	p->death_signal = 0;
	p->exit_status = 0;
	p->exit_signal = SIGCHLD;
	p->execed = false;
	p->report = 0;
	spin_init(&p->lock, LOCK_PROCESS);
	list_init(&p->threads);
	p->staying = 1; /* the first one */
	p->exiting = false;
	p->survivor = NULL;
	waitq_init(&p->leave_wait);
	p->stopped = 0;
	waitq_init(&p->stop_wait);
	itimers_init(p);
	memset(&p->used, 0, sizeof(p->used));
	memset(&p->children_used, 0, sizeof(p->children_used));
	p->started = ktime_now();
	p->oom_score_adj = 0;
	p->oom_victim = false;
	p->oom_pages = 0;
	p->space = NULL;
	p->files = NULL;
	p->program = NULL;
	p->paths.lock = &p->lock;
	p->paths.root = NULL;
	p->paths.cwd = NULL;
	p->paths.cred = &p->cred;
}

struct process *process_create(struct process *parent)
{
	struct process *p = slab_alloc(&process_cache);

	if (!p)
		return NULL;
	p->pid = pid_alloc();
	if (!p->pid) {
		slab_free(&process_cache, p);
		return NULL;
	}
	p->id = p->pid->number;
	process_reset(p);
	if (parent) {
		spin_lock(&parent->lock);
		memcpy(p->name, parent->name, sizeof(p->name));
		p->cred = parent->cred;
		p->personality = parent->personality;
		p->dumpable = parent->dumpable;
		p->no_new_privileges = parent->no_new_privileges;
		p->oom_score_adj = parent->oom_score_adj;
		p->paths.umask = parent->paths.umask;
		memcpy(p->limits, parent->limits, sizeof(p->limits));
		signal_state_fork(&p->signals, &parent->signals);
		spin_unlock(&parent->lock);
	} else {
		strlcpy(p->name, "init", sizeof(p->name));
		memset(&p->cred, 0, sizeof(p->cred));
		p->personality = 0;
		p->dumpable = true;
		p->no_new_privileges = false;
		p->paths.umask = 022;
		limits_init(p->limits);
		signal_state_fork(&p->signals, NULL);
	}
	return p;
}

void process_discard(struct process *p)
{
	signal_state_free(&p->signals);
	pid_free(p->pid);
	slab_free(&process_cache, p);
}

static void group_join(struct process *p, struct pid *group)
{
	p->group = group;
	list_add_tail(&group->group, &p->group_link);
	group->members++;
}

static void group_leave(struct process *p)
{
	list_remove(&p->group_link);
	p->group->members--;
}

int process_publish(struct process *p, struct process *maker, bool sibling)
{
	struct process *parent;

	spin_lock(&proctree_lock);
	if (thread_has_work(current, EXIT_SIGNAL)) {
		spin_unlock(&proctree_lock);
		return -EINTR;
	}
	pid_publish(p->pid, list_first_entry(&p->threads, struct thread, process_link), p);
	p->session = maker ? maker->session : p->pid;
	p->terminal = maker ? maker->terminal : NULL;
	parent = sibling ? maker->parent : maker;
	p->parent = parent;
	p->parent_tid = sibling ? maker->parent_tid : current->tid;
	if (sibling)
		p->exit_signal = maker->exit_signal;
	group_join(p, maker ? maker->group : p->pid);
	list_add_tail(&p->session->session, &p->session_link);
	list_add_tail(&process_all, &p->all_link);
	if (parent)
		list_add_tail(&parent->children, &p->sibling_link);
	process_live++;
	process_ever++;
	spin_unlock(&proctree_lock);
	return 0;
}

void process_free(struct process *p)
{
	struct pid *group = p->group, *session = p->session, *own = p->pid;

	assert_held(&proctree_lock);
	assert(p->state == PROCESS_ZOMBIE && list_is_empty(&p->children));
	group_leave(p);
	list_remove(&p->session_link);
	list_remove(&p->sibling_link);
	list_remove(&p->all_link);
	process_live--;
	own->process = NULL;
	if (group != own)
		pid_release(group);
	if (session != own && session != group)
		pid_release(session);
	pid_release(own);
	slab_free(&process_cache, p);
}

struct process *process_find(pid_t number)
{
	struct pid *pid = pid_find(number);

	if (!pid)
		return NULL;
	return pid->thread ? pid->thread->process : pid->process;
}

unsigned process_count(void)
{
	return READ_ONCE(process_live);
}

unsigned process_count_ever(void)
{
	return READ_ONCE(process_ever);
}

void process_set_group(struct process *p, struct pid *group)
{
	struct pid *old = p->group;

	assert_held(&proctree_lock);
	if (old == group)
		return;
	group_leave(p);
	group_join(p, group);
	pid_release(old);
}

/* Others may be looking at the path: see procfs. */
static void set_path(struct vnode **path, struct vnode *v)
{
	struct process *p = process_current();
	struct vnode *old;

	spin_lock(&p->lock);
	old = *path;
	*path = v;
	spin_unlock(&p->lock);
	vnode_put(old);
}

void process_set_cwd(struct vnode *v)
{
	set_path(&process_current()->paths.cwd, v);
}

void process_set_root(struct vnode *v)
{
	set_path(&process_current()->paths.root, v);
}

/* Who setpgid may change: the caller, or a child of it that has not exec'd and
 * is in its session. Caller holds proctree_lock.
 */
static int setpgid_target(pid_t pid, struct process **out)
{
	struct process *me = process_current();
	struct process *p = pid ? process_find(pid) : me;

	if (!p || (p != me && p->parent != me))
		return -ESRCH;
	if (pid && pid != p->id)
		return -EINVAL; /* a thread that leads no process */
	if (p != me && p->session != me->session)
		return -EPERM;
	if (p != me && p->execed)
		return -EACCES;
	if (p->session == p->pid)
		return -EPERM; /* a session's leader stays in its group */
	*out = p;
	return 0;
}

/* The group p is to enter: its own, or one of the same session. */
static int setpgid_group(struct process *p, pid_t pgid, struct pid **out)
{
	struct pid *group = pgid == p->id ? p->pid : pid_find(pgid);
	struct process *member;

	*out = group;
	if (group == p->pid)
		return 0;
	if (!group || list_is_empty(&group->group))
		return -EPERM;
	member = list_first_entry(&group->group, struct process, group_link);
	return member->session == p->session ? 0 : -EPERM;
}

int process_setpgid(pid_t pid, pid_t pgid)
{
	struct process *p;
	struct pid *group;
	int err;

	if (!pgid)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	spin_lock(&proctree_lock);
	err = setpgid_target(pid, &p);
	if (!err)
		err = setpgid_group(p, pgid ? pgid : p->id, &group);
	if (!err)
		process_set_group(p, group);
	spin_unlock(&proctree_lock);
	return err;
}

pid_t process_getpgid(pid_t pid)
{
	struct process *p;
	pid_t result;

	spin_lock(&proctree_lock);
	p = pid ? process_find(pid) : process_current();
	result = p ? p->group->number : -ESRCH;
	spin_unlock(&proctree_lock);
	return result;
}

pid_t process_getsid(pid_t pid)
{
	struct process *p;
	pid_t result;

	spin_lock(&proctree_lock);
	p = pid ? process_find(pid) : process_current();
	result = p ? p->session->number : -ESRCH;
	spin_unlock(&proctree_lock);
	return result;
}

/* p, which leads no group, becomes the leader of a session and group. Caller
 * holds proctree_lock.
 */
static void process_set_session(struct process *p)
{
	struct pid *old = p->session;

	list_remove(&p->session_link);
	list_add_tail(&p->pid->session, &p->session_link);
	p->session = p->pid;
	if (old != p->group)
		pid_release(old);
	process_set_group(p, p->pid);
}

pid_t process_setsid(void)
{
	struct process *p = process_current();
	pid_t result = -EPERM;

	spin_lock(&proctree_lock);
	if (list_is_empty(&p->pid->group)) {
		process_set_session(p);
		p->terminal = NULL;
		result = p->id;
	}
	spin_unlock(&proctree_lock);
	return result;
}
