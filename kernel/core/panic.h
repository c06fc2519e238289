/* SPDX-License-Identifier: MIT */
/* How the machine ends when we are wrong: message, registers, backtrace, the
 * current thread, held locks; the other CPUs are stopped by NMI and say where
 * they were.
 */
#ifndef CORE_PANIC_H
#define CORE_PANIC_H

#include "lib/kprintf.h"
#include "lib/list.h"
#include "x86/frame.h"

/* A panic that shows the registers of a frame instead of the caller's. */
void panic_frame(const struct trapframe *f, const char *fmt, ...) __printf(2, 3) __noreturn;

/* Prints registers; user or kernel. */
void frame_print(const struct trapframe *f);

/* Prints "  at ADDRESS function+offset (file:line)" for the frame-pointer chain. */
void backtrace_print(uint32_t eip, uint32_t ebp);

/* Says who `c` is (sched: thread name and id; proc: program). One hook each. */
struct panic_describer {
	struct list link;
	void (*describe)(const struct context *c);
};
void panic_add_describer(struct panic_describer *d);

/* NMI: every CPU prints registers, backtrace and locks; on panic it stops. */
void nmi_handler(struct trapframe *f);

#endif
