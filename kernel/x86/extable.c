/* SPDX-License-Identifier: MIT */
/* The exception table, and the sites of stac/clac. Both are few: a linear
 * search only ever costs a program that passed a bad pointer.
 */
#include "x86/extable.h"
#include "lib/string.h"
#include "x86/cpu.h"
#include "x86/patch.h"

static const struct extable_entry *find(uint32_t eip)
{
	for (const struct extable_entry *e = __extable_start; e < __extable_end; e++) {
		if (e->insn == eip)
			return e;
	}
	return NULL;
}

bool extable_covers(uint32_t eip)
{
	return find(eip) != NULL;
}

bool extable_fixup(struct trapframe *f)
{
	const struct extable_entry *e = find(f->eip);

	if (!e)
		return false;
	f->eip = e->fixup;
	return true;
}

void patch_smap_sites(void)
{
	static const uint8_t nop3[] = { 0x0f, 0x1f, 0x00 };

	if (cpu_features.smap)
		return;
	for (uint8_t *const *site = __smap_sites_start; site < __smap_sites_end; site++)
		memcpy(*site, nop3, sizeof(nop3));
}
