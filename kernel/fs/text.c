/* SPDX-License-Identifier: MIT */
/* Growing text. Invariant: all pages but the last are full. */
#include "fs/text.h"

#include "lib/errno.h"
#include "lib/fmt.h"
#include "lib/string.h"
#include "mm/page.h"

void text_init(struct text *t)
{
	list_init(&t->pages);
	t->length = 0;
	t->error = 0;
}

void text_free(struct text *t)
{
	struct page *pg, *next;

	list_for_each_entry_safe(pg, next, &t->pages, link)
		page_put(pg);
	text_init(t);
}

void text_add(struct text *t, const void *bytes, size_t n)
{
	const char *from = bytes;

	while (n > 0 && !t->error) {
		size_t used = t->length & PAGE_MASK, part = MIN(n, PAGE_SIZE - used);
		struct page *pg;

		if (used == 0) {
			pg = page_alloc(0);
			if (!pg) {
				t->error = -ENOMEM;
				return;
			}
			list_add_tail(&t->pages, &pg->link);
		}
		pg = list_last_entry(&t->pages, struct page, link);
		memcpy((char *)page_to_virt(pg) + used, from, part);
		t->length += part;
		from += part;
		n -= part;
	}
}

static void text_out(void *ctx, const char *bytes, size_t n)
{
	text_add(ctx, bytes, n);
}

void text_printf(struct text *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fmt_vprint(text_out, t, fmt, args);
	va_end(args);
}

ssize_t text_read(const struct text *t, struct uio *u, uint64_t *pos)
{
	uint64_t page_start = 0;
	size_t before = u->resid;
	struct page *pg;
	int err = 0;

	list_for_each_entry(pg, &t->pages, link) {
		uint64_t end = MIN(page_start + PAGE_SIZE, (uint64_t)t->length);

		if (u->resid == 0 || err)
			break;
		if (*pos < end) {
			size_t off = (size_t)(*pos - page_start);
			size_t left = u->resid, n = MIN((size_t)(end - *pos), left);

			err = uio_write(u, (char *)page_to_virt(pg) + off, n);
			*pos += left - u->resid;
		}
		page_start += PAGE_SIZE;
	}
	return before > u->resid ? (ssize_t)(before - u->resid) : err;
}
