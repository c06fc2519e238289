/* SPDX-License-Identifier: MIT */
/* The kernel's own symbols: an address becomes function + offset (file:line).
 * Format: tools/README.md.
 */
#ifndef CORE_KSYMS_H
#define CORE_KSYMS_H

#include "lib/types.h"

struct ksyms_header {
	uint32_t magic;
	uint32_t size;
	uint32_t func_count;
	uint32_t file_count;
	uint32_t funcs_offset;
	uint32_t files_offset;
	uint32_t strings_offset;
	uint32_t lines_offset;
};

struct ksyms_func {
	uint32_t address;
	uint32_t name;
	uint32_t lines;
};

enum { KSYMS_MAGIC = 0x4d59534b };
#define KSYMS_NO_LINES UINT32_MAX

extern const struct ksyms_header ksyms_table; /* made by tools/mksyms.py */

struct ksym {
	const char *name; /* function */
	uint32_t offset;  /* of the address in it */
	const char *file; /* NULL: unknown */
	uint32_t line;
};

/* False when the address is not in the kernel's text. */
bool ksym_find(uint32_t address, struct ksym *out);

#endif
