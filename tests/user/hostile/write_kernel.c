/* SPDX-License-Identifier: MIT */
/* Writes to the kernel's memory. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	volatile int *kernel = (volatile int *)KERNEL_ADDRESS;

	*kernel = 0;
	return survived("write_kernel");
}
