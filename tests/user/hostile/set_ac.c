/* SPDX-License-Identifier: MIT */
/* Sets AC and reads an odd address. Linux: SIGBUS; an emulator without alignment checks lets it
 * pass. */

#include "hostile.h"

int main(void)
{
	static int words[2] = { 1, 2 };
	int value;

	__asm__ volatile("pushfl\n\t"
			 "orl %1, (%%esp)\n\t"
			 "popfl\n\t"
			 "movl 1(%2), %0\n\t"
			 "pushfl\n\t"
			 "andl %3, (%%esp)\n\t"
			 "popfl"
			 : "=&r"(value)
			 : "i"(EFLAGS_AC), "r"(words), "i"(~EFLAGS_AC)
			 : "cc", "memory");
	return value ? survived("set_ac") : 0;
}
