/* SPDX-License-Identifier: MIT */
/* Random mmap, munmap, mprotect, fork, exit and writes in a few address spaces, against an array
 * that says for each page whether it is mapped, what may be done and what it holds.
 */
#include "ktest.h"
#include "mm/pagetable.h"
#include "sched/thread.h"
#include "vm/space.h"
#include "vm/usercopy.h"

enum { SPACES = 3, PAGES = 48, MAX_RANGE = 10, STEPS = 6000, CHECK_EVERY = 40 };

#define BASE 0x10000000u

struct model_page {
	bool mapped;
	uint8_t prot;
	uint32_t word; /* the first one of the page */
};

static struct model {
	struct space *space; /* NULL: does not exist */
	struct model_page page[PAGES];
} models[SPACES];

static vaddr_t address_of(unsigned page)
{
	return BASE + page * PAGE_SIZE;
}

/* Runs the test's thread in m's space. */
static void enter(struct model *m)
{
	space_get(m->space);
	space_put(space_switch(m->space));
}

static void check_page(const struct model *m, unsigned i)
{
	const struct model_page *p = &m->page[i];
	uint32_t word = 0;
	int err = get_user32(&word, address_of(i));

	KEXPECT_EQ(err, p->mapped && p->prot ? 0 : -EFAULT);
	if (!err)
		KEXPECT_EQ(word, p->word);
}

static void check_regions(struct space *s)
{
	vaddr_t end = 0;
	uint32_t pages = 0, count = 0;
	struct region *r;

	list_for_each_entry(r, &s->in_order, link) {
		KEXPECT(r->start >= end && r->end > r->start);
		end = r->end;
		pages += (r->end - r->start) / PAGE_SIZE;
		count++;
	}
	KEXPECT_EQ(s->region_count, count);
	KEXPECT_EQ(s->mapped_pages, pages);
}

static void check_all(void)
{
	for (unsigned i = 0; i < SPACES; i++) {
		struct model *m = &models[i];

		if (!m->space)
			continue;
		check_regions(m->space);
		enter(m);
		for (unsigned j = 0; j < PAGES; j++)
			check_page(m, j);
	}
}

static void do_map(struct model *m, unsigned first, unsigned n)
{
	uint8_t prot = ktest_random() % 4 ? REGION_READ | REGION_WRITE : REGION_READ;
	struct map_request q = {
		.addr = address_of(first), .length = n * PAGE_SIZE, .prot = prot, .fixed = true
	};
	vaddr_t at;

	KEXPECT(!space_map(m->space, &q, &at));
	for (unsigned i = first; i < first + n; i++)
		m->page[i] = (struct model_page){ .mapped = true, .prot = prot };
}

static void do_unmap(struct model *m, unsigned first, unsigned n)
{
	KEXPECT(!space_unmap(m->space, address_of(first), n * PAGE_SIZE));
	for (unsigned i = first; i < first + n; i++)
		m->page[i].mapped = false;
}

static void do_protect(struct model *m, unsigned first, unsigned n)
{
	static const uint8_t prots[] = { 0, REGION_READ, REGION_READ | REGION_WRITE };
	uint8_t prot = prots[ktest_random() % ARRAY_SIZE(prots)];
	unsigned hole = first;
	int err = space_protect(m->space, address_of(first), n * PAGE_SIZE, prot);

	while (hole < first + n && m->page[hole].mapped)
		m->page[hole++].prot = prot;
	KEXPECT_EQ(err, hole < first + n ? -ENOMEM : 0);
}

static void do_write(struct model *m, unsigned first, unsigned n)
{
	enter(m);
	for (unsigned i = first; i < first + n; i++) {
		struct model_page *p = &m->page[i];
		uint32_t word = ktest_random();
		int err = put_user32(address_of(i), word);

		KEXPECT_EQ(err, p->mapped && (p->prot & REGION_WRITE) ? 0 : -EFAULT);
		if (!err)
			p->word = word;
	}
}

/* A new space: empty, or the child of another one. */
static void do_create(struct model *m)
{
	struct model *parent = &models[ktest_random() % SPACES];

	if (parent->space) {
		*m = *parent;
		m->space = space_fork(parent->space);
	} else {
		*m = (struct model){ .space = space_create() };
	}
	KEXPECT(m->space);
}

static void do_end(struct model *m)
{
	space_put(m->space);
	m->space = NULL;
}

static void step(void)
{
	static void (*const actions[])(struct model *, unsigned, unsigned) = {
		do_map, do_unmap, do_protect, do_write, do_write, do_write,
	};
	struct model *m = &models[ktest_random() % SPACES];
	unsigned first = ktest_random() % PAGES;
	unsigned n = 1 + ktest_random() % MIN(PAGES - first, (unsigned)MAX_RANGE);

	if (!m->space)
		do_create(m);
	else if (ktest_random() % 32 == 0)
		do_end(m);
	else
		actions[ktest_random() % ARRAY_SIZE(actions)](m, first, n);
}

KTEST(address_spaces_agree_with_a_model)
{
	uint32_t before = ktest_free_pages();

	for (unsigned i = 0; i < STEPS; i++) {
		step();
		if (i % CHECK_EVERY == 0)
			check_all();
	}
	check_all();
	space_put(space_switch(NULL));
	for (unsigned i = 0; i < SPACES; i++)
		do_end(&models[i]);
	KEXPECT_EQ(ktest_free_pages(), before);
}
