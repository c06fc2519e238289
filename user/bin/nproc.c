/* SPDX-License-Identifier: MIT */
/* nproc: how many processors there are for us. */

#include <sched.h>

#include "prog.h"

int main(int argc, char **argv)
{
	bool all = false;
	cpu_set_t set;

	prog_begin("nproc", "[--all]\n  --all  also those that this program may not use", argc,
		   argv);
	all = argc == 2 && strcmp(argv[1], "--all") == 0;
	if (argc > 1 + all)
		prog_usage(1);
	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		prog_die("affinity");
	printf("%ld\n", all ? sysconf(_SC_NPROCESSORS_CONF) : (long)CPU_COUNT(&set));
	return prog_finish(0);
}
