/* SPDX-License-Identifier: MIT */
/* System calls: memory. */
#include <abi/mman.h>

#include "entry/decode.h"
#include "vm/shared_memory.h"
#include "vm/space.h"

enum {
	PROT_KNOWN = PROT_READ | PROT_WRITE | PROT_EXEC,
	PROT_SEM = 8, /* asked for by old programs; means nothing here */
};

static_assert(PROT_READ == (int)REGION_READ && PROT_WRITE == (int)REGION_WRITE &&
		      PROT_EXEC == (int)REGION_EXEC,
	      "protection goes through unchanged");

SYSCALL_ABI int32_t sys_brk(uaddr_t end)
{
	return (int32_t)space_brk(process_current()->space, end);
}

/* A file that may be mapped: its page cache, which the region will hold. */
static int map_file_check(const struct file *f, uint32_t prot, bool shared)
{
	if (!file_readable(f))
		return f->flags & O_PATH ? -EBADF : -EACCES;
	if (!f->vnode || !vnode_is_regular(f->vnode))
		return -ENODEV;
	return shared && (prot & PROT_WRITE) && !file_writable(f) ? -EACCES : 0;
}

static int32_t map_file(struct map_request *r, int32_t fd, uint32_t page_offset, bool shared)
{
	struct file *f = fd_get(current_files(), fd);
	vaddr_t at;
	int err;

	if (!f)
		return -EBADF;
	err = map_file_check(f, r->prot, shared);
	if (!err) {
		r->file = &f->vnode->pages;
		r->region_flags = shared ? REGION_SHARED : 0;
		r->file_offset = (uint64_t)page_offset << ABI_MMAP2_SHIFT;
		err = space_map(process_current()->space, r, &at);
	}
	file_put(f);
	return err ? err : (int32_t)at;
}

/* Memory that a child will share, without a file. */
static int32_t map_shared_memory(struct map_request *r)
{
	uint64_t size = ALIGN_UP((uint64_t)r->length, (uint64_t)PAGE_SIZE);
	vaddr_t at;
	int err;

	r->file = shared_memory_create(size);
	if (!r->file)
		return -ENOMEM;
	r->region_flags = REGION_SHARED;
	err = space_map(process_current()->space, r, &at);
	r->file->ops->release(r->file); /* the region holds its own */
	return err ? err : (int32_t)at;
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
	vaddr_t at;
	int err;

	if (!length || type == 0 || type > MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (!(flags & MAP_ANONYMOUS))
		return map_file(&r, fd, page_offset, type != MAP_PRIVATE);
	if (type != MAP_PRIVATE)
		return map_shared_memory(&r);
	err = space_map(process_current()->space, &r, &at);
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
