/* SPDX-License-Identifier: MIT */
/* Divides by zero. Linux: SIGFPE. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("xorl %%edx, %%edx\n\t"
			 "divl %%edx"
			 :
			 : "a"(1)
			 : "edx", "cc");
	return survived("div_zero");
}
