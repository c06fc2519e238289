/* SPDX-License-Identifier: MIT */
/* Monotonic time from the time-stamp counter:
 *
 *	ns = (tsc - tsc_at_boot) * tsc_mult >> TSC_SHIFT
 *
 * with tsc_mult from the calibration against the 8254. The counters of all CPUs run at one
 * rate, and in step as a rule (SDM vol. 3B, 18.17): each CPU looks when it starts, and one whose
 * counter is elsewhere has another tsc_at_boot.
 */
#include "core/time.h"
#include "core/percpu.h"
#include "core/spinlock.h"
#include "lib/kprintf.h"
#include "x86/cpu.h"
#include "x86/pit.h"

enum { TSC_SHIFT = 24, SYNC_ROUNDS = 4 };

static uint32_t tsc_mult; /* [I] */
static uint32_t tsc_khz;  /* [I] */

/* Real time less monotonic time. Readers take no lock: they read again if the version was odd (a
 * write was going on) or has changed meanwhile. */
static struct spinlock real_lock = SPINLOCK_INIT(LOCK_OBJECT); /* between writers */
static uint32_t real_version;
static ktime_t real_offset;

/* 64 x 32 -> 96 bits, shifted down: exact for 300 years. */
static inline uint64_t scale(uint64_t tsc)
{
	uint64_t lo = (uint64_t)(uint32_t)tsc * tsc_mult;
	uint64_t hi = (uint64_t)(uint32_t)(tsc >> 32) * tsc_mult;

	return (lo >> TSC_SHIFT) + (hi << (32 - TSC_SHIFT));
}

ktime_t ktime_now(void)
{
	return (ktime_t)scale(cpu_rdtsc() - this_cpu()->tsc_at_boot);
}

ktime_t time_of_tsc(uint64_t ticks)
{
	return (ktime_t)scale(ticks);
}

ktime_t ktime_real(void)
{
	uint32_t version;
	ktime_t offset;

	do {
		version = __atomic_load_n(&real_version, __ATOMIC_ACQUIRE);
		offset = *(volatile ktime_t *)&real_offset;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (version % 2 != 0 || version != __atomic_load_n(&real_version, __ATOMIC_RELAXED));
	return ktime_now() + offset;
}

void time_set_real(ktime_t since_1970)
{
	spin_lock(&real_lock);
	__atomic_store_n(&real_version, real_version + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	*(volatile ktime_t *)&real_offset = since_1970 - ktime_now();
	__atomic_store_n(&real_version, real_version + 1, __ATOMIC_RELEASE);
	spin_unlock(&real_lock);
}

uint32_t time_tsc_khz(void)
{
	return tsc_khz;
}

void time_init(void)
{
	uint64_t start = cpu_rdtsc(), ticks = UINT64_MAX;

	for (int i = 0; i < CALIBRATE_ROUNDS; i++) {
		uint64_t before = cpu_rdtsc();

		pit_wait(CALIBRATE_NS);
		ticks = MIN(ticks, cpu_rdtsc() - before);
	}
	if (ticks < CALIBRATE_NS / 1000)
		panic("the time-stamp counter does not run");
	tsc_khz = (uint32_t)(ticks * NSEC_PER_MS / CALIBRATE_NS);
	tsc_mult = (uint32_t)(((uint64_t)CALIBRATE_NS << TSC_SHIFT) / ticks);
	for (unsigned i = 0; i < MAX_CPUS; i++)
		cpus[i].tsc_at_boot = start;
}

static atomic_t sync_step;         /* odd: the question, even: its answer */
static volatile uint64_t sync_tsc; /* the answer */

int64_t time_skew(int64_t low, int64_t high)
{
	return low <= 0 && high >= 0 ? 0 : low + (high - low) / 2;
}

/* The answer was read between our two readings. Each round narrows the range. */
bool time_sync_ask(void)
{
	int64_t low = INT64_MIN, high = INT64_MAX, skew;

	for (int i = 1; i <= SYNC_ROUNDS; i++) {
		uint64_t before = cpu_rdtsc();

		atomic_set(&sync_step, 2 * i - 1);
		while (atomic_read(&sync_step) != 2 * i)
			cpu_pause();
		low = MAX(low, (int64_t)(sync_tsc - cpu_rdtsc()));
		high = MIN(high, (int64_t)(sync_tsc - before));
	}
	atomic_set(&sync_step, 0);
	skew = time_skew(low, high);
	this_cpu()->tsc_at_boot -= (uint64_t)skew;
	return skew == 0;
}

void time_sync_answer(void)
{
	for (int i = 1; i <= SYNC_ROUNDS; i++) {
		while (atomic_read(&sync_step) != 2 * i - 1)
			cpu_pause();
		sync_tsc = cpu_rdtsc();
		atomic_set(&sync_step, 2 * i);
	}
}
