/* SPDX-License-Identifier: MIT */
/* sha256sum: prints or checks SHA-256 sums (FIPS 180-4). */

#include <ctype.h>

#include "prog.h"

enum { BLOCK = 64, WORDS = 8, ROUNDS = 64, SUM_CHARS = 64, LENGTH_PLACE = 56, ONE_BIT = 0x80 };

struct sha256 {
	uint32_t state[WORDS];
	unsigned long long bytes;
	unsigned char block[BLOCK];
};

static const uint32_t constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static const uint32_t beginning[WORDS] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t rotate(uint32_t word, int by)
{
	return word >> by | word << (32 - by);
}

static void expand_block(const unsigned char *block, uint32_t w[ROUNDS])
{
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < ROUNDS; i++) {
		uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;

		w[i] = w[i - 16] + s0 + w[i - 7] + s1;
	}
}

/* v[0] to v[7] are what the standard calls a to h. */
static void add_block(struct sha256 *sum)
{
	uint32_t w[ROUNDS];
	uint32_t v[WORDS];

	expand_block(sum->block, w);
	memcpy(v, sum->state, sizeof(v));
	for (int i = 0; i < ROUNDS; i++) {
		uint32_t s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
		uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t t1 = v[7] + s1 + choice + constants[i] + w[i];
		uint32_t s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
		uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);

		memmove(&v[1], &v[0], (WORDS - 1) * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + s0 + majority;
	}
	for (int i = 0; i < WORDS; i++)
		sum->state[i] += v[i];
}

static void add_byte(struct sha256 *sum, unsigned char byte)
{
	sum->block[sum->bytes++ % BLOCK] = byte;
	if (sum->bytes % BLOCK == 0)
		add_block(sum);
}

/* A one bit, zeros, and the number of bits fill up the last block. */
static void finish(struct sha256 *sum, char text[SUM_CHARS + 1])
{
	unsigned long long bits = sum->bytes * 8;

	add_byte(sum, ONE_BIT);
	while (sum->bytes % BLOCK != LENGTH_PLACE)
		add_byte(sum, 0);
	for (int shift = 56; shift >= 0; shift -= 8)
		add_byte(sum, (unsigned char)(bits >> shift));
	for (int i = 0; i < WORDS; i++)
		snprintf(text + 8 * i, 9, "%08lx", (unsigned long)sum->state[i]);
}

static bool sum_file(FILE *file, char text[SUM_CHARS + 1])
{
	static unsigned char buffer[PROG_IO_BYTES];
	struct sha256 sum = { 0 };
	size_t bytes;

	memcpy(sum.state, beginning, sizeof(beginning));
	while ((bytes = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		for (size_t i = 0; i < bytes; i++)
			add_byte(&sum, buffer[i]);
	}
	finish(&sum, text);
	return !ferror(file);
}

static bool print_sum(FILE *file, const char *name)
{
	char text[SUM_CHARS + 1];

	if (!sum_file(file, text))
		return false;
	printf("%s  %s\n", text, name);
	return true;
}

/* "SUM  NAME" or "SUM *NAME". */
static bool check_line(char *line)
{
	char text[SUM_CHARS + 1];
	const char *name = line + SUM_CHARS + 2;
	bool good;
	FILE *file;

	if (strspn(line, "0123456789abcdefABCDEF") != SUM_CHARS || line[SUM_CHARS] != ' ' ||
	    !line[SUM_CHARS + 1] || !*name) {
		prog_warnx("%s: not a line of sums", line);
		return false;
	}
	file = fopen(name, "r");
	good = file && sum_file(file, text);
	if (!good)
		prog_warn(name);
	if (file)
		fclose(file);
	line[SUM_CHARS] = '\0';
	if (good && strcasecmp(line, text) != 0) {
		printf("%s: FAILED\n", name);
		good = false;
	} else {
		printf("%s: %s\n", name, good ? "OK" : "FAILED open or read");
	}
	return good;
}

static bool check_sums(FILE *file, const char *name)
{
	bool good = true;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	(void)name;
	while ((length = getline(&line, &room, file)) > 0) {
		if (line[length - 1] == '\n')
			line[length - 1] = '\0';
		good &= check_line(line);
	}
	free(line);
	return good;
}

int main(int argc, char **argv)
{
	bool check = false;
	int letter;

	prog_begin("sha256sum",
		   "[-c] [FILE]...\n  -c  check the files that are listed with their sums", argc,
		   argv);
	while ((letter = getopt(argc, argv, "c")) != -1) {
		if (letter == '?')
			prog_usage(1);
		check = true;
	}
	return prog_finish(
		prog_each_file(argv + optind, argc - optind, check ? check_sums : print_sum, 1));
}
