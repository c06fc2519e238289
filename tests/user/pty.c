/* SPDX-License-Identifier: MIT */
/* Pseudo-terminals: both sides of one, and how much waits between them (man 4 pts, man 7 pty). */
#define _GNU_SOURCE
#include <sys/sysmacros.h>

#include "pty_pair.h"

enum { PTS_MAJOR = 136, MANY = 20, BIG = 100000 };

/* ---- the pair ---- */

static void a_master_names_its_slave(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), number = -1, locked = -1;
	struct stat st;
	char name[32];
	int slave;

	EXPECT(master >= 0);
	EXPECT_OK(ioctl(master, TIOCGPTN, &number));
	EXPECT_OK(ioctl(master, TIOCGPTLCK, &locked));
	EXPECT_EQ(locked, 1);
	snprintf(name, sizeof(name), "/dev/pts/%d", number);
	EXPECT_ERR(open(name, O_RDWR | O_NOCTTY), EIO);
	EXPECT_OK(grantpt(master));
	EXPECT_OK(unlockpt(master));
	EXPECT_STR(ptsname(master), name);
	EXPECT_OK(stat(name, &st));
	EXPECT(S_ISCHR(st.st_mode) && st.st_uid == geteuid());
	EXPECT_EQ(major(st.st_rdev), PTS_MAJOR);
	EXPECT_EQ(minor(st.st_rdev), number);
	slave = open(name, O_RDWR | O_NOCTTY);
	EXPECT(slave >= 0 && isatty(slave) && isatty(master));
	EXPECT_STR(ttyname(slave), name);
	EXPECT_ERR(ioctl(slave, TIOCGPTN, &number), ENOTTY);
	EXPECT_OK(fstat(slave, &st));
	EXPECT_EQ(minor(st.st_rdev), number);
	close(slave);
	close(master);
	EXPECT_ERR(stat(name, &st), ENOENT);
	EXPECT_ERR(open(name, O_RDWR | O_NOCTTY), ENOENT);
}

static void the_peer_is_opened_without_its_name(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;

	EXPECT_ERR(ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY), EIO);
	EXPECT_OK(unlockpt(master));
	slave = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	EXPECT(slave >= 0);
	EXPECT_EQ(fcntl(slave, F_GETFD), FD_CLOEXEC);
	EXPECT_STR(ttyname(slave), ptsname(master));
	EXPECT_ERR(ioctl(slave, TIOCGPTPEER, O_RDWR), EIO);
	put(slave, "x");
	EXPECT(reads(master, "x"));
	close(slave);
	close(master);
}

static void numbers_are_used_again(void)
{
	int master[MANY], number[MANY], n;

	for (int i = 0; i < MANY; i++) {
		master[i] = posix_openpt(O_RDWR | O_NOCTTY);
		EXPECT_OK(ioctl(master[i], TIOCGPTN, &number[i]));
		for (int j = 0; j < i; j++)
			EXPECT(number[i] != number[j]);
	}
	close(master[3]);
	master[3] = posix_openpt(O_RDWR | O_NOCTTY);
	EXPECT_OK(ioctl(master[3], TIOCGPTN, &n));
	EXPECT_EQ(n, number[3]);
	for (int i = 0; i < MANY; i++)
		close(master[i]);
}

static void the_slave_is_a_terminal(void)
{
	int master, slave;

	if (!open_pair(&master, &slave, false))
		return;
	put(slave, "one\ntwo");
	EXPECT(reads(master, "one\r\ntwo"));
	put(master, "ab\177c\n"); /* rubs out the b */
	EXPECT(reads(slave, "ac\n"));
	EXPECT(reads(master, "ab\b \bc\r\n"));
	put(master, "no end");
	EXPECT_EQ(ready(slave, POLLIN), 0);
	put(master, "\4"); /* ^D */
	EXPECT(reads(slave, "no end"));
	put(master, "\4");
	EXPECT_EQ(ready(slave, POLLIN), POLLIN);
	EXPECT_EQ(read(slave, &(char){ 0 }, 1), 0);
	close(slave);
	close(master);
}

static void raw_bytes_pass_unchanged(void)
{
	char all[256], back[256];
	int master, slave;

	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	if (!open_pair(&master, &slave, true))
		return;
	EXPECT_EQ(write(master, all, sizeof(all)), sizeof(all));
	EXPECT_EQ(read(slave, back, sizeof(back)), sizeof(back));
	EXPECT_EQ(memcmp(all, back, sizeof(all)), 0);
	EXPECT_EQ(write(slave, all, sizeof(all)), sizeof(all));
	EXPECT_EQ(read(master, back, sizeof(back)), sizeof(back));
	EXPECT_EQ(memcmp(all, back, sizeof(all)), 0);
	close(slave);
	close(master);
}

