/* SPDX-License-Identifier: MIT */
/* Forks children that all wait, as many as it may up to a bound, then lets them go.
 * Linux: exit status 0; running out is EAGAIN or ENOMEM, and nothing worse. */

#include "hostile.h"

#include <errno.h>
#include <sys/wait.h>

enum { CHILDREN_MAX = 1000 };

static int wait_for_all(int expected)
{
	int status;

	while (expected > 0 && wait(&status) > 0 && status == 0)
		expected--;
	return expected;
}

int main(int argc, char **argv)
{
	int limit = argc > 1 ? atoi(argv[1]) : CHILDREN_MAX;
	int children = 0;
	int ends[2];
	char byte;

	if (pipe(ends) < 0)
		return 1;
	while (children < limit) {
		pid_t pid = fork();

		if (pid < 0 && errno != EAGAIN && errno != ENOMEM)
			return 1;
		if (pid < 0)
			break;
		if (pid == 0) {
			close(ends[1]);
			_exit(read(ends[0], &byte, 1) != 0);
		}
		children++;
	}
	close(ends[1]);
	printf("%d children\n", children);
	return wait_for_all(children) != 0;
}
