/* SPDX-License-Identifier: MIT */
/* Sessions, controlling terminals, foreground groups. */
#include "terminal.h"

static bool has_own_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR);

	if (fd < 0) {
		EXPECT_EQ(errno, ENXIO);
		return false;
	}
	close(fd);
	return true;
}

/* ---- getting one ---- */

static void leader_opens(void)
{
	int fd;

	EXPECT(!has_own_terminal());
	fd = open_terminal();
	EXPECT(has_own_terminal());
	EXPECT_EQ(tcgetsid(fd), getpid());
	EXPECT_EQ(tcgetpgrp(fd), getpgrp());
	EXPECT_EQ(setsid(), -1);
}

static void a_leader_gets_the_terminal_it_opens(void)
{
	in_new_session(leader_opens);
}

static void opens_that_do_not_count(void)
{
	int fd = open(path, O_RDWR | O_NOCTTY), fd2 = open(path, O_WRONLY);

	EXPECT(fd >= 0 && fd2 >= 0);
	EXPECT(!has_own_terminal());
	EXPECT_ERR(tcgetpgrp(fd), ENOTTY);
	EXPECT_ERR(tcgetsid(fd), ENOTTY);
	EXPECT_ERR(ioctl(fd, TIOCNOTTY), ENOTTY);
	EXPECT_EQ(fcntl(fd, F_GETFL) & O_NOCTTY, 0);
}

static void noctty_and_write_only_opens_do_not_give_one(void)
{
	in_new_session(opens_that_do_not_count);
}

static void child_opens(void)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		int fd = open_terminal();

		EXPECT(!has_own_terminal());
		EXPECT_ERR(ioctl(fd, TIOCSCTTY, 0), EPERM);
		_exit(ktap_failures != 0);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	EXPECT(!has_own_terminal());
}

static void only_leaders_get_one(void)
{
	in_new_session(child_opens);
}

static void set_by_ioctl(void)
{
	int fd = open(path, O_RDWR | O_NOCTTY);

	EXPECT_OK(ioctl(fd, TIOCSCTTY, 0));
	EXPECT_OK(ioctl(fd, TIOCSCTTY, 0));
	EXPECT(has_own_terminal());
}

static void tiocsctty_gives_one(void)
{
	in_new_session(set_by_ioctl);
}

static void taken_already(void)
{
	int fd = open_terminal(), status;
	pid_t child = fork();

	if (child == 0) {
		setsid();
		EXPECT(!has_own_terminal());
		EXPECT_ERR(ioctl(fd, TIOCSCTTY, 0), EPERM);
		EXPECT_ERR(tcsetpgrp(fd, getpgrp()), ENOTTY);
		close(open_terminal());
		EXPECT(!has_own_terminal());
		_exit(ktap_failures != 0);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	EXPECT(has_own_terminal());
}

static void a_session_keeps_its_terminal_from_others(void)
{
	in_new_session(taken_already);
}

/* ---- the foreground group ---- */

/* A child in a group of its own, which does `body` when told to; its wait status. */
static int background_child(int fd, void (*body)(int fd), bool foreground)
{
	int status = -1, go[2];
	char byte = 0;
	pid_t child;

	EXPECT_OK(pipe(go));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		ktap_failures = 0;
		EXPECT_EQ(read(go[0], &byte, 1), 1);
		body(fd);
		fflush(stdout);
		_exit(ktap_failures != 0);
	}
	EXPECT_OK(setpgid(child, child));
	if (foreground)
		EXPECT_OK(tcsetpgrp(fd, child));
	EXPECT_EQ(write(go[1], &byte, 1), 1);
	EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
	if (WIFSTOPPED(status)) {
		kill(child, SIGKILL);
		kill(child, SIGCONT);
		EXPECT_EQ(waitpid(child, NULL, 0), child);
	}
	close(go[0]);
	close(go[1]);
	return status;
}

