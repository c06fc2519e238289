/* SPDX-License-Identifier: MIT */
/* Makes a system call with ds and es null: the kernel loads its own, and gives these back.
 * Linux: SIGSEGV afterwards, at the first use. */

#include "hostile.h"

int main(void)
{
	int value = 0;

	__asm__ volatile("movw %w1, %%ds\n\t"
			 "movw %w1, %%es\n\t"
			 "movl $20, %%eax\n\t" /* getpid */
			 "int $0x80\n\t"
			 "movl (%2), %0"
			 : "=&a"(value)
			 : "r"(0), "r"(&value)
			 : "memory");
	return value == 0 ? survived("null_data_selector") : 2;
}
