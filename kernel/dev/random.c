/* SPDX-License-Identifier: MIT */
/* The random generator: ChaCha20 as a stream. Each request makes a new key from the
 * first half of a block before it gives anything away, so what was given cannot be
 * computed again afterwards.
 * Lock: random_lock (spinlock, rank DEVICE) guards the key; requests longer than half
 * a block run on a key of their own, outside it.
 */
#include "dev/random.h"

#include "core/param.h"
#include "core/spinlock.h"
#include "dev/chacha20.h"
#include "lib/string.h"
#include "x86/cpu.h"

enum {
	KEY_WORDS = CHACHA20_KEY_WORDS,
	STATE_WORDS = CHACHA20_BLOCK_WORDS,
	BLOCK_BYTES = STATE_WORDS * 4,
	KEY_BYTES = KEY_WORDS * 4,
	JITTER_SAMPLES = 1024,
	PORT_DIAGNOSTIC = 0x80, /* nothing listens there */
};

static struct spinlock random_lock = SPINLOCK_INIT(LOCK_DEVICE);
static uint32_t key[KEY_WORDS]; /* [random_lock] */

/* One block from the key; its first half is the next key, its second is given out. */
static void take_half_block(uint32_t out[KEY_WORDS])
{
	uint32_t block[STATE_WORDS];

	spin_lock(&random_lock);
	chacha20_block(key, 0, block);
	memcpy(key, block, KEY_BYTES);
	spin_unlock(&random_lock);
	memcpy(out, block + KEY_WORDS, KEY_BYTES);
}

void random_bytes(void *buf, size_t n)
{
	uint32_t half[KEY_WORDS], block[STATE_WORDS];
	uint8_t *to = buf;

	take_half_block(half);
	if (n <= KEY_BYTES) {
		memcpy(to, half, n);
		return;
	}
	for (uint32_t counter = 0; n > 0; counter++) {
		size_t part = MIN(n, (size_t)BLOCK_BYTES);

		chacha20_block(half, counter, block);
		memcpy(to, block, part);
		to += part;
		n -= part;
	}
}

/* Stirs a word into the key. Caller is alone (start-up). */
static void mix(uint32_t word, unsigned i)
{
	uint32_t block[STATE_WORDS];

	key[i % KEY_WORDS] ^= word;
	if (i % KEY_WORDS == KEY_WORDS - 1) {
		chacha20_block(key, i, block);
		memcpy(key, block, KEY_BYTES);
	}
}

/* The low bits of how long things take: caches, interrupts of the host, clocks. */
static void mix_jitter(void)
{
	for (unsigned i = 0; i < JITTER_SAMPLES; i++) {
		mix((uint32_t)cpu_rdtsc(), i);
		(void)io_inb(PORT_DIAGNOSTIC); /* a slow access */
	}
}

static void mix_hardware(void)
{
	uint32_t word;

	for (unsigned i = 0; i < 2 * KEY_WORDS; i++) {
		if (cpu_rdrand(&word))
			mix(word, i);
	}
}

void random_init(void)
{
	uint32_t unused[KEY_WORDS];

	if (params.seed) {
		key[0] = (uint32_t)params.seed;
	} else {
		mix_hardware();
		mix_jitter();
	}
	take_half_block(unused);
}
