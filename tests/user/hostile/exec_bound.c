/* SPDX-License-Identifier: MIT */
/* Exceeds a bound. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	int bounds[2] = { 0, 1 };

	__asm__ volatile("bound %0, %1" : : "r"(2), "m"(bounds) : "memory");
	return survived("exec_bound");
}
