/* SPDX-License-Identifier: MIT */
/* Asks for the lower half of CR0. UMIP: SIGSEGV, where Linux makes up
 * an answer; a processor without it gives a true one. */

#include "hostile.h"

int main(void)
{
	unsigned short word;

	__asm__ volatile("smsw %0" : "=m"(word));
	return survived("exec_smsw");
}
