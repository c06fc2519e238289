/* SPDX-License-Identifier: MIT */
/* On the host: malloc, with failures on demand and a count of what is in use. */
#ifndef MM_SLAB_H
#define MM_SLAB_H

#include "core/spinlock.h"

struct slab_cache {
	const char *name;
	size_t size;
};

#define SLAB_CACHE_RECLAIMABLE(name_, type_) SLAB_CACHE(name_, type_)
#define SLAB_CACHE(name_, type_) \
	{ \
		.name = (name_), .size = sizeof(type_) \
	}

void *slab_alloc_zero(struct slab_cache *c) __must_check;
void slab_free(struct slab_cache *c, void *obj);
void *kmalloc(size_t size) __must_check;
void *kzalloc(size_t size) __must_check;
void kfree(void *p);

#endif