static void modes_and_size_are_shared(void)
{
	struct winsize size = { .ws_row = 11, .ws_col = 22, .ws_xpixel = 3, .ws_ypixel = 4 }, back;
	int master, slave;
	struct termios t;

	if (!open_pair(&master, &slave, false))
		return;
	EXPECT_OK(ioctl(slave, TIOCGWINSZ, &back));
	EXPECT_EQ(back.ws_row, 0);
	EXPECT_OK(ioctl(master, TIOCSWINSZ, &size));
	EXPECT_OK(ioctl(slave, TIOCGWINSZ, &back));
	EXPECT_EQ(memcmp(&size, &back, sizeof(size)), 0);
	size.ws_row = 5;
	EXPECT_OK(ioctl(slave, TIOCSWINSZ, &size));
	EXPECT_OK(ioctl(master, TIOCGWINSZ, &back));
	EXPECT_EQ(back.ws_row, 5);
	t = raw_modes(master);
	EXPECT(t.c_lflag != 0);
	EXPECT_OK(tcsetattr(master, TCSANOW, &t));
	EXPECT_OK(tcgetattr(slave, &t));
	EXPECT_EQ(t.c_lflag & (ICANON | ECHO | ISIG), 0);
	close(slave);
	close(master);
}

/* ---- how much waits, and for what ---- */

static void counts_are_told(void)
{
	int master, slave, n = -1;

	if (!open_pair(&master, &slave, true))
		return;
	put(slave, "12345");
	EXPECT(ready(master, POLLIN));
	poll(&(struct pollfd){ .fd = master, .events = POLLIN }, 1, SOON_MS);
	EXPECT_OK(ioctl(master, FIONREAD, &n));
	EXPECT_EQ(n, 5);
	put(master, "678");
	poll(&(struct pollfd){ .fd = slave, .events = POLLIN }, 1, SOON_MS);
	EXPECT_OK(ioctl(slave, FIONREAD, &n));
	EXPECT_EQ(n, 3);
	EXPECT_OK(ioctl(slave, TIOCOUTQ, &n));
	EXPECT_EQ(n, 0);
	EXPECT_OK(ioctl(master, TIOCOUTQ, &n));
	EXPECT_EQ(n, 0);
	EXPECT_OK(tcdrain(slave));
	EXPECT_OK(tcflush(slave, TCIFLUSH));
	EXPECT_OK(ioctl(slave, FIONREAD, &n));
	EXPECT_EQ(n, 0);
	EXPECT_OK(tcflush(master, TCIFLUSH));
	EXPECT_OK(ioctl(master, FIONREAD, &n));
	EXPECT_EQ(n, 0);
	close(slave);
	close(master);
}

/* What a read of lines gives counts, and no mark of an end of file. */
static void counts_are_those_of_reads(void)
{
	int master, slave, n;
	char buf[8];

	if (!open_pair(&master, &slave, false))
		return;
	put(master, "ab\004\004");
	poll(&(struct pollfd){ .fd = slave, .events = POLLIN }, 1, LONG_MS);
	EXPECT_OK(ioctl(slave, FIONREAD, &n));
	EXPECT_EQ(n, 2);
	EXPECT_EQ(read(slave, buf, sizeof(buf)), 2);
	EXPECT_EQ(ready(slave, POLLIN), POLLIN);
	EXPECT_OK(ioctl(slave, FIONREAD, &n));
	EXPECT_EQ(n, 0);
	EXPECT_EQ(read(slave, buf, sizeof(buf)), 0);
	put(master, "c\nde");
	poll(&(struct pollfd){ .fd = slave, .events = POLLIN }, 1, LONG_MS);
	EXPECT_OK(ioctl(slave, FIONREAD, &n));
	EXPECT_EQ(n, 2);
	close(slave);
	close(master);
}

