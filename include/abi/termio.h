/* SPDX-License-Identifier: MIT */
/* TCGETA, TCSETA and relatives: System V's modes of a terminal. */
#pragma once

#include <abi/types.h>

#define ABI_NCC 8

struct abi_termio {
	uint16_t c_iflag;
	uint16_t c_oflag;
	uint16_t c_cflag;
	uint16_t c_lflag;
	uint8_t c_line;
	uint8_t c_cc[ABI_NCC];
};

ABI_SIZE(struct abi_termio, 18);
