/* SPDX-License-Identifier: MIT */
/* One formatter for the whole kernel: everything that prints goes through fmt_vprint(). Knows %d
 * %i %u %x %X %o %c %s %p %% with flags - 0 # + space, width and precision (also *), and the
 * lengths hh h l ll z t j. No floating point. No state, no locks, any context. */
#ifndef LIB_FMT_H
#define LIB_FMT_H

#include "lib/types.h"

/* Takes n bytes of output, in order; called many times for one format. n is never 0. */
typedef void (*fmt_out)(void *ctx, const char *text, size_t n);

/* Formats into out. Returns the number of bytes produced. */
int fmt_vprint(fmt_out out, void *ctx, const char *fmt, va_list args) __printf(3, 0);

/* As C's: writes at most size bytes with the terminator, returns the length the whole text would
 * have. */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);

#endif
