/* SPDX-License-Identifier: MIT */
/* Looking into an address space from outside: the caller holds a reference on it, and
 * need not run in it.
 */
#ifndef VM_INSPECT_H
#define VM_INSPECT_H

#include "vm/space.h"

/* In pages. */
struct space_usage {
	uint32_t size;     /* all regions */
	uint32_t resident; /* present */
	uint32_t shared;   /* of them, pages of files */
	uint32_t text;     /* regions that may be executed */
	uint32_t data;     /* private regions that may be written, without the stack */
	uint32_t stack;
	vaddr_t code_start, code_end; /* bytes: the first executable region of a file */
};
void space_usage(struct space *s, struct space_usage *out); /* may sleep */

/* Copies [va, va + n) of the space, bringing in what is not present: bytes copied, short
 * where nothing is mapped. May sleep.
 */
size_t space_read(struct space *s, vaddr_t va, void *buf, size_t n);

#endif
