/* SPDX-License-Identifier: MIT */
/* Hits a breakpoint. Linux: SIGTRAP. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("int3");
	return survived("exec_int3");
}
