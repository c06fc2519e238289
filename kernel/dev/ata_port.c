/* SPDX-License-Identifier: MIT */
/* The registers of an ATA channel: giving commands, waiting, resetting. Waiting by
 * reading the status is done in a thread with interrupts on.
 */
#include "core/time.h"
#include "dev/ata_impl.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "x86/cpu.h"

enum {
	DEVICE_LBA = 1 << 6,
	DEVICE_UNIT_SHIFT = 4,
	LBA28_TOP_SHIFT = 24,
	LBA28_TOP_MASK = 0xf,
	CONTROL_NO_INTERRUPT = 1 << 1,
	CONTROL_RESET = 1 << 2,
	CONTROL_HIGH_BYTES = 1 << 7, /* which half the registers show */
	BYTE = 0xff,
	SETTLE_READS = 4, /* of the status: 400 ns until it is valid */
};
#define LOST_INTERRUPT_NS (2 * NSEC_PER_SEC)
#define RESET_HOLD_NS (10 * NSEC_PER_US)
#define RESET_WAIT_NS (2 * NSEC_PER_MS)

static uint8_t reg_read(const struct ata_channel *ch, enum ata_register reg)
{
	return io_inb((uint16_t)(ch->base + reg));
}

static void reg_write(const struct ata_channel *ch, enum ata_register reg, uint32_t value)
{
	io_outb((uint16_t)(ch->base + reg), (uint8_t)value);
}

static void control_write(const struct ata_channel *ch, unsigned bits)
{
	io_outb(ch->control, (uint8_t)(bits | (ch->polled ? CONTROL_NO_INTERRUPT : 0)));
}

/* Unlike the status itself it acknowledges nothing. */
uint8_t ata_alt_status(const struct ata_channel *ch)
{
	return io_inb(ch->control);
}

static void settle(const struct ata_channel *ch)
{
	for (unsigned i = 0; i < SETTLE_READS; i++)
		(void)ata_alt_status(ch);
}

static int poll_until_clear(struct ata_channel *ch, unsigned bits, ktime_t timeout_ns)
{
	ktime_t deadline = ktime_now() + timeout_ns;

	while (ata_alt_status(ch) & bits) {
		if (ktime_now() > deadline)
			return -ETIMEDOUT;
		sched_point();
	}
	return 0;
}

int ata_poll(struct ata_channel *ch, ktime_t timeout_ns)
{
	return poll_until_clear(ch, ATA_BSY, timeout_ns);
}

int ata_select(struct ata_drive *d)
{
	struct ata_channel *ch = d->channel;
	int err = poll_until_clear(ch, ATA_BSY | ATA_DRQ, ATA_COMMAND_NS);

	if (err)
		return err;
	reg_write(ch, ATA_DEVICE, DEVICE_LBA | d->unit << DEVICE_UNIT_SHIFT);
	settle(ch);
	return poll_until_clear(ch, ATA_BSY | ATA_DRQ, ATA_COMMAND_NS);
}

static void write_address(struct ata_channel *ch, uint32_t count, uint32_t low, uint32_t mid,
			  uint32_t high)
{
	reg_write(ch, ATA_COUNT, count);
	reg_write(ch, ATA_LBA_LOW, low);
	reg_write(ch, ATA_LBA_MID, mid);
	reg_write(ch, ATA_LBA_HIGH, high);
}

/* With 48 bits each register is written twice, the high byte first (section 6.20);
 * with 28 the highest four stand in the device register.
 */
void ata_issue(struct ata_drive *d, const struct ata_task *task)
{
	struct ata_channel *ch = d->channel;
	uint32_t low = (uint32_t)task->sector, high = (uint32_t)(task->sector >> 32);
	uint32_t device = DEVICE_LBA | d->unit << DEVICE_UNIT_SHIFT;

	if (task->lba48)
		write_address(ch, task->count >> 8, low >> 24, high, high >> 8);
	else
		device |= low >> LBA28_TOP_SHIFT & LBA28_TOP_MASK;
	write_address(ch, task->count, low, low >> 8, low >> 16);
	reg_write(ch, ATA_FEATURES, 0);
	reg_write(ch, ATA_DEVICE, device);
	control_write(ch, 0);
	spin_lock(&ch->lock);
	ch->interrupted = false;
	ch->dma_status = 0;
	spin_unlock(&ch->lock);
	reg_write(ch, ATA_COMMAND, task->command);
	settle(ch);
}

/* ---- waiting ---- */

