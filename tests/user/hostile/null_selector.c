/* SPDX-License-Identifier: MIT */
/* Uses the null selector. Loading it is fine, going through it is not. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	int value = 0;

	__asm__ volatile("movw %w1, %%gs\n\t"
			 "movl %%gs:(%2), %0"
			 : "=r"(value)
			 : "r"(0), "r"(&value)
			 : "memory");
	return value == 0 ? survived("null_selector") : 2;
}
