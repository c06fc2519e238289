/* SPDX-License-Identifier: MIT */
/* Signals. The way of one:
 *
 *   sender:   signal.c puts it into a pending set, of the process or of one thread, with what is
 *             known of it (signal_queue.c), and interrupts a thread that may take it.
 *   receiver: on its way to ring 3 signal_next (signal_act.c) takes it and does what it does by
 *             default, or hands it to entry/signal_frame.c, which has the handler run.
 *
 * Lock of all signal state, of threads too: process->lock.
 */
#ifndef PROC_SIGNAL_H
#define PROC_SIGNAL_H

#include <abi/signal.h>

#include "core/time.h"
#include "lib/types.h"
#include "sched/thread.h"
#include "vm/usercopy.h"
#include "x86/atomic.h"

struct process;
struct trapframe;

typedef uint64_t sigset_t; /* signal n is bit n - 1 */

#define SIGNAL_BIT(sig) (1ULL << ((sig)-1))
#define SIGNALS_STOP \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))
#define SIGNALS_UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

enum { SIGPENDING_LIMIT = 1024 }; /* RLIMIT_SIGPENDING of the first process */

/* What a program asked for with sigaction. Shared between parent and child
 * until one of them changes it.
 */
struct signal_actions {
	atomic_t refs;
	struct abi_sigaction action[ABI_SIGNAL_MAX]; /* [I] while shared */
};

/* Of a process. A signal in neither set has its default action. */
struct signal_state {
	struct signal_pending pending;  /* sent to the process */
	unsigned queued;                /* records in its queue and in those of its threads */
	sigset_t ignored;               /* action is SIG_IGN */
	sigset_t caught;                /* action is a handler */
	struct signal_actions *actions; /* NULL: flags and masks are all 0 */
};

/* ---- what signals mean ---- */

enum signal_default { SIGNAL_TERM, SIGNAL_CORE, SIGNAL_IGN, SIGNAL_STOP, SIGNAL_CONT };

/* What happens to a process that did not ask otherwise. 1 <= sig <= 64. */
enum signal_default signal_default_of(int sig);

/* "SIGSEGV"; "real-time signal" for those. */
const char *signal_name(int sig);

/* What is told of a signal that the current process sends (SI_USER, SI_TKILL). */
struct abi_siginfo signal_info(int sig, int code);

/* What SIGCHLD and waitid tell of a child with that status (as wait4 has it). */
struct abi_siginfo signal_info_child(pid_t child, uid_t uid, int status);

/* ---- sending: none of it sleeps ---- */

/* p is the current process, or the caller holds proctree_lock. -EAGAIN: too many
 * are queued, or no memory (only for what programs queue: others are always sent).
 */
int process_signal(struct process *p, const struct abi_siginfo *info);

/* The same to one thread of the current process, or under proctree_lock. */
int thread_signal(struct thread *t, const struct abi_siginfo *info);

/* The kernel itself sends it: SI_KERNEL. */
void process_signal_kernel(struct process *p, int sig);

/* The current thread gets it for what it just did (SIGPIPE, SIGXFSZ). */
void signal_self(int sig);

/* A fault of the current thread, that f is of. Blocked, ignored or not caught it ends the
 * process now, with a line on the console.
 */
void signal_fault(struct trapframe *f, const struct abi_siginfo *info, const char *reason);

/* No frame could be written for sig, or read back (0): SIGSEGV. */
void signal_fault_frame(struct trapframe *f, int sig);

/* kill(2), tgkill(2) and tkill(2) (tgid 0): 0 or -errno. sig 0 only checks. */
int signal_kill(pid_t pid, int sig) __must_check;
int signal_kill_thread(pid_t tgid, pid_t tid, int sig) __must_check;

/* rt_sigqueueinfo(2) and, with a thread's number, rt_tgsigqueueinfo(2): *info as it is,
 * unless it claims to be another's.
 */
