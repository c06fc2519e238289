/* SPDX-License-Identifier: MIT */
/* Drops a translation. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("invlpg (%0)" : : "r"(main) : "memory");
	return survived("exec_invlpg");
}
