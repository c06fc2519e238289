/* SPDX-License-Identifier: MIT */
/* The partition table of PCs: four entries in the last bytes of sector 0; one of
 * them may be an extended partition, a chain of such sectors each with one logical
 * partition and the way to the next. Nothing on the disk is believed: a partition
 * lies inside its disk (a logical one inside the extended one), overlaps no other,
 * and the chain only goes forward, so it ends.
 *
 *	0	     446			    510
 *	| boot code  | entry | entry | entry | entry | 55 aa |
 */
#include "block/part.h"
#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/slab.h"

enum {
	MBR_ENTRIES = 4,
	MBR_CODE = 446,
	MBR_SIGNATURE = 0xaa55,
	MBR_ACTIVE = 0x80,
	TYPE_EMPTY = 0,
	TYPE_EXTENDED = 0x05,
	TYPE_EXTENDED_LBA = 0x0f,
	TYPE_EXTENDED_LINUX = 0x85,
	FIRST_LOGICAL = 5,
	NAME_LEN = 16,
	MIB_SHIFT = 20 - SECTOR_SHIFT,
};

struct mbr_entry {
	uint8_t status;
	uint8_t first_chs[3];
	uint8_t type;
	uint8_t last_chs[3];
	uint32_t start; /* of a logical one: from its sector; of a link: from the extended one */
	uint32_t sectors;
} __packed;

struct mbr {
	uint8_t code[MBR_CODE];
	struct mbr_entry entry[MBR_ENTRIES];
	uint16_t signature;
} __packed;

static_assert(sizeof(struct mbr) == SECTOR_SIZE, "a sector");

/* [I] after part_scan() */
struct partition {
	struct blkdev dev; /* driver: this struct */
	uint64_t start;    /* on the disk */
	char name[NAME_LEN];
};

/* While a table is read. */
struct scan {
	struct blkdev *disk;
	struct mbr *mbr; /* the sector looked at */
	unsigned number; /* of the next logical partition */
	unsigned found;
	struct partition *part[PART_MAX];
};

struct extent {
	uint64_t start, sectors;
};

static void part_submit(struct blkdev *dev, struct bio *bio)
{
	struct partition *p = dev->driver;

	bio->dev = dev->parent;
	bio->sector += p->start;
	dev->parent->ops->submit(dev->parent, bio);
}

static const struct blkdev_ops part_ops = { .submit = part_submit };

/* ---- judging what the table says ---- */

static bool is_extended(const struct mbr_entry *e)
{
	return e->type == TYPE_EXTENDED || e->type == TYPE_EXTENDED_LBA ||
	       e->type == TYPE_EXTENDED_LINUX;
}

static bool is_used(const struct mbr_entry *e)
{
	return e->type != TYPE_EMPTY && e->sectors > 0;
}

/* File systems that start in sector 0 have the signature too, but hardly these. */
static bool is_table(const struct mbr *mbr)
{
	for (unsigned i = 0; i < MBR_ENTRIES; i++) {
		if ((mbr->entry[i].status & ~MBR_ACTIVE) != 0)
			return false;
	}
	return mbr->signature == MBR_SIGNATURE;
}

static bool is_inside(const struct extent *inner, const struct extent *outer)
{
	return inner->start > outer->start && inner->sectors <= outer->sectors &&
	       inner->start - outer->start <= outer->sectors - inner->sectors;
}

static bool overlaps_another(const struct scan *s, const struct extent *e)
{
	for (unsigned i = 0; i < s->found; i++) {
		const struct partition *p = s->part[i];

		if (e->start < p->start + p->dev.sectors && p->start < e->start + e->sectors)
			return true;
	}
	return false;
}

static void reject(const struct scan *s, unsigned number, const char *why)
{
	kprintf("%s: partition %u %s, left out\n", s->disk->name, number, why);
}

/* ---- making devices ---- */

