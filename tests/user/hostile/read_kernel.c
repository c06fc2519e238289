/* SPDX-License-Identifier: MIT */
/* Reads the kernel's memory. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	volatile int *kernel = (volatile int *)KERNEL_ADDRESS;

	return *kernel + survived("read_kernel");
}
