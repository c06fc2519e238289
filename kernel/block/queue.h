/* SPDX-License-Identifier: MIT */
/* The request queue between bio_submit() and a disk driver. Bios wait in a tree by
 * sector; when the driver has room, a run of adjacent ones goes to it as one
 * request.
 *
 * Order: the elevator is FSCAN. It sweeps from low sectors to high over the bios
 * of one tree, while those that arrive meanwhile wait in a second tree; then the
 * trees change roles. So nobody waits longer than two sweeps. A flush is a
 * barrier: it starts when all bios submitted before it are complete, and those
 * submitted after it start when it is complete.
 *
 * Errors: when a request of several bios fails, each of them is tried once more by
 * itself, so that an error hits only the bio with the bad sector. What fails alone
 * gets -EIO and a line in the log. Trying again on the wire is the driver's part.
 */
#ifndef BLOCK_QUEUE_H
#define BLOCK_QUEUE_H

#include "block/blkdev.h"
#include "sched/workq.h"

enum {
	QUEUE_MAX_SECTORS = BIO_MAX_SECTORS, /* in a request: 128 KiB */
	QUEUE_MAX_SEGMENTS = 128,
};

/* What a driver gets: [sector, sector + sectors) of the device, to or from the
 * data of its bios in their order. The driver's from start() until it calls
 * request_complete(). All fields [I] meanwhile.
 */
struct request {
	struct request_queue *queue;
	unsigned tag; /* 0 .. depth - 1, no other request under way has it */
	enum bio_op op;
	uint64_t sector;
	uint32_t sectors;  /* 0 for a flush */
	uint64_t bad;      /* the driver's, if it fails: first bad sector; for the log */
	uint32_t segments; /* number of bios; of a flush, those it answers */
	struct list bios;  /* struct bio, ascending */
	ktime_t started;
	bool single;      /* of one bio that must not be split again */
	bool timed_out;   /* [queue->lock] told the driver already */
	struct list link; /* [queue->lock] free, or under way in order of start */
	struct list todo; /* the driver's own */
	void *driver;     /* the driver's own */
};

/* Visits each segment: bio->data, bio->sectors. */
#define request_for_each(bio, rq) list_for_each_entry(bio, &(rq)->bios, link)

struct queue_ops {
	/* Starts the request and returns; request_complete() may be called before
	 * that. Any context, no spinlock held, does not sleep.
	 */
	void (*start)(struct request *rq);
	/* The request has been under way for longer than timeout_ns: the driver makes
	 * an end of it, and calls request_complete(). In a thread, may sleep; the
	 * request may complete meanwhile, so look under the driver's lock. NULL: the
	 * driver sees to its time-outs itself.
	 */
	void (*timeout)(struct request *rq);
};

/* Since boot; reads at [BIO_READ], writes at [BIO_WRITE], flushes at [BIO_FLUSH]. */
struct queue_stats {
	uint64_t bios[3];     /* completed */
	uint64_t requests[3]; /* commands given to the driver */
	uint64_t merges[3];   /* bios that rode with another one */
	uint64_t sectors[3];
	uint64_t ns[3];    /* sum of the bios' times from submission to the end */
	uint64_t busy_ns;  /* time with at least one request under way */
	uint32_t waiting;  /* bios not yet given to the driver, now */
	uint32_t underway; /* requests with the driver, now */
	uint32_t errors;   /* bios that got an error */
};

/* [I] after queue_init(), [l] lock (rank DEVICE) */
struct request_queue {
	const char *name; /* [I] the disk's, for the log */
	const struct queue_ops *ops;
	void *driver;          /* [I] the driver's own */
	uint32_t max_sectors;  /* [I] in a request */
	uint32_t max_segments; /* [I] */
	ktime_t timeout_ns;    /* [I] */
	struct spinlock lock;
	struct rbtree sweep;      /* [l] bios of this sweep, by sector */
	struct rbtree next;       /* [l] of the next one */
	struct list alone;        /* [l] bios to try again by themselves: they go first */
	struct list behind;       /* [l] the first flush not started, and all bios behind it */
	bool flushing;            /* [l] a flush is under way */
	bool dispatching;         /* [l] somebody is handing out requests */
	struct list free;         /* [l] struct request */
	struct list underway;     /* [l] struct request, longest first */
	struct queue_stats stats; /* [l] */
	ktime_t busy_since;       /* [l] while something is under way */
	bool watched;             /* [l] watchdog is armed */
	struct timer watchdog;
	struct work timeout_work;
};

/* Fills in the queue of a disk with `depth` requests under way at most. name and
 * ops are kept. timeout_ns 0: no time-outs from here. Start-up; -ENOMEM.
 */
int queue_init(struct request_queue *q, const char *name, const struct queue_ops *ops,
	       unsigned depth, ktime_t timeout_ns) __must_check;

/* blkdev_ops of every disk with a queue; the driver sets dev->queue as well. */
extern const struct blkdev_ops queue_blkdev_ops;

/* The driver is done with rq: 0, or -errno after its own attempts. Any context, no
 * spinlock held: it may start the next request and call the bios' `done`.
 */
void request_complete(struct request *rq, int error);

void queue_get_stats(struct request_queue *q, struct queue_stats *out);

#endif
