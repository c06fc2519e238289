/* SPDX-License-Identifier: MIT */
/* readv and writev. */
#pragma once

#include <abi/types.h>

#define ABI_IOV_MAX 1024

struct abi_iovec {
	abi_uptr iov_base;
	uint32_t iov_len;
};

ABI_SIZE(struct abi_iovec, 8);
