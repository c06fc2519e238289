/* SPDX-License-Identifier: MIT */
/* Slab caches and kmalloc. */
#include "ktest.h"
#include "lib/string.h"
#include "mm/page.h"
#include "mm/slab.h"

enum { OBJECTS = 200 };

struct thing {
	uint64_t stamp;
	char rest[52];
};

static struct slab_cache thing_cache = SLAB_CACHE("ktest_thing", struct thing);
static struct slab_cache wide_cache = SLAB_CACHE_SIZED("ktest_wide", 40, 64);
static struct thing *things[OBJECTS];

static uint32_t objects_used(struct slab_cache *c)
{
	struct slab_stats stats;

	slab_stats(c, &stats);
	return stats.used;
}

KTEST(slab_objects_are_apart_and_keep_their_bytes)
{
	uint32_t used = objects_used(&thing_cache);

	for (int step = 0; step < 20000; step++) {
		unsigned i = ktest_random() % OBJECTS;

		if (things[i]) {
			KEXPECT_EQ(things[i]->stamp, i);
			KEXPECT_EQ(things[i]->rest[51], (char)i);
			slab_free(&thing_cache, things[i]);
			things[i] = NULL;
			continue;
		}
		things[i] = slab_alloc(&thing_cache);
		KREQUIRE(things[i]);
		things[i]->stamp = i;
		things[i]->rest[51] = (char)i;
	}
	for (unsigned i = 0; i < OBJECTS; i++) {
		slab_free(&thing_cache, things[i]);
		things[i] = NULL;
	}
	KEXPECT_EQ(objects_used(&thing_cache), used);
}

KTEST(slab_counts_what_users_hold)
{
	struct thing *a = slab_alloc(&thing_cache), *b = slab_alloc(&thing_cache);

	KREQUIRE(a && b);
	KEXPECT_EQ(objects_used(&thing_cache), 2);
	slab_free(&thing_cache, a);
	KEXPECT_EQ(objects_used(&thing_cache), 1);
	slab_free(&thing_cache, b);
	slab_free(&thing_cache, NULL);
	KEXPECT_EQ(objects_used(&thing_cache), 0);
}

KTEST(slab_keeps_the_alignment_asked_for)
{
	void *object[40];

	for (unsigned i = 0; i < ARRAY_SIZE(object); i++) {
		object[i] = slab_alloc(&wide_cache);
		KREQUIRE(object[i]);
		KEXPECT(IS_ALIGNED((vaddr_t)object[i], 64));
	}
	for (unsigned i = 0; i < ARRAY_SIZE(object); i++)
		slab_free(&wide_cache, object[i]);
}

KTEST(slab_alloc_zero_is_zero_after_use)
{
	struct thing *t = slab_alloc(&thing_cache);
	const uint8_t *bytes;

	KREQUIRE(t);
	memset(t, 1, sizeof(*t));
	slab_free(&thing_cache, t);
	t = slab_alloc_zero(&thing_cache);
	KREQUIRE(t);
	bytes = (const uint8_t *)t;
	for (unsigned i = 0; i < sizeof(*t); i++)
		KEXPECT(!bytes[i]);
	slab_free(&thing_cache, t);
}

KTEST(slab_gives_empty_slabs_back)
{
	uint32_t before = ktest_free_pages();

	for (unsigned i = 0; i < OBJECTS; i++)
		things[i] = slab_alloc(&thing_cache);
	KEXPECT(ktest_free_pages() < before);
	for (unsigned i = 0; i < OBJECTS; i++) {
		slab_free(&thing_cache, things[i]);
		things[i] = NULL;
	}
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(kmalloc_serves_every_size)
{
	static const size_t sizes[] = { 1,   3,    16,   17,   100,  192,   255,
					500, 1024, 2049, 4096, 5000, 40000, 100000 };
	uint32_t before = ktest_free_pages();

	for (unsigned i = 0; i < ARRAY_SIZE(sizes); i++) {
		uint8_t *a = kmalloc(sizes[i]), *b = kzalloc(sizes[i]);

		KREQUIRE(a && b);
		KEXPECT(IS_ALIGNED((vaddr_t)a, 4));
		KEXPECT(!b[0] && !b[sizes[i] - 1]);
		memset(a, 1, sizes[i]);
		memset(b, 2, sizes[i]);
		KEXPECT(a[0] == 1 && a[sizes[i] - 1] == 1);
		kfree(a);
		kfree(b);
	}
	kfree(NULL);
	KEXPECT_EQ(ktest_free_pages(), before);
}

KTEST(kmalloc_refuses_what_cannot_be)
{
	volatile size_t huge = SIZE_MAX, big = 64 * 1024 * 1024;

	KEXPECT(!kmalloc(huge));
	KEXPECT(!kmalloc(big));
}
