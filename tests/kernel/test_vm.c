/* SPDX-License-Identifier: MIT */
/* Address spaces: the test's thread runs in a space of its own and uses it through the copies
 * to and from user memory, so that page faults take their real way through the gates.
 */
#include "ktest.h"
#include "lib/string.h"
#include "mm/pagetable.h"
#include "mm/reclaim.h"
#include "sched/thread.h"
#include "vm/space.h"
#include "vm/usercopy.h"

enum { PAGES = 8, FILE_PAGES = 6, STACK_PAGES = 64 };

#define BASE 0x10000000u
#define STACK_TOP 0xBFFFF000u

static struct space *entered(void)
{
	struct space *s = space_create();

	if (s && space_switch(s))
		ktest_fail(__FILE__, __LINE__, "the test's thread ran in a space already");
	return s;
}

static void leave(void)
{
	space_put(space_switch(NULL));
}

static int map_at(struct space *s, vaddr_t addr, unsigned pages, uint8_t prot)
{
	struct map_request q = {
		.addr = addr, .length = pages * PAGE_SIZE, .prot = prot, .fixed = true
	};
	vaddr_t at;

	return space_map(s, &q, &at);
}

static struct page *page_at(struct space *s, vaddr_t va)
{
	uint64_t *e = pagetable_find(&s->pt, va);

	return e && pte_holds_page(e) ? pte_page(e) : NULL;
}

static uint32_t word_at(uaddr_t va)
{
	uint32_t word = 0;

	if (get_user32(&word, va))
		ktest_fail(__FILE__, __LINE__, "a mapped word cannot be read");
	return word;
}

