/* SPDX-License-Identifier: MIT */
/* System calls: clocks and sleeping, in both widths. */
#include "core/time.h"
#include "entry/decode.h"
#include "entry/timespec.h"
#include "lib/div64.h"
#include "lib/string.h"
#include "proc/times.h"

int timespec_from_user(ktime_t *out, uaddr_t ts, bool wide)
{
	struct abi_timespec32 narrow;
	struct abi_timespec64 in;
	int err;

	if (wide) {
		err = copy_from_user(&in, ts, sizeof(in));
	} else {
		err = copy_from_user(&narrow, ts, sizeof(narrow));
		in.tv_sec = narrow.tv_sec;
		in.tv_nsec = narrow.tv_nsec;
	}
	if (err)
		return err;
	if (in.tv_sec < 0 || in.tv_nsec < 0 || in.tv_nsec >= NSEC_PER_SEC)
		return -EINVAL;
	*out = ktime_from_timespec(in.tv_sec, in.tv_nsec);
	return 0;
}

int timespec_to_user(uaddr_t ts, ktime_t t, bool wide)
{
	struct abi_timespec64 out = { 0 };
	struct abi_timespec32 narrow;

	out.tv_sec = ktime_to_timespec(t, &out.tv_nsec);
	if (wide)
		return copy_to_user(ts, &out, sizeof(out));
	narrow.tv_sec = (int32_t)out.tv_sec;
	narrow.tv_nsec = out.tv_nsec;
	return copy_to_user(ts, &narrow, sizeof(narrow));
}

/* The last tick: what the coarse clocks show. */
static ktime_t tick_of(ktime_t t)
{
	uint32_t rest;

	(void)div_u64((uint64_t)t, TICK_NS, &rest);
	return t - rest;
}

static int clock_read(int32_t clock, ktime_t *out)
{
	if (cpuclock_is_one(clock))
		return cpuclock_read(clock, out);
	switch (clock) {
	case CLOCK_REALTIME:
		*out = ktime_real();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_BOOTTIME:
		*out = ktime_now();
		return 0;
	case CLOCK_REALTIME_COARSE:
		*out = tick_of(ktime_real());
		return 0;
	case CLOCK_MONOTONIC_COARSE:
		*out = tick_of(ktime_now());
		return 0;
	default:
		return -EINVAL;
	}
}

static int32_t clock_gettime_common(int32_t clock, uaddr_t ts, bool wide)
{
	ktime_t t;
	int err = clock_read(clock, &t);

	return err ? err : timespec_to_user(ts, t, wide);
}

SYSCALL_ABI int32_t sys_clock_gettime(int32_t clock, uaddr_t ts)
{
	return clock_gettime_common(clock, ts, false);
}

SYSCALL_ABI int32_t sys_clock_gettime64(int32_t clock, uaddr_t ts)
{
	return clock_gettime_common(clock, ts, true);
}

/* The clock is never set so late that it would run over in the machine's life (30 years). */
static bool is_settable(ktime_t t)
{
	const int64_t life = 30LL * 365 * 24 * 60 * 60;

	return t >= 0 && t < (KTIME_NEVER / NSEC_PER_SEC - life) * NSEC_PER_SEC;
}

/* Only the real-time clock can be set, and only by root. */
static int32_t clock_settime_common(int32_t clock, uaddr_t ts, bool wide)
{
	ktime_t t;
	int err;

	if (clock != CLOCK_REALTIME)
		return -EINVAL;
	err = timespec_from_user(&t, ts, wide);
	if (err)
		return err;
	if (!is_settable(t))
		return -EINVAL;
	if (current_cred()->euid != 0)
		return -EPERM;
	time_set_real(t);
	return 0;
}

SYSCALL_ABI int32_t sys_clock_settime(int32_t clock, uaddr_t ts)
{
	return clock_settime_common(clock, ts, false);
}

SYSCALL_ABI int32_t sys_clock_settime64(int32_t clock, uaddr_t ts)
{
	return clock_settime_common(clock, ts, true);
}

static int32_t clock_getres_common(int32_t clock, uaddr_t ts, bool wide)
{
	bool coarse = clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE;
	ktime_t resolution = coarse ? TICK_NS : 1;
	int err = 0;

	if (cpuclock_is_one(clock))
		err = cpuclock_resolution(clock, &resolution);
	else if (clock > CLOCK_BOOTTIME)
		err = -EINVAL;
	return ts && !err ? timespec_to_user(ts, resolution, wide) : err;
}

SYSCALL_ABI int32_t sys_clock_getres(int32_t clock, uaddr_t ts)
{
	return clock_getres_common(clock, ts, false);
}

SYSCALL_ABI int32_t sys_clock_getres_time64(int32_t clock, uaddr_t ts)
{
	return clock_getres_common(clock, ts, true);
}

enum { RESTART_REMAINING, RESTART_WIDE }; /* restart.arg of a sleep */

