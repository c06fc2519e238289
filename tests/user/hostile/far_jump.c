/* SPDX-License-Identifier: MIT */
/* Jumps to the kernel's code segment. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("ljmp %0, $0" : : "i"(KERNEL_CODE_SELECTOR));
	return survived("far_jump");
}