int signal_queue(pid_t pid, const struct abi_siginfo *info) __must_check;
int signal_queue_thread(pid_t tgid, pid_t tid, const struct abi_siginfo *info) __must_check;

/* ---- receiving: on the current thread ---- */

struct signal_caught {
	struct abi_siginfo info;
	struct abi_sigaction action;
};

/* On the way to ring 3: acts on pending signals; may not return, sleeps while
 * stopped. True: *out is to be handled by the program, and it is to be asked again.
 */
bool signal_next(struct signal_caught *out);

/* The mask that a handler's frame keeps, and the one it runs under. */
sigset_t signal_mask_to_keep(void);
void signal_mask_for_handler(const struct signal_caught *c);

/* No handler ran: the mask of signal_set_blocked_for_call() ends. */
void signal_mask_restore(void);

/* rt_sigaction and rt_sigprocmask on the current process and thread. */
int signal_set_action(int sig, const struct abi_sigaction *new,
		      struct abi_sigaction *old) __must_check;
void signal_set_blocked(sigset_t blocked);

/* A mask for the time of one call (ppoll, pselect, sigsuspend), and its end. Interrupted,
 * the old mask comes back when the signal has been looked at, on the way to ring 3.
 */
void signal_set_blocked_for_call(sigset_t blocked);
void signal_end_call(bool interrupted);

/* Pending and blocked, as sigpending(2) shows it. */
sigset_t signal_pending_blocked(void);

/* Takes one of `set`, waiting until the deadline: its number, -EAGAIN (none came),
 * -EINTR.
 */
int signal_wait(sigset_t set, ktime_t deadline, struct abi_siginfo *info) __must_check;

/* sigaltstack(2); esp: what the program's is. */
int signal_set_stack(const struct abi_stack *new, struct abi_stack *old, uint32_t esp) __must_check;
bool signal_is_on_stack(uint32_t esp);
void signal_stack_disable(void);

/* ---- life of a process, of a thread ---- */

/* fork: the child's state from the parent's (NULL: the first process). exec: handlers go,
 * the ignored stay. exit: frees. On the process's own thread or before it runs.
 */
void signal_state_fork(struct signal_state *child, struct signal_state *parent);
void signal_state_exec(struct process *p);
void signal_state_free(struct signal_state *s);

/* t was taken off p's threads: what was for it alone is lost, the rest goes to others.
 * Caller holds p->lock.
 */
void signal_thread_left(struct process *p, struct thread *t);

/* ---- between the files of signals; caller holds p->lock ---- */

/* Nothing would happen if p received it now. */
bool signal_is_ignored(const struct process *p, int sig);

/* Is there something t would take? */
bool signal_is_due(const struct process *p, const struct thread *t);

/* Stopped threads go on. */
void process_unstop(struct process *p);

/* For each process-wide signal of `set` that is pending, a thread other than t is to look. */
void signal_retarget(struct process *p, const struct thread *t, sigset_t set);

/* signal_queue.c: puts info into `to` (p's or a thread's of it); takes the oldest of sig out
 * of `from`; forgets those of `set`.
 */
int signal_pend(struct process *p, struct signal_pending *to, const struct abi_siginfo *info);
void signal_unpend(struct process *p, struct signal_pending *from, int sig,
		   struct abi_siginfo *info);
void signal_forget(struct process *p, struct signal_pending *from, sigset_t set);

/* Takes the first of `set` that is pending for t: its number or 0. */
int signal_take(struct process *p, struct thread *t, sigset_t set, struct abi_siginfo *info);

/* Forgets those of `set` everywhere in p. */
void process_forget_signals(struct process *p, sigset_t set);

/* signal_action.c: as sigaction shows it; without a handler from now on. */
void signal_action_get(const struct signal_state *s, int sig, struct abi_sigaction *out);
void signal_action_reset(struct signal_state *s, int sig);

#endif
