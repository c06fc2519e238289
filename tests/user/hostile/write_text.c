/* SPDX-License-Identifier: MIT */
/* Writes to its own code. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	volatile char *code = (volatile char *)main;

	*code = 0;
	return survived("write_text");
}
