/* SPDX-License-Identifier: MIT */
/* Recurses without end. Linux: SIGSEGV when the stack has reached its limit. */

#include "hostile.h"

/* The volatile array and the addition keep the compiler from making a loop of it. */
static int recurse(int depth)
{
	volatile char frame[1000];

	frame[0] = (char)depth;
	return recurse(depth + 1) + frame[0];
}

int main(void)
{
	/* A volatile condition, or the compiler proves that nothing returns. */
	return recurse(0) + survived("stack_overflow");
}
