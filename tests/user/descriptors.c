/* SPDX-License-Identifier: MIT */
/* Descriptors, and the devices they lead to: numbers, duplicates, flags. */
#define _GNU_SOURCE
#include "ktap.h"

static void the_lowest_free_descriptor_is_used(void)
{
	int first = open("/dev/null", O_RDONLY);
	int second = open("/dev/null", O_RDONLY);

	EXPECT_EQ(second, first + 1);
	close(first);
	EXPECT_EQ(open("/dev/null", O_RDONLY), first);
	close(first);
	close(second);
	EXPECT_ERR(close(second), EBADF);
}

static void access_mode_is_enforced(void)
{
	char c = 'x';
	int fd;

	ktap_put_file("file", "a");
	fd = open("file", O_RDONLY);
	EXPECT_ERR(write(fd, &c, 1), EBADF);
	EXPECT_ERR(ftruncate(fd, 0), EINVAL);
	close(fd);
	fd = open("file", O_WRONLY);
	EXPECT_ERR(read(fd, &c, 1), EBADF);
	close(fd);
	unlink("file");
}

static void two_opens_have_two_positions_dup_shares_one(void)
{
	int first, second, copy;

	ktap_put_file("file", "0123456789");
	first = open("file", O_RDONLY);
	second = open("file", O_RDONLY);
	copy = dup(first);
	EXPECT_EQ(lseek(first, 5, SEEK_SET), 5);
	EXPECT_EQ(lseek(second, 0, SEEK_CUR), 0);
	EXPECT_EQ(lseek(copy, 0, SEEK_CUR), 5);
	close(first);
	close(second);
	close(copy);
	unlink("file");
}

static void dup2_replaces_and_dup3_checks(void)
{
	int fd = open("/dev/null", O_RDONLY);

	EXPECT_EQ(dup2(fd, 40), 40);
	EXPECT_EQ(dup2(fd, 40), 40);
	EXPECT_EQ(dup2(fd, fd), fd);
	EXPECT_ERR(dup2(39, 41), EBADF);
	EXPECT_ERR(dup2(39, 39), EBADF);
	EXPECT_ERR(dup2(fd, -1), EBADF);
	EXPECT_ERR(dup2(fd, 100000000), EBADF);
	EXPECT_ERR(dup3(fd, fd, 0), EINVAL);
	EXPECT_ERR(dup3(fd, 40, 1), EINVAL);
	EXPECT_EQ(dup3(fd, 40, O_CLOEXEC), 40);
	EXPECT_EQ(fcntl(40, F_GETFD), FD_CLOEXEC);
	EXPECT_ERR(dup(39), EBADF);
	close(40);
	close(fd);
}

static void fcntl_duplicates_and_keeps_flags(void)
{
	int fd = open("/dev/null", O_RDWR | O_APPEND), copy;

	EXPECT_EQ(fcntl(fd, F_DUPFD, 50), 50);
	EXPECT_EQ(fcntl(fd, F_DUPFD_CLOEXEC, 50), 51);
	EXPECT_EQ(fcntl(50, F_GETFD), 0);
	EXPECT_EQ(fcntl(51, F_GETFD), FD_CLOEXEC);
	EXPECT_OK(fcntl(50, F_SETFD, FD_CLOEXEC));
	EXPECT_EQ(fcntl(50, F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(fd, F_GETFD), 0);
	EXPECT_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND), O_RDWR | O_APPEND);
	copy = dup(fd);
	EXPECT_OK(fcntl(copy, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK), O_RDWR | O_NONBLOCK);
	EXPECT_ERR(fcntl(fd, F_DUPFD, -1), EINVAL);
	EXPECT_ERR(fcntl(fd, 9999), EINVAL);
	EXPECT_ERR(fcntl(63, F_GETFD), EBADF);
	close(copy);
	close(50);
	close(51);
	close(fd);
}

static void devices_do_what_their_names_say(void)
{
	char text[32];
	int null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);
	int full = open("/dev/full", O_RDWR);

	EXPECT_EQ(write(null, "x", 1), 1);
	EXPECT_EQ(read(null, text, 1), 0);
	memset(text, 1, sizeof(text));
	EXPECT_EQ(read(zero, text, sizeof(text)), sizeof(text));
	for (unsigned int i = 0; i < sizeof(text); i++)
		EXPECT_EQ(text[i], 0);
	EXPECT_EQ(write(zero, "x", 1), 1);
	EXPECT_EQ(read(full, text, 4), 4);
	EXPECT_ERR(write(full, "x", 1), ENOSPC);
	close(null);
	close(zero);
	close(full);
}

static void random_devices_give_different_bytes(void)
{
	static const char *const names[] = { "/dev/random", "/dev/urandom" };
	char a[32], b[32];

	for (int i = 0; i < 2; i++) {
		int fd = open(names[i], O_RDONLY);

		EXPECT_EQ(read(fd, a, sizeof(a)), sizeof(a));
		EXPECT_EQ(read(fd, b, sizeof(b)), sizeof(b));
		EXPECT(memcmp(a, b, sizeof(a)) != 0);
		close(fd);
	}
}

static const struct ktap_test tests[] = {
	KTAP(the_lowest_free_descriptor_is_used),
	KTAP(access_mode_is_enforced),
	KTAP(two_opens_have_two_positions_dup_shares_one),
	KTAP(dup2_replaces_and_dup3_checks),
	KTAP(fcntl_duplicates_and_keeps_flags),
	KTAP(devices_do_what_their_names_say),
	KTAP(random_devices_give_different_bytes),
};

KTAP_MAIN(tests)
