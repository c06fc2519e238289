/* SPDX-License-Identifier: MIT */
/* uname: the system's name, and on request its node, release, version and machine. */

#include <sys/utsname.h>

#include "prog.h"

static const char letters[] = "snrvm"; /* in the order of printing */

int main(int argc, char **argv)
{
	struct utsname names;
	const char *fields[] = { names.sysname, names.nodename, names.release, names.version,
				 names.machine };
	unsigned int wanted = 0;
	const char *gap = "";
	int option;

	prog_begin("uname",
		   "[-asnrvm]\n  -s system, -n host, -r release, -v version, -m machine, -a all",
		   argc, argv);
	while ((option = getopt(argc, argv, "asnrvm")) != -1) {
		if (option == '?')
			prog_usage(1);
		wanted |= option == 'a' ? ~0U : 1U << (strchr(letters, option) - letters);
	}
	if (optind < argc)
		prog_usage(1);
	if (uname(&names) < 0)
		prog_die("uname");
	if (wanted == 0)
		wanted = 1;
	for (size_t i = 0; letters[i]; i++) {
		if (!(wanted & (1U << i)))
			continue;
		printf("%s%s", gap, fields[i]);
		gap = " ";
	}
	putchar('\n');
	return prog_finish(0);
}
