/* SPDX-License-Identifier: MIT */
/* Exception table: kernel instructions that may fault on behalf of a program
 * (user copies, segment loads and iret on the way out), each with the address
 * to go on at.
 */
#ifndef X86_EXTABLE_H
#define X86_EXTABLE_H

#include "x86/frame.h"

struct extable_entry {
	uint32_t insn, fixup;
};

extern const struct extable_entry __extable_start[], __extable_end[]; /* kernel.ld */

/* If f->eip is in the table: sets eip to the fixup and returns true. */
bool extable_fixup(struct trapframe *f);

/* True if eip is in the table. */
bool extable_covers(uint32_t eip);

/* usercopy.asm: bytes NOT copied (0: all). Faults are resolved by trap() or end
 * at the fixup. Caller has checked the user range.
 */
uint32_t x86_copy_user(void *dst, const void *src, uint32_t n);
uint32_t x86_clear_user(void *dst, uint32_t n);
/* Length without the 0; n when there is none in n bytes; -1 on a fault. */
int32_t x86_strncpy_user(char *dst, const char *src, uint32_t n);
int x86_get_user32(uint32_t *out, const void *src); /* 0 or -1 */
int x86_put_user32(void *dst, uint32_t v);          /* 0 or -1 */
/* Atomic; *expected becomes what was there. 0 or -1. */
int x86_cmpxchg_user32(void *dst, uint32_t *expected, uint32_t new);

#endif
