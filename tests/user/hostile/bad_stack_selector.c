/* SPDX-License-Identifier: MIT */
/* Loads a stack selector that names nothing. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("movw %0, %%ss" : : "r"((unsigned short)BAD_SELECTOR));
	return survived("bad_stack_selector");
}
