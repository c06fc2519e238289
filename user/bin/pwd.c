/* SPDX-License-Identifier: MIT */
/* pwd: the path of the current directory. */

#include "prog.h"

int main(int argc, char **argv)
{
	char *path;

	prog_begin("pwd", "", argc, argv);
	path = getcwd(NULL, 0);
	if (!path)
		prog_die("getcwd");
	puts(path);
	return prog_finish(0);
}
