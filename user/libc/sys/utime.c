/* SPDX-License-Identifier: MIT */
/* Setting file times, all by way of the 64-bit utimensat. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <utime.h>

#include "stubs.h"

int utimensat(int dir_fd, const char *path, const struct timespec times[2], int flags)
{
	return sys_result(sys_utimensat_time64(dir_fd, path, times, flags));
}

/* A NULL path names the descriptor itself. */
int futimens(int fd, const struct timespec times[2])
{
	return utimensat(fd, NULL, times, 0);
}

static int utimes_at(int dir_fd, const char *path, const struct timeval times[2])
{
	struct timespec spec[2];

	if (!times)
		return utimensat(dir_fd, path, NULL, 0);
	for (int i = 0; i < 2; i++) {
		if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000)
			return __set_errno(EINVAL);
		spec[i].tv_sec = times[i].tv_sec;
		spec[i].tv_nsec = times[i].tv_usec * 1000;
	}
	return utimensat(dir_fd, path, spec, 0);
}

int utimes(const char *path, const struct timeval times[2])
{
	return utimes_at(AT_FDCWD, path, times);
}

int futimes(int fd, const struct timeval times[2])
{
	return utimes_at(fd, NULL, times);
}

int utime(const char *path, const struct utimbuf *times)
{
	struct timespec spec[2];

	if (!times)
		return utimensat(AT_FDCWD, path, NULL, 0);
	spec[0] = (struct timespec){ .tv_sec = times->actime };
	spec[1] = (struct timespec){ .tv_sec = times->modtime };
	return utimensat(AT_FDCWD, path, spec, 0);
}
