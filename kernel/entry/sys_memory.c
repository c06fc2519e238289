/* SPDX-License-Identifier: MIT */
/* System calls: memory. */
#include <abi/mman.h>
#include <abi/mount.h>
#include <abi/resource.h>

#include "entry/decode.h"
#include "vm/shared_memory.h"
#include "vm/space.h"

enum {
	PROT_KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC,
	MINCORE_CHUNK = 256, /* pages asked about at once */
	PROT_SEM = 8,        /* asked for by old programs; means nothing here */
};

static_assert(PROT_READ == (int)REGION_READ && PROT_WRITE == (int)REGION_WRITE &&
		      PROT_EXEC == (int)REGION_EXEC,
	      "protection goes through unchanged");

SYSCALL_ABI int32_t sys_brk(uaddr_t end)
{
	return (int32_t)space_brk(process_current()->space, end);
}

/* ---- mmap ---- */

/* Bytes that may still be locked in memory. */
static bool may_lock(struct space *s, uint32_t length)
{
	struct process *p = process_current();
	uint64_t limit = p->limits[RLIMIT_MEMLOCK].rlim_cur;
	uint64_t locked = (uint64_t)space_locked_pages(s) << PAGE_SHIFT;

	return p->cred.euid == 0 || locked + ALIGN_UP((uint64_t)length, PAGE_SIZE) <= limit;
}

/* Maps what r says, as mlockall and the flags of mmap want it. The address or -errno. */
static int32_t map(struct map_request *r, uint32_t flags)
{
	struct space *s = process_current()->space;
	vaddr_t at;
	int err;

	if (s->lock_future || (flags & MAP_LOCKED)) {
		r->region_flags |= REGION_LOCKED;
		if (!may_lock(s, r->length))
			return -EAGAIN;
	}
	err = space_map(s, r, &at);
	if (err)
		return err;
	if ((r->region_flags & REGION_LOCKED) || (flags & MAP_POPULATE))
		err = space_populate(s, at, at + ALIGN_UP(r->length, (uint32_t)PAGE_SIZE));
	return (int32_t)at; /* pages that could not come will fault later */
}

static int map_check(uint32_t length, uint32_t type)
{
	return !length || type == 0 || type > MAP_SHARED_VALIDATE ? -EINVAL : 0;
}

/* A file that may be mapped. */
static int map_file_check(const struct file *f, const struct map_request *r, uint32_t type)
{
	bool shared = type != MAP_PRIVATE;

	if (f->flags & O_PATH)
		return -EBADF;
	if (map_check(r->length, type))
		return -EINVAL;
	if (!file_readable(f))
		return -EACCES;
	if (!f->vnode || !vnode_is_regular(f->vnode) || !f->vnode->pages.ops)
		return -ENODEV;
	if ((r->prot & PROT_EXEC) && (f->vnode->mount->flags & MS_NOEXEC))
		return -EPERM;
	return shared && (r->prot & PROT_WRITE) && !file_writable(f) ? -EACCES : 0;
}

static int32_t map_file(struct map_request *r, int32_t fd, uint32_t page_offset, uint32_t flags)
{
	bool shared = (flags & MAP_TYPE) != MAP_PRIVATE;
	struct file *f = fd_get(current_files(), fd);
	int32_t result;

	if (!f)
		return -EBADF;
	result = map_file_check(f, r, flags & MAP_TYPE);
	if (!result) {
		r->file = &f->vnode->pages; /* the region will hold it */
		r->file_offset = (uint64_t)page_offset << ABI_MMAP2_SHIFT;
		if (shared)
			r->region_flags = file_writable(f) ? REGION_SHARED
							   : REGION_SHARED | REGION_READ_ONLY;
		if (f->vnode->mount->flags & MS_NOEXEC)
			r->region_flags |= REGION_NO_EXEC;
		result = map(r, flags);
	}
	file_put(f);
	return result;
}

/* Memory that children will share, without a file. */
static int32_t map_shared_memory(struct map_request *r, uint32_t flags)
{
	int32_t result;

	r->file = shared_memory_create(ALIGN_UP((uint64_t)r->length, PAGE_SIZE));
	if (!r->file)
		return -ENOMEM;
	r->region_flags = REGION_SHARED;
	result = map(r, flags);
	r->file->ops->release(r->file); /* the region holds its own */
	return result;
}

SYSCALL_ABI int32_t sys_mmap2(uaddr_t start, uint32_t length, uint32_t prot, uint32_t flags,
			      int32_t fd, uint32_t page_offset)
{
	uint32_t type = flags & MAP_TYPE;
	struct map_request r = {
		.addr = start,
		.length = length,
		.prot = prot & PROT_KNOWN,
		.fixed = flags & (MAP_FIXED | MAP_FIXED_NOREPLACE),
		.noreplace = flags & MAP_FIXED_NOREPLACE,
	};

	if (!(flags & MAP_ANONYMOUS))
		return map_file(&r, fd, page_offset, flags);
	if (map_check(length, type))
		return -EINVAL;
	if (type != MAP_PRIVATE)
		return map_shared_memory(&r, flags);
	if (flags & MAP_GROWSDOWN)
		r.region_flags = REGION_STACK;
	return map(&r, flags);
}

SYSCALL_ABI int32_t sys_mremap(uaddr_t old, uint32_t old_length, uint32_t new_length,
			       uint32_t flags, uaddr_t new_addr)
{
	struct remap_request q = {
		.old = old,
		.old_length = old_length,
		.new_length = new_length,
		.may_move = flags & MREMAP_MAYMOVE,
		.fixed = flags & MREMAP_FIXED,
		.new_addr = new_addr,
	};
	vaddr_t at;
	int err;

	if (flags & ~(uint32_t)(MREMAP_MAYMOVE | MREMAP_FIXED))
		return -EINVAL;
	err = space_remap(process_current()->space, &q, &at);
	return err ? err : (int32_t)at;
}

