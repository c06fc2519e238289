/* SPDX-License-Identifier: MIT */
/* yes: its arguments, or "y", over and over until nobody reads on. */

#include "prog.h"

int main(int argc, char **argv)
{
	prog_begin("yes", "[TEXT]...", argc, argv);
	while (!ferror(stdout)) {
		if (argc < 2)
			fputs("y", stdout);
		for (int i = 1; i < argc; i++) {
			fputs(argv[i], stdout);
			if (i < argc - 1)
				putchar(' ');
		}
		putchar('\n');
	}
	return prog_finish(1);
}
