/* SPDX-License-Identifier: MIT */
/* dmesg: the kernel's messages. */

#include <sys/klog.h>

#include "prog.h"

enum { READ_ALL = 3, BUFFER_SIZE = 10 };

int main(int argc, char **argv)
{
	int size, length;
	char *text;

	prog_begin("dmesg",
		   "\n  Prints what the kernel has said since the start (the newest 32 KiB).", argc,
		   argv);
	if (argc > 1)
		prog_usage(1);
	size = klogctl(BUFFER_SIZE, NULL, 0);
	if (size < 0)
		prog_die("the kernel log");
	text = prog_grow(NULL, (size_t)size + 1);
	length = klogctl(READ_ALL, text, size);
	if (length < 0)
		prog_die("the kernel log");
	fwrite(text, 1, (size_t)length, stdout);
	if (length > 0 && text[length - 1] != '\n')
		putchar('\n');
	return prog_finish(0);
}
