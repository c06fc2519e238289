/* SPDX-License-Identifier: MIT */
/* futex: operations, and what programs and kernel keep in the words of robust locks. */
#pragma once

#include <abi/types.h>

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1
#define FUTEX_REQUEUE 3
#define FUTEX_CMP_REQUEUE 4
#define FUTEX_WAKE_OP 5
#define FUTEX_LOCK_PI 6
#define FUTEX_UNLOCK_PI 7
#define FUTEX_TRYLOCK_PI 8
#define FUTEX_WAIT_BITSET 9
#define FUTEX_WAKE_BITSET 10
#define FUTEX_PRIVATE_FLAG 128
#define FUTEX_CLOCK_REALTIME 256
#define FUTEX_BITSET_MATCH_ANY 0xffffffffU

/* value3 of FUTEX_WAKE_OP: what to do with *word2, and when to wake its waiters. */
#define FUTEX_OP(op, oparg, cmp, cmparg) \
	(((uint32_t)(op)&0xf) << 28 | ((uint32_t)(cmp)&0xf) << 24 | \
	 ((uint32_t)(oparg)&0xfff) << 12 | ((uint32_t)(cmparg)&0xfff))
#define FUTEX_OP_SET 0
#define FUTEX_OP_ADD 1
#define FUTEX_OP_OR 2
#define FUTEX_OP_ANDN 3
#define FUTEX_OP_XOR 4
#define FUTEX_OP_OPARG_SHIFT 8 /* the operand is 1 << oparg */
#define FUTEX_OP_CMP_EQ 0
#define FUTEX_OP_CMP_NE 1
#define FUTEX_OP_CMP_LT 2
#define FUTEX_OP_CMP_LE 3
#define FUTEX_OP_CMP_GT 4
#define FUTEX_OP_CMP_GE 5

/* The word of a robust lock: its owner's number, that somebody waits, that the owner died. */
#define FUTEX_WAITERS 0x80000000U
#define FUTEX_OWNER_DIED 0x40000000U
#define FUTEX_TID_MASK 0x3fffffffU

/* The robust locks that a thread holds: a ring from next, by the address of each entry; its word
 * lies `offset` bytes from it. Bit 0 of an address marks a lock of another kind (PI). */
struct abi_robust_list_head {
	uint32_t next;
	int32_t offset;
	uint32_t pending; /* an entry that is just being taken or given up */
};

ABI_SIZE(struct abi_robust_list_head, 12);

#define ABI_ROBUST_LIST_MAX 2048 /* entries looked at */
