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
	/* What MAP_SHARED_VALIDATE lets pass (man 2 mmap). */
	MAP_KNOWN = MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_DENYWRITE |
		    MAP_EXECUTABLE | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK |
		    MAP_STACK | MAP_HUGETLB | MAP_HUGE_SIZES,
};

static_assert(PROT_READ == (int)REGION_READ && PROT_WRITE == (int)REGION_WRITE &&
		      PROT_EXEC == (int)REGION_EXEC,
	      "protection goes through unchanged");

SYSCALL_ABI int32_t sys_brk(uaddr_t end)
{
	return (int32_t)space_brk(process_current()->space, end);
}

/* ---- mmap ---- */

/* Whether so many bytes more may be locked in memory: 0, -EPERM (none may), or `beyond`. */
static int may_lock(struct space *s, uint32_t length, int beyond)
{
	struct process *p = process_current();
	uint64_t limit = p->limits[RLIMIT_MEMLOCK].rlim_cur;
	uint64_t locked = (uint64_t)space_locked_pages(s) << PAGE_SHIFT;

	if (p->cred.euid == 0)
		return 0;
	if (limit == 0)
		return -EPERM;
	return locked + ALIGN_UP((uint64_t)length, PAGE_SIZE) <= limit ? 0 : beyond;
}

