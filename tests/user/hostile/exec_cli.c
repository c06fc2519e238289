/* SPDX-License-Identifier: MIT */
/* Turns interrupts off. Linux: SIGSEGV, as for every privileged instruction. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("cli");
	return survived("exec_cli");
}
