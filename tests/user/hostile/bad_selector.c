/* SPDX-License-Identifier: MIT */
/* Loads a selector that names nothing. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	__asm__ volatile("movw %0, %%ds" : : "r"((unsigned short)BAD_SELECTOR));
	return survived("bad_selector");
}
