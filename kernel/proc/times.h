/* SPDX-License-Identifier: MIT */
/* What running costs: processor time, faults, memory. */
#ifndef PROC_TIMES_H
#define PROC_TIMES_H

#include <abi/resource.h>

#include "proc/process.h"

/* Adds b, divided, to a: sums, and the larger of the largest sizes. */
void accounting_add(struct accounting *a, const struct accounting *b);

/* Adds what a thread used. Any thread; exact to its last switch. */
void accounting_add_thread(struct accounting *a, struct thread *t);

/* Adds the faults and the size of an address space. */
void accounting_add_space(struct accounting *a, const struct space *s);

/* The same of the current process. Takes its lock. */
void accounting_of_current(struct accounting *out);

/* Its children that were waited for. */
void accounting_of_children(struct accounting *out);

/* Divides run_ns. */
void accounting_divide(struct accounting *a);

/* Ended and living threads, and its space. Caller holds p->lock. */
void accounting_of_process(struct process *p, struct accounting *out);

/* One thread alone. Caller holds its process's lock. */
void accounting_of_thread(struct thread *t, struct accounting *out);

/* As SIGCHLD tells it. */
void accounting_to_siginfo(const struct accounting *a, struct abi_siginfo *info);

/* cpuclock.c: clocks of processor time by number, and how fine they are. -EINVAL: there is no
 * such process or thread, or it is not to be seen.
 */
bool cpuclock_is_one(int32_t clock);
int cpuclock_read(int32_t clock, ktime_t *out) __must_check;
int cpuclock_resolution(int32_t clock, ktime_t *out) __must_check;

/* As getrusage and wait4 give it. */
void accounting_to_rusage(const struct accounting *a, struct abi_rusage *out);

#endif
