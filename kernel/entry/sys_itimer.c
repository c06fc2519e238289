/* SPDX-License-Identifier: MIT */
/* System calls: interval timers. */
#include "entry/decode.h"
#include "entry/timespec.h"

/* -EINVAL: negative, or the microseconds are no fraction. */
static int timeval_decode(ktime_t *out, const struct abi_timeval32 *tv)
{
	if (tv->tv_sec < 0 || tv->tv_usec < 0 || tv->tv_usec >= USEC_PER_SEC)
		return -EINVAL;
	*out = ktime_from_timespec(tv->tv_sec, tv->tv_usec * (int32_t)NSEC_PER_US);
	return 0;
}

static struct abi_timeval32 timeval_encode(ktime_t t)
{
	int32_t nsec, sec = (int32_t)ktime_to_timespec(t, &nsec);

	return (struct abi_timeval32){ sec, nsec / (int32_t)NSEC_PER_US };
}

static int itimer_to_user(uaddr_t to, const struct itimer_value *v)
{
	struct abi_itimerval32 user = { timeval_encode(v->interval), timeval_encode(v->left) };

	return copy_to_user(to, &user, sizeof(user));
}

/* from 0: turns the timer off. */
static int itimer_from_user(struct itimer_value *v, uaddr_t from)
{
	struct abi_itimerval32 user = { { 0, 0 }, { 0, 0 } };
	int err = from ? copy_from_user(&user, from, sizeof(user)) : 0;

	if (!err)
		err = timeval_decode(&v->left, &user.it_value);
	return err ? err : timeval_decode(&v->interval, &user.it_interval);
}

SYSCALL_ABI int32_t sys_setitimer(int32_t which, uaddr_t value, uaddr_t old_value)
{
	struct itimer_value new, old;
	int err = itimer_from_user(&new, value);

	if (!err)
		err = itimer_set(which, &new, &old);
	return err || !old_value ? err : itimer_to_user(old_value, &old);
}

SYSCALL_ABI int32_t sys_getitimer(int32_t which, uaddr_t value)
{
	struct itimer_value v;
	int err = itimer_set(which, NULL, &v);

	return err ? err : itimer_to_user(value, &v);
}

/* What was left, in seconds to the nearest, but never 0 if there was something. */
SYSCALL_ABI int32_t sys_alarm(uint32_t seconds)
{
	struct itimer_value new = { MIN(seconds, (uint32_t)INT32_MAX) * NSEC_PER_SEC, 0 }, old;
	int err = itimer_set(ITIMER_REAL, &new, &old);
	int32_t nsec, left = (int32_t)ktime_to_timespec(old.left, &nsec);

	if ((!left && nsec) || nsec >= (int32_t)NSEC_PER_SEC / 2)
		left++;
	return err ? err : left;
}