static void is_foreground(int fd)
{
	EXPECT_EQ(tcgetpgrp(fd), getpid());
}

static void hand_over(void)
{
	int fd = open_terminal();
	pid_t gone;

	EXPECT_EXIT(background_child(fd, is_foreground, true), 0);
	signal(SIGTTOU, SIG_IGN); /* we are in the background now */
	EXPECT_OK(tcsetpgrp(fd, getpgrp()));
	EXPECT_ERR(tcsetpgrp(fd, -1), EINVAL);
	EXPECT_ERR(tcsetpgrp(fd, getppid()), EPERM);
	EXPECT_ERR(ioctl(fd, TIOCSPGRP, NULL), EFAULT);
	gone = fork();
	if (gone == 0)
		_exit(0);
	waitpid(gone, NULL, 0);
	EXPECT_ERR(tcsetpgrp(fd, gone), ESRCH);
	EXPECT_EQ(tcgetpgrp(fd), getpgrp());
}

static void the_foreground_is_handed_over_within_the_session(void)
{
	in_new_session(hand_over);
}

static void read_byte(int fd)
{
	char byte;

	EXPECT_ERR(read(fd, &byte, 1), EIO);
}

static void read_ignoring(int fd)
{
	signal(SIGTTIN, SIG_IGN);
	read_byte(fd);
}

static void read_blocking(int fd)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTTIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	read_byte(fd);
}

static void expect_stop(int status, int sig)
{
	EXPECT(WIFSTOPPED(status));
	EXPECT_EQ(WSTOPSIG(status), sig);
}

static void read_in_background(void)
{
	int fd = open_terminal();

	EXPECT_EXIT(background_child(fd, read_ignoring, false), 0);
	EXPECT_EXIT(background_child(fd, read_blocking, false), 0);
	expect_stop(background_child(fd, read_byte, false), SIGTTIN);
}

static void a_background_read_stops_or_fails(void)
{
	in_new_session(read_in_background);
}

static void write_byte(int fd)
{
	EXPECT_EQ(write(fd, "x", 1), 1);
}

static void write_ignoring(int fd)
{
	signal(SIGTTOU, SIG_IGN);
	write_byte(fd);
}

static void set_local(int fd, tcflag_t flag, bool on)
{
	struct termios t;

	EXPECT_OK(tcgetattr(fd, &t));
	t.c_lflag = on ? t.c_lflag | flag : t.c_lflag & ~flag;
	EXPECT_OK(tcsetattr(fd, TCSANOW, &t));
}

static void change_modes(int fd)
{
	set_local(fd, NOFLSH, true);
}

static void change_ignoring(int fd)
{
	signal(SIGTTOU, SIG_IGN);
	change_modes(fd);
}

static void take_foreground(int fd)
{
	EXPECT_OK(tcsetpgrp(fd, getpgrp()));
}

static void write_in_background(void)
{
	int fd = open_terminal();

	EXPECT_EXIT(background_child(fd, write_byte, false), 0);
	set_local(fd, TOSTOP, true);
	expect_stop(background_child(fd, write_byte, false), SIGTTOU);
	EXPECT_EXIT(background_child(fd, write_ignoring, false), 0);
	set_local(fd, TOSTOP, false);
	expect_stop(background_child(fd, change_modes, false), SIGTTOU);
	EXPECT_EXIT(background_child(fd, change_ignoring, false), 0);
	expect_stop(background_child(fd, take_foreground, false), SIGTTOU);
}

static void background_writes_and_changes_obey_tostop(void)
{
	in_new_session(write_in_background);
}

