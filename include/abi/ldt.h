/* SPDX-License-Identifier: MIT */
/* set_thread_area and get_thread_area. */
#pragma once

#include <abi/types.h>

/* entry_number that asks the kernel to choose a free entry and write it back. */
#define ABI_TLS_ANY_ENTRY 0xffffffffU
#define ABI_TLS_FIRST_ENTRY 6
#define ABI_TLS_ENTRY_COUNT 3

struct abi_user_desc {
	uint32_t entry_number;
	uint32_t base_addr;
	uint32_t limit;
	uint32_t seg_32bit       : 1;
	uint32_t contents        : 2; /* 0, 1 data (up, down), 2, 3 code */
	uint32_t read_exec_only  : 1;
	uint32_t limit_in_pages  : 1;
	uint32_t seg_not_present : 1;
	uint32_t useable         : 1;
	uint32_t unused          : 25;
};

ABI_SIZE(struct abi_user_desc, 16);
