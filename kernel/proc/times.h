/* SPDX-License-Identifier: MIT */
/* What running costs: processor time, faults, memory. */
#ifndef PROC_TIMES_H
#define PROC_TIMES_H

#include <abi/resource.h>

#include "proc/process.h"

/* Adds b to a: sums, and the larger of the largest sizes. */
void accounting_add(struct accounting *a, const struct accounting *b);

/* Adds what a thread used. Any thread; exact to its last switch. */
void accounting_add_thread(struct accounting *a, struct thread *t);

/* Adds the faults and the size of an address space. */
void accounting_add_space(struct accounting *a, const struct space *s);

/* The current process so far: ended threads, living threads, its space. */
void accounting_of_current(struct accounting *out);

/* Its children that were waited for. */
void accounting_of_children(struct accounting *out);

/* Exact time, divided as the tick saw it. Nanoseconds. */
void accounting_split(const struct accounting *a, uint64_t *user_ns, uint64_t *kernel_ns);

/* As getrusage and wait4 give it. */
void accounting_to_rusage(const struct accounting *a, struct abi_rusage *out);

#endif
