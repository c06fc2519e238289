/* SPDX-License-Identifier: MIT */
/* switch.asm and the first steps of new threads (entry.asm). */
#ifndef X86_SWITCH_H
#define X86_SWITCH_H

#include "x86/context.h"

/* Saves the current stack in `from`, goes on with `to`'s. Returns, in `to`, the
 * thread that was switched away from. Irqs off.
 */
struct context *context_switch(struct context *from, struct context *to);

/* Return addresses for the first switch-in (not to be called). */
void user_first_run(void);
void kthread_first_run(void);

#endif
