/* SPDX-License-Identifier: MIT */
/* Memory that several address spaces share and no file holds: shared anonymous
 * mappings, System V segments. Its pages are in a page cache that has nothing
 * behind it; a page is made, zeroed, when it is first touched.
 */
#ifndef VM_SHARED_MEMORY_H
#define VM_SHARED_MEMORY_H

#include "vm/pagecache.h"

/* A new object of `size` bytes (page-aligned), to be mapped like a file; the caller
 * owns a reference (ops->hold and ops->release). NULL: no memory.
 */
struct pagecache *shared_memory_create(uint64_t size) __must_check;

/* References: one of each region, and those of its makers. */
uint32_t shared_memory_users(const struct pagecache *pc);

#endif
