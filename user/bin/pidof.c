/* SPDX-License-Identifier: MIT */
/* pidof: the numbers of the processes that run a program, newest first. */

#include "procinfo.h"

/* By its name, or by the first word of its command line. */
static bool runs(const struct process *p, const char *program)
{
	char text[PROCINFO_TEXT];
	const char *slash;

	if (strcmp(p->name, program) == 0)
		return true;
	if (procinfo_file(p->pid, "cmdline", text, sizeof(text)) <= 0)
		return false;
	slash = strrchr(text, '/');
	return strcmp(text, program) == 0 || (slash && strcmp(slash + 1, program) == 0);
}

int main(int argc, char **argv)
{
	struct process *list;
	const char *gap = "";
	bool once = false;
	size_t count;
	int letter;

	prog_begin("pidof", "[-s] PROGRAM...\n  -s  one number only", argc, argv);
	while ((letter = getopt(argc, argv, "s")) != -1) {
		if (letter == '?')
			prog_usage(1);
		once = true;
	}
	if (optind == argc)
		prog_usage(1);
	count = procinfo_all(&list);
	for (; optind < argc; optind++) {
		for (size_t i = count; i-- > 0;) {
			if (!runs(&list[i], argv[optind]) || (once && *gap))
				continue;
			printf("%s%d", gap, list[i].pid);
			gap = " ";
		}
	}
	if (*gap)
		putchar('\n');
	return prog_finish(*gap ? 0 : 1);
}
