/* SPDX-License-Identifier: MIT */
/* Text that grows page by page: what a file of /proc shows, written at once and
 * read in pieces. No lock: its owner's.
 */
#ifndef FS_TEXT_H
#define FS_TEXT_H

#include "lib/list.h"
#include "vm/usercopy.h"

struct text {
	struct list pages; /* struct page, by link */
	size_t length;     /* bytes */
	int error;         /* -ENOMEM: some of it is missing */
};

void text_init(struct text *t);
void text_free(struct text *t); /* empty again */

/* Appends; on no memory t->error is set. Any context that holds no SLAB or BUDDY lock. */
void text_printf(struct text *t, const char *fmt, ...) __printf(2, 3);
void text_add(struct text *t, const void *bytes, size_t n);

/* Copies from *pos on, which advances: bytes, 0 at the end, -EFAULT. May sleep. */
ssize_t text_read(const struct text *t, struct uio *u, uint64_t *pos) __must_check;

#endif
