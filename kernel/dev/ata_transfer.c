/* SPDX-License-Identifier: MIT */
/* Doing a request in one of three ways, which a lecture can compare:
 *
 *   pio  the processor asks for the status again and again and moves each word
 *   irq  the drive interrupts when a block is ready; string instructions move it
 *   dma  the controller moves everything, one interrupt at the end
 */
#include "dev/ata_impl.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "x86/cpu.h"

enum { ATTEMPTS = 3 };

/* Command codes by mode, address width and direction (read, write). */
static const uint8_t commands[][2][2] = {
	[ATA_PIO] = { { ATA_READ_SECTORS, ATA_WRITE_SECTORS },
		      { ATA_READ_SECTORS_EXT, ATA_WRITE_SECTORS_EXT } },
	[ATA_IRQ] = { { ATA_READ_MULTIPLE, ATA_WRITE_MULTIPLE },
		      { ATA_READ_MULTIPLE_EXT, ATA_WRITE_MULTIPLE_EXT } },
	[ATA_DMA] = { { ATA_READ_DMA, ATA_WRITE_DMA }, { ATA_READ_DMA_EXT, ATA_WRITE_DMA_EXT } },
};

static struct ata_task task_for(const struct ata_drive *d, const struct request *rq)
{
	bool wide = ata_is_wide(rq);
	enum ata_mode mode = d->mode == ATA_IRQ && d->multiple == 1 ? ATA_PIO : d->mode;

	return (struct ata_task){
		.command = commands[mode][wide][ata_is_write(rq)],
		.lba48 = wide,
		.sector = rq->sector,
		.count = rq->sectors,
	};
}

/* ---- words at the data port ---- */

void ata_read_words(const struct ata_drive *d, uint16_t *to, unsigned n)
{
	uint16_t port = (uint16_t)(d->channel->base + ATA_DATA);

	if (d->mode != ATA_PIO) {
		io_insw(port, to, n);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		to[i] = io_inw(port);
}

static void write_words(const struct ata_drive *d, const uint16_t *from, unsigned n)
{
	uint16_t port = (uint16_t)(d->channel->base + ATA_DATA);

	if (d->mode != ATA_PIO) {
		io_outsw(port, from, n);
		return;
	}
	for (unsigned i = 0; i < n; i++)
		io_outw(port, from[i]);
}

/* Where in the memory of a request a transfer has come to. */
struct cursor {
	struct bio *bio;
	uint32_t sector; /* of the bio */
};

static struct cursor cursor_start(const struct request *rq)
{
	return (struct cursor){ .bio = list_first_entry(&rq->bios, struct bio, link) };
}

/* The next sector's place; there is one. */
static uint16_t *cursor_next(struct cursor *c)
{
	uint8_t *data = c->bio->data;

	if (c->sector == c->bio->sectors) {
		c->bio = list_entry(c->bio->link.next, struct bio, link);
		c->sector = 0;
		data = c->bio->data;
	}
	return (uint16_t *)(data + (c->sector++ << SECTOR_SHIFT));
}

static void move_block(const struct ata_drive *d, struct cursor *c, uint32_t sectors, bool write)
{
	for (; sectors > 0; sectors--) {
		if (write)
			write_words(d, cursor_next(c), SECTOR_WORDS);
		else
			ata_read_words(d, cursor_next(c), SECTOR_WORDS);
	}
}

/* ---- the ways ---- */

/* The drive is not busy: has it failed, or does it want the next block? */
static int check_drq(const struct ata_channel *ch)
{
	int err = ata_result(ch);

	return err ? err : ata_alt_status(ch) & ATA_DRQ ? 0 : -EIO;
}

/* ATA/ATAPI-6 sections 9.5 and 9.6. Reading, the drive asks for attention before
 * each block; writing, after each block (so the first one is polled for).
 */
static int transfer_pio(struct ata_drive *d, const struct request *rq)
{
	uint32_t block = d->mode == ATA_PIO ? 1 : d->multiple;
	struct cursor cursor = cursor_start(rq);
	bool write = ata_is_write(rq);
	int err = 0;

	for (uint32_t left = rq->sectors; left > 0 && !err;) {
		uint32_t n = MIN(left, block);

		if (write && left == rq->sectors)
			err = ata_poll(d->channel, ATA_COMMAND_NS);
		else
			err = ata_wait(d, ATA_COMMAND_NS);
		if (!err)
			err = check_drq(d->channel);
		if (!err)
			move_block(d, &cursor, n, write);
		left -= n;
	}
	if (!err && write)
		err = ata_wait(d, ATA_COMMAND_NS);
	return err ? err : ata_result(d->channel);
}

static int transfer_dma(struct ata_drive *d, const struct request *rq)
{
	int err, dma_err;

	ata_dma_start(d->channel, rq);
	err = ata_wait(d, ATA_COMMAND_NS);
	dma_err = ata_dma_stop(d->channel);
	if (!err)
		err = ata_result(d->channel);
	return err ? err : dma_err;
}

static int attempt_transfer(struct ata_drive *d, const struct request *rq)
{
	struct ata_task task = task_for(d, rq);
	int err = ata_select(d);

	if (err)
		return err;
	if (d->mode == ATA_DMA)
		ata_dma_prepare(d->channel, rq);
	ata_issue(d, &task);
	return d->mode == ATA_DMA ? transfer_dma(d, rq) : transfer_pio(d, rq);
}

static int attempt(struct ata_drive *d, const struct request *rq)
{
	struct ata_task flush = { .command = d->flush };

	if (rq->op != BIO_FLUSH)
		return attempt_transfer(d, rq);
	return d->flush ? ata_simple(d, &flush, ATA_FLUSH_NS) : 0;
}

int ata_do(struct ata_drive *d, struct request *rq)
{
	int err = -EIO;

	for (unsigned n = 0; n < ATTEMPTS && err && !d->dead; n++) {
		err = attempt(d, rq);
		if (err == -EIO && ata_read_failure(d, rq))
			break;
		if (err == -ETIMEDOUT)
			kprintf("%s: no answer, reset\n", d->name);
		if (err)
			ata_reset(d->channel);
	}
	return err;
}
