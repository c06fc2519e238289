/* SPDX-License-Identifier: MIT */
/* Programs of /bin that show, copy and sum up bytes. Each expectation is what the GNU programs of
 * a Linux print for the same line. */
#define _GNU_SOURCE
#include "script.h"

static void od_shows_numbers(void)
{
	EXPECT_OUTPUT(
		"printf 'abcdefghijklmnopqrst' | od; printf 'abc\\n\\t\\0\\377' | od -c; "
		"printf 'abcdefgh' | od -An -tx1; printf 'abcdefgh' | od -t d4 -A d; "
		"printf 'ab' | od -x; printf 'abcdef' | od -j 2 -N 3 -c",
		"0000000 061141 062143 063145 064147 065151 066153 067155 070157\n0000020 07116"
		"1 072163\n0000024\n0000000   a   b   c  \\n  \\t  \\0 377\n0000007\n 61 62 63 "
		"64 65 66 67 68\n0000000  1684234849  1751606885\n0000008\n0000000 6261\n000000"
		"2\n0000002   c   d   e\n0000005\n");
	EXPECT_OUTPUT(
		"head -c 64 /dev/zero | od; head -c 64 /dev/zero | od -v | wc -l; "
		"printf 'abcdefgh' | od -t x1c; printf '\\377\\376' | od -t d1 -t u2; "
		"printf '' | od; od none; echo $?; printf a | od -j 5; echo $?; "
		"printf 'abcdefgh' | od -Ax -t o8",
		"0000000 000000 000000 000000 000000 000000 000000 000000 000000\n*\n0000100\n"
		"5\n0000000  61  62  63  64  65  66  67  68\n          a   b   c   d   e   f   "
		"g   h\n0000010\n0000000   -1   -2\n            65279\n0000002\n0000000\n1\n1\n"
		"000000 0641473146254430661141\n000008\n");
}

static void dd_copies_blocks(void)
{
	EXPECT_OUTPUT("printf 'abcdefghij' >f; dd if=f bs=3 count=2 2>/dev/null; echo; "
		      "dd if=f bs=1 skip=4 2>/dev/null; echo; dd if=f of=g bs=4 2>&1 | head -n 2; "
		      "cat g; printf XY | dd of=g bs=1 seek=2 conv=notrunc 2>/dev/null; cat g; "
		      "printf Z | dd of=g bs=1 seek=3 2>/dev/null; cat g; rm -rf f g",
		      "abcdef\nefghij\n2+1 records in\n2+1 records out\nabcdefghijabXYefghijabXZ");
	EXPECT_OUTPUT("printf abc | dd bs=5 conv=sync 2>/dev/null | tr '\\0' .; echo; dd if=none; "
		      "echo $?; dd bs=0; echo $?; dd xx; echo $?; "
		      "dd if=/dev/zero bs=1K count=2 2>/dev/null | wc -c; "
		      "dd if=/dev/zero of=/dev/full count=1 status=none; echo $?; "
		      "printf abcdef | dd bs=2 skip=1 status=none",
		      "abc..\n1\n1\n1\n2048\n1\ncdef");
}

static void sums_are_right(void)
{
	EXPECT_OUTPUT("printf '' | cksum; printf 'abc' | cksum; seq 1000 >f; cksum f; cksum none; "
		      "echo $?; rm -rf f",
		      "4294967295 0\n1219131554 3\n1830648734 3893 f\n1\n");
	EXPECT_OUTPUT(
		"printf '' | sha256sum; printf 'abc' | sha256sum; seq 1000 >f; sha256sum f; "
		"sha256sum none; echo $?; rm -rf f",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  -\nba7816bf8"
		"f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n67d4ff71d43921d573"
		"9f387da09746f405e425b07d727e4c69d029461d1f051f  f\n1\n");
	EXPECT_OUTPUT(
		"seq 10 >f; sha256sum f >s; sha256sum -c s; echo x >>f; "
		"sha256sum -c s 2>/dev/null; echo $?; head -c 119 /dev/zero | sha256sum; "
		"head -c 56 /dev/zero | sha256sum;  head -c 64 /dev/zero | sha256sum; "
		"rm -rf f s",
		"f: OK\nf: FAILED\n1\nf616b0d54e78571a9611f343c9f8e022e859e920381ab0e4d3da01e19"
		"3a7bd7e  -\nd4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb  "
		"-\nf5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b  -\n");
}

static void hexdump_shows_bytes_and_characters(void)
{
	EXPECT_OUTPUT(
		"printf 'abc\\n' | hexdump -C; printf 'ab' | hexdump; "
		"head -c 64 /dev/zero | hexdump -C; printf abc | hexdump; "
		"printf '' | hexdump -C",
		"00000000  61 62 63 0a                                       |abc.|\n00000004\n"
		"0000000 6261                                   \n0000002\n00000000  00 00 00 0"
		"0 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000040\n00000"
		"00 6261 0063                              \n0000003\n");
	EXPECT_OUTPUT(
		"printf 'abcdefghijklmnopqrst\\1\\377' | hexdump -C; printf abcdef >f; "
		"hexdump -C -s 2 -n 2 f; printf '' | hexdump; hexdump none; [ $? -ne 0 ]; "
		"echo $?; rm -rf f",
		"00000000  61 62 63 64 65 66 67 68  69 6a 6b 6c 6d 6e 6f 70  |abcdefghijklmnop|"
		"\n00000010  71 72 73 74 01 ff                                 |qrst..|\n000000"
		"16\n00000002  63 64                                             |cd|\n00000004"
		"\n0\n");
}

static const struct ktap_test tests[] = {
	KTAP(od_shows_numbers),
	KTAP(dd_copies_blocks),
	KTAP(sums_are_right),
	KTAP(hexdump_shows_bytes_and_characters),
};

KTAP_MAIN(tests)
