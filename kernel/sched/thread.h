/* SPDX-License-Identifier: MIT */
/* The thread control block. A thread is what runs: a kernel stack, a saved
 * context, a state. The process it belongs to is opaque here.
 *
 * States: NEW -> READY <-> RUNNING -> SLEEPING -> READY ... RUNNING -> DEAD.
 * MOVING: in no queue, on its way to another CPU; only who moves it may change that.
 * Lock of state: the run-queue lock of ctx.cpu (rank RUNQ).
 */
#ifndef SCHED_THREAD_H
#define SCHED_THREAD_H

#include "core/spinlock.h"
#include "core/time.h"
#include "core/timer.h"
#include "lib/list.h"
#include "mm/pagetable.h"
#include "sched/cputime.h"
#include "x86/context.h"
#include "x86/frame.h"
#include "x86/gdt.h"
#include "x86/fpu.h"

enum thread_state {
	THREAD_NEW,
	THREAD_READY,
	THREAD_RUNNING,
	THREAD_MOVING,
	THREAD_SLEEPING,
	THREAD_DEAD,
};

enum { THREAD_NAME = 16, NICE_MIN = -20, NICE_MAX = 19 };

struct process; /* proc/process.h */

/* Signals that were sent, to a thread or to a process; proc's (proc/signal.h). */
struct signal_pending {
	uint64_t set;
	struct list queue; /* what is known of them, oldest first */
};

/* [I] immutable, [o] own thread, [r] run-queue lock of ctx.cpu, [a] atomic */
struct thread {
	struct context ctx;          /* first: current_context() points here */
	tid_t tid;                   /* [o] changes in exec only */
	char name[THREAD_NAME];      /* [o] */
	enum thread_state state;     /* [r] */
	uint32_t wakers;             /* [r] sleeping: the EXIT_ bits that end it */
	bool woken;                  /* [r] wake-up came by thread_wake, not time-out */
	bool ending;                 /* [r] killed: it goes before others, to be gone soon */
	atomic_t refs;               /* [a] memory is freed with the last */
	struct list run_link;        /* [r] ready queue */
	uint32_t slice_left;         /* [r] ticks */
	uint32_t affinity;           /* [r] mask of allowed CPUs, one of them online */
	int8_t nice;                 /* [r] NICE_MIN .. NICE_MAX */
	struct pagetable *pagetable; /* [o] user address space, NULL: kernel thread */
	struct process *process;     /* NULL: kernel thread, or it has left its process */
	struct list process_link;    /* proc's: threads of one process */
	struct pid *pid;             /* proc's: its number, proctree_lock */
	struct vfork *vfork;         /* proc's: who waits for it, proctree_lock */
	struct trapframe *frame;     /* [I] user registers, at the top of the kernel stack */
	struct segment_desc tls[GDT_TLS_ENTRIES]; /* [o] */
	struct fpu_state fpu;                     /* [o] user threads: saved while switched out */
	uint64_t sig_blocked;                     /* proc's: the process's lock */
	uint64_t sig_awaited;                     /* proc's: blocked, but for sigtimedwait */
	struct signal_pending sig_pending;        /* proc's: the process's lock */
	uint64_t sig_restore;                     /* [o] mask for when signals were looked at */
	bool sig_restores;                        /* [o] sig_restore holds one */
	struct {
		uint32_t base, size, flags;
	} sig_stack; /* [o] sigaltstack; size 0: none */
	struct {
		uint32_t vector, error, address;
	} fault;                         /* [o] the last exception of the program */
	void (*entry)(void *arg);        /* [I] kernel thread's function */
	void *arg;                       /* [I] */
	struct cpu_ticks ticks;          /* [r] to split run_ns by */
	struct cputime told;             /* proc's: see cputime_split(), process's lock */
	uint32_t voluntary, involuntary; /* [r] how often it was switched away from */
	uint64_t run_ns;                 /* [r] exact CPU time up to the last switch */
	ktime_t switched_in;             /* [r] */
	vaddr_t set_tid, clear_tid;      /* [o] user addresses of its number, 0: none */
	vaddr_t robust_list;             /* [o] set_robust_list: user address, 0: none */
	struct restart_block {           /* [o] for restart_syscall */
		int (*fn)(struct restart_block *);
		ktime_t deadline;
		uint32_t arg[4];
	} restart;
};

static inline struct thread *thread_current(void)
{
	return (struct thread *)current_context();
}

#define current thread_current()

/* A thread in state NEW with a kernel stack and refs 1, not yet running.
 * name is copied. NULL: no memory (or no stack slot).
 */
struct thread *thread_create(const char *name) __must_check;

/* A kernel thread that runs fn(arg) and dies when fn returns; it is started. */
int kthread_start(const char *name, void (*fn)(void *), void *arg) __must_check;

/* Makes t a user thread: its first switch-in returns to ring 3 through *t->frame,
 * which the caller fills, with the FPU state in t->fpu (a clean one by default).
 */
void thread_set_user_entry(struct thread *t);

/* For fork: the current thread's FPU state, as it is now. */
void thread_copy_fpu(struct thread *t);

/* Work to look at before the thread returns to ring 3 (enum exit_work). */
static inline void thread_set_work(struct thread *t, uint32_t bits)
{
	atomic_or(&t->ctx.exit_work, bits);
}

static inline void thread_clear_work(struct thread *t, uint32_t bits)
{
	atomic_and(&t->ctx.exit_work, ~bits);
}

static inline bool thread_has_work(const struct thread *t, uint32_t bits)
{
	return (uint32_t)atomic_read(&t->ctx.exit_work) & bits;
}

/* NEW -> READY on a CPU the mechanism chooses. */
void thread_start(struct thread *t);

/* SLEEPING -> READY; does nothing in other states. Any context. True if woken. */
bool thread_wake(struct thread *t);

/* A signal is pending: sets EXIT_SIGNAL, which ends interruptible sleeps and
 * refuses new ones, and makes t come out of ring 3 if it runs there. The bit
 * stays until proc clears it. True if t was asleep.
 */
bool thread_interrupt(struct thread *t);
/* The same, and t is to end: ends killable sleeps, too; from now on t waits behind nobody. */
bool thread_kill(struct thread *t);

static inline bool thread_is_interruptible(const struct thread *t)
{
	return t->wakers & EXIT_SIGNAL;
}

void thread_yield(void);

/* EXIT_RESCHED work, on the way to ring 3: the next thread's turn. */
void thread_preempt(void);

/* The current thread ends. Its memory goes when the last reference is dropped. */
void thread_exit(void) __noreturn;

void thread_get(struct thread *t);
void thread_put(struct thread *t); /* last: frees stack and struct; t is DEAD or NEW */

/* Sleeps until `deadline`: 0 at the deadline, -EINTR if interruptible and a signal came. */
int thread_sleep_until(ktime_t deadline, bool interruptible);

/* In a long kernel loop: lets others run if the slice is over. */
void sched_point(void);

/* Where t may run from now on: it leaves a CPU it may not be on at once, or, in the kernel, as
 * soon as it leaves that or sleeps. `mask` has a CPU that is online.
 */
void thread_set_affinity(struct thread *t, uint32_t mask);
void thread_set_nice(struct thread *t, int nice);

/* Exact CPU time of t until now, nanoseconds. */
uint64_t thread_run_ns(struct thread *t);

#endif
