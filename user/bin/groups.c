/* SPDX-License-Identifier: MIT */
/* groups: the groups one is in, by name. */

#include "groups.h"

int main(int argc, char **argv)
{
	struct membership m;
	char name[OWNER_BYTES];

	prog_begin("groups", "[USER]", argc, argv);
	if (argc > 2)
		prog_usage(1);
	if (argc == 2)
		groups_of_user(argv[1], &m);
	else
		groups_of_process(&m);
	for (size_t i = 0; i < m.count; i++)
		printf("%s%s", i ? " " : "", owner_group(m.groups[i], name));
	putchar('\n');
	return prog_finish(0);
}
