/* SPDX-License-Identifier: MIT */
/* pagewalk: how the processor translates an address of a process: each level, each bit. */

#include "pages.h"

enum {
	P = 0x1,
	W = 0x2,
	U = 0x4,
	DIRTY_BIT = 6,
	NX_BIT = 63,
	PAGE_SHIFT = 12,
	PD_SHIFT = 21,
	PDPT_SHIFT = 30,
	INDEX_MASK = 511,
	LEVELS = 3,
};

static const struct {
	int bit;
	const char *name, *set, *clear; /* NULL: not worth a word */
} bits[] = {
	{ 0, "P", "present", "not present" },
	{ 1, "W", "writable", "read-only" },
	{ 2, "U", "ring 3 may", "ring 0 only" },
	{ 3, "PWT", "write-through", NULL },
	{ 4, "PCD", "not cached", NULL },
	{ 5, "A", "accessed", "not accessed" },
	{ DIRTY_BIT, "D", "dirty", "clean" },
	{ 7, "PS", "a large page", NULL },
	{ 8, "G", "global: stays in the TLB", NULL },
	{ NX_BIT, "NX", "not executable", "executable" },
};

static const struct {
	const char *level, *title;
	int shift;
} levels[LEVELS] = {
	{ "pdpt", "page directory pointers", PDPT_SHIFT },
	{ "table", "page directory", PD_SHIFT },
	{ "page", "page table", PAGE_SHIFT },
};

/* Of the top level only P is one of these bits; of the directory not D. */
static void put_bits(int level, unsigned long long entry)
{
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		bool set = entry >> bits[i].bit & 1;
		const char *text = set ? bits[i].set : bits[i].clear;

		if (text && (i == 0 || (level > 0 && (entry & P))) &&
		    (bits[i].bit != DIRTY_BIT || level == LEVELS - 1))
			printf("      bit %2d %-3s %d  %s\n", bits[i].bit, bits[i].name, set, text);
	}
}

static void put_level(int level, unsigned long address, unsigned long long entry)
{
	printf("  %s [%lu] = %016llx\n", levels[level].title,
	       address >> levels[level].shift & INDEX_MASK, entry);
	put_bits(level, entry);
}

/* What all levels together allow; the strictest decides. */
static void put_result(unsigned long address, const unsigned long long entry[LEVELS], bool found)
{
	unsigned long long all = entry[1] & entry[2], any = entry[1] | entry[2];

	if (!found || !(entry[2] & P)) {
		printf("%08lx -> page fault: %s\n", address,
		       found ? "the page is there, but shut (PROT_NONE)"
			     : "no page; if a region covers it, the kernel brings one");
		return;
	}
	printf("%08lx -> physical %08llx: read%s%s by ring %s\n", address,
	       (entry[2] & PAGES_FRAME) + address % PAGES_BYTES, all & W ? ", write" : "",
	       any >> NX_BIT ? "" : ", execute", all & U ? "3 and 0" : "0");
}

int main(int argc, char **argv)
{
	unsigned long long entry[LEVELS] = { 0 };
	bool found[LEVELS] = { false };
	struct page_line line;
	unsigned long address;
	FILE *table;
	char *end;

	prog_begin("pagewalk",
		   "ADDRESS [PID]\n  explains a translation of a process, of this one without a "
		   "number; only root sees where in memory",
		   argc, argv);
	if (argc < 2 || argc > 3)
		prog_usage(1);
	address = strtoul(argv[1], &end, 16);
	if (end == argv[1] || *end)
		prog_diex("invalid address '%s'", argv[1]);
	table = pages_open(argv[2], "pagetable");
	while (pages_next(table, &line)) {
		for (int i = 0; i < LEVELS; i++) {
			if (strcmp(line.level, levels[i].level) != 0 ||
			    line.address >> levels[i].shift != address >> levels[i].shift)
				continue;
			entry[i] = line.entry;
			found[i] = true;
			put_level(i, address, line.entry);
		}
	}
	put_result(address, entry, found[LEVELS - 1]);
	return prog_finish(0);
}
