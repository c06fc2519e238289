/* SPDX-License-Identifier: MIT */
/* The address space: mappings and the break. */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stubs.h"

enum {
	OFFSET_SHIFT = ABI_MMAP2_SHIFT,
	OFFSET_MASK = (1 << OFFSET_SHIFT) - 1,
};

void *mmap(void *at, size_t length, int prot, int flags, int fd, off_t offset)
{
	if (offset & OFFSET_MASK)
		return (void *)__set_errno(EINVAL);
	return (void *)sys_result(
		sys_mmap2((unsigned long)at, length, prot, flags, fd, offset >> OFFSET_SHIFT));
}

int munmap(void *at, size_t length)
{
	return sys_result(sys_munmap((unsigned long)at, length));
}

int mprotect(void *at, size_t length, int prot)
{
	return sys_result(sys_mprotect((unsigned long)at, length, prot));
}

/* The kernel answers with the break as it then is, moved or not. */
int brk(void *end)
{
	if (sys_brk((unsigned long)end) != (long)end)
		return __set_errno(ENOMEM);
	return 0;
}

void *sbrk(intptr_t change)
{
	unsigned long old = sys_brk(0);

	if (change && sys_brk(old + change) != (long)(old + change))
		return (void *)__set_errno(ENOMEM);
	return (void *)old;
}
