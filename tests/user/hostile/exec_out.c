/* SPDX-License-Identifier: MIT */
/* Writes to a port: the one that ends QEMU. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	enum { EXIT_PORT = 0xf4 };

	__asm__ volatile("outb %0, %1" : : "a"((unsigned char)0), "d"((unsigned short)EXIT_PORT));
	return survived("exec_out");
}
