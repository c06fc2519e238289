/* SPDX-License-Identifier: MIT */
/* Reads the Multiboot information. Firmware holes below 1 MiB are ours to
 * avoid: some loaders report them as usable.
 */
#include "init/multiboot.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "x86/boot_tables.h"

struct multiboot_info {
	uint32_t flags;
	uint32_t mem_lower, mem_upper;
	uint32_t boot_device;
	uint32_t cmdline;
	uint32_t mods_count, mods_addr;
	uint32_t syms[4];
	uint32_t mmap_length, mmap_addr;
};

struct multiboot_module {
	uint32_t start, end, string, reserved;
};

struct multiboot_mmap {
	uint32_t size; /* of the rest */
	uint64_t base, length;
	uint32_t type;
} __packed;

enum {
	FLAG_MEMORY = 1 << 0,
	FLAG_CMDLINE = 1 << 2,
	FLAG_MODULES = 1 << 3,
	FLAG_MMAP = 1 << 6,
	MMAP_AVAILABLE = 1,
	FIRST_MIB = 1 << 20,
	KIB = 1024,
};
#define MULTIBOOT_LOADER_MAGIC 0x2BADB002u

static void add_range(struct boot_info *b, uint64_t start, uint64_t end)
{
	b->total += end - start;
	if (end > DIRECT_MAP_SIZE)
		b->above += end - MAX(start, (uint64_t)DIRECT_MAP_SIZE);
	start = MAX(ALIGN_UP(start, (uint64_t)PAGE_SIZE), (uint64_t)FIRST_MIB);
	end = MIN(ALIGN_DOWN(end, (uint64_t)PAGE_SIZE), (uint64_t)DIRECT_MAP_SIZE);
	if (start >= end)
		return;
	b->ram_end = MAX(b->ram_end, end);
	if (b->nranges < BOOT_RANGES)
		b->range[b->nranges++] = (struct mem_range){ start, end };
	else
		kprintf("memory: too many ranges, %llx-%llx left out\n", start, end);
}

/* Takes [start, end) out of the usable ranges; one of them may fall in two. */
static void subtract(struct boot_info *b, uint64_t start, uint64_t end)
{
	for (unsigned i = 0; i < b->nranges; i++) {
		struct mem_range *r = &b->range[i];
		struct mem_range right = { MAX(end, r->start), r->end };

		if (start >= r->end || end <= r->start)
			continue;
		r->end = MAX(start, r->start);
		if (right.start >= right.end)
			continue;
		if (r->start == r->end)
			*r = right;
		else if (b->nranges < BOOT_RANGES)
			b->range[b->nranges++] = right;
	}
}

static void read_mmap(const struct multiboot_info *mb, struct boot_info *b)
{
	uint32_t at = mb->mmap_addr, end = mb->mmap_addr + mb->mmap_length;

	while (at + sizeof(struct multiboot_mmap) <= end) {
		const struct multiboot_mmap *m = paddr_to_virt(at);

		if (m->type == MMAP_AVAILABLE && m->base + m->length > m->base)
			add_range(b, m->base, m->base + m->length);
		at += m->size + sizeof(m->size);
	}
}

static void read_module(const struct multiboot_info *mb, struct boot_info *b)
{
	const struct multiboot_module *m;

	if (!(mb->flags & FLAG_MODULES) || mb->mods_count == 0)
		return;
	m = paddr_to_virt(mb->mods_addr);
	if (m->start >= m->end || m->end > DIRECT_MAP_SIZE) {
		kprintf("multiboot: module %x-%x is out of reach\n", m->start, m->end);
		return;
	}
	b->module = (struct mem_range){ m->start, m->end };
	b->ram_end = MAX(b->ram_end, m->end);
}

bool multiboot_read(uint32_t magic, uint32_t info_paddr, struct boot_info *out)
{
	const struct multiboot_info *mb = paddr_to_virt(info_paddr);

	if (magic != MULTIBOOT_LOADER_MAGIC || info_paddr >= DIRECT_MAP_SIZE)
		return false;
	if (mb->flags & FLAG_CMDLINE)
		strlcpy(out->cmdline, paddr_to_virt(mb->cmdline), sizeof(out->cmdline));
	if (mb->flags & FLAG_MMAP)
		read_mmap(mb, out);
	else if (mb->flags & FLAG_MEMORY)
		add_range(out, FIRST_MIB, FIRST_MIB + (uint64_t)mb->mem_upper * KIB);
	read_module(mb, out);
	subtract(out, virt_to_paddr(__text_start), virt_to_paddr(__image_end));
	subtract(out, ALIGN_DOWN(out->module.start, PAGE_SIZE),
		 ALIGN_UP(out->module.end, PAGE_SIZE));
	return true;
}
