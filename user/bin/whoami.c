/* SPDX-License-Identifier: MIT */
/* whoami: the name of the effective user. */

#include "owner.h"

int main(int argc, char **argv)
{
	char name[OWNER_BYTES];

	prog_begin("whoami", "", argc, argv);
	if (argc > 1)
		prog_usage(1);
	puts(owner_user(geteuid(), name));
	return prog_finish(0);
}