/* Maps what r says, as mlockall and the flags of mmap want it. The address or -errno. */
static int32_t map(struct map_request *r, uint32_t flags)
{
	struct space *s = process_current()->space;
	vaddr_t at;
	int err;

	if (s->lock_future || (flags & MAP_LOCKED)) {
		r->region_flags |= REGION_LOCKED;
		err = may_lock(s, r->length, -EAGAIN);
		if (err)
			return err;
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
static int map_file_check(const struct file *f, const struct map_request *r, uint32_t flags)
{
	bool shared = (flags & MAP_TYPE) != MAP_PRIVATE;

	if (f->flags & O_PATH)
		return -EBADF;
	if (map_check(r->length, flags & MAP_TYPE) || (flags & MAP_HUGETLB))
		return -EINVAL;
	if ((flags & MAP_TYPE) == MAP_SHARED_VALIDATE && (flags & ~MAP_KNOWN))
		return -EOPNOTSUPP;
	if (shared && (r->prot & PROT_WRITE) && !file_writable(f))
		return -EACCES;
	if (!file_readable(f))
		return -EACCES;
	if (f->vnode && (f->vnode->mount->flags & MS_NOEXEC) && (r->prot & PROT_EXEC))
		return -EPERM;
	if (f->ops && f->ops->maps_zeros)
		return 0;
	if (!f->vnode || !vnode_is_regular(f->vnode) || !f->vnode->pages.ops)
		return -ENODEV;
	return flags & MAP_GROWSDOWN ? -EINVAL : 0;
}

/* Memory that children will share, without a file. */
static int32_t map_shared_memory(struct map_request *r, uint32_t flags)
{
	uint64_t size = ALIGN_UP((uint64_t)r->length, PAGE_SIZE);
	int32_t result;

	if (flags & MAP_GROWSDOWN)
		return -EINVAL;
	if (!(flags & MAP_NORESERVE) && size >> PAGE_SHIFT > page_count)
		return -ENOMEM; /* it could never be filled */
	r->file = shared_memory_create(size);
	if (!r->file)
		return -ENOMEM;
	r->region_flags = REGION_SHARED;
	result = map(r, flags);
	r->file->ops->release(r->file); /* the region holds its own */
	return result;
}

/* Zeros, of the program's own or to share with its children. */
static int32_t map_zeros(struct map_request *r, uint32_t flags)
{
	if ((flags & MAP_TYPE) != MAP_PRIVATE)
		return map_shared_memory(r, flags);
	if (flags & MAP_GROWSDOWN)
		r->region_flags |= REGION_STACK;
	if (flags & MAP_NORESERVE)
		r->region_flags |= REGION_NORESERVE;
	return map(r, flags);
}

/* A region of the vnode's pages. What is made through a file that is open for writing counts
 * as a writer, whether it is shared or not (as on Linux, where it keeps the file open).
 */
static int32_t map_vnode(struct map_request *r, const struct file *f, uint64_t offset,
			 uint32_t flags)
{
	bool shared = (flags & MAP_TYPE) != MAP_PRIVATE;

	r->file = &f->vnode->pages; /* the region will hold it */
	r->file_offset = offset;
	if (shared)
		r->region_flags |= REGION_SHARED;
	if (file_writable(f))
		r->region_flags |= REGION_WRITER;
	else if (shared)
		r->region_flags |= REGION_READ_ONLY;
	if (f->vnode->mount->flags & MS_NOEXEC)
		r->region_flags |= REGION_NO_EXEC;
	if (flags & MAP_NORESERVE)
		r->region_flags |= REGION_NORESERVE;
	return map(r, flags);
}

static int32_t map_file(struct map_request *r, int32_t fd, uint64_t offset, uint32_t flags)
{
	struct file *f = fd_get(current_files(), fd);
	int32_t result;

	if (!f)
		return -EBADF;
	result = map_file_check(f, r, flags);
	if (!result)
		result = f->ops && f->ops->maps_zeros ? map_zeros(r, flags)
						      : map_vnode(r, f, offset, flags);
	file_put(f);
	return result;
}

static int32_t mmap_common(const struct abi_mmap_args *a, uint64_t offset)
{
	struct map_request r = {
		.addr = a->start,
		.length = a->length,
		.prot = a->prot & PROT_KNOWN,
		.fixed = a->flags & (MAP_FIXED | MAP_FIXED_NOREPLACE),
		.noreplace = a->flags & MAP_FIXED_NOREPLACE,
	};
	uint32_t type = a->flags & MAP_TYPE;

	if (!(a->flags & MAP_ANONYMOUS))
		return map_file(&r, a->fd, offset, a->flags);
	if (map_check(a->length, type) || type == MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (a->flags & MAP_HUGETLB)
		return -ENOMEM; /* as on a Linux that keeps no such pages */
	return map_zeros(&r, a->flags);
}

SYSCALL_ABI int32_t sys_mmap2(uaddr_t start, uint32_t length, uint32_t prot, uint32_t flags,
			      int32_t fd, uint32_t page_offset)
{
	struct abi_mmap_args a = { start, length, prot, flags, fd, 0 };

	return mmap_common(&a, (uint64_t)page_offset << ABI_MMAP2_SHIFT);
}

/* The old gate: arguments in memory, the offset in bytes. */
SYSCALL_ABI int32_t sys_mmap(uaddr_t args)
{
	struct abi_mmap_args a;
	int err = copy_from_user(&a, args, sizeof(a));

	if (err)
		return err;
	return a.offset & PAGE_MASK ? -EINVAL : mmap_common(&a, a.offset);
}

SYSCALL_ABI int32_t sys_mremap(uaddr_t old, uint32_t old_length, uint32_t new_length,
			       uint32_t flags, uaddr_t new_addr)
{
	struct remap_request q = {
		.old = old,
		.old_length = old_length,
		.new_length = new_length,
		.may_move = flags & MREMAP_MAYMOVE,
		.keep_old = flags & MREMAP_DONTUNMAP,
		.fixed = flags & MREMAP_FIXED,
		.new_addr = new_addr,
	};
	vaddr_t at;
	int err;

	if (flags & ~(uint32_t)(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP))
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

static bool advice_is_known(int32_t advice)
{
	return (advice >= MADV_NORMAL && advice <= MADV_DONTNEED) || advice == MADV_FREE ||
	       advice == MADV_DONTFORK || advice == MADV_DOFORK ||
	       (advice >= MADV_DONTDUMP && advice <= MADV_DONTNEED_LOCKED);
}

/* There are no core files, and nowhere to page out to: that advice changes nothing. */
static int advise(struct space *s, vaddr_t start, vaddr_t end, int32_t advice)
{
	switch (advice) {
	case MADV_WILLNEED:
		return space_will_need(s, start, end);
	case MADV_DONTNEED:
		return space_discard(s, start, end);
	case MADV_DONTNEED_LOCKED:
		return space_discard_locked(s, start, end);
	case MADV_FREE:
		return space_free(s, start, end);
	case MADV_DONTFORK:
	case MADV_DOFORK:
		return space_set_flag(s, start, end, REGION_DONT_FORK, advice == MADV_DONTFORK);
	case MADV_WIPEONFORK:
	case MADV_KEEPONFORK:
		return space_set_wipe(s, start, end, advice == MADV_WIPEONFORK);
	case MADV_POPULATE_READ:
		return space_touch(s, start, end, FAULT_READ);
	case MADV_POPULATE_WRITE:
		return space_touch(s, start, end, FAULT_WRITE);
	default:
		return space_covers(s, start, end);
	}
}

SYSCALL_ABI int32_t sys_madvise(uaddr_t start, uint32_t length, int32_t advice)
{
	struct space *s = process_current()->space;
	vaddr_t end;
	int err = range_end(start, length, -ENOMEM, &end);

	if (err)
		return err;
	if (!advice_is_known(advice))
		return -EINVAL;
	return start < end ? advise(s, start, end, advice) : 0;
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
	err = may_lock(s, end - (start - offset), -ENOMEM);
	if (err)
		return err;
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
	int err;

	if (!flags || flags == MCL_ONFAULT ||
	    (flags & ~(uint32_t)(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)))
		return -EINVAL;
	err = may_lock(s, flags & MCL_CURRENT ? s->mapped_pages << PAGE_SHIFT : 0, -ENOMEM);
	if (err)
		return err;
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
