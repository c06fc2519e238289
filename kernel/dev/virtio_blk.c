/* SPDX-License-Identifier: MIT */
/* The virtio block device (Virtual I/O Device Specification 1.1, section 5.2): a
 * request is a header, the data, and a byte for the result. Several are under way at
 * once. A request has no time limit: behind the device is the host, which has its own,
 * and would write to memory that is somebody else's by then.
 *
 * Lock: none of its own; the queue's and the device's guard what changes.
 */
#include "dev/virtio_blk.h"
#include "block/part.h"
#include "block/queue.h"
#include "core/irq.h"
#include "dev/virtio_pci.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "mm/slab.h"

#define BLK_F_RO (1ULL << 5) /* section 5.2.3 */
#define BLK_F_FLUSH (1ULL << 9)

enum { CONFIG_CAPACITY = 0 }; /* section 5.2.4: in sectors */

/* struct virtio_blk_req, section 5.2.6. */
struct header {
	uint32_t type, reserved;
	uint64_t sector;
};
enum { TYPE_IN = 0, TYPE_OUT = 1, TYPE_FLUSH = 4 };
enum { STATUS_OK = 0, STATUS_NONE = 0xff };

enum {
	DEPTH = 4,        /* requests under way */
	FRAME_PIECES = 2, /* header and status */
	MAX_PIECES = 64,  /* of a request: 256 KiB in pages, and the frame */
	MAJOR = 254,      /* Linux gives a free number from 254 down */
	MINORS = 16,      /* of a disk */
	MAX_DISKS = 8,    /* names vda to vdh */
	NAME_LETTER = 2,  /* of "vda" */
	MIB_SHIFT = 20 - SECTOR_SHIFT,
};

/* What a slot's request brings along. The device reads and writes it. */
struct slot {
	struct header header;
	struct request *rq; /* [I] while under way */
	volatile uint8_t status;
};

struct disk {
	struct virtio_device virtio;
	struct blkdev dev;
	struct request_queue queue;
	struct irq_handler handler;
	struct slot *slot; /* DEPTH of them, in the direct map */
	char name[4];
};

static struct disk *disks[MAX_DISKS]; /* [I] after start-up */

/* Header, data, status: the pieces of rq. Returns their number. */
static unsigned list_pieces(struct slot *slot, struct virtio_piece *piece)
{
	static const uint32_t types[] = {
		[BIO_READ] = TYPE_IN, [BIO_WRITE] = TYPE_OUT, [BIO_FLUSH] = TYPE_FLUSH
	};
	struct request *rq = slot->rq;
	struct bio *bio;
	unsigned n = 0;

	slot->header = (struct header){ .type = types[rq->op], .sector = rq->sector };
	slot->status = STATUS_NONE;
	piece[n++] = (struct virtio_piece){ &slot->header, sizeof(slot->header), false };
	if (rq->op != BIO_FLUSH) {
		request_for_each(bio, rq)
			piece[n++] = (struct virtio_piece){ bio->data, bio->sectors << SECTOR_SHIFT,
							    rq->op == BIO_READ };
	}
	piece[n++] = (struct virtio_piece){ (void *)&slot->status, sizeof(slot->status), true };
	return n;
}

static void disk_start(struct request *rq)
{
	struct disk *d = rq->queue->driver;
	struct slot *slot = &d->slot[rq->tag];
	struct virtio_piece piece[MAX_PIECES];
	int err;

	if (rq->op == BIO_FLUSH && !(d->virtio.features & BLK_F_FLUSH)) {
		request_complete(rq, 0); /* such a device has no cache: section 5.2.6.2 */
		return;
	}
	slot->rq = rq;
	err = virtio_submit(&d->virtio, rq->tag, piece, list_pieces(slot, piece));
	if (err)
		request_complete(rq, err);
}

static const struct queue_ops disk_ops = { .start = disk_start };

static void disk_interrupt(void *arg)
{
	struct disk *d = arg;
	int slot;

	if (!d->virtio.transport->interrupt(&d->virtio))
		return;
	while ((slot = virtio_take_done(&d->virtio)) >= 0)
		request_complete(d->slot[slot].rq, d->slot[slot].status == STATUS_OK ? 0 : -EIO);
}

/* ---- start-up ---- */

static int open_device(struct disk *d, struct pci_device *pci)
{
	int err = virtio_pci_open(pci, &d->virtio);

	if (!err)
		err = virtio_negotiate(&d->virtio, VIRTIO_F_VERSION_1 | BLK_F_RO | BLK_F_FLUSH);
	if (err)
		return err;
	d->handler = (struct irq_handler){ .fn = disk_interrupt, .arg = d };
	err = queue_init(&d->queue, d->name, &disk_ops, DEPTH, 0);
	if (!err)
		err = virtio_start(&d->virtio, DEPTH);
	if (!err && d->virtio.slot_size <= FRAME_PIECES)
		err = -ENODEV;
	if (!err)
		err = irq_register_shared(pci->irq_line, &d->handler);
	return err;
}

static int register_disk(struct disk *d, unsigned number)
{
	unsigned pieces = MIN((unsigned)d->virtio.slot_size, (unsigned)MAX_PIECES);
	int err;

	d->queue.driver = d;
	d->queue.max_segments = MIN(d->queue.max_segments, pieces - FRAME_PIECES);
	d->dev = (struct blkdev){
		.name = d->name,
		.dev = dev_make(MAJOR, number * MINORS),
		.sectors = virtio_config64(&d->virtio, CONFIG_CAPACITY),
		.readonly = d->virtio.features & BLK_F_RO,
		.ops = &queue_blkdev_ops,
		.driver = d,
		.queue = &d->queue,
	};
	kprintf("%s: virtio %s, %llu MiB%s%s\n", d->name,
		d->virtio.features & VIRTIO_F_VERSION_1 ? "1" : "legacy",
		(unsigned long long)(d->dev.sectors >> MIB_SHIFT),
		d->dev.readonly ? ", read-only" : "",
		d->virtio.features & BLK_F_FLUSH ? "" : ", no cache");
	err = blkdev_register(&d->dev);
	if (!err)
		part_scan(&d->dev);
	return err;
}

static unsigned free_number(void)
{
	unsigned n = 0;

	while (n < MAX_DISKS && disks[n])
		n++;
	return n;
}

/* A device that got as far as its interrupt keeps its memory: it may be written to. */
static int probe(struct pci_device *pci)
{
	unsigned number = free_number();
	struct disk *d;
	int err;

	if (number == MAX_DISKS)
		return -ENOSPC;
	d = kzalloc(sizeof(*d));
	if (!d)
		return -ENOMEM;
	d->slot = kzalloc(DEPTH * sizeof(d->slot[0]));
	d->name[0] = 'v';
	d->name[1] = 'd';
	d->name[NAME_LETTER] = (char)('a' + number);
	disks[number] = d;
	err = d->slot ? open_device(d, pci) : -ENOMEM;
	return err ? err : register_disk(d, number);
}

void virtio_blk_init(void)
{
	static const struct pci_driver drivers[] = {
		{ "virtio-blk", VIRTIO_PCI_VENDOR, VIRTIO_PCI_BLOCK, PCI_ANY, probe },
		{ "virtio-blk", VIRTIO_PCI_VENDOR, VIRTIO_PCI_BLOCK_LEGACY, PCI_ANY, probe },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(drivers); i++)
		pci_attach(&drivers[i]);
}