KTEST(user_memory_is_zero_until_written)
{
	uint32_t before = ktest_free_pages();
	struct space *s = entered();

	KREQUIRE(s);
	KEXPECT(!map_at(s, BASE, PAGES, REGION_READ | REGION_WRITE));
	KEXPECT(!page_at(s, BASE));
	for (unsigned i = 0; i < PAGES; i++) {
		KEXPECT_EQ(word_at(BASE + i * PAGE_SIZE), 0);
		KEXPECT(!put_user32(BASE + i * PAGE_SIZE, i + 1));
	}
	for (unsigned i = 0; i < PAGES; i++)
		KEXPECT_EQ(word_at(BASE + i * PAGE_SIZE), i + 1);
	KEXPECT_EQ(s->minor_faults, PAGES);
	leave();
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(fork_child_sees_cow_copy)
{
	uint32_t before = ktest_free_pages();
	struct space *parent = entered(), *child;
	struct page *shared;

	KREQUIRE(parent);
	KEXPECT(!map_at(parent, BASE, PAGES, REGION_READ | REGION_WRITE));
	KEXPECT(!put_user32(BASE, 1));
	child = space_fork(parent);
	KREQUIRE(child);
	shared = page_at(parent, BASE);
	KEXPECT(shared && page_at(child, BASE) == shared);
	KEXPECT_EQ(atomic_read(&shared->refs), 2);
	KEXPECT(!put_user32(BASE, 2));
	KEXPECT(page_at(parent, BASE) != shared && page_at(child, BASE) == shared);
	KEXPECT_EQ(atomic_read(&shared->refs), 1);
	parent = space_switch(child);
	KEXPECT_EQ(word_at(BASE), 1);
	KEXPECT(!put_user32(BASE, 3));
	KEXPECT(page_at(child, BASE) == shared); /* the last user writes in place */
	space_put(parent);
	KEXPECT_EQ(word_at(BASE), 3);
	leave();
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(user_copies_end_where_memory_ends)
{
	struct space *s = entered();
	char buf[64];

	KREQUIRE(s);
	KEXPECT(!map_at(s, BASE, 1, REGION_READ | REGION_WRITE));
	KEXPECT(!map_at(s, BASE + 4 * PAGE_SIZE, 1, REGION_READ));
	KEXPECT(!clear_user(BASE, PAGE_SIZE));
	KEXPECT_EQ(clear_user(BASE, PAGE_SIZE + 1), -EFAULT);
	KEXPECT_EQ(copy_from_user(buf, 0, 1), -EFAULT);
	KEXPECT_EQ(copy_from_user(buf, USER_MAX - 4, 8), -EFAULT);
	KEXPECT_EQ(copy_from_user(buf, KERNEL_BASE, 4), -EFAULT);
	KEXPECT_EQ(copy_from_user(buf, UINT32_MAX - 2, 8), -EFAULT);
	KEXPECT_EQ(copy_to_user(BASE + 4 * PAGE_SIZE, buf, 1), -EFAULT);
	KEXPECT(!copy_from_user(buf, BASE + 4 * PAGE_SIZE, sizeof(buf)));
	KEXPECT_EQ(put_user32(KERNEL_BASE - 2, 0), -EFAULT);
	KEXPECT(!copy_to_user(BASE + PAGE_SIZE - 4, "abc", 4));
	KEXPECT_EQ(string_from_user(buf, BASE + PAGE_SIZE - 4, sizeof(buf)), 3);
	KEXPECT(!strcmp(buf, "abc"));
	KEXPECT_EQ(string_from_user(buf, BASE + PAGE_SIZE - 4, 3), -ENAMETOOLONG);
	KEXPECT(!copy_to_user(BASE + PAGE_SIZE - 4, "abcd", 4));
	KEXPECT_EQ(string_from_user(buf, BASE + PAGE_SIZE - 4, sizeof(buf)), -EFAULT);
	leave();
}

KTEST(user_copy_without_faults_leaves_pages_alone)
{
	struct space *s = entered();
	struct uio u;

	KREQUIRE(s);
	KEXPECT(!map_at(s, BASE, 2, REGION_READ | REGION_WRITE));
	uio_user(&u, BASE + PAGE_SIZE - 2, 4);
	KEXPECT_EQ(uio_write_nofault(&u, "wxyz", 4), -EFAULT);
	KEXPECT(!page_at(s, BASE));
	KEXPECT(!uio_prefault(&u, 4, true));
	KEXPECT(page_at(s, BASE) && page_at(s, BASE + PAGE_SIZE));
	KEXPECT(!uio_write_nofault(&u, "wxyz", 4));
	KEXPECT_EQ(u.resid, 0);
	KEXPECT_EQ(word_at(BASE + PAGE_SIZE - 2), 0x7a797877); /* lint: "wxyz" as a word */
	leave();
}

KTEST(uio_counts_what_was_moved_before_a_fault)
{
	struct space *s = entered();
	struct uio u;
	char buf[64] = "";

	KREQUIRE(s);
	KEXPECT(!map_at(s, BASE, 1, REGION_READ | REGION_WRITE));
	uio_user(&u, BASE + PAGE_SIZE - 11, sizeof(buf));
	KEXPECT_EQ(uio_write(&u, buf, sizeof(buf)), -EFAULT);
	KEXPECT_EQ(u.resid, sizeof(buf) - 11);
	uio_user(&u, BASE + PAGE_SIZE - 11, sizeof(buf));
	KEXPECT_EQ(uio_read(&u, buf, sizeof(buf)), -EFAULT);
	KEXPECT_EQ(u.resid, sizeof(buf) - 11);
	KEXPECT(!map_at(s, USER_MAX - PAGE_SIZE, 1, REGION_READ | REGION_WRITE));
	uio_user(&u, USER_MAX - 5, sizeof(buf));
	KEXPECT_EQ(uio_zero(&u, sizeof(buf)), -EFAULT);
	KEXPECT_EQ(u.resid, sizeof(buf) - 5);
	leave();
}

KTEST(protection_none_keeps_the_bytes_but_not_the_access)
{
	struct space *s = entered();
	uint32_t word;

	KREQUIRE(s);
	KEXPECT(!map_at(s, BASE, PAGES, REGION_READ | REGION_WRITE));
	KEXPECT(!put_user32(BASE + PAGE_SIZE, 7));
	KEXPECT(!space_protect(s, BASE + PAGE_SIZE, PAGE_SIZE, 0));
	KEXPECT_EQ(s->region_count, 3);
	KEXPECT_EQ(get_user32(&word, BASE + PAGE_SIZE), -EFAULT);
	KEXPECT(!space_protect(s, BASE + PAGE_SIZE, PAGE_SIZE, REGION_READ));
	KEXPECT_EQ(word_at(BASE + PAGE_SIZE), 7);
	KEXPECT_EQ(put_user32(BASE + PAGE_SIZE, 8), -EFAULT);
	KEXPECT(!space_protect(s, BASE, PAGES * PAGE_SIZE, REGION_READ | REGION_WRITE));
	KEXPECT_EQ(s->region_count, 1);
	KEXPECT(!put_user32(BASE + PAGE_SIZE, 8));
	KEXPECT_EQ(space_protect(s, BASE, (PAGES + 1) * PAGE_SIZE, REGION_READ), -ENOMEM);
	leave();
}

KTEST(stack_grows_to_its_limit_and_keeps_its_distance)
{
	struct space *s = entered();
	struct map_request q = { .addr = STACK_TOP - PAGE_SIZE,
				 .length = PAGE_SIZE,
				 .fixed = true,
				 .prot = REGION_READ | REGION_WRITE,
				 .region_flags = REGION_STACK };
	vaddr_t at, limit = STACK_TOP - STACK_PAGES * PAGE_SIZE;

	KREQUIRE(s);
	s->stack_limit = STACK_PAGES * PAGE_SIZE;
	KEXPECT(!space_map(s, &q, &at));
	KEXPECT(!put_user32(STACK_TOP - 5 * PAGE_SIZE, 1));
	KEXPECT(!put_user32(limit, 1));
	KEXPECT_EQ(put_user32(limit - 4, 1), -EFAULT);
	s->stack_limit *= 2;
	KEXPECT(!map_at(s, limit - STACK_GUARD_GAP - PAGE_SIZE, 1, REGION_READ));
	KEXPECT_EQ(put_user32(limit - 4, 1), -EFAULT); /* its page would be in the gap */
	leave();
}

KTEST(brk_gives_and_takes_whole_pages)
{
	struct space *s = entered();
	vaddr_t start = BASE + 123;

	KREQUIRE(s);
	s->brk_start = s->brk = start;
	KEXPECT_EQ(space_brk(s, 0), start);
	KEXPECT_EQ(space_brk(s, start + 2 * PAGE_SIZE), start + 2 * PAGE_SIZE);
	KEXPECT(!put_user32(BASE + 2 * PAGE_SIZE, 5));
	KEXPECT_EQ(space_brk(s, start + 1), start + 1);
	KEXPECT_EQ(put_user32(BASE + 2 * PAGE_SIZE, 5), -EFAULT);
	KEXPECT_EQ(space_brk(s, start + 2 * PAGE_SIZE), start + 2 * PAGE_SIZE);
	KEXPECT_EQ(word_at(BASE + 2 * PAGE_SIZE), 0);
	KEXPECT_EQ(space_brk(s, KERNEL_BASE + 1), start + 2 * PAGE_SIZE);
	leave();
}

KTEST(mappings_are_placed_top_down_where_they_fit)
{
	struct space *s = entered();
	struct map_request q = { .length = 2 * PAGE_SIZE, .prot = REGION_READ };
	vaddr_t first, second, at;

	KREQUIRE(s);
	s->mmap_top = BASE;
	KEXPECT(!space_map(s, &q, &first));
	KEXPECT_EQ(first, BASE - 2 * PAGE_SIZE);
	q.prot = REGION_READ | REGION_WRITE;
	KEXPECT(!space_map(s, &q, &second));
	KEXPECT_EQ(second, first - 2 * PAGE_SIZE);
	KEXPECT(!space_unmap(s, first, 2 * PAGE_SIZE));
	KEXPECT(!space_map(s, &q, &at));
	KEXPECT_EQ(at, first);
	KEXPECT_EQ(s->region_count, 1); /* alike: joined */
	q.addr = BASE + 1;
	KEXPECT(!space_map(s, &q, &at));
	KEXPECT_EQ(at, BASE + PAGE_SIZE);
	q.length = UINT32_MAX;
	KEXPECT_EQ(space_map(s, &q, &at), -ENOMEM);
	leave();
}

/* ---- a file of our own: page n is filled with n + 1 ---- */

static int holders;
static uint64_t file_size;

static int fill_page(struct pagecache *pc, struct page *pg)
{
	(void)pc;
	memset(page_to_virt(pg), (int)pg->index + 1, PAGE_SIZE);
	return 0;
}

static void hold_file(struct pagecache *pc)
{
	(void)pc;
	holders++;
}

static void release_file(struct pagecache *pc)
{
	(void)pc;
	holders--;
}

static uint64_t size_of_file(struct pagecache *pc)
{
	(void)pc;
	return file_size;
}

static const struct pager_ops file_ops = {
	.read_page = fill_page,
	.hold = hold_file,
	.release = release_file,
	.size = size_of_file,
};

static int map_file(struct space *s, struct pagecache *pc, uint8_t prot)
{
	struct map_request q = { .addr = BASE,
				 .length = FILE_PAGES * PAGE_SIZE,
				 .prot = prot,
				 .fixed = true,
				 .file = pc };
	vaddr_t at;

	return space_map(s, &q, &at);
}

KTEST(file_pages_are_shared_with_the_cache_until_written)
{
	uint32_t before = ktest_free_pages();
	struct space *s = entered();
	struct pagecache pc;
	struct page *cached;

	KREQUIRE(s);
	file_size = FILE_PAGES * PAGE_SIZE;
	pagecache_init(&pc, &file_ops);
	KEXPECT(!map_file(s, &pc, REGION_READ | REGION_WRITE));
	KEXPECT_EQ(holders, 1);
	KEXPECT_EQ((uint8_t)word_at(BASE + PAGE_SIZE), 2);
	cached = pagecache_find(&pc, 1);
	KREQUIRE(cached);
	KEXPECT(page_at(s, BASE + PAGE_SIZE) == cached);
	KEXPECT(!put_user32(BASE + PAGE_SIZE, 99));
	KEXPECT(page_at(s, BASE + PAGE_SIZE) != cached);
	KEXPECT_EQ(*(uint8_t *)page_to_virt(cached), 2);
	page_put(cached);
	page_drop_caches(RECLAIM_PAGES);
	KEXPECT_EQ(pc.count, 0);
	KEXPECT_EQ(word_at(BASE + PAGE_SIZE), 99);
	leave();
	KEXPECT_EQ(holders, 0);
	pagecache_destroy(&pc);
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(truncation_takes_pages_out_of_address_spaces)
{
	uint32_t before = ktest_free_pages();
	struct space *s = entered();
	struct pagecache pc;
	uint32_t word;

	KREQUIRE(s);
	file_size = FILE_PAGES * PAGE_SIZE;
	pagecache_init(&pc, &file_ops);
	KEXPECT(!map_file(s, &pc, REGION_READ));
	for (unsigned i = 0; i < FILE_PAGES; i++)
		KEXPECT_EQ((uint8_t)word_at(BASE + i * PAGE_SIZE), i + 1);
	file_size = PAGE_SIZE + 1;
	pagecache_truncate(&pc, file_size);
	KEXPECT_EQ(pc.count, 2);
	KEXPECT_EQ(word_at(BASE + PAGE_SIZE), 2); /* three bytes were cut off */
	KEXPECT_EQ(get_user32(&word, BASE + 2 * PAGE_SIZE), -EFAULT);
	file_size = FILE_PAGES * PAGE_SIZE;
	KEXPECT_EQ((uint8_t)word_at(BASE + 2 * PAGE_SIZE), 3);
	leave();
	pagecache_destroy(&pc);
	KEXPECT_EQ(ktest_free_pages(), before);
}
