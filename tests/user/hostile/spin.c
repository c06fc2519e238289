/* SPDX-License-Identifier: MIT */
/* Runs for ever, with no system call at all. `spin LETTER` shows itself now and then. */

#include "hostile.h"

enum { TURNS = 1 << 27 };

int main(int argc, char **argv)
{
	volatile unsigned int turn = 0;

	for (;;) {
		if (++turn % TURNS == 0 && argc > 1 && write(STDOUT_FILENO, argv[1], 1) < 0)
			return 1;
	}
}