static void nonblocking_sides_say_eagain(void)
{
	int master, slave;
	long sent = 0, got = 0;
	char buf[512];
	ssize_t n;

	if (!open_pair(&master, &slave, true))
		return;
	EXPECT_OK(fcntl(master, F_SETFL, O_NONBLOCK));
	EXPECT_OK(fcntl(slave, F_SETFL, O_NONBLOCK));
	EXPECT_ERR(read(master, buf, sizeof(buf)), EAGAIN);
	EXPECT_ERR(read(slave, buf, sizeof(buf)), EAGAIN);
	memset(buf, 'x', sizeof(buf));
	for (int way = 0; way < 2; way++) {
		int from = way ? slave : master, to = way ? master : slave;

		EXPECT_EQ(ready(from, POLLOUT), POLLOUT);
		sent = got = 0;
		do {
			n = write(from, buf, sizeof(buf));
			sent += n > 0 ? n : 0;
		} while (n > 0 || poll(&(struct pollfd){ from, POLLOUT, 0 }, 1, SOON_MS) == 1);
		EXPECT_EQ(errno, EAGAIN);
		EXPECT(sent >= 2048 && sent < BIG);
		EXPECT_EQ(ready(from, POLLOUT), 0);
		while (got < sent && poll(&(struct pollfd){ to, POLLIN, 0 }, 1, LONG_MS) == 1) {
			n = read(to, buf, sizeof(buf));
			if (n <= 0)
				break;
			got += n;
		}
		EXPECT_EQ(got, sent);
		EXPECT_EQ(poll(&(struct pollfd){ from, POLLOUT, 0 }, 1, LONG_MS), 1);
	}
	close(slave);
	close(master);
}

static int shifted(long at)
{
	return (int)((at * 7 + at / 251) & 0xff);
}

static void copy_all(int from, int to)
{
	unsigned char buf[777];
	pid_t child;
	long at = 0;
	int status;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		for (long sent = 0; sent < BIG;) {
			size_t n = 0;

			for (; n < sizeof(buf) && sent + (long)n < BIG; n++)
				buf[n] = (unsigned char)shifted(sent + (long)n);
			if (write(from, buf, n) != (ssize_t)n)
				_exit(1);
			sent += (long)n;
		}
		_exit(0);
	}
	while (at < BIG) {
		ssize_t n = read(to, buf, sizeof(buf));

		if (n <= 0)
			break;
		for (ssize_t i = 0; i < n; i++, at++)
			if (buf[i] != shifted(at)) {
				EXPECT_EQ(buf[i], shifted(at));
				at = BIG + 1;
				break;
			}
	}
	EXPECT_EQ(at, BIG);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
}

static void a_writer_waits_for_the_reader(void)
{
	int master, slave;

	if (!open_pair(&master, &slave, true))
		return;
	copy_all(master, slave);
	copy_all(slave, master);
	close(slave);
	close(master);
}

static void a_line_too_long_is_cut(void)
{
	int master, slave;
	char buf[8192];
	struct termios t;

	if (!open_pair(&master, &slave, false))
		return;
	EXPECT_OK(tcgetattr(slave, &t));
	t.c_lflag &= ~(tcflag_t)ECHO;
	EXPECT_OK(tcsetattr(slave, TCSANOW, &t));
	memset(buf, 'l', sizeof(buf));
	for (int i = 0; i < 5000; i += 500)
		EXPECT_EQ(write(master, buf, 500), 500);
	put(master, "\n");
	EXPECT_EQ(read(slave, buf, sizeof(buf)), 4096);
	EXPECT_EQ(buf[4095], '\n');
	close(slave);
	close(master);
}

static void stopped_output_waits(void)
{
	int master, slave;

	if (!open_pair(&master, &slave, false))
		return;
	EXPECT_OK(fcntl(slave, F_SETFL, O_NONBLOCK));
	put(master, "\23"); /* ^S */
	poll(NULL, 0, SOON_MS);
	EXPECT_ERR(write(slave, "x", 1), EAGAIN);
	EXPECT_EQ(ready(master, POLLIN), 0);
	put(master, "\21"); /* ^Q */
	EXPECT_EQ(poll(&(struct pollfd){ slave, POLLOUT, 0 }, 1, LONG_MS), 1);
	put(slave, "y");
	EXPECT(reads(master, "y"));
	close(slave);
	close(master);
}

static const struct ktap_test tests[] = {
	KTAP(a_master_names_its_slave),
	KTAP(the_peer_is_opened_without_its_name),
	KTAP(numbers_are_used_again),
	KTAP(the_slave_is_a_terminal),
	KTAP(raw_bytes_pass_unchanged),
	KTAP(modes_and_size_are_shared),
	KTAP(counts_are_told),
	KTAP(counts_are_those_of_reads),
	KTAP(nonblocking_sides_say_eagain),
	KTAP(a_writer_waits_for_the_reader),
	KTAP(a_line_too_long_is_cut),
	KTAP(stopped_output_waits),
};
KTAP_MAIN(tests)
