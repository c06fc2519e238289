/* SPDX-License-Identifier: MIT */
/* Faults with a stack pointer in the kernel. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("movl %0, %%esp\n\t"
			 "pushl $0"
			 :
			 : "i"(KERNEL_ADDRESS));
	return survived("bad_stack");
}
