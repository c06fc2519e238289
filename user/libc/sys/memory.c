/* SPDX-License-Identifier: MIT */
/* The address space: mappings and the break. */
#include <stdarg.h>
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

void *mremap(void *old, size_t old_length, size_t new_length, int flags, ...)
{
	va_list arguments;
	void *to = NULL;

	va_start(arguments, flags);
	if (flags & MREMAP_FIXED)
		to = va_arg(arguments, void *);
	va_end(arguments);
	return (void *)sys_result(
		sys_mremap((unsigned long)old, old_length, new_length, flags, (unsigned long)to));
}

int msync(void *at, size_t length, int flags)
{
	return sys_result(sys_msync((unsigned long)at, length, flags));
}

int madvise(void *at, size_t length, int advice)
{
	return sys_result(sys_madvise((unsigned long)at, length, advice));
}

int mincore(void *at, size_t length, unsigned char *present)
{
	return sys_result(sys_mincore((unsigned long)at, length, (unsigned long)present));
}

int mlock(const void *at, size_t length)
{
	return sys_result(sys_mlock((unsigned long)at, length));
}

int mlock2(const void *at, size_t length, unsigned int flags)
{
	return sys_result(sys_mlock2((unsigned long)at, length, flags));
}

int munlock(const void *at, size_t length)
{
	return sys_result(sys_munlock((unsigned long)at, length));
}

int mlockall(int flags)
{
	return sys_result(sys_mlockall(flags));
}

int munlockall(void)
{
	return sys_result(sys_munlockall());
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
