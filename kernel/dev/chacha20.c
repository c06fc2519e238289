/* SPDX-License-Identifier: MIT */
/* The ChaCha20 block function: ten double rounds of four column and four diagonal
 * quarter rounds over a 4 x 4 matrix of words. Pure.
 */
#include "dev/chacha20.h"

#include "lib/string.h"

enum {
	STATE_WORDS = CHACHA20_BLOCK_WORDS,
	STATE_KEY = 4, /* words 0-3 constants, 4-11 key, 12 counter, 13-15 nonce */
	STATE_COUNTER = 12,
	DOUBLE_ROUNDS = 10,
};

static inline uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static inline void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
	*a += *b;
	*d = rotate(*d ^ *a, 16);
	*c += *d;
	*b = rotate(*b ^ *c, 12);
	*a += *b;
	*d = rotate(*d ^ *a, 8);
	*c += *d;
	*b = rotate(*b ^ *c, 7);
}

static void double_round(uint32_t x[STATE_WORDS])
{
	for (unsigned i = 0; i < 4; i++)
		quarter_round(&x[i], &x[4 + i], &x[8 + i], &x[12 + i]);
	for (unsigned i = 0; i < 4; i++)
		quarter_round(&x[i], &x[4 + (i + 1) % 4], &x[8 + (i + 2) % 4],
			      &x[12 + (i + 3) % 4]);
}

void chacha20_block(const uint32_t k[CHACHA20_KEY_WORDS], uint32_t counter,
		    uint32_t out[STATE_WORDS])
{
	static const uint32_t constants[] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574 };
	uint32_t start[STATE_WORDS] = { 0 };

	memcpy(start, constants, sizeof(constants));
	memcpy(&start[STATE_KEY], k, CHACHA20_KEY_WORDS * sizeof(*k));
	start[STATE_COUNTER] = counter;
	memcpy(out, start, sizeof(start));
	for (unsigned i = 0; i < DOUBLE_ROUNDS; i++)
		double_round(out);
	for (unsigned i = 0; i < STATE_WORDS; i++)
		out[i] += start[i];
}