SYSCALL_ABI int32_t sys_munmap(uaddr_t start, uint32_t length)
{
	return space_unmap(process_current()->space, start, length);
}

SYSCALL_ABI int32_t sys_mprotect(uaddr_t start, uint32_t length, uint32_t prot)
{
	uint32_t size = ALIGN_UP(length, (uint32_t)PAGE_SIZE);

	if (!IS_ALIGNED(start, PAGE_SIZE) || (prot & ~(uint32_t)(PROT_KNOWN | PROT_SEM)))
		return -EINVAL;
	if (!length)
		return 0;
	if (size < length || start + size < start || start + size > USER_MAX)
		return -ENOMEM;
	return space_protect(process_current()->space, start, size, prot & PROT_KNOWN);
}

/* ---- ranges ---- */

/* The end of a page-aligned range that may be empty. -EINVAL: not aligned; `beyond`
 * where it leaves user space.
 */
static int range_end(uaddr_t start, uint32_t length, int beyond, vaddr_t *end)
{
	uint32_t size = ALIGN_UP(length, (uint32_t)PAGE_SIZE);

	if (!IS_ALIGNED(start, PAGE_SIZE))
		return -EINVAL;
	if (size < length || start + size < start || start + size > USER_MAX)
		return beyond;
	*end = start + size;
	return 0;
}

SYSCALL_ABI int32_t sys_msync(uaddr_t start, uint32_t length, uint32_t flags)
{
	struct space *s = process_current()->space;
	vaddr_t end;
	int err = range_end(start, length, -ENOMEM, &end);

	if ((flags & ~(uint32_t)(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) ||
	    (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
		return -EINVAL;
	if (err || start == end)
		return err;
	return flags & MS_SYNC ? space_sync(s, start, end) : space_covers(s, start, end);
}

SYSCALL_ABI int32_t sys_madvise(uaddr_t start, uint32_t length, int32_t advice)
{
	struct space *s = process_current()->space;
	vaddr_t end;
	int err = range_end(start, length, -ENOMEM, &end);

	if (err)
		return err;
	switch (advice) {
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
		return start < end ? space_covers(s, start, end) : 0;
	case MADV_WILLNEED:
		return start < end ? space_will_need(s, start, end) : 0;
	case MADV_DONTNEED:
		return start < end ? space_discard(s, start, end) : 0;
	case MADV_FREE:
		return start < end ? space_free(s, start, end) : 0;
	case MADV_DONTFORK:
	case MADV_DOFORK:
		return start < end ? space_set_flag(s, start, end, REGION_DONT_FORK,
						    advice == MADV_DONTFORK)
				   : 0;
	default:
		return -EINVAL;
	}
}

SYSCALL_ABI int32_t sys_mincore(uaddr_t start, uint32_t length, uaddr_t present)
{
	struct space *s = process_current()->space;
	uint8_t chunk[MINCORE_CHUNK];
	vaddr_t end;
	int err = range_end(start, length, -ENOMEM, &end);

	while (!err && start < end) {
		unsigned n = MIN((end - start) >> PAGE_SHIFT, (vaddr_t)MINCORE_CHUNK);

		err = space_mincore(s, start, n, chunk);
		if (!err)
			err = copy_to_user(present, chunk, n);
		start += n * PAGE_SIZE;
		present += n;
	}
	return err;
}

static int32_t lock_range(uaddr_t start, uint32_t length, bool populate)
{
	struct space *s = process_current()->space;
	uint32_t offset = start & PAGE_MASK;
	vaddr_t end;
	int err = range_end(start - offset, length + offset, -ENOMEM, &end);

	if (!err && length + offset < length)
		err = -ENOMEM;
	if (err || !length)
		return err;
	if (!may_lock(s, end - (start - offset)))
		return -ENOMEM;
	err = space_set_flag(s, start - offset, end, REGION_LOCKED, true);
	if (!err && populate)
		err = space_populate(s, start - offset, end);
	return err && err != -EINTR ? -ENOMEM : err;
}

SYSCALL_ABI int32_t sys_mlock(uaddr_t start, uint32_t length)
{
	return lock_range(start, length, true);
}

SYSCALL_ABI int32_t sys_mlock2(uaddr_t start, uint32_t length, uint32_t flags)
{
	if (flags & ~(uint32_t)MLOCK_ONFAULT)
		return -EINVAL;
	return lock_range(start, length, !flags);
}

SYSCALL_ABI int32_t sys_munlock(uaddr_t start, uint32_t length)
{
	uint32_t offset = start & PAGE_MASK;
	vaddr_t end;
	int err = range_end(start - offset, length + offset, -ENOMEM, &end);

	if (!err && length + offset < length)
		err = -EINVAL;
	if (err || !length)
		return err;
	return space_set_flag(process_current()->space, start - offset, end, REGION_LOCKED, false);
}

SYSCALL_ABI int32_t sys_mlockall(uint32_t flags)
{
	struct space *s = process_current()->space;

	if (!flags || flags == MCL_ONFAULT ||
	    (flags & ~(uint32_t)(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)))
		return -EINVAL;
	if ((flags & MCL_CURRENT) && !may_lock(s, s->mapped_pages << PAGE_SHIFT))
		return -ENOMEM;
	s->lock_future = flags & MCL_FUTURE;
	if (flags & MCL_CURRENT)
		space_lock_all(s, true);
	return 0;
}

SYSCALL_ABI int32_t sys_munlockall(void)
{
	struct space *s = process_current()->space;

	s->lock_future = false;
	space_lock_all(s, false);
	return 0;
}
