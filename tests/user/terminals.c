/* SPDX-License-Identifier: MIT */
/* The requests a terminal answers, and reads with nobody typing; with somebody:
 * tests/boot/test_tty.py. */
#include <time.h>

#include "terminal.h"

static void modes(void)
{
	int fd = open_terminal();
	struct termios t, back;

	EXPECT_OK(tcgetattr(fd, &t));
	EXPECT(t.c_lflag & ICANON && t.c_lflag & ECHO && t.c_iflag & ICRNL && t.c_oflag & OPOST);
	EXPECT_EQ(t.c_cc[VINTR], 3);
	EXPECT_EQ(t.c_cc[VMIN], 1);
	cfmakeraw(&t);
	t.c_cc[VTIME] = 7;
	for (int when = TCSANOW; when <= TCSAFLUSH; when++) {
		EXPECT_OK(tcsetattr(fd, when, &t));
		EXPECT_OK(tcgetattr(fd, &back));
		EXPECT_EQ(memcmp(&t, &back, sizeof(t)), 0);
	}
	EXPECT_ERR(ioctl(fd, TCSETS, NULL), EFAULT);
	EXPECT_ERR(ioctl(fd, TCGETS, (void *)16), EFAULT);
}

static void modes_are_kept(void)
{
	in_new_session(modes);
}

static void other_requests(void)
{
	struct winsize size = { .ws_row = 33, .ws_col = 99 }, back;
	int fd = open_terminal(), n = -1;

	EXPECT_OK(ioctl(fd, TIOCSWINSZ, &size));
	EXPECT_OK(ioctl(fd, TIOCGWINSZ, &back));
	EXPECT_EQ(memcmp(&size, &back, sizeof(size)), 0);
	EXPECT_OK(ioctl(fd, FIONREAD, &n));
	EXPECT_EQ(n, 0);
	EXPECT_OK(tcdrain(fd));
	EXPECT_OK(tcflush(fd, TCIOFLUSH));
	EXPECT_ERR(tcflush(fd, 3), EINVAL);
	EXPECT_OK(ioctl(fd, TCXONC, TCOOFF));
	EXPECT_OK(ioctl(fd, TCXONC, TCOON));
	EXPECT_ERR(ioctl(fd, TCXONC, 4), EINVAL);
	EXPECT_ERR(ioctl(fd, BLKGETSIZE, &n), ENOTTY);
}

static void other_requests_are_answered(void)
{
	in_new_session(other_requests);
}

static void timed_reads(void)
{
	int fd = open_terminal();
	struct timespec begin, end;
	struct termios t;
	char byte;

	EXPECT_OK(fcntl(fd, F_SETFL, O_NONBLOCK));
	EXPECT_ERR(read(fd, &byte, 1), EAGAIN);
	EXPECT_OK(fcntl(fd, F_SETFL, 0));
	EXPECT_OK(tcgetattr(fd, &t));
	cfmakeraw(&t);
	t.c_cc[VMIN] = 0;
	EXPECT_OK(tcsetattr(fd, TCSANOW, &t));
	EXPECT_EQ(read(fd, &byte, 1), 0);
	t.c_cc[VTIME] = 2;
	EXPECT_OK(tcsetattr(fd, TCSANOW, &t));
	clock_gettime(CLOCK_MONOTONIC, &begin);
	EXPECT_EQ(read(fd, &byte, 1), 0);
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT((end.tv_sec - begin.tv_sec) * 1000000000LL + end.tv_nsec - begin.tv_nsec >=
	       190000000);
}

static void reads_wait_as_vmin_and_vtime_say(void)
{
	in_new_session(timed_reads);
}

static void exclusive(void)
{
	int fd = open_terminal();

	EXPECT_OK(ioctl(fd, TIOCEXCL));
	if (geteuid() != 0)
		EXPECT_ERR(open(path, O_RDWR), EBUSY);
	else
		close(open_terminal());
	EXPECT_OK(ioctl(fd, TIOCNXCL));
	close(open_terminal());
}

static void an_exclusive_terminal_is_opened_once(void)
{
	in_new_session(exclusive);
}

static const struct ktap_test tests[] = {
	KTAP(modes_are_kept),
	KTAP(other_requests_are_answered),
	KTAP(reads_wait_as_vmin_and_vtime_say),
	KTAP(an_exclusive_terminal_is_opened_once),
};
KTAP_MAIN(tests)
