/* SPDX-License-Identifier: MIT */
/* Asks for the selector of the task segment. UMIP: SIGSEGV, where Linux makes up
 * an answer; a processor without it gives a true one. */

#include "hostile.h"

int main(void)
{
	unsigned short selector;

	__asm__ volatile("str %0" : "=m"(selector));
	return survived("exec_str");
}
