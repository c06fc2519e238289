/* SPDX-License-Identifier: MIT */
/* Halts the processor. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("hlt");
	return survived("exec_hlt");
}
