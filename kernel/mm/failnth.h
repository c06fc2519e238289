/* SPDX-License-Identifier: MIT */
/* Debug kernel: the Nth allocation of a thread from now on fails, once, as if memory
 * were short (/proc/PID/fail-nth, as on Linux). Every allocator asks here; there are
 * none that cannot fail.
 */
#ifndef MM_FAILNTH_H
#define MM_FAILNTH_H

#include "core/config.h"
#include "x86/context.h"

/* Counts one allocation of the current thread. True: it is the one that fails. */
static inline bool allocation_fails(void)
{
	struct context *c = current_context();

	return CONFIG_DEBUG && c->fail_nth && --c->fail_nth == 0;
}

#endif
