/* SPDX-License-Identifier: MIT */
/* Raises a vector whose gate is not for ring 3: the double fault's. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("int $8");
	return survived("gate_closed");
}
