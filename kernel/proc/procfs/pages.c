/* SPDX-License-Identifier: MIT */
/* Files of a process that show its memory page by page: smaps and smaps_rollup as on
 * Linux (man 5 proc_pid_smaps), and pagetable, which is ours: the entries as the CPU sees
 * them. What Linux calls referenced is all that is there: see region_pte_bits.
 */
#include "core/param.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "proc/procfs/internal.h"
#include "vm/inspect.h"
#include "vm/region.h"

enum { KIB = 1024, KIB_PER_PAGE = PAGE_SIZE / KIB };

/* ---- smaps ---- */

static void put_kib(struct text *t, const char *name, uint32_t kib)
{
	text_printf(t, "%s:%*s %8u kB\n", name, 15 - (int)strlen(name), "", kib);
}

static void put_usage(struct text *t, const struct region_usage *u, uint32_t locked)
{
	uint32_t private = u->resident - u->shared;
	const struct {
		const char *name;
		uint32_t kib;
	} line[] = {
		{ "Rss", u->resident * KIB_PER_PAGE },
		{ "Pss", u->proportional / KIB },
		{ "Pss_Dirty", u->proportional_dirty / KIB },
		{ "Shared_Clean", (u->shared - u->shared_dirty) * KIB_PER_PAGE },
		{ "Shared_Dirty", u->shared_dirty * KIB_PER_PAGE },
		{ "Private_Clean", (private - u->private_dirty) * KIB_PER_PAGE },
		{ "Private_Dirty", u->private_dirty * KIB_PER_PAGE },
		{ "Referenced", u->resident * KIB_PER_PAGE },
		{ "Anonymous", (u->resident - u->cached) * KIB_PER_PAGE },
		{ "Swap", 0 },
		{ "SwapPss", 0 },
		{ "Locked", locked },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(line); i++)
		put_kib(t, line[i].name, line[i].kib);
}

/* Two letters each, as Linux has them. */
static void put_flags(struct text *t, const struct region *r)
{
	bool may_write = !(r->flags & REGION_READ_ONLY);
	const struct {
		bool set;
		const char *name;
	} flag[] = {
		{ r->prot & REGION_READ, "rd" },
		{ r->prot & REGION_WRITE, "wr" },
		{ r->prot & REGION_EXEC, "ex" },
		{ r->flags & REGION_SHARED, "sh" },
		{ true, "mr" },
		{ may_write, "mw" },
		{ !(r->flags & REGION_NO_EXEC), "me" },
		{ (r->flags & REGION_SHARED) && may_write, "ms" },
		{ r->flags & REGION_STACK, "gd" },
		{ r->flags & REGION_LOCKED, "lo" },
		{ r->flags & REGION_DONT_FORK, "dc" },
		{ r->flags & REGION_NORESERVE, "nr" },
		{ r->flags & REGION_WIPE, "wf" },
	};

	text_printf(t, "VmFlags:");
	for (unsigned i = 0; i < ARRAY_SIZE(flag); i++)
		if (flag[i].set)
			text_printf(t, " %s", flag[i].name);
	text_printf(t, "\n");
}

static void put_smaps(struct text *t, const struct region *r, char *path, void *ctx)
{
	struct region_usage u = { 0 };

	region_usage_add(r, &u);
	put_region(t, r, path, ctx);
	put_kib(t, "Size", (r->end - r->start) / KIB);
	put_kib(t, "KernelPageSize", KIB_PER_PAGE);
	put_kib(t, "MMUPageSize", KIB_PER_PAGE);
	put_usage(t, &u, r->flags & REGION_LOCKED ? u.proportional / KIB : 0);
	put_flags(t, r);
}

int show_smaps(struct text *t, const struct procfs_subject *of)
{
	return show_regions(t, of, put_smaps, NULL);
}

struct rollup {
	vaddr_t start, end;
	struct region_usage all;
	uint32_t locked; /* KiB, proportional */
};

