/* SPDX-License-Identifier: MIT */
/* One address space on several CPUs: what one unmaps, protects or copies the others must
 * see at once, also when all of them do it to each other.
 */
#include "core/percpu.h"
#include "ktest.h"
#include "sched/thread.h"
#include "sched/waitq.h"
#include "vm/space.h"
#include "vm/usercopy.h"

enum { CROWD = 4, ROUNDS = 60, PAGES = 4 };

#define BASE 0x10000000u

static struct spinlock lock = SPINLOCK_INIT(LOCK_OBJECT);
static struct waitq queue = WAITQ_INIT(queue); /* [lock] */
static unsigned running;                       /* [lock] */
static struct space *space;                    /* [I] while threads run */
static atomic_t next_slot, stop, stale;

/* Each round waits for all CPUs, of which the host may run two at a time. */
static unsigned rounds(void)
{
	return cpu_count <= CROWD ? ROUNDS : ROUNDS * CROWD / cpu_count;
}

static int map_at(vaddr_t addr, uint8_t prot)
{
	struct map_request q = {
		.addr = addr, .length = PAGES * PAGE_SIZE, .prot = prot, .fixed = true
	};
	vaddr_t at;

	return space_map(space, &q, &at);
}

static void enter(void)
{
	space_get(space);
	if (space_switch(space))
		ktest_fail(__FILE__, __LINE__, "a kernel thread had a space");
}

static void leave_and_finish(void)
{
	space_put(space_switch(NULL));
	spin_lock(&lock);
	running--;
	waitq_wake_all(&queue);
	spin_unlock(&lock);
}

static bool wait_for_all(void)
{
	ktime_t deadline = ktime_now() + 20 * NSEC_PER_SEC;
	int err = 0;

	spin_lock(&lock);
	while (running && !err)
		err = waitq_wait(&queue, &lock, WAIT_UNINTERRUPTIBLE, deadline);
	spin_unlock(&lock);
	return !err;
}

static bool start(unsigned n, void (*fn)(void *))
{
	running = n;
	atomic_set(&next_slot, 0);
	for (unsigned i = 0; i < n; i++)
		if (kthread_start("ktest", fn, NULL))
			return false;
	return true;
}

/* Each thread has an area of its own that it maps, fills, protects and unmaps: all of them
 * flush the TLBs of all others.
 */
static void shoots(void *arg)
{
	vaddr_t base = BASE + (unsigned)atomic_add_return(&next_slot, 1) * 2 * PAGES * PAGE_SIZE;

	(void)arg;
	enter();
	for (unsigned i = 0; i < rounds(); i++) {
		uint32_t word = 0;

		KEXPECT(!map_at(base, REGION_READ | REGION_WRITE));
		KEXPECT(!put_user32(base + PAGE_SIZE, i));
		KEXPECT(!get_user32(&word, base + PAGE_SIZE));
		KEXPECT_EQ(word, i);
		KEXPECT(!space_protect(space, base, PAGES * PAGE_SIZE, REGION_READ));
		KEXPECT_EQ(put_user32(base + PAGE_SIZE, i), -EFAULT);
		KEXPECT(!space_unmap(space, base, PAGES * PAGE_SIZE));
		KEXPECT_EQ(get_user32(&word, base + PAGE_SIZE), -EFAULT);
		sched_point();
	}
	leave_and_finish();
}

static void all_shoot(void)
{
	space = space_create();
	KREQUIRE(space);
	KEXPECT(start(CROWD, shoots));
	KEXPECT(wait_for_all());
	KEXPECT_EQ(space->region_count, 0);
	space_put(space);
}

/* Runs it twice: the first time fills the cache of dead threads' stacks, the second time must
 * leave memory as it found it.
 */
static void twice(void (*fn)(void))
{
	uint32_t before = 0;

	for (unsigned i = 0; i < 2; i++) {
		fn();
		KEXPECT(!thread_sleep_until(ktime_now() + 50 * NSEC_PER_MS, false));
		if (i == 0)
			before = ktest_free_pages();
	}
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(shootdowns_cross_without_deadlock)
{
	twice(all_shoot);
}

/* Reads a word that counts up, through a page that keeps being copied by forks: it must never
 * count down, as it would through a stale translation.
 */
static void watches(void *arg)
{
	uint32_t last = 0, word = 0;

	(void)arg;
	enter();
	while (!atomic_read(&stop)) {
		if (get_user32(&word, BASE) || word < last)
			atomic_inc(&stale);
		last = word;
		sched_point();
	}
	leave_and_finish();
}

static void fork_while_watched(void)
{
	space = space_create();
	KREQUIRE(space);
	KEXPECT(!map_at(BASE, REGION_READ | REGION_WRITE));
	atomic_set(&stop, 0);
	atomic_set(&stale, 0);
	KEXPECT(start(cpu_count, watches));
	enter();
	for (unsigned i = 0; i < rounds(); i++) {
		struct space *child = space_fork(space);

		KEXPECT(child);
		KEXPECT(!put_user32(BASE, i));
		space_put(child);
		sched_point();
	}
	atomic_set(&stop, 1);
	KEXPECT(wait_for_all());
	KEXPECT_EQ(atomic_read(&stale), 0);
	space_put(space_switch(NULL));
	space_put(space);
}

KTEST(copy_on_write_is_seen_by_other_cpus)
{
	twice(fork_while_watched);
}
