/* SPDX-License-Identifier: MIT */
/* cp, mv, rm, tail and sort. Each expectation is what the GNU programs of
 * a Linux print for the same line. */
#define _GNU_SOURCE
#include "script.h"

static void cp_asks_and_keeps(void)
{
	EXPECT_OUTPUT("echo a >f; echo b >g; echo n | cp -i f g; cat g; echo y | cp -i f g; cat g; "
		      "cp -n f h; cat h; echo c >h; cp -n f h; cat h; cp -v f i; rm -rf ./*",
		      "b\na\na\nc\n'f' -> 'i'\n");
	EXPECT_OUTPUT("mkdir d; touch -d @5 d/x; chmod 640 d/x; cp -a d e; stat -c '%Y %a' e/x; "
		      "cp -p d/x y; stat -c '%Y %a' y; cp d e; echo $?; cp -r d d/sub; echo $?; "
		      "cp none x; echo $?; cp f; echo $?; rm -rf d e y",
		      "5 640\n5 640\n1\n1\n1\n1\n");
}

static void mv_asks_and_keeps(void)
{
	EXPECT_OUTPUT(
		"echo a >f; echo b >g; echo n | mv -i f g; cat f g; echo y | mv -i f g; cat g; "
		"ls; echo c >h; mv -n h g; ls; cat g; mv -v g k; rm -rf h k",
		"a\nb\na\ng\ng\nh\na\nrenamed 'g' -> 'k'\n");
	EXPECT_OUTPUT("mv none x; echo $?; mv x; echo $?; touch a b; mv a b none; echo $?; "
		      "cp a b none; echo $?; rm -rf a b",
		      "1\n1\n1\n1\n");
	EXPECT_OUTPUT("touch f; mv f f; echo $?; cp f f; echo $?; ln f g; mv f g; echo $?; ls; "
		      "rm -rf f g",
		      "1\n1\n1\nf\ng\n");
}

static void rm_asks_and_says(void)
{
	EXPECT_OUTPUT(
		"touch a b; echo y | rm -i a; echo n | rm -i b; ls; rm -v b; mkdir d; rm -d d; "
		"echo $?; mkdir d; touch d/x; printf 'y\\nn\\nn\\n' | rm -ri d; ls d; "
		"rm -rv d; rm; echo $?; rm -f; echo $?; rm none; echo $?; rm -f none; echo $?",
		"b\nremoved 'b'\n0\nx\nremoved 'd/x'\nremoved directory 'd'\n1\n0\n1\n0\n");
}

static void tail_takes_the_end(void)
{
	EXPECT_OUTPUT(
		"seq 20 >f; tail -3 f; tail -n +18 f; tail -c 5 f; tail -n 2 f f; tail -n 0 f; "
		"tail none; echo $?; seq 3 | tail -n 2 - ; tail -c +48 f; tail -n x f; "
		"echo $?; rm -rf f",
		"18\n19\n20\n18\n19\n20\n9\n20\n==> f <==\n19\n20\n\n==> f <==\n19\n20\n1\n2\n"
		"3\n\n20\n1\n");
	EXPECT_OUTPUT("seq 3 >f; timeout 4 tail -f f >out & sleep 1; echo new >>f; wait; cat out; "
		      "rm -rf f out",
		      "1\n2\n3\nnew\n");
}

static void sort_knows_numbers(void)
{
	EXPECT_OUTPUT("printf '10\\n9\\n1\\n9\\n' | sort -n; printf 'b\\na\\nb\\n' | sort -u; "
		      "printf 'a\\nb\\n' | sort -r; printf -- '-5\\n3\\n-10\\n0\\n' | sort -n; "
		      "printf '1.5\\n1.25\\n1\\n' | sort -n; printf '2\\nx\\n1\\n' | sort -n",
		      "1\n9\n9\n10\na\nb\nb\na\n-10\n-5\n0\n3\n1\n1.25\n1.5\nx\n1\n2\n");
	EXPECT_OUTPUT(
		"printf 'c 3\\n a 10\\nb  9\\n' | sort -k 2n; "
		"printf 'c 3\\n a 10\\nb  9\\n' | sort -k 2; printf 'b\\n\\na\\n' | sort; "
		"printf 'a\\tz\\nb y\\n' | sort -k2; printf '1 b\\n1 a\\n' | sort -n; "
		"printf '1 b\\n1 a\\n' | sort -nr;  printf '1 b\\n1 a\\n' | sort -nu",
		"c 3\nb  9\n a 10\nb  9\n a 10\nc 3\n\na\nb\na\tz\nb y\n1 a\n1 b\n1 b\n1 a\n1 b"
		"\n");
}

static void sort_takes_keys(void)
{
	EXPECT_OUTPUT(
		"printf 'x 2 b\\ny 1 a\\nz 2 a\\n' | sort -k2; "
		"printf 'x 2 b\\ny 1 a\\nz 2 a\\n' | sort -k2,2n -k3,3r; "
		" printf 'x:3\\ny:1\\n' | sort -t: -k2; printf 'x:10\\ny:9\\n' | sort -t: -k2n;"
		" printf 'b B\\na a\\n' | sort -f -k2",
		"y 1 a\nz 2 a\nx 2 b\ny 1 a\nx 2 b\nz 2 a\ny:1\nx:3\ny:9\nx:10\na a\nb B\n");
	EXPECT_OUTPUT(
		"printf 'a 1\\nb 1\\na 2\\n' | sort -k1,1 -u; "
		"printf 'b 1\\na 1\\n' | sort -s -k2,2; printf 'a\\nb\\n' | sort -c; echo $?; "
		"printf 'b\\na\\n' | sort -c; echo $?; printf 'b\\na\\n' >f; sort -o f f; "
		"cat f; sort none; echo $?; sort -k0; echo $?; rm -rf f",
		"a 1\nb 1\nb 1\na 1\n0\n1\na\nb\n2\n2\n");
	EXPECT_OUTPUT("printf 'abc\\naac\\n' | sort -k1.2,1.2; printf '  b\\n a\\n' | sort -b; "
		      "printf 'B\\na\\nA\\nb\\n' | sort -f; printf 'B\\na\\nA\\nb\\n' | sort -rf",
		      "aac\nabc\n a\n  b\nA\na\nB\nb\nb\nB\na\nA\n");
}

static const struct ktap_test tests[] = {
	KTAP(cp_asks_and_keeps),  KTAP(mv_asks_and_keeps),  KTAP(rm_asks_and_says),
	KTAP(tail_takes_the_end), KTAP(sort_knows_numbers), KTAP(sort_takes_keys),
};

KTAP_MAIN(tests)
