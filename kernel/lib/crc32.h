/* SPDX-License-Identifier: MIT */
/* CRC-32 (IEEE 802.3, reflected) and CRC-32C (Castagnoli, RFC 3720). Pass 0 to start and the
 * last result to go on: crc32(crc32(0, a), b) is the sum of a followed by b. */
#ifndef LIB_CRC32_H
#define LIB_CRC32_H

#include "lib/types.h"

uint32_t crc32(uint32_t crc, const void *data, size_t n);
uint32_t crc32c(uint32_t crc, const void *data, size_t n);

#endif
