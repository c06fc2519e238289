/* SPDX-License-Identifier: MIT */
/* What a terminal and the ends of processes do to process groups (POSIX, "General Terminal
 * Interface"; man 7 credentials; man 4 tty_ioctl). A test body runs as the leader of a session
 * on a pseudo-terminal; the test itself is at its other side. */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <time.h>

#include "pty_pair.h"

/* Shared with the session's processes. */
static struct {
	volatile int step;
	volatile pid_t member;
	volatile int failures;
} * shared;

static int master;

static void pass(void)
{
	poll(NULL, 0, 1);
}

static void wait_step(int step)
{
	for (int i = 0; i < LONG_MS && shared->step < step; i++)
		pass();
	EXPECT(shared->step >= step);
}

static pid_t start_session(void (*body)(void))
{
	pid_t leader;

	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset(shared, 0, sizeof(*shared));
	fflush(stdout);
	leader = forkpty(&master, NULL, NULL, NULL);
	if (leader == 0) {
		ktap_failures = 0;
		body();
		shared->failures += ktap_failures;
		_exit(0);
	}
	EXPECT(leader > 0);
	return leader;
}

static void end_session(pid_t leader)
{
	char said[512];
	ssize_t n;
	int status;

	while ((n = read(master, said, sizeof(said))) > 0)
		printf("# %.*s", (int)n, said);
	EXPECT_EQ(waitpid(leader, &status, 0), leader);
	EXPECT_EXIT(status, 0);
	EXPECT_EQ(shared->failures, 0);
	close(master);
}

static void in_session(void (*body)(void))
{
	end_session(start_session(body));
}

static void set_foreground(pid_t group)
{
	signal(SIGTTOU, SIG_IGN);
	EXPECT_OK(tcsetpgrp(STDIN_FILENO, group));
	signal(SIGTTOU, SIG_DFL);
}

/* A child in a group of its own that sleeps. */
static pid_t start_group(bool foreground)
{
	pid_t child = fork();

	if (child == 0) {
		setpgid(0, 0);
		for (;;)
			pause();
	}
	setpgid(child, child);
	if (foreground)
		set_foreground(child);
	return child;
}

static void finish(pid_t child)
{
	kill(child, SIGKILL);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
}

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

static int wait_signal_for(int number, int seconds)
{
	struct timespec limit = { .tv_sec = seconds };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	return sigtimedwait(&set, NULL, &limit);
}

static int wait_signal(int number)
{
	return wait_signal_for(number, LONG_MS / 1000);
}

static void block(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	EXPECT_OK(sigprocmask(SIG_BLOCK, &set, NULL));
}

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

/* ---- ends ---- */

/* A group with a stopped member, whose only link to the session is its parent, the middle. */
static void leave_a_stopped_group(void)
{
	int status;
	pid_t middle = fork();

	if (middle == 0) {
		pid_t child = fork();

		if (child == 0) {
			block(SIGHUP);
			raise(SIGSTOP);
			shared->step = 1;
			EXPECT_EQ(wait_signal(SIGHUP), SIGHUP);
			shared->failures += ktap_failures;
			shared->step = 2;
			_exit(0);
		}
		setpgid(child, child);
		EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
		EXPECT(WIFSTOPPED(status));
		_exit(ktap_failures != 0);
	}
	EXPECT_EQ(waitpid(middle, &status, 0), middle);
	EXPECT_EXIT(status, 0);
	wait_step(2);
}

static void an_orphaned_stopped_group_is_released(void)
{
	in_session(leave_a_stopped_group);
}

static void leave_a_running_group(void)
{
	int status;
	pid_t middle = fork();

	if (middle == 0) {
		if (fork() == 0) {
			setpgid(0, 0);
			shared->step = 1;
			while (getppid() != 1)
				pass();
			poll(NULL, 0, SOON_MS);
			shared->step = 2;
			_exit(0);
		}
		wait_step(1);
		_exit(0);
	}
	EXPECT_EQ(waitpid(middle, &status, 0), middle);
	wait_step(2);
}