/* The reader's parent is gone: nobody would let its group go on. */
static void read_as_orphan(void)
{
	int fd = open_terminal(), result[2];
	char byte = 'n';
	pid_t child;

	EXPECT_OK(pipe(result));
	child = fork();
	if (child == 0) {
		setpgid(0, 0);
		if (fork() == 0) {
			while (getppid() == getpgrp())
				usleep(1000);
			byte = read(fd, &byte, 1) == -1 && errno == EIO ? 'y' : 'n';
			write(result[1], &byte, 1);
		}
		_exit(0);
	}
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	close(result[1]);
	EXPECT_EQ(read(result[0], &byte, 1), 1);
	EXPECT_EQ(byte, 'y');
}

static void an_orphaned_group_reads_an_error(void)
{
	in_new_session(read_as_orphan);
}

/* ---- losing it ---- */

static void give_up(void)
{
	int fd = open_terminal(), status;
	pid_t child = fork();

	if (child == 0) { /* not the leader: only its own link goes */
		EXPECT(has_own_terminal());
		EXPECT_OK(ioctl(fd, TIOCNOTTY));
		EXPECT(!has_own_terminal());
		_exit(ktap_failures != 0);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	EXPECT(has_own_terminal());
	EXPECT_OK(ioctl(fd, TIOCNOTTY));
	EXPECT(!has_own_terminal());
	EXPECT_ERR(tcgetsid(fd), ENOTTY);
	EXPECT_OK(ioctl(fd, TIOCSCTTY, 0));
}

static void tiocnotty_gives_it_up(void)
{
	in_new_session(give_up);
}

/* A process of the foreground group outlives its session's leader, but for SIGHUP. */
static void leader_leaves(void)
{
	int ends[2], status;
	char byte;
	pid_t leader;

	EXPECT_OK(pipe(ends));
	leader = fork();
	if (leader == 0) {
		pid_t member;

		setsid();
		signal(SIGHUP, SIG_DFL);
		open_terminal();
		member = fork();
		if (member == 0) {
			sleep(60);
			write(ends[1], "x", 1);
			_exit(0);
		}
		signal(SIGHUP, SIG_IGN);
		_exit(0);
	}
	EXPECT_EQ(waitpid(leader, &status, 0), leader);
	close(ends[1]);
	EXPECT_EQ(read(ends[0], &byte, 1), 0);
	EXPECT(!has_own_terminal());
}

static void a_leaders_end_hangs_up_the_foreground(void)
{
	in_new_session(leader_leaves);
}

/* Whoever still has the line open reads its end. A pty's other side stays: Linux does not
 * hang it up. */
static void stay_behind(void)
{
	int result[2];
	char byte = 0;
	pid_t leader;

	EXPECT_OK(pipe(result));
	leader = fork();
	if (leader == 0) {
		int fd;

		setsid();
		fd = open_terminal();
		if (fork() == 0) {
			while (getppid() == getsid(0))
				usleep(1000);
			byte = read(fd, &byte, 1) == 0 && write(fd, "x", 1) == -1 && errno == EIO;
			write(result[1], &byte, 1);
		}
		_exit(0);
	}
	EXPECT_EQ(waitpid(leader, NULL, 0), leader);
	EXPECT_EQ(read(result[0], &byte, 1), 1);
	EXPECT_EQ(byte, 1);
}

static void who_stays_behind_reads_the_end(void)
{
	in_new_session_on_line(stay_behind);
}

static const struct ktap_test tests[] = {
	KTAP(a_leader_gets_the_terminal_it_opens),
	KTAP(noctty_and_write_only_opens_do_not_give_one),
	KTAP(only_leaders_get_one),
	KTAP(tiocsctty_gives_one),
	KTAP(a_session_keeps_its_terminal_from_others),
	KTAP(the_foreground_is_handed_over_within_the_session),
	KTAP(a_background_read_stops_or_fails),
	KTAP(background_writes_and_changes_obey_tostop),
	KTAP(an_orphaned_group_reads_an_error),
	KTAP(tiocnotty_gives_it_up),
	KTAP(a_leaders_end_hangs_up_the_foreground),
	KTAP(who_stays_behind_reads_the_end),
};
KTAP_MAIN(tests)
