/* SPDX-License-Identifier: MIT */
/* Kernel stacks: 8 KiB each, 8 KiB of nothing below. Those of dead threads are
 * kept, mapped, for the next. Any context; do not sleep.
 */
#ifndef SCHED_KSTACK_H
#define SCHED_KSTACK_H

#include "lib/types.h"

vaddr_t kstack_alloc(void) __must_check; /* lowest address; 0: no memory or no room */
void kstack_free(vaddr_t stack);

/* Stacks there are, those kept for the next thread included. */
unsigned kstack_count(void);

/* How many threads may have one at a time. */
unsigned kstack_limit(void);

/* Whether few are left of these: a hint. */
bool kstack_is_scarce(void);

/* Start-up: from now on kept stacks are given back when memory is short. */
void kstacks_init(void);

#endif
