/* SPDX-License-Identifier: MIT */
/* Asks where the interrupt descriptors are. UMIP: SIGSEGV, where Linux makes up
 * an answer; a processor without it gives a true one. */

#include "hostile.h"

int main(void)
{
	unsigned char table[6];

	__asm__ volatile("sidt %0" : "=m"(table));
	return survived("exec_sidt");
}
