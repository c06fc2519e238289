/* SPDX-License-Identifier: MIT */
/* ATA disks: finding the channels, the thread of each, registering its drives. The
 * controller is the first of PCI class IDE, or, without PCI, what answers at the
 * ports and lines that PCs have always used. Lock: channel->lock.
 */
#include "dev/ata.h"

#include "block/part.h"
#include "dev/ata_impl.h"
#include "dev/pci.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/kprintf.h"
#include "lib/string.h"

enum {
	LEGACY_CONTROL = 0x206, /* distance from the command block */
	NATIVE_CONTROL = 2,     /* offset in the second BAR of a channel */
	BUS_MASTER_BAR = 4,
	BUS_MASTER_SIZE = 8,       /* ports of one channel */
	INTERFACE_NATIVE = 1 << 0, /* of channel 0; channel 1: two bits on */
	INTERFACE_MASTER = 1 << 7,
	MINORS = 64, /* of a drive */
	MIB_SHIFT = 20 - SECTOR_SHIFT,
};

/* As Linux numbers them (its devices.txt). */
static const struct {
	uint16_t base;
	unsigned irq, major;
	const char *name[ATA_UNITS];
} legacy[ATA_CHANNELS] = {
	{ .base = 0x1f0, .irq = 14, .major = 3, .name = { "hda", "hdb" } },
	{ .base = 0x170, .irq = 15, .major = 22, .name = { "hdc", "hdd" } },
};

static const char *const mode_names[] = { "pio", "irq", "dma" };

static struct ata_channel channels[ATA_CHANNELS]; /* see ata_impl.h */
static enum ata_mode wanted = ATA_DMA;            /* [I] after ata_init */
static bool started;                              /* start-up: a controller was found */

/* ---- requests ---- */

static void drive_start(struct request *rq)
{
	struct ata_channel *ch = ((struct ata_drive *)rq->queue->driver)->channel;

	spin_lock(&ch->lock);
	list_add_tail(&ch->requests, &rq->todo);
	waitq_wake_one(&ch->wanted);
	spin_unlock(&ch->lock);
}

static const struct queue_ops drive_ops = { .start = drive_start };

static struct request *next_request(struct ata_channel *ch)
{
	struct request *rq;

	spin_lock(&ch->lock);
	while (list_is_empty(&ch->requests))
		(void)!waitq_wait(&ch->wanted, &ch->lock, WAIT_UNINTERRUPTIBLE, KTIME_NEVER);
	rq = list_entry(list_pop_head(&ch->requests), struct request, todo);
	spin_unlock(&ch->lock);
	return rq;
}

static void channel_main(void *arg)
{
	struct ata_channel *ch = arg;

	for (;;) {
		struct request *rq = next_request(ch);

		request_complete(rq, ata_do(rq->queue->driver, rq));
	}
}

/* ---- start-up ---- */

static bool has_ports(const struct pci_bar *bar)
{
	return bar->is_io && bar->base;
}

/* False: it has no ports, and its base stays 0. */
static bool place_channel(struct ata_channel *ch, const struct pci_device *pci)
{
	unsigned n = ch->number;
	bool native = pci && (pci->interface & INTERFACE_NATIVE << 2 * n);

	if (native) {
		if (!has_ports(&pci->bar[2 * n]) || !has_ports(&pci->bar[2 * n + 1]))
			return false;
		ch->base = (uint16_t)pci->bar[2 * n].base;
		ch->control = (uint16_t)(pci->bar[2 * n + 1].base + NATIVE_CONTROL);
		ch->irq = pci->irq_line;
	} else {
		ch->base = legacy[n].base;
		ch->control = ch->base + LEGACY_CONTROL;
		ch->irq = legacy[n].irq;
	}
	if (pci && (pci->interface & INTERFACE_MASTER) && has_ports(&pci->bar[BUS_MASTER_BAR]))
		ch->bus_master = (uint16_t)(pci->bar[BUS_MASTER_BAR].base + BUS_MASTER_SIZE * n);
	return true;
}

/* Its drives have no sectors if it cannot be used. */
static void init_channel(unsigned n, const struct pci_device *pci)
{
	struct ata_channel *ch = &channels[n];

	ch->number = n;
	if (!place_channel(ch, pci)) {
		kprintf("ata%u: no ports\n", n);
		return;
	}
	ch->polled = true; /* while probing */
	spin_init(&ch->lock, LOCK_DEVICE);
	list_init(&ch->requests);
	waitq_init(&ch->wanted);
	waitq_init(&ch->attention);
	for (unsigned unit = 0; unit < ATA_UNITS; unit++) {
		struct ata_drive *d = &ch->drive[unit];

		d->channel = ch;
		d->unit = unit;
		d->name = legacy[n].name[unit];
		if (!ata_identify(d))
			d->sectors = 0;
	}
}