static int sleep_restart(struct restart_block *r);

/* Sleeps until `deadline` (monotonic). Interrupted, the rest goes to *remaining and
 * the sleep goes on if no handler was called.
 */
static int sleep_until(ktime_t deadline, uaddr_t remaining, bool wide)
{
	struct restart_block *r = &current->restart;
	ktime_t left;
	int err = thread_sleep_until(deadline, true);

	if (err != -EINTR)
		return err;
	left = MAX(deadline - ktime_now(), (ktime_t)0);
	if (remaining) {
		err = timespec_to_user(remaining, left, wide);
		if (err)
			return err;
	}
	r->fn = sleep_restart;
	r->deadline = deadline;
	r->arg[RESTART_REMAINING] = remaining;
	r->arg[RESTART_WIDE] = wide;
	return -ERESTART_RESTARTBLOCK;
}

static int sleep_restart(struct restart_block *r)
{
	return sleep_until(r->deadline, r->arg[RESTART_REMAINING], r->arg[RESTART_WIDE]);
}

static int32_t nanosleep_common(int32_t clock, uint32_t flags, uaddr_t request, uaddr_t remaining,
				bool wide)
{
	ktime_t t;
	int err;

	if (clock < CLOCK_REALTIME || clock > CLOCK_BOOTTIME)
		return -EINVAL;
	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME)
		return -EOPNOTSUPP;
	err = timespec_from_user(&t, request, wide);
	if (err)
		return err;
	if (!(flags & TIMER_ABSTIME))
		return sleep_until(deadline_after(t), remaining, wide);
	if (clock == CLOCK_REALTIME)
		t -= ktime_real() - ktime_now();
	err = thread_sleep_until(t, true);
	return err == -EINTR ? -ERESTARTNOHAND : err;
}

SYSCALL_ABI int32_t sys_nanosleep(uaddr_t request, uaddr_t remaining)
{
	return nanosleep_common(CLOCK_MONOTONIC, 0, request, remaining, false);
}

SYSCALL_ABI int32_t sys_clock_nanosleep(int32_t clock, uint32_t flags, uaddr_t request,
					uaddr_t remaining)
{
	return nanosleep_common(clock, flags, request, remaining, false);
}

SYSCALL_ABI int32_t sys_clock_nanosleep_time64(int32_t clock, uint32_t flags, uaddr_t request,
					       uaddr_t remaining)
{
	return nanosleep_common(clock, flags, request, remaining, true);
}

SYSCALL_ABI int32_t sys_gettimeofday(uaddr_t tv, uaddr_t tz)
{
	const struct abi_timezone utc = { 0 };
	struct abi_timeval32 out;
	int32_t nsec;
	int err = 0;

	if (tv) {
		out.tv_sec = (int32_t)ktime_to_timespec(ktime_real(), &nsec);
		out.tv_usec = nsec / (int32_t)NSEC_PER_US;
		err = copy_to_user(tv, &out, sizeof(out));
	}
	if (tz && !err)
		err = copy_to_user(tz, &utc, sizeof(utc));
	return err;
}

SYSCALL_ABI int32_t sys_time(uaddr_t seconds)
{
	int32_t nsec, now = (int32_t)ktime_to_timespec(ktime_real(), &nsec);
	int err = seconds ? put_user32(seconds, (uint32_t)now) : 0;

	return err ? err : now;
}

static int32_t clock_ticks(uint64_t ns)
{
	return (int32_t)div_u64(ns, (uint32_t)(NSEC_PER_SEC / ABI_USER_HZ), NULL);
}

SYSCALL_ABI int32_t sys_times(uaddr_t buf)
{
	struct accounting own, children;
	struct abi_tms out;
	int err;

	if (buf) {
		accounting_of_current(&own);
		accounting_of_children(&children);
		out.tms_utime = clock_ticks(own.time.user_ns);
		out.tms_stime = clock_ticks(own.time.kernel_ns);
		out.tms_cutime = clock_ticks(children.time.user_ns);
		out.tms_cstime = clock_ticks(children.time.kernel_ns);
		err = copy_to_user(buf, &out, sizeof(out));
		if (err)
			return err;
	}
	return clock_ticks((uint64_t)ktime_now());
}

SYSCALL_ABI int32_t sys_getrusage(int32_t who, uaddr_t usage)
{
	struct accounting used;
	struct abi_rusage out;

	if (who == RUSAGE_CHILDREN) {
		accounting_of_children(&used);
	} else if (who == RUSAGE_SELF) {
		accounting_of_current(&used);
	} else if (who == RUSAGE_THREAD) {
		spin_lock(&process_current()->lock);
		accounting_of_thread(current, &used);
		spin_unlock(&process_current()->lock);
	} else {
		return -EINVAL;
	}
	accounting_to_rusage(&used, &out);
	return copy_to_user(usage, &out, sizeof(out));
}
