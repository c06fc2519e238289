/* SPDX-License-Identifier: MIT */
/* The process control block: what a program owns and who it is. Its threads
 * (sched/thread.h) are what runs.
 *
 *   ALIVE --last thread left--> ZOMBIE --reaped by the parent--> freed
 *
 * A zombie keeps only this struct: memory, files and paths go at its exit. A
 * pointer to a process is good for its own threads, and for others only while
 * they hold proctree_lock.
 */
#ifndef PROC_PROCESS_H
#define PROC_PROCESS_H

#include <abi/resource.h>

#include "core/spinlock.h"
#include "fs/cred.h"
#include "proc/itimer.h"
#include "proc/pid.h"
#include "proc/signal.h"
#include "sched/thread.h"
#include "sched/waitq.h"
#include "vm/usercopy.h"

struct fdtable; /* fs/fdtable.h */
struct tty;     /* dev/tty.h */
struct space;   /* vm/space.h */

enum process_state { PROCESS_ALIVE, PROCESS_ZOMBIE };

/* What running costs: sums over threads, or over children that were waited for. */
struct accounting {
	uint64_t run_ns;        /* exact */
	struct cpu_ticks ticks; /* of threads: what run_ns is divided by */
	struct cputime time;    /* run_ns divided, as it was told last */
	uint32_t minor_faults, major_faults;
	uint32_t max_pages;              /* largest resident size seen */
	uint32_t voluntary, involuntary; /* switches */
};

/* [I] immutable, [o] own threads only, [T] proctree_lock, [p] lock, [w] written by own
 * threads under lock: they read it without, others under lock
 */
struct process {
	pid_t id;                    /* [I] pid->number, for a short getpid */
	enum process_state state;    /* [T] */
	struct pid *pid;             /* [I] */
	struct pid *group, *session; /* [T] */
	struct tty *terminal;        /* [T] controlling terminal; NULL: none */
	struct pid *lost_group;      /* [T] in the foreground when it hung up on p; NULL */
	struct list group_link;      /* [T] in group->group */
	struct list session_link;    /* [T] in session->session */
	struct list all_link;        /* [T] in process_all */
	struct process *parent;      /* [T] NULL: init */
	struct list children;        /* [T] by sibling_link */
	struct list sibling_link;    /* [T] */
	struct waitq child_wait;     /* [T] its threads in wait4 */
	tid_t parent_tid;            /* [T] the parent's thread that made it, or its heir */
	int exit_status;             /* [T] as wait4 gives it; valid when a zombie */
	int exit_signal;             /* [T] what the parent gets when it ends; 0: nothing */
	bool execed;                 /* [T] its parent may no longer change its group */
	int report;                  /* [T] stop or continue not yet waited for, or 0 */

	struct spinlock lock;        /* rank PROCESS */
	struct list threads;         /* [p] by process_link; also [T] to take one off */
	unsigned int staying;        /* [p] threads that have not begun to leave */
	bool exiting;                /* [p] every thread is to leave */
	struct thread *survivor;     /* [p] every other thread is to leave; NULL: none is */
	struct waitq leave_wait;     /* [p] the survivor, until they have */
	int group_status;            /* [p] exit status to be; valid when exiting */
	int stopped;                 /* [p] by that signal, until SIGCONT; 0: not */
	unsigned moving;             /* [p] its threads that do not yet stand still */
	struct waitq stop_wait;      /* [p] its stopped threads */
	struct signal_state signals; /* [p] */
	struct itimers itimers;
	struct abi_rlimit64 limits[ABI_RLIMIT_COUNT]; /* [p] */
	int16_t oom_score_adj;           /* [T] -1000: never killed for memory ... 1000 */
	bool oom_victim;                 /* [T] killed for memory */
	uint32_t oom_pages;              /* [T] what its death would bring back, when last seen */
	struct accounting used;          /* [p] threads that ended; the space's faults */
	struct accounting children_used; /* [T] children that were reaped, and theirs */
	ktime_t started;                 /* [I] monotonic */

	char name[THREAD_NAME];    /* [w] of the program, cut */
	struct space *space;       /* [w] referenced; NULL in a zombie */
	struct fdtable *files;     /* [w] referenced; NULL in a zombie */
	struct vnode *program;     /* [w] its file, referenced, write denied; NULL: none yet */
	struct path_context paths; /* [w] root and cwd referenced; NULL in a zombie */
	struct cred cred;          /* [w] */
	uint32_t personality;      /* [o] one word */
	int death_signal;          /* [o] one word: sent when its parent's thread ends; 0: none */
	bool dumpable;             /* [o] others of its user may look into it */
	bool no_new_privileges;    /* [o] set-id programs give it none; never false again */
};

/* Tells p, if it wants to know (PR_SET_PDEATHSIG), that the thread of parent which made it has
 * ended. Caller holds proctree_lock.
 */
void process_parent_died(struct process *p, const struct process *parent);

/* Parent, group and session links, process numbers, exit status. Rank PROCTREE. */
extern struct spinlock proctree_lock;

extern struct list process_all;      /* [T] every process by all_link, oldest first */
extern struct process *process_init; /* [T] pid 1; NULL before it starts */

/* The process of the current thread; NULL in a kernel thread. */
static inline struct process *process_current(void)
{
	return current->process;
}

/* A process with no links, threads or resources yet; NULL: no memory or no
 * number free. Fields copied from `parent`, if any: identity, limits, actions.
 */
struct process *process_create(struct process *parent) __must_check;

/* Undoes process_create, for one that was never published. */
void process_discard(struct process *p);

