/* SPDX-License-Identifier: MIT */
/* What compile.c writes and match.c runs. */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>

enum {
	SET_WORDS = 8,      /* 256 bits */
	PROGRAM_MAX = 20000 /* instructions: what nested {m,n} may grow to */
};

enum opcode {
	OP_SET,   /* take one character that is in the set */
	OP_SPLIT, /* go on at `next` or, second choice, at `other` */
	OP_JUMP,  /* go on at `next` */
	OP_SAVE,  /* note the place in slot `other`: 2n or 2n + 1, where group n begins or ends */
	OP_BEGIN, /* only at the start of the line */
	OP_END,   /* only at its end */
	OP_MATCH
};

struct instruction {
	enum opcode op;
	unsigned int next;
	unsigned int other;
	uint32_t set[SET_WORDS];
};

struct __regex {
	struct instruction *code;
	unsigned int length;
	unsigned int room;
	int flags;
};

static inline void set_add(uint32_t *set, unsigned char c)
{
	set[c / 32] |= UINT32_C(1) << (c % 32);
}

static inline bool set_has(const uint32_t *set, unsigned char c)
{
	return (set[c / 32] >> (c % 32)) & 1;
}
