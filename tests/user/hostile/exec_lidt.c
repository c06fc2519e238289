/* SPDX-License-Identifier: MIT */
/* Loads an interrupt descriptor table. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	struct {
		unsigned short limit;
		unsigned int base;
	} __attribute__((packed)) table = { 0, 0 };

	__asm__ volatile("lidt %0" : : "m"(table));
	return survived("exec_lidt");
}
