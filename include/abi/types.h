/* SPDX-License-Identifier: MIT */
/* Integers of the i386 interface. Structs shared with programs use only these
 * and fixed-width types, so that a 64-bit host compiles the same layout. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* i386 aligns 64-bit members to 4 bytes; a 64-bit host would take 8. */
typedef uint64_t abi_u64 __attribute__((aligned(4)));
typedef int64_t abi_s64 __attribute__((aligned(4)));

/* An address in the program's address space. */
typedef uint32_t abi_uptr;

/* Layout checks used beside every struct. */
#define ABI_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has Linux's size")
#define ABI_OFFSET(type, field, at) \
	_Static_assert(offsetof(type, field) == (at), #type "." #field " is where Linux has it")
