/* SPDX-License-Identifier: MIT */
/* For the programs that do what a program must not. Each says at its top how it ends on Linux/i386;
 * tests/user/faults.c runs them all and compares. */
#ifndef TESTS_USER_HOSTILE_H
#define TESTS_USER_HOSTILE_H

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	KERNEL_ADDRESS = (int)0xc0100000u, /* where the kernel's code is */
	KERNEL_CODE_SELECTOR = 0x60,       /* Linux's: ring 0 */
	BAD_SELECTOR = 0x1234,             /* behind the end of the GDT, ring 0 */
	EFLAGS_TF = 0x100,
	EFLAGS_IF = 0x200,
	EFLAGS_DF = 0x400,
	EFLAGS_OF = 0x800,
	EFLAGS_AC = 0x40000
};

/* The kernel let it happen. */
static inline int survived(const char *what)
{
	fprintf(stderr, "%s: still alive\n", what);
	return 1;
}

#endif
