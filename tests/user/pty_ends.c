/* SPDX-License-Identifier: MIT */
/* Pseudo-terminals: what a side sees when the other is closed, and packet mode (man 4 pts,
 * man 2 ioctl_tty). */
#define _GNU_SOURCE
#include "pty_pair.h"

/* ---- ends ---- */

static void a_master_without_slaves_reads_eio(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	char buf[8];

	EXPECT_EQ(ready(master, POLLIN | POLLOUT), POLLOUT);
	EXPECT_OK(unlockpt(master));
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	put(slave, "last");
	close(slave);
	EXPECT_EQ(ready(master, POLLIN | POLLOUT), POLLIN | POLLOUT | POLLHUP);
	EXPECT_EQ(read(master, buf, sizeof(buf)), 4);
	EXPECT_ERR(read(master, buf, sizeof(buf)), EIO);
	EXPECT_EQ(ready(master, POLLIN | POLLOUT), POLLOUT | POLLHUP);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	EXPECT(slave >= 0);
	EXPECT_EQ(ready(master, POLLIN), 0);
	put(slave, "again");
	EXPECT(reads(master, "again"));
	close(slave);
	close(master);
}

/* A raw pty, and a child that has the slave only; -1: there is none. */
static pid_t fork_with_slave(int *master, int *slave)
{
	pid_t child;

	if (!open_pair(master, slave, true))
		return -1;
	fflush(stdout);
	child = fork();
	if (child == 0)
		close(*master);
	return child;
}

static void the_reader_of_a_master_wakes_up_when_the_slave_goes(void)
{
	int master, slave, status;
	pid_t child = fork_with_slave(&master, &slave);
	char byte;

	if (child < 0)
		return;
	if (child == 0) {
		poll(NULL, 0, SOON_MS);
		_exit(0);
	}
	close(slave);
	EXPECT_ERR(read(master, &byte, 1), EIO);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	close(master);
}

static void a_slave_without_master_is_hung_up(void)
{
	struct termios t;
	int master, slave, n;
	char byte, name[32];

	if (!open_pair(&master, &slave, true))
		return;
	put(master, "lost");
	EXPECT_OK(ptsname_r(master, name, sizeof(name)));
	close(master);
	EXPECT(!ktap_exists(name));
	EXPECT_EQ(read(slave, &byte, 1), 0);
	EXPECT_ERR(write(slave, "x", 1), EIO);
	EXPECT_ERR(tcgetattr(slave, &t), EIO);
	EXPECT_ERR(ioctl(slave, FIONREAD, &n), EIO);
	EXPECT_EQ(ready(slave, POLLIN | POLLOUT), POLLIN | POLLOUT | POLLERR | POLLHUP);
	close(slave);
}

static void sleepers_of_a_slave_come_back_at_hang_up(void)
{
	int master, slave, status;
	pid_t child = fork_with_slave(&master, &slave);
	char byte;

	if (child < 0)
		return;
	if (child == 0)
		_exit(read(slave, &byte, 1) == -1 && errno == EIO ? 0 : 1);
	poll(NULL, 0, SOON_MS);
	close(master);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	close(slave);
}

/* ---- packet mode ---- */

/* One read of a master in packet mode: its first byte; the rest must be `want`. */
static int packet(int master, const char *want)
{
	char buf[64];
	ssize_t n;

	EXPECT_EQ(poll(&(struct pollfd){ master, POLLIN, 0 }, 1, LONG_MS), 1);
	n = read(master, buf, sizeof(buf));
	EXPECT(n >= 1);
	if (n < 1)
		return -1;
	EXPECT_EQ(n - 1, strlen(want));
	EXPECT_EQ(memcmp(buf + 1, want, (size_t)(n - 1)), 0);
	return (unsigned char)buf[0];
}

static void packet_mode_tells_of_changes(void)
{
	int master, slave, on = -1;
	struct termios t;

	if (!open_pair(&master, &slave, false))
		return;
	EXPECT_OK(ioctl(master, TIOCGPKT, &on));
	EXPECT_EQ(on, 0);
	on = 1;
	EXPECT_OK(ioctl(master, TIOCPKT, &on));
	put(slave, "data");
	EXPECT_EQ(packet(master, "data"), TIOCPKT_DATA);
	EXPECT_OK(ioctl(slave, TCXONC, TCOOFF));
	EXPECT_EQ(ready(master, POLLPRI | POLLIN) & (POLLPRI | POLLIN), POLLPRI | POLLIN);
	EXPECT_EQ(packet(master, ""), TIOCPKT_STOP);
	EXPECT_EQ(ready(master, POLLPRI | POLLIN), 0);
	EXPECT_OK(ioctl(slave, TCXONC, TCOON));
	EXPECT_EQ(packet(master, ""), TIOCPKT_START);
	EXPECT_OK(tcflush(slave, TCIFLUSH));
	EXPECT_EQ(packet(master, ""), TIOCPKT_FLUSHREAD);
	EXPECT_OK(tcflush(slave, TCOFLUSH));
	EXPECT_EQ(packet(master, ""), TIOCPKT_FLUSHWRITE);
	EXPECT_OK(tcgetattr(slave, &t));
	t.c_iflag &= ~(tcflag_t)IXON;
	EXPECT_OK(tcsetattr(slave, TCSANOW, &t));
	EXPECT_EQ(packet(master, ""), TIOCPKT_NOSTOP);
	t.c_iflag |= IXON;
	EXPECT_OK(tcsetattr(slave, TCSANOW, &t));
	EXPECT_EQ(packet(master, ""), TIOCPKT_DOSTOP);
	on = 0;
	EXPECT_OK(ioctl(master, TIOCPKT, &on));
	put(slave, "plain");
	EXPECT(reads(master, "plain"));
	close(slave);
	close(master);
}

static const struct ktap_test tests[] = {
	KTAP(a_master_without_slaves_reads_eio),
	KTAP(the_reader_of_a_master_wakes_up_when_the_slave_goes),
	KTAP(a_slave_without_master_is_hung_up),
	KTAP(sleepers_of_a_slave_come_back_at_hang_up),
	KTAP(packet_mode_tells_of_changes),
};
KTAP_MAIN(tests)