/* Several devices may share the line; the DMA engine knows whether it was ours. */
void ata_interrupt(void *channel)
{
	struct ata_channel *ch = channel;
	uint8_t dma_status = 0;

	if (ch->bus_master && !ata_dma_acknowledge(ch, &dma_status))
		return;
	(void)reg_read(ch, ATA_STATUS);
	spin_lock(&ch->lock);
	ch->interrupted = true;
	ch->dma_status = dma_status;
	waitq_wake_all(&ch->attention);
	spin_unlock(&ch->lock);
}

/* Until the interrupt, or for LOST_INTERRUPT_NS. True if it came. */
static bool wait_interrupt(struct ata_channel *ch)
{
	ktime_t deadline = ktime_now() + LOST_INTERRUPT_NS;
	bool came;
	int err = 0;

	spin_lock(&ch->lock);
	while (!ch->interrupted && err != -ETIMEDOUT)
		err = waitq_wait(&ch->attention, &ch->lock, WAIT_UNINTERRUPTIBLE, deadline);
	came = ch->interrupted;
	ch->interrupted = false;
	spin_unlock(&ch->lock);
	return came;
}

int ata_wait(struct ata_drive *d, ktime_t timeout_ns)
{
	struct ata_channel *ch = d->channel;
	ktime_t deadline = ktime_now() + timeout_ns;

	if (ch->polled)
		return ata_poll(ch, timeout_ns);
	while (!wait_interrupt(ch)) {
		if (!(ata_alt_status(ch) & ATA_BSY)) {
			kprintf("%s: an interrupt was lost\n", d->name);
			break;
		}
		if (ktime_now() > deadline)
			return -ETIMEDOUT;
	}
	return ata_poll(ch, timeout_ns);
}

int ata_result(const struct ata_channel *ch)
{
	return reg_read(ch, ATA_STATUS) & (ATA_ERR | ATA_DF) ? -EIO : 0;
}

int ata_simple(struct ata_drive *d, const struct ata_task *task, ktime_t timeout_ns)
{
	int err = ata_select(d);

	if (err)
		return err;
	ata_issue(d, task);
	err = ata_wait(d, timeout_ns);
	return err ? err : ata_result(d->channel);
}

/* ---- when something went wrong ---- */

static uint64_t read_address(const struct ata_channel *ch)
{
	return reg_read(ch, ATA_LBA_LOW) | (uint32_t)reg_read(ch, ATA_LBA_MID) << 8 |
	       (uint32_t)reg_read(ch, ATA_LBA_HIGH) << 16;
}

/* The registers hold the first sector in error (section 8.27.5), if it makes sense. */
bool ata_read_failure(struct ata_drive *d, struct request *rq)
{
	struct ata_channel *ch = d->channel;
	uint64_t sector = read_address(ch);

	if (ata_is_wide(rq)) {
		control_write(ch, CONTROL_HIGH_BYTES);
		sector |= read_address(ch) << 24;
		control_write(ch, 0);
	} else {
		sector |= (uint32_t)(reg_read(ch, ATA_DEVICE) & LBA28_TOP_MASK) << LBA28_TOP_SHIFT;
	}
	if (sector >= rq->sector && sector < rq->sector + rq->sectors)
		rq->bad = sector;
	return reg_read(ch, ATA_ERROR) & (ATA_UNC | ATA_IDNF);
}

static void tell_again(struct ata_drive *d)
{
	struct ata_task task = { .command = ATA_SET_MULTIPLE, .count = d->multiple };
	int err = ata_select(d);

	if (!err && d->multiple > 1)
		err = ata_simple(d, &task, ATA_COMMAND_NS);
	if (err)
		kprintf("%s: does not answer after a reset, given up\n", d->name);
	d->dead = err != 0;
}

static void sleep_ns(ktime_t ns)
{
	(void)!thread_sleep_until(ktime_now() + ns, false);
}

/* Section 9.2: hold the bit for 5 us, then leave the drives 2 ms in peace. */
void ata_reset(struct ata_channel *ch)
{
	control_write(ch, CONTROL_RESET);
	sleep_ns(RESET_HOLD_NS);
	control_write(ch, 0);
	sleep_ns(RESET_WAIT_NS);
	if (ata_poll(ch, ATA_RESET_NS) != 0)
		kprintf("ata%u: busy after a reset\n", ch->number);
	for (unsigned unit = 0; unit < ATA_UNITS; unit++) {
		if (ch->drive[unit].sectors > 0)
			tell_again(&ch->drive[unit]);
	}
}
