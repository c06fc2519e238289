/* SPDX-License-Identifier: MIT */
/* Changes the address space. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("movl %0, %%cr3" : : "r"(0));
	return survived("exec_cr3");
}
