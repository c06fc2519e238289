/* SPDX-License-Identifier: MIT */
/* The request queue; queue.h says what it promises. Bios are merged when they are
 * handed out: the elevator takes the next one of its sweep, and with it the ones
 * that continue it.
 *
 * Invariant: `behind` is empty or starts with a flush; while a flush is under way
 * nothing else is. Lock: q->lock, never held over a call of the driver or `done`.
 */
#include "block/queue.h"
#include "core/time.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "mm/slab.h"

enum {
	ERRORS_LOGGED = 16, /* then only each power of two: a dead disk must not fill the log */
};
#define WATCHDOG_NS NSEC_PER_SEC

static const char *const op_names[] = { "read", "write", "flush" };

static struct bio *bio_of(struct rbnode *node)
{
	return rb_entry(node, struct bio, node);
}

static bool comes_before(const struct rbnode *a, const struct rbnode *b)
{
	return rb_entry(a, struct bio, node)->sector < rb_entry(b, struct bio, node)->sector;
}

/* ---- arrival ---- */

/* Caller holds q->lock. */
static void enqueue(struct request_queue *q, struct bio *bio)
{
	if (bio->op == BIO_FLUSH || !list_is_empty(&q->behind))
		list_add_tail(&q->behind, &bio->link);
	else
		rb_insert(&q->next, &bio->node, comes_before);
	q->stats.waiting++;
}

/* ---- choosing the next request; caller holds q->lock ---- */

static void add_bio(struct request *rq, struct bio *bio)
{
	list_add_tail(&rq->bios, &bio->link);
	rq->sectors += bio->sectors;
	rq->segments++;
	rq->queue->stats.waiting--;
}

static bool continues(const struct request *rq, const struct bio *bio)
{
	const struct request_queue *q = rq->queue;

	return bio->op == rq->op && bio->sector == rq->sector + rq->sectors &&
	       rq->sectors + bio->sectors <= q->max_sectors && rq->segments < q->max_segments;
}

/* The lowest bio of the sweep, with all that continue it. The next one of the tree
 * is the only one that can.
 */
static bool take_run(struct request_queue *q, struct request *rq)
{
	struct rbnode *node = rb_first(&q->sweep), *follower;

	if (!node) {
		q->sweep = q->next;
		rb_init(&q->next);
		node = rb_first(&q->sweep);
	}
	if (!node)
		return false;
	rq->op = bio_of(node)->op;
	rq->sector = bio_of(node)->sector;
	do {
		follower = rb_next(node);
		rb_remove(&q->sweep, node);
		add_bio(rq, bio_of(node));
		node = follower;
	} while (node && continues(rq, bio_of(node)));
	return true;
}

static bool take_alone(struct request_queue *q, struct request *rq)
{
	struct list *link = list_pop_head(&q->alone);
	struct bio *bio;

	if (!link)
		return false;
	bio = list_entry(link, struct bio, link);
	rq->op = bio->op;
	rq->sector = bio->sector;
	rq->single = true;
	add_bio(rq, bio);
	return true;
}

/* The flush that all before have waited for; flushes in a row are one. */
static bool take_flush(struct request_queue *q, struct request *rq)
{
	if (list_is_empty(&q->behind) || !list_is_empty(&q->underway))
		return false;
	rq->op = BIO_FLUSH;
	rq->single = true;
	while (!list_is_empty(&q->behind)) {
		struct bio *bio = list_first_entry(&q->behind, struct bio, link);

		if (bio->op != BIO_FLUSH)
			break;
		list_remove(&bio->link);
		add_bio(rq, bio);
	}
	q->flushing = true;
	return true;
}

/* The flush is complete: what waited behind it, up to the next flush, may go. */
static void open_barrier(struct request_queue *q)
{
	q->flushing = false;
	while (!list_is_empty(&q->behind)) {
		struct bio *bio = list_first_entry(&q->behind, struct bio, link);

		if (bio->op == BIO_FLUSH)
			break;
		list_remove(&bio->link);
		rb_insert(&q->next, &bio->node, comes_before);
	}
}

static void watch(struct request_queue *q)
{
	if (q->watched || q->timeout_ns == 0)
		return;
	q->watched = true;
	timer_arm(&q->watchdog, ktime_now() + WATCHDOG_NS);
}

/* A request that may start now, or NULL. */
static struct request *next_request(struct request_queue *q)
{
	struct request *rq;

	if (q->flushing || list_is_empty(&q->free))
		return NULL;
	rq = list_first_entry(&q->free, struct request, link);
	rq->sector = 0;
	rq->sectors = 0;
	rq->segments = 0;
	rq->single = false;
	rq->timed_out = false;
	if (!take_alone(q, rq) && !take_run(q, rq) && !take_flush(q, rq))
		return NULL;
	rq->started = ktime_now();
	rq->bad = rq->sector;
	if (list_is_empty(&q->underway))
		q->busy_since = rq->started;
	list_remove(&rq->link);
	list_add_tail(&q->underway, &rq->link);
	q->stats.underway++;
	q->stats.requests[rq->op]++;
	q->stats.merges[rq->op] += rq->segments - 1;
	watch(q);
	return rq;
}

/* Hands out requests while the driver has room. One at a time does so: a driver
 * that completes at once would else call us ever deeper, and whoever finds it
 * going on leaves the rest to it.
 */
static void dispatch(struct request_queue *q)
{
	struct request *rq;

	spin_lock(&q->lock);
	if (q->dispatching) {
		spin_unlock(&q->lock);
		return;
	}
	q->dispatching = true;
	while ((rq = next_request(q)) != NULL) {
		spin_unlock(&q->lock);
		q->ops->start(rq);
		spin_lock(&q->lock);
	}
	q->dispatching = false;
	spin_unlock(&q->lock);
}

