/* SPDX-License-Identifier: MIT */
/* What a terminal does to process groups: keys, sizes, use from the background (POSIX, "General
 * Terminal Interface"; man 4 tty_ioctl). */
#define _GNU_SOURCE
#include "job_session.h"

/* ---- keys ---- */

static void foreground_of_two(void)
{
	pid_t back = start_group(false), front = start_group(true);
	siginfo_t info;
	int status;

	shared->step = 1;
	EXPECT_EQ(waitpid(front, &status, WUNTRACED), front);
	EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTSTP);
	kill(front, SIGCONT);
	EXPECT_OK(waitid(P_PID, (id_t)front, &info, WCONTINUED));
	EXPECT_EQ(info.si_code, CLD_CONTINUED);
	shared->step = 2;
	EXPECT_EQ(waitpid(front, &status, 0), front);
	EXPECT_SIGNAL(status, SIGINT);
	front = start_group(true);
	shared->step = 3;
	EXPECT_EQ(waitpid(front, &status, 0), front);
	EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGQUIT);
	EXPECT_EQ(waitpid(back, &status, WNOHANG | WUNTRACED), 0);
	finish(back);
}

static void keys_signal_the_foreground_group_only(void)
{
	pid_t leader = start_session(foreground_of_two);
	static const char key[] = { 26, 3, 28 };

	for (int i = 0; i < 3; i++) {
		wait_step(i + 1);
		EXPECT_EQ(write(master, key + i, 1), 1);
	}
	end_session(leader);
}

static void read_lines(void)
{
	char line[32];
	struct termios t;

	signal(SIGINT, SIG_IGN);
	EXPECT_OK(tcgetattr(0, &t));
	t.c_lflag &= ~(tcflag_t)ECHO;
	EXPECT_OK(tcsetattr(0, TCSANOW, &t));
	shared->step = 1;
	EXPECT_EQ(read(0, line, sizeof(line)), 3);
	EXPECT_EQ(memcmp(line, "de\n", 3), 0);
	t.c_lflag |= NOFLSH;
	EXPECT_OK(tcsetattr(0, TCSANOW, &t));
	shared->step = 2;
	EXPECT_EQ(read(0, line, sizeof(line)), 6);
	EXPECT_EQ(memcmp(line, "abcde\n", 6), 0);
	t.c_lflag &= ~(tcflag_t)ISIG;
	EXPECT_OK(tcsetattr(0, TCSANOW, &t));
	shared->step = 3;
	EXPECT_EQ(read(0, line, sizeof(line)), 7);
	EXPECT_EQ(memcmp(line, "abc\3de\n", 7), 0);
}

static void a_signal_key_flushes_unless_noflsh(void)
{
	pid_t leader = start_session(read_lines);

	for (int step = 1; step <= 3; step++) {
		wait_step(step);
		put(master, "abc\3de\n");
	}
	end_session(leader);
}

static void signals_by_request(void)
{
	pid_t front = start_group(true);
	int status;

	shared->member = front;
	shared->step = 1;
	EXPECT_EQ(waitpid(front, &status, WUNTRACED), front);
	EXPECT(WIFSTOPPED(status) && WSTOPSIG(status) == SIGTSTP);
	kill(front, SIGCONT);
	shared->step = 2;
	EXPECT_EQ(waitpid(front, &status, 0), front);
	EXPECT_SIGNAL(status, SIGINT);
}

static void a_master_signals_and_asks_for_the_group(void)
{
	pid_t leader = start_session(signals_by_request);

	wait_step(1);
	EXPECT_EQ(tcgetpgrp(master), shared->member);
	EXPECT_EQ(tcgetsid(master), leader);
	EXPECT_ERR(tcsetpgrp(master, leader), ENOTTY);
	EXPECT_ERR(ioctl(master, TIOCNOTTY), ENOTTY);
	EXPECT_ERR(ioctl(master, TIOCSIG, SIGKILL), EINVAL);
	EXPECT_OK(ioctl(master, TIOCSIG, SIGTSTP));
	wait_step(2);
	EXPECT_OK(ioctl(master, TIOCSIG, SIGINT));
	end_session(leader);
}

/* ---- window size ---- */

static void watch_size(void)
{
	struct winsize size = { .ws_row = 7, .ws_col = 70 };

	block(SIGWINCH);
	shared->step = 1;
	EXPECT_EQ(wait_signal(SIGWINCH), SIGWINCH);
	EXPECT_OK(ioctl(0, TIOCSWINSZ, &size));
	EXPECT_EQ(wait_signal(SIGWINCH), SIGWINCH);
	EXPECT_OK(ioctl(0, TIOCSWINSZ, &size)); /* no change */
	EXPECT_ERR(wait_signal_for(SIGWINCH, 0), EAGAIN);
}

