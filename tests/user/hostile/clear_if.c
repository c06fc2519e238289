/* SPDX-License-Identifier: MIT */
/* Pops flags with interrupts off and the direction reversed. Linux: exit status 0; popf leaves
 * IF alone in ring 3, and the kernel clears DF for itself. */

#include "hostile.h"

int main(void)
{
	unsigned int flags;
	long pid;

	__asm__ volatile("pushfl\n\t"
			 "andl %2, (%%esp)\n\t"
			 "orl %3, (%%esp)\n\t"
			 "popfl\n\t"
			 "int $0x80\n\t"
			 "pushfl\n\t"
			 "popl %1\n\t"
			 "cld"
			 : "=a"(pid), "=r"(flags)
			 : "i"(~EFLAGS_IF), "i"(EFLAGS_DF), "0"(20) /* getpid */
			 : "cc", "memory");
	if (pid != getpid())
		return survived("clear_if: the call failed");
	return (flags & EFLAGS_IF) && (flags & EFLAGS_DF) ? 0 : survived("clear_if: flags changed");
}