static void add_region(struct text *t, const struct region *r, char *path, void *ctx)
{
	struct rollup *sum = ctx;
	uint32_t before = sum->all.proportional;

	(void)t;
	(void)path;
	region_usage_add(r, &sum->all);
	if (r->flags & REGION_LOCKED)
		sum->locked += (sum->all.proportional - before) / KIB;
	sum->start = sum->end ? sum->start : r->start;
	sum->end = r->end;
}

int show_smaps_rollup(struct text *t, const struct procfs_subject *of)
{
	struct rollup sum = { 0 };
	int err = show_regions(t, of, add_region, &sum);

	if (err || !sum.end)
		return err ? err : -ESRCH; /* a zombie has no memory */
	text_printf(t, "%08x-%08x ---p 00000000 00:00 0 %24s[rollup]\n", sum.start, sum.end, "");
	put_usage(t, &sum.all, sum.locked);
	return 0;
}

/* ---- pagetable ---- */

struct table_text {
	struct text *t;
	const struct region *region;
	bool hide;        /* where in memory: nobody's business but root's */
	vaddr_t pdpt, pd; /* what the last line's entries of these levels cover, + 1; 0: none */
};

static void put_entry(struct table_text *w, const char *level, vaddr_t va, uint64_t entry)
{
	text_printf(w->t, "%-5s %08x %016llx", level, va, w->hide ? entry & ~PTE_FRAME : entry);
}

/* The upper levels come before the first of their pages. */
static void put_page(vaddr_t va, uint64_t entry, const struct page *pg, void *ctx)
{
	struct table_text *w = ctx;
	const struct pagetable *pt = &w->region->space->pt;
	unsigned gib = va >> PDPT_SHIFT, table = va >> PD_SHIFT;

	if (w->pdpt != gib + 1) {
		put_entry(w, "pdpt", gib << PDPT_SHIFT, pt->pdpt[gib]);
		text_add(w->t, "\n", 1);
	}
	if (w->pd != table + 1) {
		put_entry(w, "table", table << PD_SHIFT, pt->pd[gib][table % PT_ENTRIES]);
		text_add(w->t, "\n", 1);
	}
	w->pdpt = gib + 1;
	w->pd = table + 1;
	put_entry(w, "page", va, entry);
	text_printf(w->t, " %c%c%c%c\n", pg->flags & PAGE_CACHED ? 'c' : '-',
		    region_page_users(pg) > 1 ? 's' : '-', region_page_is_dirty(pg) ? 'd' : '-',
		    w->region->flags & REGION_LOCKED ? 'l' : '-');
}

static void put_region_pages(struct text *t, const struct region *r, char *path, void *ctx)
{
	struct table_text *w = ctx;

	(void)path;
	w->t = t;
	w->region = r;
	if (!t->length)
		text_printf(t, "cr3   %08x\n", w->hide ? 0 : virt_to_paddr(r->space->pt.pdpt));
	region_each_page(r, put_page, w);
}

int show_pagetable(struct text *t, const struct procfs_subject *of)
{
	struct table_text w = { .hide = process_current()->cred.euid != 0 };

	return show_regions(t, of, put_region_pages, &w);
}

/* ---- swap_pages ---- */

/* The next word, cut off at its blank; *rest goes on behind it. */
static char *next_word(char **rest)
{
	char *word = *rest, *blank = strchr(word, ' ');

	*rest = blank ? blank + 1 : word + strlen(word);
	if (blank)
		*blank = '\0';
	return word;
}

int store_swap_pages(char *words)
{
	uint64_t a, b;
	bool flush;

	if (!params.tlbdemo)
		return -EPERM;
	if (parse_u64(next_word(&words), 16, &a) || parse_u64(next_word(&words), 16, &b) ||
	    a > UINT32_MAX || b > UINT32_MAX)
		return -EINVAL;
	flush = !strcmp(words, "flush");
	if (!flush && strcmp(words, "noflush") != 0)
		return -EINVAL;
	return space_swap_pages(process_current()->space, (vaddr_t)a, (vaddr_t)b, flush);
}