static void a_new_size_signals_the_foreground(void)
{
	struct winsize size = { .ws_row = 5, .ws_col = 50 };
	pid_t leader = start_session(watch_size);

	wait_step(1);
	EXPECT_OK(ioctl(master, TIOCSWINSZ, &size));
	end_session(leader);
}

/* ---- use from the background ---- */

static int change_modes(void)
{
	struct termios t;

	return tcgetattr(0, &t) ? 1 : tcsetattr(0, TCSANOW, &t);
}

static int flush(void)
{
	return tcflush(0, TCIFLUSH);
}

static int flow(void)
{
	return tcflow(0, TCOON);
}

static int drain(void)
{
	return tcdrain(0);
}

static int send_break(void)
{
	return tcsendbreak(0, 0);
}

static int take_foreground(void)
{
	return tcsetpgrp(0, getpgrp());
}

static int read_byte(void)
{
	char byte;

	return (int)read(0, &byte, 1);
}

static int write_nothing_much(void)
{
	return write(1, "", 1) == 1 ? 0 : -1;
}

static int set_size(void)
{
	struct winsize size = { .ws_row = 1 };

	return ioctl(0, TIOCSWINSZ, &size);
}

/* A background child that calls it: the signal that stops it, or 0 and *result. */
static int stops(int (*call)(void), bool ignores, int *result)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		if (ignores) {
			signal(SIGTTOU, SIG_IGN);
			signal(SIGTTIN, SIG_IGN);
		}
		_exit(call() == 0 ? 0 : errno);
	}
	setpgid(child, child);
	EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
	if (WIFSTOPPED(status)) {
		finish(child);
		return WSTOPSIG(status);
	}
	*result = WEXITSTATUS(status);
	return 0;
}

static void use_from_the_background(void)
{
	static int (*const setting[])(void) = { change_modes, flush,      flow,
						drain,        send_break, take_foreground };
	struct termios t;
	int result = -1;

	for (unsigned i = 0; i < sizeof(setting) / sizeof(setting[0]); i++) {
		EXPECT_EQ(stops(setting[i], false, &result), SIGTTOU);
		EXPECT_EQ(stops(setting[i], true, &result), 0);
		EXPECT_EQ(result, 0);
		EXPECT(tcgetpgrp(0) == getpid() || setting[i] == take_foreground);
		set_foreground(getpgrp());
	}
	EXPECT_EQ(stops(read_byte, false, &result), SIGTTIN);
	EXPECT_EQ(stops(read_byte, true, &result), 0);
	EXPECT_EQ(result, EIO);
	EXPECT_EQ(stops(write_nothing_much, false, &result), 0);
	EXPECT_EQ(stops(set_size, false, &result), 0);
	EXPECT_OK(tcgetattr(0, &t));
	t.c_lflag |= TOSTOP;
	EXPECT_OK(tcsetattr(0, TCSANOW, &t));
	EXPECT_EQ(stops(write_nothing_much, false, &result), SIGTTOU);
	EXPECT_EQ(stops(write_nothing_much, true, &result), 0);
	EXPECT_EQ(result, 0);
}

static void background_use_stops(void)
{
	in_session(use_from_the_background);
}

static void continue_in_foreground(void)
{
	int status;
	pid_t child = fork();
	char byte = 0;

	if (child == 0) {
		setpgid(0, 0);
		_exit(read(0, &byte, 1) == 1 && byte == 'x' ? 0 : 1);
	}
	setpgid(child, child);
	EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
	EXPECT(WIFSTOPPED(status));
	EXPECT_OK(tcsetpgrp(0, child));
	kill(child, SIGCONT);
	shared->step = 1;
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
}

static void a_stopped_reader_reads_on_in_the_foreground(void)
{
	pid_t leader = start_session(continue_in_foreground);

	wait_step(1);
	put(master, "x\n");
	end_session(leader);
}

static const struct ktap_test tests[] = {
	KTAP(keys_signal_the_foreground_group_only),
	KTAP(a_signal_key_flushes_unless_noflsh),
	KTAP(a_master_signals_and_asks_for_the_group),
	KTAP(a_new_size_signals_the_foreground),
	KTAP(background_use_stops),
	KTAP(a_stopped_reader_reads_on_in_the_foreground),
};
KTAP_MAIN(tests)