/* An interrupt per block needs a line, DMA the engine as well; each mode falls back
 * to the one before it.
 */
static void choose_modes(struct ata_channel *ch)
{
	bool irq = wanted != ATA_PIO;

	if (irq) {
		ch->handler = (struct irq_handler){ .fn = ata_interrupt, .arg = ch };
		irq = irq_register_shared(ch->irq, &ch->handler) == 0;
	}
	if (ch->bus_master && ata_dma_init(ch) != 0)
		ch->bus_master = 0;
	for (unsigned unit = 0; unit < ATA_UNITS; unit++) {
		struct ata_drive *d = &ch->drive[unit];

		d->mode = !irq ? ATA_PIO : ATA_IRQ;
		if (irq && wanted == ATA_DMA && ch->bus_master && d->can_dma)
			d->mode = ATA_DMA;
	}
	ch->polled = !irq;
}

static void set_multiple(struct ata_drive *d)
{
	struct ata_task task = { .command = ATA_SET_MULTIPLE, .count = d->multiple };

	if (d->mode != ATA_IRQ)
		d->multiple = 1;
	if (d->multiple > 1 && ata_simple(d, &task, ATA_COMMAND_NS) != 0)
		d->multiple = 1;
}

static int register_drive(struct ata_drive *d)
{
	int err = queue_init(&d->queue, d->name, &drive_ops, 1, 0);

	if (err)
		return err;
	d->queue.driver = d;
	d->dev = (struct blkdev){
		.name = d->name,
		.dev = dev_make(legacy[d->channel->number].major, d->unit * MINORS),
		.sectors = d->sectors,
		.ops = &queue_blkdev_ops,
		.driver = d,
		.queue = &d->queue,
	};
	kprintf("%s: %s, %llu MiB, %s, %s\n", d->name, d->model,
		(unsigned long long)(d->sectors >> MIB_SHIFT), d->lba48 ? "LBA48" : "LBA28",
		mode_names[d->mode]);
	err = blkdev_register(&d->dev);
	if (!err)
		part_scan(&d->dev);
	return err;
}

static int start_channel(struct ata_channel *ch)
{
	char name[THREAD_NAME];
	int err;

	choose_modes(ch);
	for (unsigned unit = 0; unit < ATA_UNITS; unit++) {
		if (ch->drive[unit].sectors > 0)
			set_multiple(&ch->drive[unit]);
	}
	snprintf(name, sizeof(name), "ata%u", ch->number);
	err = kthread_start(name, channel_main, ch);
	for (unsigned unit = 0; unit < ATA_UNITS && !err; unit++) {
		if (ch->drive[unit].sectors > 0)
			err = register_drive(&ch->drive[unit]);
	}
	return err;
}

static void start_controller(const struct pci_device *pci)
{
	started = true;
	for (unsigned n = 0; n < ATA_CHANNELS; n++) {
		struct ata_channel *ch = &channels[n];
		int err = 0;

		init_channel(n, pci);
		if (ch->drive[0].sectors > 0 || ch->drive[1].sectors > 0)
			err = start_channel(ch);
		if (err)
			kprintf("ata%u: cannot be used (%d)\n", n, err);
	}
}

static int probe(struct pci_device *pci)
{
	if (started)
		return -ENOSPC; /* names and numbers are for two channels */
	pci_enable(pci);
	start_controller(pci);
	return 0;
}

static const struct pci_driver ide_driver = {
	.name = "ata",
	.vendor = PCI_ANY,
	.device = PCI_ANY,
	.class = PCI_CLASS_IDE,
	.probe = probe,
};

static void choose_wanted(const char *mode)
{
	for (unsigned i = 0; i < ARRAY_SIZE(mode_names); i++) {
		if (strcmp(mode, mode_names[i]) == 0) {
			wanted = (enum ata_mode)i;
			return;
		}
	}
	if (*mode)
		kprintf("ata=%s: there is pio, irq and dma; using the best\n", mode);
}

void ata_init(const char *mode)
{
	choose_wanted(mode);
	pci_attach(&ide_driver);
	if (!started)
		start_controller(NULL);
}
