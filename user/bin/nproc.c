/* SPDX-License-Identifier: MIT */
/* nproc: how many processors there are. */

#include "procinfo.h"

int main(int argc, char **argv)
{
	char *line = NULL;
	size_t room = 0;
	unsigned count = 0;
	FILE *file;

	prog_begin("nproc", "", argc, argv);
	if (argc > 1)
		prog_usage(1);
	file = fopen("/proc/stat", "r");
	if (!file)
		prog_die("/proc/stat");
	while (getline(&line, &room, file) > 0)
		count += strncmp(line, "cpu", 3) == 0 && isdigit((unsigned char)line[3]);
	fclose(file);
	printf("%u\n", count);
	return prog_finish(0);
}
