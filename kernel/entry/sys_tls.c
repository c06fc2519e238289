/* SPDX-License-Identifier: MIT */
/* System calls: set_thread_area, get_thread_area. Only what cannot harm is let
 * into the GDT: present 32-bit data segments of ring 3, or nothing (as Linux).
 */
#include <abi/ldt.h>

#include "core/irqflag.h"
#include "core/percpu.h"
#include "entry/syscall.h"
#include "entry/tls.h"
#include "sched/thread.h"

/* Fields of a descriptor (SDM vol. 3A, 3.4.5) that get_thread_area shows. */
enum desc_bits {
	DESC_WRITABLE = 1 << 9,
	DESC_CONTENTS_SHIFT = 10,
	DESC_CONTENTS_MASK = 3,
	DESC_PRESENT = 1 << 15,
	DESC_AVL = 1 << 20,
	DESC_32BIT = 1 << 22,
	DESC_PAGES = 1 << 23,
	DESC_BASE_MIDDLE_MASK = 0xff,
	DESC_BASE_MIDDLE_SHIFT = 16,
	DESC_LIMIT_LOW_MASK = 0xffff,
};

#define DESC_BASE_HIGH_MASK 0xff000000u
#define DESC_LIMIT_HIGH_MASK 0x000f0000u

static bool tls_is_free(const struct segment_desc *d)
{
	return !d->lo && !d->hi;
}

/* The two ways in which programs ask for "no segment". */
static bool desc_asks_for_none(const struct abi_user_desc *u)
{
	bool plain = !u->base_addr && !u->limit && !u->contents && !u->seg_32bit &&
		     !u->limit_in_pages && !u->useable;

	return plain && u->read_exec_only == u->seg_not_present;
}

static bool desc_is_harmless(const struct abi_user_desc *u)
{
	return u->seg_32bit && u->contents <= 1 && !u->seg_not_present;
}

/* 0 .. GDT_TLS_ENTRIES - 1, -EINVAL or -ESRCH. */
static int tls_index(const struct segment_desc *tls, uint32_t entry, bool choose)
{
	if (choose && entry == ABI_TLS_ANY_ENTRY) {
		for (int i = 0; i < GDT_TLS_ENTRIES; i++)
			if (tls_is_free(&tls[i]))
				return i;
		return -ESRCH;
	}
	if (entry < GDT_TLS_FIRST || entry >= GDT_TLS_FIRST + GDT_TLS_ENTRIES)
		return -EINVAL;
	return (int)entry - GDT_TLS_FIRST;
}

int tls_set_from_user(struct segment_desc tls[GDT_TLS_ENTRIES], uaddr_t desc, bool choose)
{
	struct abi_user_desc u;
	int i, err = copy_from_user(&u, desc, sizeof(u));

	if (err)
		return err;
	if (!desc_asks_for_none(&u) && !desc_is_harmless(&u))
		return -EINVAL;
	i = tls_index(tls, u.entry_number, choose);
	if (i < 0)
		return i;
	if (u.entry_number == ABI_TLS_ANY_ENTRY) {
		err = put_user32(desc, (uint32_t)(GDT_TLS_FIRST + i));
		if (err)
			return err;
	}
	tls[i] = (struct segment_desc){ 0 };
	if (!desc_asks_for_none(&u))
		tls[i] = segment_user(&(struct segment_request){
			.base = u.base_addr,
			.limit = u.limit,
			.contents = u.contents,
			.limit_in_pages = u.limit_in_pages,
			.seg_32bit = u.seg_32bit,
			.read_exec_only = u.read_exec_only,
			.not_present = u.seg_not_present,
			.useable = u.useable,
		});
	return 0;
}

SYSCALL_ABI int32_t sys_set_thread_area(uaddr_t desc)
{
	int err = tls_set_from_user(current->tls, desc, true);

	if (err)
		return err;
	irq_disable();
	gdt_load_tls(this_cpu()->id, current->tls);
	irq_enable();
	return 0;
}

SYSCALL_ABI int32_t sys_get_thread_area(uaddr_t desc)
{
	struct abi_user_desc u = { 0 };
	struct segment_desc d;
	uint32_t entry;
	int i, err = get_user32(&entry, desc);

	if (err)
		return err;
	i = tls_index(current->tls, entry, false);
	if (i < 0)
		return i;
	d = current->tls[i];
	u.entry_number = entry;
	u.base_addr = (d.lo >> 16) | (d.hi & DESC_BASE_MIDDLE_MASK) << DESC_BASE_MIDDLE_SHIFT |
		      (d.hi & DESC_BASE_HIGH_MASK);
	u.limit = (d.lo & DESC_LIMIT_LOW_MASK) | (d.hi & DESC_LIMIT_HIGH_MASK);
	u.seg_32bit = !!(d.hi & DESC_32BIT);
	u.contents = d.hi >> DESC_CONTENTS_SHIFT & DESC_CONTENTS_MASK;
	u.read_exec_only = !(d.hi & DESC_WRITABLE);
	u.limit_in_pages = !!(d.hi & DESC_PAGES);
	u.seg_not_present = !(d.hi & DESC_PRESENT);
	u.useable = !!(d.hi & DESC_AVL);
	return copy_to_user(desc, &u, sizeof(u));
}
