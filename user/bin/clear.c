/* SPDX-License-Identifier: MIT */
/* clear: an empty screen, the cursor in its corner (ECMA-48: ED, CUP). */

#include "prog.h"

int main(int argc, char **argv)
{
	prog_begin("clear", "", argc, argv);
	if (argc > 1)
		prog_usage(1);
	fputs("\033[H\033[2J\033[3J", stdout);
	return prog_finish(0);
}
