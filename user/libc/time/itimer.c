/* SPDX-License-Identifier: MIT */
/* Timers that send signals. The kernel's times have 32 bits. */
#include <abi/time.h>
#include <sys/time.h>
#include <unistd.h>

#include "../sys/stubs.h"

static struct timeval widen(struct abi_timeval32 t)
{
	return (struct timeval){ .tv_sec = t.tv_sec, .tv_usec = t.tv_usec };
}

static struct abi_timeval32 narrow(struct timeval t)
{
	return (struct abi_timeval32){ (int32_t)t.tv_sec, (int32_t)t.tv_usec };
}

int setitimer(int which, const struct itimerval *restrict value, struct itimerval *restrict old)
{
	struct abi_itimerval32 to, from;

	if (value) {
		to.it_interval = narrow(value->it_interval);
		to.it_value = narrow(value->it_value);
	}
	if (sys_result(sys_setitimer(which, value ? &to : NULL, old ? &from : NULL)))
		return -1;
	if (old)
		*old = (struct itimerval){ widen(from.it_interval), widen(from.it_value) };
	return 0;
}

int getitimer(int which, struct itimerval *value)
{
	struct abi_itimerval32 from;

	if (sys_result(sys_getitimer(which, &from)))
		return -1;
	*value = (struct itimerval){ widen(from.it_interval), widen(from.it_value) };
	return 0;
}

unsigned int alarm(unsigned int seconds)
{
	return sys_alarm(seconds);
}