static void an_orphaned_running_group_is_left_alone(void)
{
	in_session(leave_a_running_group);
}

/* The leader waits for its SIGHUP; its foreground group is told when it ends. */
static void outlive_the_master(void)
{
	pid_t member = fork();
	int fd;

	if (member == 0) {
		setpgid(0, 0);
		block(SIGHUP);
		shared->member = getpid();
		shared->step = 1;
		EXPECT_EQ(wait_signal(SIGHUP), SIGHUP);
		EXPECT_EQ(shared->step, 2);
		fd = open("/dev/tty", O_RDWR);
		EXPECT(fd < 0 && errno == ENXIO);
		shared->failures += ktap_failures;
		shared->step = 3;
		_exit(0);
	}
	setpgid(member, member);
	EXPECT_OK(tcsetpgrp(0, member));
	block(SIGHUP);
	wait_step(1);
	EXPECT_EQ(wait_signal(SIGHUP), SIGHUP);
	EXPECT(open("/dev/tty", O_RDWR) < 0 && errno == ENXIO);
	EXPECT_EQ(getsid(0), getpid());
	poll(NULL, 0, SOON_MS);
	shared->step = 2;
}

static void a_closed_master_hangs_up_the_session(void)
{
	pid_t leader = start_session(outlive_the_master);
	int status;

	wait_step(1);
	close(master);
	EXPECT_EQ(waitpid(leader, &status, 0), leader);
	EXPECT_EXIT(status, 0);
	wait_step(3);
	EXPECT_EQ(shared->failures, 0);
}

static void wait_to_die(void)
{
	raise(SIGSTOP);
	for (;;)
		pause();
}

static void a_hang_up_ends_a_stopped_leader(void)
{
	pid_t leader = start_session(wait_to_die);
	int status;

	EXPECT_EQ(waitpid(leader, &status, WUNTRACED), leader);
	EXPECT(WIFSTOPPED(status));
	close(master);
	EXPECT_EQ(waitpid(leader, &status, 0), leader);
	EXPECT_SIGNAL(status, SIGHUP);
}

static void close_all(void)
{
	int fd = open("/dev/tty", O_RDWR);

	EXPECT(fd >= 0);
	close(fd);
	for (int i = 0; i < 3; i++)
		close(i);
	shared->failures += open("/dev/tty", O_RDWR) < 0;
	shared->step = 1;
}

static void a_terminal_that_nobody_has_open_is_still_the_sessions(void)
{
	pid_t leader = start_session(close_all);

	wait_step(1);
	end_session(leader);
}

static void leave_foreground_empty(void)
{
	pid_t front = start_group(true);
	int status;

	finish(front);
	EXPECT_EQ(tcgetpgrp(0), front);
	signal(SIGTTOU, SIG_IGN);
	EXPECT_ERR(tcsetpgrp(0, front), ESRCH);
	EXPECT_OK(tcsetpgrp(0, getpgrp()));
	front = fork();
	if (front == 0)
		_exit(setsid() == getpid() && tcgetpgrp(0) == -1 && errno == ENOTTY ? 0 : 1);
	EXPECT_EQ(waitpid(front, &status, 0), front);
	EXPECT_EXIT(status, 0);
}

static void the_foreground_group_may_be_gone(void)
{
	in_session(leave_foreground_empty);
}

static const struct ktap_test tests[] = {
	KTAP(keys_signal_the_foreground_group_only),
	KTAP(a_signal_key_flushes_unless_noflsh),
	KTAP(a_master_signals_and_asks_for_the_group),
	KTAP(a_new_size_signals_the_foreground),
	KTAP(background_use_stops),
	KTAP(a_stopped_reader_reads_on_in_the_foreground),
	KTAP(an_orphaned_stopped_group_is_released),
	KTAP(an_orphaned_running_group_is_left_alone),
	KTAP(a_closed_master_hangs_up_the_session),
	KTAP(a_hang_up_ends_a_stopped_leader),
	KTAP(a_terminal_that_nobody_has_open_is_still_the_sessions),
	KTAP(the_foreground_group_may_be_gone),
};
KTAP_MAIN(tests)
