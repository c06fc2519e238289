/* SPDX-License-Identifier: MIT */
/* timeout: runs a program, but not longer than so many seconds. Exit status 124: it was ended. */

#include "duration.h"
#include "run.h"
#include "signals.h"

enum { TIMED_OUT = 124, FAILED = 125 };

/* A child that ends when the time is up. It keeps no pipe open that somebody may wait for. */
static pid_t start_clock(const struct timespec *duration)
{
	pid_t pid = fork();

	if (pid < 0)
		prog_die("fork");
	if (pid > 0)
		return pid;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		close(fd);
	nanosleep(duration, NULL);
	_exit(0);
}

static pid_t wait_any(int *status)
{
	pid_t pid = wait(status);

	if (pid < 0)
		prog_die("wait");
	return pid;
}

/* Whoever ends first, the program or the clock. */
static int run_limited(char **argv, const struct timespec *duration, int signal_number)
{
	pid_t program = run_start(argv);
	pid_t clock = 0;
	bool unlimited = duration->tv_sec == 0 && duration->tv_nsec == 0;
	bool in_time;
	int status;

	if (!unlimited)
		clock = start_clock(duration);
	in_time = wait_any(&status) == program;
	if (in_time) {
		if (clock > 0 && kill(clock, SIGKILL) == 0)
			waitpid(clock, NULL, 0);
		return run_status(status);
	}
	kill(program, signal_number);
	waitpid(program, &status, 0);
	return signal_number == SIGKILL ? RUN_SIGNALLED + SIGKILL : TIMED_OUT;
}

int main(int argc, char **argv)
{
	int signal_number = SIGTERM;
	struct timespec duration = { 0 };
	int letter;

	prog_begin("timeout",
		   "[-s SIGNAL] DURATION PROGRAM [ARGUMENT]...\n"
		   "  -s  the signal to end it with (default: TERM)\n"
		   "  A duration is in seconds, or like 2m, 1h, 3d; 0 is no limit.",
		   argc, argv);
	while ((letter = getopt(argc, argv, "+s:")) != -1) {
		if (letter == '?')
			prog_usage(FAILED);
		signal_number = signal_by_name(optarg);
		if (signal_number < 0) {
			prog_warnx("%s: unknown signal", optarg);
			return FAILED;
		}
	}
	if (argc - optind < 2)
		prog_usage(FAILED);
	if (!duration_add(argv[optind], &duration)) {
		prog_warnx("invalid duration '%s'", argv[optind]);
		return FAILED;
	}
	return run_limited(argv + optind + 1, &duration, signal_number);
}
