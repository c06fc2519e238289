/* SPDX-License-Identifier: MIT */
/* Both sides of a pseudo-terminal, for tests. */
#pragma once

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "ktap.h"

enum { SOON_MS = 100, LONG_MS = 5000 };

KTAP_UNUSED static struct termios raw_modes(int fd)
{
	struct termios t;

	EXPECT_OK(tcgetattr(fd, &t));
	cfmakeraw(&t);
	return t;
}

/* A pty whose slave is raw, or as it comes. */
KTAP_UNUSED static bool open_pair(int *master, int *slave, bool raw)
{
	if (openpty(master, slave, NULL, NULL, NULL) < 0) {
		EXPECT(!"openpty");
		return false;
	}
	if (raw) {
		struct termios t = raw_modes(*slave);

		EXPECT_OK(tcsetattr(*slave, TCSANOW, &t));
	}
	return true;
}

KTAP_UNUSED static int ready(int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = (short)events };

	poll(&p, 1, 0);
	return p.revents;
}

/* Reads until `want` has come or nothing does for a while: equal? */
KTAP_UNUSED static bool reads(int fd, const char *want)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t length = strlen(want), got = 0;
	char buf[256];

	while (got < length && poll(&p, 1, LONG_MS) == 1) {
		ssize_t n = read(fd, buf + got, length - got);

		if (n <= 0)
			break;
		got += (size_t)n;
	}
	if (got == length && !memcmp(buf, want, got))
		return true;
	printf("# read %zu bytes: \"%.*s\"\n", got, (int)got, buf);
	return false;
}

KTAP_UNUSED static void put(int fd, const char *text)
{
	EXPECT_EQ(write(fd, text, strlen(text)), strlen(text));
}
