/* SPDX-License-Identifier: MIT */
/* Recurses without end. Linux: SIGSEGV when the stack has reached its limit. */

#include "hostile.h"

/* Never reached; volatile, so that the compiler cannot know. */
static volatile int last = -1;

static int recurse(int depth)
{
	volatile char frame[1000];

	frame[0] = (char)depth;
	return depth == last ? 0 : recurse(depth + 1) + frame[0];
}

int main(void)
{
	return recurse(0) + survived("stack_overflow");
}
