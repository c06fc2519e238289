/* SPDX-License-Identifier: MIT */
/* mkfifo: makes FIFOs, pipes with a name. */

#include "mode.h"

enum { NEW_FIFO_MODE = 0666 };

int main(int argc, char **argv)
{
	const char *mode = NULL;
	int status = 0;
	int letter;

	prog_begin("mkfifo", "[-m MODE] NAME...\n  -m  permissions, as chmod takes them", argc,
		   argv);
	while ((letter = getopt(argc, argv, "m:")) != -1) {
		if (letter == '?')
			prog_usage(1);
		mode = optarg;
		mode_argument(mode, 0);
	}
	if (optind == argc)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		if (mkfifo(argv[i], NEW_FIFO_MODE) == 0 &&
		    (!mode || chmod(argv[i], mode_argument(mode, NEW_FIFO_MODE)) == 0))
			continue;
		prog_warn(argv[i]);
		status = 1;
	}
	return status;
}
