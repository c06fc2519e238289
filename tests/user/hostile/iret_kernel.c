/* SPDX-License-Identifier: MIT */
/* Returns to ring 0 by an iret of its own. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("pushfl\n\t"
			 "pushl %0\n\t"
			 "pushl %1\n\t"
			 "iretl"
			 :
			 : "i"(KERNEL_CODE_SELECTOR), "r"(main));
	return survived("iret_kernel");
}