static int register_partition(struct scan *s, unsigned number, const struct extent *e)
{
	struct blkdev *disk = s->disk;
	struct partition *p = kzalloc(sizeof(*p));
	int err;

	if (!p)
		return -ENOMEM;
	snprintf(p->name, sizeof(p->name), "%s%u", disk->name, number);
	p->start = e->start;
	p->dev = (struct blkdev){
		.name = p->name,
		.dev = dev_make(dev_major(disk->dev), dev_minor(disk->dev) + number),
		.sectors = e->sectors,
		.readonly = disk->readonly,
		.ops = &part_ops,
		.driver = p,
		.parent = disk,
	};
	err = blkdev_register(&p->dev);
	if (err) {
		kfree(p);
		return err;
	}
	s->part[s->found++] = p;
	return 0;
}

static void add_partition(struct scan *s, unsigned number, const struct extent *e,
			  const struct extent *outer)
{
	int err;

	if (!is_inside(e, outer)) {
		reject(s, number, "is not inside its disk");
		return;
	}
	if (overlaps_another(s, e)) {
		reject(s, number, "overlaps another one");
		return;
	}
	err = register_partition(s, number, e);
	if (err)
		reject(s, number, err == -ENOMEM ? "finds no memory" : "has a name that is taken");
	else
		kprintf("%s%u: %llu MiB from sector %llu\n", s->disk->name, number,
			(unsigned long long)(e->sectors >> MIB_SHIFT),
			(unsigned long long)e->start);
}

/* ---- reading tables ---- */

/* False: no table there. */
static bool read_table(struct scan *s, uint64_t sector)
{
	int err = blkdev_rw(s->disk, BIO_READ, sector, s->mbr, 1);

	if (err)
		kprintf("%s: cannot read the partition table in sector %llu (%d)\n", s->disk->name,
			(unsigned long long)sector, err);
	return !err && is_table(s->mbr);
}

/* Follows the chain of an extended partition. Its end is a table without a link. */
static void scan_extended(struct scan *s, const struct extent *extended)
{
	uint64_t at = extended->start;

	for (unsigned links = FIRST_LOGICAL; links <= PART_MAX && read_table(s, at); links++) {
		const struct mbr_entry *logical = &s->mbr->entry[0], *link = &s->mbr->entry[1];
		struct extent e = { at + logical->start, logical->sectors };
		uint64_t next = extended->start + link->start;

		if (is_used(logical)) {
			add_partition(s, s->number, &e, extended);
			s->number++;
		}
		if (!is_extended(link) || !is_used(link))
			return;
		if (next <= at || next - extended->start >= extended->sectors) {
			kprintf("%s: the chain of logical partitions goes astray\n", s->disk->name);
			return;
		}
		at = next;
	}
}

static void scan_primary(struct scan *s)
{
	const struct extent whole = { 0, s->disk->sectors };
	struct extent extended = { 0, 0 };

	for (unsigned i = 0; i < MBR_ENTRIES; i++) {
		const struct mbr_entry *entry = &s->mbr->entry[i];
		struct extent e = { entry->start, entry->sectors };

		if (!is_used(entry))
			continue;
		if (!is_extended(entry))
			add_partition(s, i + 1, &e, &whole);
		else if (!is_inside(&e, &whole))
			reject(s, i + 1, "is not inside its disk");
		else if (extended.sectors > 0)
			reject(s, i + 1, "is a second extended one");
		else
			extended = e;
	}
	if (extended.sectors > 0)
		scan_extended(s, &extended);
}

void part_scan(struct blkdev *disk)
{
	struct scan s = { .disk = disk, .number = FIRST_LOGICAL };

	s.mbr = kmalloc(SECTOR_SIZE);
	if (!s.mbr) {
		kprintf("%s: no memory to read the partition table\n", disk->name);
		return;
	}
	if (disk->sectors > 0 && read_table(&s, 0))
		scan_primary(&s);
	kfree(s.mbr);
}
