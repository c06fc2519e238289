/* SPDX-License-Identifier: MIT */
/* sync: everything written so far goes to the disks before it returns. */

#include "prog.h"

int main(int argc, char **argv)
{
	prog_begin("sync", "", argc, argv);
	if (argc > 1)
		prog_usage(1);
	sync();
	return 0;
}
