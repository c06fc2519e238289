/* SPDX-License-Identifier: MIT */
/* Traps on overflow. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("movb $0x7f, %%al\n\t"
			 "addb $1, %%al\n\t"
			 "into"
			 :
			 :
			 : "eax", "cc");
	return survived("exec_into");
}
