/* SPDX-License-Identifier: MIT */
/* shared: what threads of one process share, and what processes do not. The same variable is
 * shown by a second process and by a second thread, each after changing it: its address is the
 * same for all, what it holds is not. A variable on the stack has an address of its own in each
 * thread, and a __thread variable, too. */

#include <pthread.h>
#include <sys/wait.h>

#include "prog.h"

enum { FIRST = 1, OF_PROCESS = 2, OF_THREAD = 3 };

static int variable = FIRST;
static __thread int own = FIRST;

static void show(const char *who)
{
	int local;

	printf("%-14s %6d %6d  %p %-9d %p %-9d %p\n", who, getpid(), gettid(), (void *)&variable,
	       variable, (void *)&own, own, (void *)&local);
	fflush(stdout);
}

static void *second_thread(void *arg)
{
	(void)arg;
	variable = own = OF_THREAD;
	show("second thread");
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	pid_t child;

	prog_begin("shared", "", argc, argv);
	printf("%-14s %6s %6s  %-10s %-9s %-10s %-9s %s\n", "", "pid", "tid", "&variable",
	       "variable", "&own", "own", "stack");
	show("first");
	child = fork();
	if (child == 0) {
		variable = own = OF_PROCESS;
		show("second process");
		_exit(0);
	}
	waitpid(child, NULL, 0);
	show("first again");
	if (pthread_create(&thread, NULL, second_thread, NULL))
		prog_die("pthread_create");
	pthread_join(thread, NULL);
	show("first again");
	return 0;
}
