/* SPDX-License-Identifier: MIT */
/* Reads through a null pointer. Linux: SIGSEGV. */

#include "hostile.h"

int main(void)
{
	volatile int *nothing = NULL;

	return *nothing + survived("null_deref");
}
