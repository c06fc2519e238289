/* SPDX-License-Identifier: MIT */
/* The request queue on a disk that exists only here: it notes what it is given, holds requests back
 * until the test lets them go, and fails where it is told to. */
#include "block/queue.h"
#include "ktest.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "sched/thread.h"

enum { SECTORS = 10000, BIOS = 64, NOTES = 256, PER_BIO = 8, NOWHERE = SECTORS };

struct note {
	enum bio_op op;
	uint64_t sector;
	uint32_t sectors, segments;
};

/* One test at a time runs, in one thread. */
static struct {
	struct blkdev dev;
	struct request_queue queue;
	bool ready;
	bool held;           /* requests wait for let_go() */
	struct list waiting; /* of struct fake_slot */
	struct note notes[NOTES];
	unsigned count;
	uint64_t bad; /* this sector gives -EIO */
} fake;

static struct fake_slot {
	struct list link;
	struct request *rq;
} slots[4];

static uint8_t *data;
static struct bio bios[BIOS];
static unsigned completed;
static struct bio *completion[BIOS];

static void finish(struct request *rq)
{
	bool hit = rq->op != BIO_FLUSH && fake.bad >= rq->sector &&
		   fake.bad < rq->sector + rq->sectors;

	request_complete(rq, hit ? -EIO : 0);
}

static void fake_start(struct request *rq)
{
	if (fake.count < NOTES)
		fake.notes[fake.count++] = (struct note){ rq->op, rq->sector, rq->sectors,
							  rq->segments };
	if (!fake.held) {
		finish(rq);
		return;
	}
	slots[rq->tag].rq = rq;
	list_add_tail(&fake.waiting, &slots[rq->tag].link);
}

/* Completes the request that has waited longest; false: none. */
static bool let_one_go(void)
{
	struct list *link = list_pop_head(&fake.waiting);

	if (!link)
		return false;
	finish(list_entry(link, struct fake_slot, link)->rq);
	return true;
}

static void let_go(void)
{
	fake.held = false;
	while (let_one_go())
		;
}

static unsigned timeouts;

static void fake_timeout(struct request *rq)
{
	timeouts++;
	list_remove(&slots[rq->tag].link);
	request_complete(rq, -ETIMEDOUT);
}

static const struct queue_ops fake_ops = { .start = fake_start, .timeout = fake_timeout };

static void bio_done(struct bio *bio)
{
	completion[completed++] = bio;
}

/* A fresh queue; what it allocated stays for the next test of the same depth. */
static bool setup(unsigned depth, bool held)
{
	struct request_queue *q = &fake.queue;

	if (!data)
		data = kmalloc(BIOS * PER_BIO * SECTOR_SIZE);
	if (!data || queue_init(q, "fake", &fake_ops, depth, NSEC_PER_SEC / 10) != 0) {
		ktest_fail(__FILE__, __LINE__, "no memory");
		return false;
	}
	fake.dev = (struct blkdev){
		.name = "fake",
		.sectors = SECTORS,
		.ops = &queue_blkdev_ops,
		.queue = q,
	};
	fake.held = held;
	fake.count = 0;
	fake.bad = NOWHERE;
	list_init(&fake.waiting);
	completed = 0;
	timeouts = 0;
	return true;
}

/* Waits for the watchdog, which looks once a second, and frees what setup() took. */
static void teardown(void)
{
	struct request *first = NULL, *rq;

	while (READ_ONCE(fake.queue.watched))
		(void)!thread_sleep_until(ktime_now() + NSEC_PER_SEC / 50, false);
	list_for_each_entry(rq, &fake.queue.free, link)
		if (rq->tag == 0)
			first = rq;
	kfree(first);
	kfree(data);
	data = NULL;
}

static void submit(unsigned i, enum bio_op op, uint64_t sector)
{
	bios[i] = (struct bio){
		.dev = &fake.dev,
		.op = op,
		.sector = op == BIO_FLUSH ? 0 : sector,
		.data = data + i * PER_BIO * SECTOR_SIZE,
		.sectors = op == BIO_FLUSH ? 0 : PER_BIO,
		.done = bio_done,
	};
	bio_submit(&bios[i]);
}

static void expect_note(unsigned i, enum bio_op op, uint64_t sector, uint32_t segments)
{
	KREQUIRE(i < fake.count);
	KEXPECT_EQ(fake.notes[i].op, op);
	KEXPECT_EQ(fake.notes[i].sector, sector);
	KEXPECT_EQ(fake.notes[i].segments, segments);
}

