/* SPDX-License-Identifier: MIT */
/* The bus-master engine of an IDE controller ("Programming Interface for Bus Master
 * IDE Controller", revision 1.0; the PIIX data sheets). It follows a list of physical
 * regions and moves the data by itself while the drive feeds it.
 */
#include "dev/ata_impl.h"
#include "lib/errno.h"
#include "mm/page.h"
#include "x86/cpu.h"

enum {
	REG_COMMAND = 0,
	REG_STATUS = 2,
	REG_TABLE = 4,
	COMMAND_START = 1 << 0,
	COMMAND_TO_MEMORY = 1 << 3,
	STATUS_ERROR = 1 << 1,     /* writing 1 clears */
	STATUS_INTERRUPT = 1 << 2, /* writing 1 clears */
	STATUS_KEEP = 3 << 5,      /* which drives can do DMA: the firmware's note */
	PRD_LAST = 1 << 15,
	PRD_REGION = 1 << 16, /* a region does not cross a multiple of 64 KiB ... */
	PRD_COUNT = 0xffff,   /* ... and 64 KiB are written as 0 */
};

/* Physical region descriptor: little-endian, as the engine reads it. */
struct ata_prd {
	uint32_t address;
	uint16_t bytes;
	uint16_t flags;
} __packed;

/* A segment of up to 128 KiB touches three regions at most; together no more. */
static_assert((QUEUE_MAX_SEGMENTS + 3) * sizeof(struct ata_prd) <= PAGE_SIZE,
	      "the table fits in a page, which crosses no multiple of 64 KiB");

int ata_dma_init(struct ata_channel *ch)
{
	struct page *pg = page_alloc(0);

	if (!pg)
		return -ENOMEM;
	ch->prd = page_to_virt(pg);
	return 0;
}

static uint16_t port(const struct ata_channel *ch, unsigned reg)
{
	return (uint16_t)(ch->bus_master + reg);
}

/* Appends [address, address + bytes) as regions. Returns how many there are now. */
static unsigned add_regions(struct ata_channel *ch, unsigned n, uint32_t address, uint32_t bytes)
{
	while (bytes > 0) {
		uint32_t room = PRD_REGION - (address & (PRD_REGION - 1));
		uint32_t part = MIN(bytes, room);

		ch->prd[n++] = (struct ata_prd){ address, (uint16_t)(part & PRD_COUNT), 0 };
		address += part;
		bytes -= part;
	}
	return n;
}

/* Neighbours in memory become one region. */
void ata_dma_prepare(struct ata_channel *ch, const struct request *rq)
{
	uint32_t start = 0, bytes = 0;
	unsigned n = 0;
	struct bio *bio;

	request_for_each(bio, rq)
	{
		uint32_t address = virt_to_paddr(bio->data);

		if (address != start + bytes) {
			n = add_regions(ch, n, start, bytes);
			start = address;
			bytes = 0;
		}
		bytes += bio->sectors << SECTOR_SHIFT;
	}
	n = add_regions(ch, n, start, bytes);
	ch->prd[n - 1].flags = PRD_LAST;
	io_outb(port(ch, REG_COMMAND), 0);
	io_outl(port(ch, REG_TABLE), virt_to_paddr(ch->prd));
	io_outb(port(ch, REG_STATUS),
		STATUS_ERROR | STATUS_INTERRUPT | (io_inb(port(ch, REG_STATUS)) & STATUS_KEEP));
}

void ata_dma_start(struct ata_channel *ch, const struct request *rq)
{
	uint8_t direction = ata_is_write(rq) ? 0 : COMMAND_TO_MEMORY;

	io_outb(port(ch, REG_COMMAND), direction);
	io_outb(port(ch, REG_COMMAND), direction | COMMAND_START);
}

int ata_dma_stop(struct ata_channel *ch)
{
	uint8_t status = io_inb(port(ch, REG_STATUS));

	io_outb(port(ch, REG_COMMAND), 0);
	return (status | ch->dma_status) & STATUS_ERROR ? -EIO : 0;
}

bool ata_dma_acknowledge(const struct ata_channel *ch, uint8_t *status)
{
	*status = io_inb(port(ch, REG_STATUS));
	if (!(*status & STATUS_INTERRUPT))
		return false;
	io_outb(port(ch, REG_STATUS), (*status & STATUS_KEEP) | STATUS_INTERRUPT);
	return true;
}
