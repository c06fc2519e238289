/* SPDX-License-Identifier: MIT */
/* Clocks and sleeping, in 64 bits. */
#include <errno.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "../sys/stubs.h"

enum { NS_PER_US = 1000, US_PER_S = 1000000 };

int clock_gettime(clockid_t id, struct timespec *to)
{
	return sys_result(sys_clock_gettime64(id, to));
}

int clock_settime(clockid_t id, const struct timespec *from)
{
	return sys_result(sys_clock_settime64(id, from));
}

int clock_getres(clockid_t id, struct timespec *to)
{
	return sys_result(sys_clock_getres_time64(id, to));
}

/* The number of the clock of a process's CPU time: the complement of its pid, and "exact". */
int clock_getcpuclockid(pid_t pid, clockid_t *id)
{
	enum { EXACT = 2, SHIFT = 3 };
	clockid_t clock = (clockid_t)(~(unsigned int)pid << SHIFT | EXACT);
	long err = sys_clock_getres_time64(clock, NULL);

	if (err)
		return err == -EINVAL ? ESRCH : (int)-err;
	*id = clock;
	return 0;
}

/* Returns the error, as POSIX wants here, instead of setting errno. */
int clock_nanosleep(clockid_t id, int flags, const struct timespec *request,
		    struct timespec *remaining)
{
	return (int)-syscall_waits(SYS_clock_nanosleep_time64, id, flags, (long)request,
				   (long)remaining);
}

int nanosleep(const struct timespec *request, struct timespec *remaining)
{
	return sys_result(syscall_waits(SYS_clock_nanosleep_time64, CLOCK_REALTIME, 0,
					(long)request, (long)remaining));
}

/* The seconds not slept. */
unsigned int sleep(unsigned int seconds)
{
	struct timespec t = { .tv_sec = seconds };

	return nanosleep(&t, &t) ? t.tv_sec : 0;
}

int usleep(unsigned int microseconds)
{
	struct timespec t = {
		.tv_sec = microseconds / US_PER_S,
		.tv_nsec = microseconds % US_PER_S * NS_PER_US,
	};

	return nanosleep(&t, NULL);
}

time_t time(time_t *to)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (to)
		*to = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &now))
		return -1;
	to->tv_sec = now.tv_sec;
	to->tv_usec = now.tv_nsec / NS_PER_US;
	return 0;
}

clock_t clock(void)
{
	struct timespec used;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used))
		return -1;
	return (clock_t)used.tv_sec * US_PER_S + used.tv_nsec / NS_PER_US;
}
