/* SPDX-License-Identifier: MIT */
/* Divides the lowest number by -1, which does not fit. Linux: SIGFPE. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("movl $1, %%eax\n\t"
			 "shll $31, %%eax\n\t"
			 "cltd\n\t"
			 "idivl %0"
			 :
			 : "r"(-1)
			 : "eax", "edx", "cc");
	return survived("div_overflow");
}