KTEST(queue_merges_adjacent_bios_of_one_kind)
{
	static const unsigned order[] = { 3, 1, 2, 5, 4 };

	if (!setup(1, true))
		return;
	submit(0, BIO_WRITE, 5000); /* keeps the disk busy */
	for (unsigned i = 0; i < ARRAY_SIZE(order); i++)
		submit(1 + i, BIO_WRITE, 1000 + order[i] * PER_BIO);
	submit(6, BIO_READ, 1000 + 6 * PER_BIO);  /* adjacent, of another kind */
	submit(7, BIO_WRITE, 1000 + 8 * PER_BIO); /* not adjacent */
	let_go();
	KEXPECT_EQ(completed, 8);
	KEXPECT_EQ(fake.count, 4);
	expect_note(1, BIO_WRITE, 1000 + PER_BIO, 5);
	expect_note(2, BIO_READ, 1000 + 6 * PER_BIO, 1);
	expect_note(3, BIO_WRITE, 1000 + 8 * PER_BIO, 1);
	KEXPECT_EQ(fake.queue.stats.merges[BIO_WRITE], 4);
	KEXPECT_EQ(fake.queue.stats.waiting, 0);
	teardown();
}

KTEST(queue_keeps_a_request_within_the_limits)
{
	if (!setup(1, true))
		return;
	fake.queue.max_segments = 3;
	fake.queue.max_sectors = 100;
	submit(0, BIO_READ, 9000);
	for (unsigned i = 1; i <= 6; i++)
		submit(i, BIO_READ, i * PER_BIO);
	let_go();
	KEXPECT_EQ(fake.count, 3);
	fake.queue.max_segments = 100;
	fake.queue.max_sectors = 2 * PER_BIO;
	fake.held = true;
	fake.count = completed = 0;
	submit(0, BIO_READ, 9000);
	for (unsigned i = 1; i <= 6; i++)
		submit(i, BIO_READ, i * PER_BIO);
	let_go();
	KEXPECT_EQ(fake.count, 4);
	teardown();
}

KTEST(queue_sweeps_upwards_and_lets_late_comers_wait_for_the_next_sweep)
{
	static const uint64_t want[] = { 5000, 100, 300, 900, 200, 4000 };

	if (!setup(1, true))
		return;
	submit(0, BIO_READ, 5000);
	submit(1, BIO_READ, 900);
	submit(2, BIO_READ, 100);
	submit(3, BIO_READ, 300);
	KEXPECT(let_one_go()); /* 100 starts: the sweep has 300 and 900 */
	submit(4, BIO_READ, 4000);
	submit(5, BIO_READ, 200);
	let_go();
	KEXPECT_EQ(fake.count, ARRAY_SIZE(want));
	for (unsigned i = 0; i < ARRAY_SIZE(want); i++)
		KEXPECT_EQ(fake.notes[i].sector, want[i]);
	teardown();
}

KTEST(queue_flush_parts_what_was_before_from_what_comes_after)
{
	if (!setup(4, true))
		return;
	submit(0, BIO_WRITE, 800);
	submit(1, BIO_WRITE, 700);
	submit(2, BIO_FLUSH, 0);
	submit(3, BIO_FLUSH, 0);
	submit(4, BIO_WRITE, 10);
	submit(5, BIO_FLUSH, 0);
	KEXPECT_EQ(fake.count, 2); /* there is room for more, but the flush waits */
	KEXPECT(let_one_go());
	KEXPECT_EQ(fake.count, 2);
	KEXPECT(let_one_go());
	KEXPECT_EQ(fake.count, 3);
	expect_note(2, BIO_FLUSH, 0, 2); /* one command answers both */
	KEXPECT_EQ(completed, 2);
	KEXPECT(let_one_go());
	KEXPECT_EQ(fake.count, 4);
	expect_note(3, BIO_WRITE, 10, 1);
	let_go();
	expect_note(4, BIO_FLUSH, 0, 1);
	KEXPECT_EQ(completed, 6);
	KEXPECT(completion[5] == &bios[5]);
	teardown();
}

KTEST(queue_finds_the_bio_with_the_bad_sector)
{
	if (!setup(2, true))
		return;
	fake.bad = 1000 + 3 * PER_BIO + 5;
	submit(0, BIO_WRITE, 8000);
	submit(1, BIO_WRITE, 8100);
	for (unsigned i = 2; i < 10; i++)
		submit(i, BIO_WRITE, 1000 + (i - 2) * PER_BIO);
	submit(10, BIO_FLUSH, 0);
	let_go();
	KEXPECT_EQ(completed, 11);
	for (unsigned i = 0; i < 11; i++)
		KEXPECT_EQ(bios[i].error, i == 5 ? -EIO : 0);
	KEXPECT(completion[10] == &bios[10]); /* the flush waited for the second attempts too */
	KEXPECT_EQ(fake.queue.stats.errors, 1);
	KEXPECT_EQ(fake.queue.stats.underway, 0);
	teardown();
}

KTEST(queue_ends_what_takes_too_long)
{
	ktime_t give_up = ktime_now() + 20 * NSEC_PER_SEC;

	if (!setup(1, true))
		return;
	submit(0, BIO_READ, 0);
	submit(1, BIO_READ, 4000);
	while (READ_ONCE(completed) < 2 && ktime_now() < give_up)
		(void)!thread_sleep_until(ktime_now() + NSEC_PER_SEC / 50, false);
	KEXPECT_EQ(timeouts, 2);
	KEXPECT_EQ(bios[0].error, -EIO);
	KEXPECT_EQ(bios[1].error, -EIO);
	teardown();
}
