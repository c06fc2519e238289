/* SPDX-License-Identifier: MIT */
/* Reads the symbol table that the build appends to the image. */
#include "core/ksyms.h"

static const void *at(uint32_t offset)
{
	return (const uint8_t *)&ksyms_table + offset;
}

/* The last function that starts at or below the address. */
static const struct ksyms_func *find_func(uint32_t address)
{
	const struct ksyms_func *funcs = at(ksyms_table.funcs_offset);
	uint32_t lo = 0, hi = ksyms_table.func_count;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;

		if (funcs[mid].address <= address)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? &funcs[lo - 1] : NULL;
}

static uint32_t varint(const uint8_t **p)
{
	uint32_t value = 0;
	unsigned shift = 0;

	do {
		value |= (uint32_t)(**p & 0x7f) << shift; /* lint: seven bits a byte */
		shift += 7;
	} while (*(*p)++ & 0x80); /* lint: more follows */
	return value;
}

/* Runs the function's line program up to the address. */
static void find_line(const struct ksyms_func *f, uint32_t address, struct ksym *out)
{
	const uint32_t *files = at(ksyms_table.files_offset);
	const uint8_t *p = at(ksyms_table.lines_offset + f->lines);
	uint32_t pc = f->address, file = 0, line = 0;

	for (;;) {
		uint32_t advance = varint(&p), n = varint(&p);

		if ((advance == 0 && n == 0) || pc + advance > address)
			break;
		pc += advance;
		if (n & 1)
			file = varint(&p);
		line += (n >> 2) ^ -(n >> 1 & 1);
	}
	if (line == 0 || file >= ksyms_table.file_count)
		return;
	out->file = at(ksyms_table.strings_offset + files[file]);
	out->line = line;
}

bool ksym_find(uint32_t address, struct ksym *out)
{
	const struct ksyms_func *f = find_func(address);

	if (ksyms_table.magic != KSYMS_MAGIC || !f)
		return false;
	*out = (struct ksym){ .name = at(ksyms_table.strings_offset + f->name),
			      .offset = address - f->address };
	if (*out->name == '\0')
		return false;
	if (f->lines != KSYMS_NO_LINES)
		find_line(f, address, out);
	return true;
}
