/* SPDX-License-Identifier: MIT */
/* How every layer speaks and how it gives up. Declared here so that lib may use them, defined in
 * core. */
#ifndef LIB_KPRINTF_H
#define LIB_KPRINTF_H

#include "lib/types.h"

/* Appends a line or a part of one to the kernel log, which hands it to the console. Formats as
 * fmt.h says. Any context, never sleeps. */
void kprintf(const char *fmt, ...) __printf(1, 2);

/* Stops the machine: message, registers, backtrace, then the exit code of a panic. Any context. */
void panic(const char *fmt, ...) __printf(1, 2) __noreturn;

#endif
