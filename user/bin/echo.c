/* SPDX-License-Identifier: MIT */
/* echo: the arguments, a space between them, and a newline unless -n comes first. */

#include "prog.h"

int main(int argc, char **argv)
{
	bool newline = true;
	int i = 1;

	prog_begin("echo", "[-n] [TEXT]...\n  -n  no newline at the end", argc, argv);
	if (argc > 1 && strcmp(argv[1], "-n") == 0) {
		newline = false;
		i++;
	}
	for (; i < argc; i++) {
		fputs(argv[i], stdout);
		if (i + 1 < argc)
			putchar(' ');
	}
	if (newline)
		putchar('\n');
	return prog_finish(0);
}
