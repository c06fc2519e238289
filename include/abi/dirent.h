/* SPDX-License-Identifier: MIT */
/* getdents64: entries follow each other in the buffer, d_reclen bytes apart,
 * each aligned to 8, its name ended by a zero. */
#pragma once

#include <abi/types.h>

struct abi_dirent64 {
	abi_u64 d_ino;
	abi_s64 d_off; /* where the next entry is read from */
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[];
};

ABI_OFFSET(struct abi_dirent64, d_type, 18);
ABI_OFFSET(struct abi_dirent64, d_name, 19);

#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10
#define DT_SOCK 12
