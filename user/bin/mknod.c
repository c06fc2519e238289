/* SPDX-License-Identifier: MIT */
/* mknod: makes device files and FIFOs. */

#include <sys/sysmacros.h>

#include "mode.h"

enum { NEW_NODE_MODE = 0666, MAJOR_MAX = 0xfff, MINOR_MAX = 0xfffff };

static unsigned int device_number(const char *text, long long limit)
{
	long long number = prog_count(text, 1);

	if (number > limit)
		prog_diex("%s: device number too big", text);
	return (unsigned int)number;
}

int main(int argc, char **argv)
{
	const char *mode = NULL;
	mode_t type = S_IFIFO;
	dev_t device = 0;
	int letter;
	bool fifo;

	prog_begin("mknod",
		   "[-m MODE] NAME b|c MAJOR MINOR | NAME p\n"
		   "  b, c  a block or character device\n"
		   "  p     a FIFO\n"
		   "  -m    permissions, as chmod takes them",
		   argc, argv);
	while ((letter = getopt(argc, argv, "m:")) != -1) {
		if (letter == '?')
			prog_usage(1);
		mode = optarg;
		mode_argument(mode, 0);
	}
	argc -= optind;
	argv += optind;
	fifo = argc == 2 && strcmp(argv[1], "p") == 0;
	if (!fifo && (argc != 4 || strlen(argv[1]) != 1 || !strchr("bcu", argv[1][0])))
		prog_usage(1);
	if (!fifo) {
		type = argv[1][0] == 'b' ? S_IFBLK : S_IFCHR;
		device = makedev(device_number(argv[2], MAJOR_MAX),
				 device_number(argv[3], MINOR_MAX));
	}
	if (mknod(argv[0], type | NEW_NODE_MODE, device) < 0)
		prog_die(argv[0]);
	if (mode && chmod(argv[0], mode_argument(mode, NEW_NODE_MODE)) < 0)
		prog_die(argv[0]);
	return 0;
}
