/* SPDX-License-Identifier: MIT */
/* Asks where the segment descriptors are. UMIP: SIGSEGV, where Linux makes up
 * an answer; a processor without it gives a true one. */

#include "hostile.h"

int main(void)
{
	unsigned char table[6];

	__asm__ volatile("sgdt %0" : "=m"(table));
	return survived("exec_sgdt");
}
