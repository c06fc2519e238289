/* SPDX-License-Identifier: MIT */
/* Who is on a channel: IDENTIFY DEVICE (ATA/ATAPI-6, section 8.15). */
#include "dev/ata_impl.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "x86/cpu.h"

enum identify_word {
	ID_MODEL = 27, /* 20 words, the first character in the high byte */
	ID_MODEL_WORDS = 20,
	ID_MULTIPLE = 47,
	ID_MULTIPLE_MASK = 0xff,
	ID_CAPABILITIES = 49,
	ID_DMA = 1 << 8,
	ID_LBA = 1 << 9,
	ID_SECTORS_28 = 60,
	ID_MULTIWORD_DMA = 63,
	ID_MULTIWORD_SET = 7 << 8, /* the mode that is chosen */
	ID_COMMANDS = 83,
	ID_LBA48 = 1 << 10,
	ID_FLUSH = 1 << 12,
	ID_FLUSH_EXT = 1 << 13,
	ID_ULTRA_DMA = 88,
	ID_ULTRA_SET = 0x7f << 8,
	ID_SECTORS_48 = 100,
	ID_SECTOR_SIZE = 106,
	ID_SECTOR_SIZE_VALID = 3 << 14,
	ID_SECTOR_SIZE_IS = 1 << 14,
	ID_SECTOR_LARGE = 1 << 12,
};

enum {
	NOBODY = 0xff,     /* what a bus without a controller reads */
	PACKET_MID = 0x14, /* signature of a packet device (section 9.12) */
	PACKET_HIGH = 0xeb,
};
#define IDENTIFY_NS NSEC_PER_SEC /* it needs nothing from the medium */

static uint8_t reg(const struct ata_drive *d, enum ata_register r)
{
	return io_inb((uint16_t)(d->channel->base + r));
}

static bool is_packet_device(const struct ata_drive *d)
{
	return reg(d, ATA_LBA_MID) == PACKET_MID && reg(d, ATA_LBA_HIGH) == PACKET_HIGH;
}

/* Reads the 256 words. False: nobody answers as a disk does. */
static bool read_identity(struct ata_drive *d, uint16_t *id)
{
	const struct ata_task task = { .command = ATA_IDENTIFY };
	struct ata_channel *ch = d->channel;

	if (ata_alt_status(ch) == NOBODY || ata_select(d) != 0)
		return false;
	ata_issue(d, &task);
	if (ata_alt_status(ch) == 0 || ata_poll(ch, IDENTIFY_NS) != 0)
		return false;
	if (ata_result(ch) != 0 || !(ata_alt_status(ch) & ATA_DRQ)) {
		if (is_packet_device(d))
			kprintf("%s: a packet device (CD-ROM or the like), left alone\n", d->name);
		return false;
	}
	ata_read_words(d, id, SECTOR_WORDS);
	return true;
}

static void copy_model(char *to, const uint16_t *id)
{
	size_t n = 0;

	for (unsigned i = 0; i < ID_MODEL_WORDS; i++) {
		to[n++] = (char)(id[ID_MODEL + i] >> 8);
		to[n++] = (char)id[ID_MODEL + i];
	}
	while (n > 0 && (to[n - 1] == ' ' || to[n - 1] == '\0'))
		n--;
	to[n] = '\0';
	for (size_t i = 0; i < n; i++) {
		if (to[i] < ' ' || to[i] > '~')
			to[i] = '?';
	}
}

static uint64_t count_sectors(const struct ata_drive *d, const uint16_t *id)
{
	const uint16_t *w = &id[ID_SECTORS_48];

	if (!d->lba48)
		return id[ID_SECTORS_28] | (uint32_t)id[ID_SECTORS_28 + 1] << 16;
	return w[0] | (uint32_t)w[1] << 16 | (uint64_t)w[2] << 32 | (uint64_t)w[3] << 48;
}

static bool has_large_sectors(const uint16_t *id)
{
	uint16_t w = id[ID_SECTOR_SIZE];

	return (w & ID_SECTOR_SIZE_VALID) == ID_SECTOR_SIZE_IS && (w & ID_SECTOR_LARGE);
}

static void understand(struct ata_drive *d, const uint16_t *id)
{
	uint16_t commands = id[ID_COMMANDS];

	copy_model(d->model, id);
	d->lba48 = commands & ID_LBA48;
	d->flush = commands & ID_FLUSH_EXT ? ATA_FLUSH_CACHE_EXT
		   : commands & ID_FLUSH   ? ATA_FLUSH_CACHE
					   : 0;
	d->multiple = MAX(id[ID_MULTIPLE] & ID_MULTIPLE_MASK, 1);
	d->can_dma = (id[ID_CAPABILITIES] & ID_DMA) && ((id[ID_MULTIWORD_DMA] & ID_MULTIWORD_SET) ||
							(id[ID_ULTRA_DMA] & ID_ULTRA_SET));
}

bool ata_identify(struct ata_drive *d)
{
	uint16_t id[SECTOR_WORDS];

	if (!read_identity(d, id))
		return false;
	understand(d, id);
	if (!(id[ID_CAPABILITIES] & ID_LBA) || has_large_sectors(id)) {
		kprintf("%s: %s: has no sectors of 512 bytes by number, left alone\n", d->name,
			d->model);
		return false;
	}
	d->sectors = count_sectors(d, id);
	return d->sectors > 0;
}
