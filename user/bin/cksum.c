/* SPDX-License-Identifier: MIT */
/* cksum: POSIX's checksum of files: a CRC over the bytes and their number. */

#include "prog.h"

enum { TABLE = 256, POLYNOMIAL = 0x04c11db7, LOW_BYTE = 0xff };

static uint32_t table[TABLE];

static void make_table(void)
{
	for (uint32_t i = 0; i < TABLE; i++) {
		table[i] = i << 24;
		for (int bit = 0; bit < 8; bit++)
			table[i] = table[i] << 1 ^ (table[i] >> 31 ? POLYNOMIAL : 0);
	}
}

static uint32_t add_byte(uint32_t crc, unsigned int byte)
{
	return crc << 8 ^ table[crc >> 24 ^ byte];
}

static bool print_sum(FILE *file, const char *name)
{
	static unsigned char buffer[PROG_IO_BYTES];
	unsigned long long length = 0;
	uint32_t crc = 0;
	size_t bytes;

	while ((bytes = fread(buffer, 1, sizeof(buffer), file)) > 0) {
		length += bytes;
		for (size_t i = 0; i < bytes; i++)
			crc = add_byte(crc, buffer[i]);
	}
	if (ferror(file))
		return false;
	for (unsigned long long rest = length; rest > 0; rest >>= 8)
		crc = add_byte(crc, rest & LOW_BYTE);
	printf("%lu %llu", (unsigned long)~crc & UINT32_MAX, length);
	if (file != stdin)
		printf(" %s", name);
	putchar('\n');
	return true;
}

int main(int argc, char **argv)
{
	prog_begin("cksum", "[FILE]...", argc, argv);
	if (getopt(argc, argv, "") != -1)
		prog_usage(1);
	make_table();
	return prog_finish(prog_each_file(argv + optind, argc - optind, print_sum, 1));
}
