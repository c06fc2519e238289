/* SPDX-License-Identifier: MIT */
/* Reads a model-specific register. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	unsigned int low;
	unsigned int high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(0));
	return survived("exec_rdmsr");
}
