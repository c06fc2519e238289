/* SPDX-License-Identifier: MIT */
/* Signals: what is sent, what happens by default. Programs may install
 * handlers, which are stored; until frames for them exist (issue 5) a signal
 * with a handler is dropped, and a fault with a handler ends the program.
 *
 * Sender: marks it pending under process->lock and interrupts the threads.
 * Receiver: acts on its way back to ring 3 (signal_deliver).
 */
#ifndef PROC_SIGNAL_H
#define PROC_SIGNAL_H

#include <abi/signal.h>

#include "lib/types.h"
#include "vm/usercopy.h"
#include "x86/atomic.h"

struct process;
struct thread;
struct trapframe;

typedef uint64_t sigset_t; /* signal n is bit n - 1 */

#define SIGNAL_BIT(sig) (1ULL << ((sig)-1))

/* What a program asked for with sigaction. Shared between parent and child
 * until one of them changes it.
 */
struct signal_actions {
	atomic_t refs;
	struct abi_sigaction action[ABI_SIGNAL_MAX]; /* [I] while shared */
};

/* Lock of all: the process's lock. */
struct signal_state {
	sigset_t pending;               /* sent to the process */
	sigset_t ignored;               /* action is SIG_IGN */
	sigset_t caught;                /* action is a handler */
	struct signal_actions *actions; /* NULL: flags and masks are all 0 */
};

enum signal_default { SIGNAL_TERM, SIGNAL_CORE, SIGNAL_IGN, SIGNAL_STOP, SIGNAL_CONT };

/* What happens to a process that did not ask otherwise. 1 <= sig <= 64. */
enum signal_default signal_default_of(int sig);

/* "SIGSEGV"; "SIG34" for the real-time ones. */
const char *signal_name(int sig);

/* Sends: p is the current process, or the caller holds proctree_lock. Does not
 * sleep. code (SI_ and the like) and addr are for the handler to come.
 */
void process_signal(struct process *p, int sig, int code, uaddr_t addr);

/* The same to one thread of the current process, or under proctree_lock. */
void thread_signal(struct thread *t, int sig, int code);

/* A fault of the current thread: the signal cannot be blocked or ignored. Ends
 * the process now, with a line on the console, unless it is caught.
 */
void signal_fault(struct trapframe *f, int sig, int code, uaddr_t addr, const char *reason);

/* kill(2), tgkill(2) and tkill(2) (tgid 0): 0 or -errno. sig 0 only checks. */
int signal_kill(pid_t pid, int sig) __must_check;
int signal_kill_thread(pid_t tgid, pid_t tid, int sig) __must_check;

/* On the way to ring 3: acts on pending signals; may not return. Sleeps while
 * stopped.
 */
void signal_deliver(void);

/* rt_sigaction and rt_sigprocmask on the current process and thread. */
int signal_set_action(int sig, const struct abi_sigaction *new,
		      struct abi_sigaction *old) __must_check;
void signal_set_blocked(sigset_t blocked);

/* A mask for the time of one call (ppoll, pselect), and its end. Interrupted, the old mask
 * comes back when the signal has been looked at, on the way to ring 3.
 */
void signal_set_blocked_for_call(sigset_t blocked);
void signal_end_call(bool interrupted);

/* fork: the child's state from the parent's. exec: handlers go, the ignored
 * stay. exit: frees. All on the process's own thread or before it runs.
 */
void signal_state_fork(struct signal_state *child, struct signal_state *parent);
void signal_state_exec(struct process *p);
void signal_state_free(struct signal_state *s);

#endif
