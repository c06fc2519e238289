/* SPDX-License-Identifier: MIT */
/* What can be said in terms of malloc(). */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *calloc(size_t count, size_t size)
{
	size_t total;
	void *block;

	if (__builtin_mul_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	block = malloc(total);
	return block ? memset(block, 0, total) : NULL;
}

void *reallocarray(void *block, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	return realloc(block, total);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	void *block;
	int error;

	error = posix_memalign(&block, alignment < sizeof(void *) ? sizeof(void *) : alignment,
			       size);
	if (error) {
		errno = error;
		return NULL;
	}
	return block;
}
