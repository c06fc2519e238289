/* SPDX-License-Identifier: MIT */
/* The thread that start-up runs in, and what asm calls. */
#ifndef SCHED_BOOT_THREAD_H
#define SCHED_BOOT_THREAD_H

#include "sched/thread.h"

extern struct thread boot_thread;

void threads_init(void);            /* once, boot CPU */
void kthread_main(void) __noreturn; /* entry.asm */

#endif
