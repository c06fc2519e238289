/* SPDX-License-Identifier: MIT */
/* sigdemo: a signal from each kind of source, caught: from kill, from a trap, from the timer, from
 * the end of a child. Shows what the handler is told, where its frame lies, what a mask does. */

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "prog.h"

enum { UD2_BYTES = 2, SOON_US = 20000 };

/* Printing in a handler is safe here: the program was not printing when the signal came. */
static void show(int number, siginfo_t *info, void *context)
{
	ucontext_t *c = context;

	printf("  handler: %s, code %d", strsignal(number), info->si_code);
	if (number == SIGILL)
		printf(", at instruction %p", info->si_addr);
	else if (info->si_code <= 0 || number == SIGCHLD)
		printf(", from process %d", info->si_pid);
	printf("\n           frame at %p, the program's stack was at %#x, it comes back to %#x\n",
	       (void *)((char *)context - 144), (unsigned int)c->uc_mcontext.gregs[REG_ESP],
	       (unsigned int)c->uc_mcontext.gregs[REG_EIP]);
	if (number == SIGILL)
		c->uc_mcontext.gregs[REG_EIP] += UD2_BYTES; /* behind what cannot be executed */
}

static void catch (int number)
{
	struct sigaction action = { .sa_sigaction = show, .sa_flags = SA_SIGINFO | SA_RESTART };

	if (sigaction(number, &action, NULL))
		prog_die("sigaction");
}

static void from_kill(void)
{
	printf("kill: this process sends SIGUSR1 to itself\n");
	kill(getpid(), SIGUSR1);
}

static void from_trap(void)
{
	printf("trap: an instruction that is none; the handler steps over it\n");
	asm volatile("ud2");
}

static void from_timer(void)
{
	static const struct itimerval soon = { .it_value = { .tv_usec = SOON_US } };

	printf("timer: setitimer, then pause\n");
	setitimer(ITIMER_REAL, &soon, NULL);
	pause();
}

static void from_child(void)
{
	pid_t child;

	printf("child: one that ends at once\n");
	fflush(stdout);
	child = fork();
	if (child == 0)
		_exit(3);
	waitpid(child, NULL, 0);
}

static void blocked(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	printf("mask: SIGUSR1 is blocked\n");
	sigprocmask(SIG_BLOCK, &set, NULL);
	kill(getpid(), SIGUSR1);
	printf("  sent, and nothing has happened; now it is let through\n");
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void uncatchable(void)
{
	printf("SIGKILL: %s\n",
	       signal(SIGKILL, SIG_IGN) == SIG_ERR ? "cannot be caught or ignored" : "ignored?");
}

int main(int argc, char **argv)
{
	static const int caught[] = { SIGUSR1, SIGILL, SIGALRM, SIGCHLD };

	prog_begin("sigdemo", "", argc, argv);
	for (unsigned int i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		catch (caught[i]);
	from_kill();
	from_trap();
	from_timer();
	from_child();
	blocked();
	uncatchable();
	return prog_finish(0);
}