static void queue_submit(struct blkdev *dev, struct bio *bio)
{
	struct request_queue *q = dev->queue;

	/* devices read and write memory by its physical address */
	assert(bio->op == BIO_FLUSH || (vaddr_t)bio->data - KERNEL_BASE < DIRECT_MAP_SIZE);
	assert(IS_ALIGNED((vaddr_t)bio->data, 4));
	bio->submitted = ktime_now();
	spin_lock(&q->lock);
	enqueue(q, bio);
	spin_unlock(&q->lock);
	dispatch(q);
}

const struct blkdev_ops queue_blkdev_ops = { .submit = queue_submit };

/* ---- completion ---- */

static bool is_logged(uint32_t errors)
{
	return errors <= ERRORS_LOGGED || (errors & (errors - 1)) == 0;
}

/* Caller holds q->lock. */
static void account(struct request_queue *q, const struct request *rq, ktime_t now)
{
	struct bio *bio;

	q->stats.bios[rq->op] += rq->segments;
	q->stats.sectors[rq->op] += rq->sectors;
	request_for_each(bio, rq) q->stats.ns[rq->op] += (uint64_t)(now - bio->submitted);
}

/* The bios of a failed request go back, each to be tried alone. Caller holds
 * q->lock.
 */
static void split(struct request_queue *q, struct request *rq)
{
	q->stats.waiting += rq->segments;
	list_splice_tail(&q->alone, &rq->bios);
}

/* The request is free again. Caller holds q->lock. */
static void release(struct request_queue *q, struct request *rq, ktime_t now)
{
	list_remove(&rq->link);
	list_add_head(&q->free, &rq->link);
	q->stats.underway--;
	if (list_is_empty(&q->underway))
		q->stats.busy_ns += (uint64_t)(now - q->busy_since);
	if (rq->op == BIO_FLUSH)
		open_barrier(q);
}

static void complete_bios(struct list *bios, int error)
{
	struct list *link;

	while ((link = list_pop_head(bios)) != NULL)
		bio_complete(list_entry(link, struct bio, link), error);
}

void request_complete(struct request *rq, int error)
{
	struct request_queue *q = rq->queue;
	struct list done = LIST_INIT(done);
	ktime_t now = ktime_now();
	enum bio_op op = rq->op;
	uint64_t bad = rq->bad;
	uint32_t errors = 0;

	spin_lock(&q->lock);
	if (error && rq->segments > 1 && !rq->single) {
		split(q, rq);
	} else {
		account(q, rq, now);
		if (error)
			errors = q->stats.errors += rq->segments;
		list_splice_tail(&done, &rq->bios);
	}
	release(q, rq, now);
	spin_unlock(&q->lock);
	if (errors > 0 && is_logged(errors))
		kprintf("%s: %s error (%d) at sector %llu, %u so far\n", q->name, op_names[op],
			error, (unsigned long long)bad, errors);
	complete_bios(&done, error ? -EIO : 0);
	dispatch(q);
}

void queue_get_stats(struct request_queue *q, struct queue_stats *out)
{
	spin_lock(&q->lock);
	*out = q->stats;
	if (!list_is_empty(&q->underway))
		out->busy_ns += (uint64_t)(ktime_now() - q->busy_since);
	spin_unlock(&q->lock);
}

/* ---- time-outs ---- */

/* The longest one under way if it is too late and nobody was told. */
static struct request *find_late(struct request_queue *q)
{
	struct request *rq, *late = NULL;

	spin_lock(&q->lock);
	list_for_each_entry(rq, &q->underway, link) {
		if (rq->started + q->timeout_ns > ktime_now())
			break;
		if (!rq->timed_out) {
			rq->timed_out = true;
			late = rq;
			break;
		}
	}
	spin_unlock(&q->lock);
	return late;
}

static void handle_timeouts(struct work *work)
{
	struct request_queue *q = container_of(work, struct request_queue, timeout_work);
	struct request *rq;

	while ((rq = find_late(q)) != NULL)
		q->ops->timeout(rq);
}

/* Once a second while something is under way: no timer to arm for each request. */
static void watchdog_fires(struct timer *timer)
{
	struct request_queue *q = container_of(timer, struct request_queue, watchdog);
	bool busy;

	spin_lock(&q->lock);
	q->watched = false;
	busy = !list_is_empty(&q->underway);
	if (busy)
		watch(q);
	spin_unlock(&q->lock);
	if (busy)
		work_queue(&q->timeout_work);
}

int queue_init(struct request_queue *q, const char *name, const struct queue_ops *ops,
	       unsigned depth, ktime_t timeout_ns)
{
	struct request *rq = kzalloc(depth * sizeof(*rq));

	assert(timeout_ns == 0 || ops->timeout);
	if (!rq)
		return -ENOMEM;
	*q = (struct request_queue){
		.name = name,
		.ops = ops,
		.max_sectors = QUEUE_MAX_SECTORS,
		.max_segments = QUEUE_MAX_SEGMENTS,
		.timeout_ns = timeout_ns,
	};
	spin_init(&q->lock, LOCK_DEVICE);
	rb_init(&q->sweep);
	rb_init(&q->next);
	list_init(&q->alone);
	list_init(&q->behind);
	list_init(&q->free);
	list_init(&q->underway);
	timer_init(&q->watchdog, watchdog_fires);
	work_init(&q->timeout_work, handle_timeouts);
	for (unsigned i = 0; i < depth; i++) {
		rq[i].queue = q;
		rq[i].tag = i;
		list_init(&rq[i].bios);
		list_add_tail(&q->free, &rq[i].link);
	}
	return 0;
}
