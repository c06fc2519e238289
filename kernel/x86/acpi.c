/* SPDX-License-Identifier: MIT */
/* Finds the MADT: root pointer in low memory, root table, its entries. Every
 * table is checked by length and checksum: firmware is not to be trusted.
 */
#include "x86/acpi.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "x86/layout.h"

struct rsdp {
	char signature[8];
	uint8_t checksum;
	char oem[6];
	uint8_t revision;
	uint32_t rsdt;
} __packed;

struct table {
	char signature[4];
	uint32_t length;
	uint8_t revision, checksum;
	char oem[6], oem_table[8];
	uint32_t oem_revision, creator, creator_revision;
} __packed;

struct madt {
	struct table header;
	uint32_t lapic_paddr, flags;
} __packed;

struct madt_entry {
	uint8_t type, length;
	union {
		struct {
			uint8_t processor, apic_id;
			uint32_t flags;
		} __packed lapic;
		struct {
			uint8_t id, reserved;
			uint32_t paddr, first_input;
		} __packed ioapic;
		struct {
			uint8_t bus, irq;
			uint32_t input;
			uint16_t flags;
		} __packed override;
	};
} __packed;

enum {
	MADT_LAPIC = 0,
	MADT_IOAPIC = 1,
	MADT_OVERRIDE = 2,
	LAPIC_ENABLED = 1,
	POLARITY_MASK = 3,
	POLARITY_LOW = 3,
	TRIGGER_MASK = 3 << 2,
	TRIGGER_LEVEL = 3 << 2,
	EBDA_SEGMENT_PTR = 0x40e,
	BIOS_START = 0xe0000,
	BIOS_END = 0x100000,
	EBDA_LEN = 1024,
	RSDP_LEN = 20,
	RSDP_STEP = 16,
	TABLE_MAX = 1 << 20,
};

static bool sums_to_zero(const void *p, size_t n)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += ((const uint8_t *)p)[i];
	return sum == 0;
}

static const struct rsdp *scan(uint32_t start, uint32_t len)
{
	for (uint32_t a = start; a + RSDP_LEN <= start + len; a += RSDP_STEP) {
		const struct rsdp *r = (const struct rsdp *)(KERNEL_BASE + a);

		if (memcmp(r->signature, "RSD PTR ", 8) == 0 && sums_to_zero(r, RSDP_LEN))
			return r;
	}
	return NULL;
}

static const struct rsdp *find_rsdp(void)
{
	uint32_t ebda = *(const volatile uint16_t *)(KERNEL_BASE + EBDA_SEGMENT_PTR) << 4;
	const struct rsdp *r = NULL;

	if (ebda >= EBDA_SEGMENT_PTR && ebda < BIOS_START)
		r = scan(ebda, EBDA_LEN);
	return r ? r : scan(BIOS_START, BIOS_END - BIOS_START);
}

static const struct table *map_table(acpi_map_fn map, uint32_t paddr)
{
	const struct table *t = map(paddr, sizeof(*t));

	if (!t || t->length < sizeof(*t) || t->length > TABLE_MAX)
		return NULL;
	t = map(paddr, t->length);
	return t && sums_to_zero(t, t->length) ? t : NULL;
}

static const struct table *find_table(acpi_map_fn map, const struct rsdp *r, const char *signature)
{
	const struct table *rsdt = map_table(map, r->rsdt);
	uint32_t count = rsdt ? (rsdt->length - sizeof(*rsdt)) / sizeof(uint32_t) : 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t paddr;
		const struct table *t;

		memcpy(&paddr, (const uint8_t *)(rsdt + 1) + i * sizeof(paddr), sizeof(paddr));
		t = map_table(map, paddr);
		if (t && memcmp(t->signature, signature, sizeof(t->signature)) == 0)
			return t;
	}
	return NULL;
}

/* Of a short entry the fields beyond its end would be its neighbour's. */
static bool entry_is_whole(const struct madt_entry *e)
{
	static const uint8_t length[] = {
		[MADT_LAPIC] = 8, [MADT_IOAPIC] = 12, [MADT_OVERRIDE] = 10
	};

	return e->type < ARRAY_SIZE(length) && e->length >= length[e->type];
}

static void add_entry(const struct madt_entry *e, struct acpi_madt *out)
{
	switch (e->type) {
	case MADT_LAPIC:
		if (!(e->lapic.flags & LAPIC_ENABLED))
			break;
		if (out->cpus < ACPI_CPUS)
			out->apic_ids[out->cpus++] = e->lapic.apic_id;
		else
			out->cpus_left_out++;
		break;
	case MADT_IOAPIC:
		if (out->ioapics < ACPI_IOAPICS)
			out->ioapic[out->ioapics++] = (struct acpi_ioapic){ e->ioapic.paddr,
									    e->ioapic.first_input };
		break;
	case MADT_OVERRIDE:
		if (out->overrides < ACPI_OVERRIDES)
			out->override[out->overrides++] = (struct acpi_override){
				.irq = e->override.irq,
				.input = e->override.input,
				.active_low = (e->override.flags & POLARITY_MASK) == POLARITY_LOW,
				.level = (e->override.flags & TRIGGER_MASK) == TRIGGER_LEVEL
			};
		break;
	}
}

bool acpi_read_madt(acpi_map_fn map, struct acpi_madt *out)
{
	const struct rsdp *r = find_rsdp();
	const struct madt *m = r ? (const struct madt *)find_table(map, r, "APIC") : NULL;
	uint32_t off = sizeof(*m);

	*out = (struct acpi_madt){ 0 };
	if (!m || m->header.length < sizeof(*m))
		return false;
	out->lapic_paddr = m->lapic_paddr;
	while (off + 2 <= m->header.length) {
		const struct madt_entry *e = (const void *)((const uint8_t *)m + off);

		if (e->length < 2 || off + e->length > m->header.length) {
			kprintf("acpi: the MADT is broken at offset %u\n", off);
			return false;
		}
		if (entry_is_whole(e))
			add_entry(e, out);
		off += e->length;
	}
	return out->cpus > 0;
}
