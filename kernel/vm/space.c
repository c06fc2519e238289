/* SPDX-License-Identifier: MIT */
/* Address spaces: creation, fork, end, and which one a thread runs in. What may
 * be mapped where: map.c; page faults: fault.c.
 *
 * A space lives as long as threads run in it or somebody holds a reference. A
 * kernel thread may still have its page table loaded then: space_put evicts it
 * before anything is freed.
 */
#include "vm/space.h"

#include "core/irqflag.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "vm/region.h"

static struct slab_cache space_cache = SLAB_CACHE("space", struct space);

struct space *space_create(void)
{
	struct space *s = slab_alloc_zero(&space_cache);

	if (!s)
		return NULL;
	if (pagetable_init(&s->pt)) {
		slab_free(&space_cache, s);
		return NULL;
	}
	mutex_init(&s->lock, LOCK_SPACE);
	atomic_set(&s->refs, 1);
	rb_init(&s->regions);
	list_init(&s->in_order);
	s->mmap_top = USER_MAX;
	s->page_limit = s->data_limit = UINT32_MAX;
	return s;
}

/* Table by table, as truncation and all who come to the file wait meanwhile. */
static int copy_pages(struct space *child, struct region *r)
{
	int error = 0;

	for (vaddr_t va = r->start, next; va < r->end && !error; va = next) {
		next = MIN(r->end, ALIGN_DOWN(va, (vaddr_t)LARGE_PAGE_SIZE) + LARGE_PAGE_SIZE);
		region_lock_file(r);
		error = pagetable_copy_range(&child->pt, &r->space->pt, va, next,
					     !(r->flags & REGION_SHARED));
		region_unlock_file(r);
	}
	return error;
}

/* Adds a copy of r, which is the highest region of the child so far. */
static int fork_region(struct space *child, struct region *r)
{
	struct region *copy = region_new(r, r->start, r->end);

	if (!copy)
		return -ENOMEM;
	copy->space = child;
	copy->flags &= (uint16_t)~REGION_LOCKED; /* a child's memory is not locked */
	region_attach(copy);
	return r->flags & REGION_WIPE ? 0 : copy_pages(child, r);
}

static int fork_regions(struct space *child, struct space *parent)
{
	struct region *r;
	int error = 0;

	list_for_each_entry(r, &parent->in_order, link) {
		if (r->flags & REGION_DONT_FORK)
			continue;
		error = fork_region(child, r);
		if (error)
			break;
	}
	/* Even after a failure: some of the parent's pages are read-only now. */
	pagetable_flush(&parent->pt, 0, USER_MAX);
	return error;
}

struct space *space_fork(struct space *parent)
{
	struct space *child = space_create();
	int error;

	if (!child)
		return NULL;
	mutex_lock(&parent->lock);
	child->args = parent->args;
	child->env = parent->env;
	child->env_end = parent->env_end;
	child->brk_start = parent->brk_start;
	child->brk = parent->brk;
	child->mmap_top = parent->mmap_top;
	child->stack_limit = parent->stack_limit;
	child->page_limit = parent->page_limit;
	child->data_limit = parent->data_limit;
	error = fork_regions(child, parent);
	mutex_unlock(&parent->lock);
	if (error) {
		space_put(child);
		return NULL;
	}
	return child;
}

int space_shared_object(struct space *s, vaddr_t va, struct pagecache **file, uint64_t *offset)
{
	struct region *r;
	int err = -EFAULT;

	*file = NULL;
	mutex_lock(&s->lock);
	r = region_find(s, va);
	if (r && r->start <= va && (r->file || (r->prot & REGION_WRITE))) {
		err = 0;
		if (r->file && (r->flags & REGION_SHARED)) {
			*file = r->file;
			*offset = r->file_offset + (va - r->start);
			r->file->ops->hold(r->file);
		}
	}
	mutex_unlock(&s->lock);
	return err;
}

/* Nobody uses it any more, so no lock, no flush, and the tree may rot. */
static void space_destroy(struct space *s)
{
	struct region *r, *next;

	pagetable_evict(&s->pt);
	list_for_each_entry_safe(r, next, &s->in_order, link) {
		if (r->file) {
			spin_lock(&r->file->lock);
			list_remove(&r->file_link);
			spin_unlock(&r->file->lock);
		}
		pagetable_unmap_dead(&s->pt, r->start, r->end);
		region_free(r);
	}
	pagetable_destroy(&s->pt);
	slab_free(&space_cache, s);
}

void space_put(struct space *s)
{
	if (s && atomic_dec_and_test(&s->refs))
		space_destroy(s);
}

struct space *space_switch(struct space *s)
{
	struct space *former = space_current();

	irq_disable();
	current->pagetable = s ? &s->pt : NULL;
	pagetable_load(current->pagetable);
	irq_enable();
	return former;
}
