/* SPDX-License-Identifier: MIT */
/* Shared by the ATA files only. Register and command names are those of ATA/ATAPI-6
 * (INCITS 361-2002), sections 7 and 8.
 *
 * A channel has one set of registers and so does one command at a time: a thread of
 * its own does them one after the other, for both its drives. Everything but what
 * [l] marks belongs to that thread (at start-up: to the thread that probes).
 */
#ifndef DEV_ATA_IMPL_H
#define DEV_ATA_IMPL_H

#include "block/queue.h"
#include "core/irq.h"

enum ata_register { /* offsets in the command block */
		    ATA_DATA = 0,
		    ATA_ERROR = 1,
		    ATA_FEATURES = 1,
		    ATA_COUNT = 2,
		    ATA_LBA_LOW = 3,
		    ATA_LBA_MID = 4,
		    ATA_LBA_HIGH = 5,
		    ATA_DEVICE = 6,
		    ATA_STATUS = 7, /* reading it also acknowledges the interrupt */
		    ATA_COMMAND = 7,
};

enum ata_status {
	ATA_ERR = 1 << 0,
	ATA_DRQ = 1 << 3,
	ATA_DF = 1 << 5,
	ATA_BSY = 1 << 7,
};

enum ata_error_bits {
	ATA_IDNF = 1 << 4, /* no such sector */
	ATA_UNC = 1 << 6,  /* the data cannot be read */
};

enum ata_command {
	ATA_READ_SECTORS = 0x20,
	ATA_READ_SECTORS_EXT = 0x24,
	ATA_READ_DMA_EXT = 0x25,
	ATA_READ_MULTIPLE_EXT = 0x29,
	ATA_WRITE_SECTORS = 0x30,
	ATA_WRITE_SECTORS_EXT = 0x34,
	ATA_WRITE_DMA_EXT = 0x35,
	ATA_WRITE_MULTIPLE_EXT = 0x39,
	ATA_READ_MULTIPLE = 0xc4,
	ATA_WRITE_MULTIPLE = 0xc5,
	ATA_SET_MULTIPLE = 0xc6,
	ATA_READ_DMA = 0xc8,
	ATA_WRITE_DMA = 0xca,
	ATA_FLUSH_CACHE = 0xe7,
	ATA_FLUSH_CACHE_EXT = 0xea,
	ATA_IDENTIFY = 0xec,
};

enum { ATA_CHANNELS = 2, ATA_UNITS = 2, ATA_MODEL = 41, SECTOR_WORDS = SECTOR_SIZE / 2 };

#define ATA_LBA28_END (1ull << 28)
#define ATA_COMMAND_NS (10 * NSEC_PER_SEC) /* a drive may recover a bad sector meanwhile */
#define ATA_FLUSH_NS (30 * NSEC_PER_SEC)
#define ATA_RESET_NS (31 * NSEC_PER_SEC) /* section 9.2: time for both drives to come back */

enum ata_mode { ATA_PIO, ATA_IRQ, ATA_DMA };

struct ata_drive {
	struct ata_channel *channel; /* [I] */
	unsigned unit;               /* [I] 0 or 1 */
	const char *name;            /* [I] */
	char model[ATA_MODEL];       /* [I] */
	enum ata_mode mode;          /* [I] */
	bool lba48;                  /* [I] */
	uint8_t flush;               /* [I] command; 0: has none, needs none */
	uint8_t multiple;            /* [I] sectors a block in READ MULTIPLE; 1: not used */
	bool can_dma;                /* [I] a DMA mode is set, by the firmware */
	uint64_t sectors;            /* [I] 0: no disk here */
	bool dead;                   /* did not come back from a reset */
	struct request_queue queue;
	struct blkdev dev;
};

