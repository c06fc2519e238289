/* SPDX-License-Identifier: MIT */
/* ChaCha20 (RFC 8439, section 2.3), with a nonce of zeros: a key is used for one
 * stream only.
 */
#ifndef DEV_CHACHA20_H
#define DEV_CHACHA20_H

#include "lib/types.h"

enum { CHACHA20_KEY_WORDS = 8, CHACHA20_BLOCK_WORDS = 16 };

/* 64 bytes of the stream of `key`: block number `counter`. */
void chacha20_block(const uint32_t key[CHACHA20_KEY_WORDS], uint32_t counter,
		    uint32_t out[CHACHA20_BLOCK_WORDS]);

#endif
