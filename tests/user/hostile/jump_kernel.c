/* SPDX-License-Identifier: MIT */
/* Jumps into the kernel. Linux: SIGSEGV, with the address as the instruction pointer. */

#include "hostile.h"

int main(void)
{
	void (*kernel)(void) = (void (*)(void))KERNEL_ADDRESS;

	kernel();
	return survived("jump_kernel");
}