/* Puts p, which has its first thread, into the tree: in maker's group and session, as its
 * child or (CLONE_PARENT) its sibling. maker NULL: the first process, alone in its own.
 * -EINTR: the current thread has a signal to look at, which may have been sent to the group
 * that p would join. Takes proctree_lock.
 */
int process_publish(struct process *p, struct process *maker, bool sibling) __must_check;

/* Takes p out of the tree and frees it; a zombie without a parent's interest.
 * Caller holds proctree_lock.
 */
void process_free(struct process *p);

/* The living or dead process of that number, or of the thread that has it; NULL. Caller
 * holds proctree_lock.
 */
struct process *process_find(pid_t number);

/* How many processes there are, zombies included; how many there ever were. */
unsigned process_count(void);
unsigned process_count_ever(void);

/* chdir and chroot of the current process: takes over the reference on v. May sleep. */
void process_set_cwd(struct vnode *v);
void process_set_root(struct vnode *v);

/* Moves p to another group. Caller holds proctree_lock. */
void process_set_group(struct process *p, struct pid *group);

/* setpgid(2), getpgid(2), getsid(2), setsid(2): the new or asked number, or
 * -errno. pid 0 means the caller.
 */
int process_setpgid(pid_t pid, pid_t pgid) __must_check;
pid_t process_getpgid(pid_t pid);
pid_t process_getsid(pid_t pid);
pid_t process_setsid(void);

/* fork.c: a copy of the current process, or with CLONE_THREAD another thread of it: its number
 * or -errno (-EINTR: a signal first). flags are clone's.
 */
struct fork_request {
	uint32_t flags;
	int exit_signal;                          /* for the parent; 0: none */
	uint32_t stack;                           /* 0: as the parent's */
	uaddr_t parent_tid;                       /* CLONE_PARENT_SETTID */
	uaddr_t child_tid;                        /* CLONE_CHILD_SETTID, CLONE_CHILD_CLEARTID */
	struct segment_desc tls[GDT_TLS_ENTRIES]; /* with CLONE_SETTLS: all of them */
};
int process_fork_check(uint32_t flags) __must_check; /* -EINVAL: not offered */
pid_t process_fork(const struct fork_request *request) __must_check;

/* exec.c: the current process runs another program. 0: the trap frame is the
 * new program's; -errno: nothing has changed. argv and envp are arrays of user
 * addresses, or of kernel addresses with `kernel`.
 */
struct exec_request {
	const char *path;
	uaddr_t argv, envp;
	const char *const *kernel_argv, *const *kernel_envp;
	bool kernel;
};
int process_exec(const struct exec_request *request) __must_check;
/* The same for a process whose only thread t has not started. */
int process_exec_thread(struct process *p, struct thread *t,
			const struct exec_request *request) __must_check;

/* exit.c: the whole process ends with a status in wait4's format. */
void process_exit(int status) __noreturn;

/* The current thread of p leaves its program's memory: tells those who wait for it there. */
void thread_forget_memory(struct process *p);

/* The current thread leaves; with the last one the process ends. */
void process_thread_exit(int status) __noreturn;

/* threads.c: the threads of a process. */

/* The thread of that number, of the process tgid (0: any); NULL. Caller holds proctree_lock. */
struct thread *thread_find(pid_t tgid, pid_t tid);

/* t joins the current process under the number pid. -EINTR: the current thread has a signal
 * to look at, which may be to end all that are there.
 */
int threads_join(struct thread *t, struct pid *pid) __must_check;

/* The current thread leaves p's list, whose reference goes; the scheduler's keeps it to its
 * end. Caller holds proctree_lock.
 */
void threads_leave(struct process *p);

/* Is the current thread to end? Caller holds p->lock. */
static inline bool thread_is_to_leave(const struct process *p)
{
	return p->exiting || (p->survivor && p->survivor != current);
}

/* The others are told to end. Caller holds p->lock. */
void threads_kill_others(struct process *p);

/* The others end, and the current thread waits for it. -EAGAIN, -EINTR: it is to end, too. */
int threads_end_others(void) __must_check;

/* The current thread, alone in p, takes over p's number. Caller holds proctree_lock. */
void threads_take_lead(struct process *p);

/* Who waits in vfork until a thread has left its memory; on the waiting thread's stack.
 * Lock: proctree_lock.
 */
struct vfork {
	struct thread *child;
	bool done;
	struct waitq wait;
};

/* Lets the one that waits for child go on. Caller holds proctree_lock. */
void vfork_release(struct thread *child);

/* wait.c: wait4(2) and waitid(2). The child's number, 0 (WNOHANG) or -errno. */
enum wait_which { WAIT_ANY, WAIT_CHILD, WAIT_GROUP };
struct wait_request {
	enum wait_which which;
	pid_t id;               /* of the child or group; group 0: the caller's */
	uint32_t options;       /* WEXITED WUNTRACED WCONTINUED WNOHANG WNOWAIT ... */
	uid_t uid;              /* out: the child's */
	int status;             /* out, as wait4 has it */
	struct accounting used; /* out */
};
pid_t process_wait(struct wait_request *request) __must_check;

/* Tells p's parent about an end, stop or continue. Caller holds proctree_lock. */
void process_notify_parent(struct process *p);

/* Tells it that p stopped by sig, or (0) went on. Caller holds proctree_lock. */
void process_report(struct process *p, int sig);

/* start.c: makes process 1 and runs `path` (panics if that fails) or, if it is
 * empty, the first it finds of /bin/init, /sbin/init, /etc/init, /bin/sh. words
 * (may be NULL) ends with NULL: arguments after its name, and NAME=VALUE for its
 * environment. Kernel thread; the root is mounted.
 */
void process_start_init(const char *path, const char *const words[]);

#endif
