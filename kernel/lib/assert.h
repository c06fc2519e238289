/* SPDX-License-Identifier: MIT */
/* assert() states what the kernel owes itself; what a program passes or a disk holds is never
 * asserted. It stays on in every build: both sides of a release and a debug kernel stop at the
 * same bug. */
#ifndef LIB_ASSERT_H
#define LIB_ASSERT_H

#include "lib/types.h"

/* Reports the failed expression and stops the machine. Defined in core; the unit tests bring
 * their own. */
void assert_fail(const char *expr, const char *file, int line, const char *func) __noreturn;

#define assert(expr) \
	do { \
		if (unlikely(!(expr))) \
			assert_fail(#expr, __FILE__, __LINE__, __func__); \
	} while (0)

#endif
