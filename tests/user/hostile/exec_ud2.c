/* SPDX-License-Identifier: MIT */
/* Executes what is no instruction. Linux: SIGILL. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("ud2");
	return survived("exec_ud2");
}
