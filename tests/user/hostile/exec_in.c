/* SPDX-License-Identifier: MIT */
/* Reads from a port. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	unsigned char value;

	__asm__ volatile("inb $0x80, %0" : "=a"(value));
	return survived("exec_in");
}