/* [I] immutable, [l] lock (rank DEVICE); the rest: see above */
struct ata_channel {
	unsigned number;     /* [I] */
	uint16_t base;       /* [I] port of the command block; 0: no such channel */
	uint16_t control;    /* [I] port of alternate status and device control */
	uint16_t bus_master; /* [I] port of the DMA engine; 0: none */
	unsigned irq;        /* [I] */
	bool polled;         /* [I] no interrupts: pio mode */
	struct ata_drive drive[ATA_UNITS];
	struct ata_prd *prd; /* [I] the DMA engine's list, one page */
	struct irq_handler handler;
	struct spinlock lock;
	struct list requests;   /* [l] struct request, to be done */
	struct waitq wanted;    /* [l] the thread waits for requests */
	bool interrupted;       /* [l] the drive has asked for attention */
	uint8_t dma_status;     /* [l] of the DMA engine at that time */
	struct waitq attention; /* [l] the thread waits for `interrupted` */
};

/* What a command needs; lba48 says how many address bits are sent. */
struct ata_task {
	uint8_t command;
	bool lba48;
	uint64_t sector;
	uint32_t count; /* of sectors; 256 (65536) is sent as 0 */
};

static inline bool ata_is_write(const struct request *rq)
{
	return rq->op == BIO_WRITE;
}

/* Whether its command is one with addresses of 48 bits. */
static inline bool ata_is_wide(const struct request *rq)
{
	return rq->sector + rq->sectors > ATA_LBA28_END;
}

/* ---- ata_port.c: the registers ---- */

uint8_t ata_alt_status(const struct ata_channel *ch);
/* Selects the drive and waits until it takes a command. -ETIMEDOUT. */
int ata_select(struct ata_drive *d) __must_check;
/* Writes the registers and the command; the drive is selected. */
void ata_issue(struct ata_drive *d, const struct ata_task *task);
/* Waits for the end of BSY by reading the status. -ETIMEDOUT. */
int ata_poll(struct ata_channel *ch, ktime_t timeout_ns) __must_check;
/* Waits for the drive's attention as its channel does: by interrupt or polling.
 * Then not busy. -ETIMEDOUT.
 */
int ata_wait(struct ata_drive *d, ktime_t timeout_ns) __must_check;
/* After the end of BSY: -EIO if the drive says ERR or DF. */
int ata_result(const struct ata_channel *ch) __must_check;
/* A command without data, from selection to result. */
int ata_simple(struct ata_drive *d, const struct ata_task *task, ktime_t timeout_ns) __must_check;
/* Soft reset of both drives, and what they need to be told again. */
void ata_reset(struct ata_channel *ch);
/* The drive's message about a failed command: the first bad sector of rq. True if
 * the medium is bad, so that trying again is useless.
 */
bool ata_read_failure(struct ata_drive *d, struct request *rq);
void ata_interrupt(void *channel);

/* ---- ata_transfer.c: requests ---- */

/* Does the request, with a few attempts. 0, -EIO, -ETIMEDOUT. */
int ata_do(struct ata_drive *d, struct request *rq) __must_check;
/* Reads one block of n words at the data port, in the way of the drive's mode. */
void ata_read_words(const struct ata_drive *d, uint16_t *to, unsigned n);

/* ---- ata_dma.c: the bus-master engine ---- */

int ata_dma_init(struct ata_channel *ch) __must_check; /* -ENOMEM */
/* Points the engine at the request's memory. */
void ata_dma_prepare(struct ata_channel *ch, const struct request *rq);
void ata_dma_start(struct ata_channel *ch, const struct request *rq);
/* Stops it; -EIO: it met an error. */
int ata_dma_stop(struct ata_channel *ch) __must_check;
/* Reads and clears the engine's interrupt bits; false: it was not this channel. */
bool ata_dma_acknowledge(const struct ata_channel *ch, uint8_t *status);

/* ---- ata_identify.c ---- */

/* Asks the drive who it is. False: no ATA disk here (says why, if something is). */
bool ata_identify(struct ata_drive *d);

#endif
