/* SPDX-License-Identifier: MIT */
/* Sets the trap flag. Linux: SIGTRAP after the next instruction. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("pushfl\n\t"
			 "orl %0, (%%esp)\n\t"
			 "popfl\n\t"
			 "nop"
			 :
			 : "i"(EFLAGS_TF)
			 : "cc", "memory");
	return survived("single_step");
}
