/* SPDX-License-Identifier: MIT */
/* find and xargs. Each expectation is what the GNU programs of
 * a Linux print for the same line. */
#define _GNU_SOURCE
#include "script.h"

static void find_matches_names_and_types(void)
{
	EXPECT_OUTPUT(
		"mkdir -p a/b/c; touch a/f a/b/g.c a/b/c/h.c; find a | sort; "
		"find a -name '*.c' | sort; find a -type d | sort; find a -type f -name f; "
		"find a -maxdepth 1 | sort; find a -mindepth 2 | sort; rm -rf a",
		"a\na/b\na/b/c\na/b/c/h.c\na/b/g.c\na/f\na/b/c/h.c\na/b/g.c\na\na/b\na/b/c\na/f"
		"\na\na/b\na/f\na/b/c\na/b/c/h.c\na/b/g.c\n");
	EXPECT_OUTPUT("(mkdir d; cd d; touch x; find; find . -name '.*'; find . -delete; find x y; "
		      "echo $?); rm -rf d",
		      ".\n./x\n.\n1\n");
}

static void find_joins_conditions(void)
{
	EXPECT_OUTPUT("mkdir -p a/b; touch a/x a/b/y; find a -name x -o -name y | sort; "
		      "find a ! -type d | sort; find a \\( -name x -o -name b \\) -print | sort; "
		      "find a -name x -print -o -name y -print | sort; "
		      "find a -not -name x -a -type f; rm -rf a",
		      "a/b/y\na/x\na/b/y\na/x\na/b\na/x\na/b/y\na/x\na/b/y\n");
	EXPECT_OUTPUT(
		"mkdir -p a/b a/c; touch a/b/x a/c/y; find a -name b -prune -o -print | sort; "
		"find a -depth | tail -n 1; find a -name x -quit; find a/ -maxdepth 0; "
		"find a -links 4; rm -rf a",
		"a\na/c\na/c/y\na\na/\na\n");
	EXPECT_OUTPUT("find none; echo $?; find . -nosuch; echo $?; find . -name; echo $?; "
		      "find . -exec echo; echo $?; find . -type z; echo $?; find . \\( -name x; "
		      "echo $?",
		      "1\n1\n1\n1\n1\n1\n");
}

static void find_knows_sizes_times_and_modes(void)
{
	EXPECT_OUTPUT("mkdir a; echo hi >a/x; touch a/y; find a -size -1 -type f; "
		      "find a -size 1 -type f; find a -size +2c -type f; find a -empty; "
		      "find a -type f -size 3c; find a -size +1k -type f; find a -size 1k -type f; "
		      "rm -rf a",
		      "a/y\na/x\na/x\na/y\na/x\na/x\n");
	EXPECT_OUTPUT(
		"mkdir a; touch -d @5 a/o; touch a/n; find a -type f -mtime +1; "
		"find a -type f -mtime -1; find a -type f -newer a/o; find a -mmin -5 -type f; "
		"rm -rf a",
		"a/o\na/n\na/n\na/n\n");
	EXPECT_OUTPUT(
		"mkdir a; touch a/x; chmod 640 a/x; find a -perm 640; "
		"find a -perm -600 -type f; find a -perm /222 -type f; find a -perm u=rw,g=r; "
		"find a -perm -o+r -type f; rm -rf a",
		"a/x\na/x\na/x\na/x\n");
}

static void find_runs_programs_and_deletes(void)
{
	EXPECT_OUTPUT("mkdir a; touch a/x a/y; find a -type f -exec echo {} \\; | sort; "
		      "find a -type f -exec echo {} + | wc -l; find a -name x -exec false \\; "
		      "-o -name x -print; find a -type f -print0 | tr '\\0' '\\n' | sort; "
		      "find a -type f -exec echo -{}- \\; | sort; rm -rf a",
		      "a/x\na/y\n1\na/x\na/x\na/y\n-a/x-\n-a/y-\n");
	EXPECT_OUTPUT(
		"mkdir -p a/b; touch a/x a/b/y; find a -delete; ls; mkdir -p a/b; touch a/b/y; "
		"find a -type f -delete; find a | sort; rm -rf a",
		"a\na/b\n");
}

static void xargs_splits_its_input(void)
{
	EXPECT_OUTPUT("printf 'a b\\nc' | xargs; printf 'a b c' | xargs -n 2 echo; "
		      "printf 'a b\\nc\\n' | xargs -I X echo -X-; "
		      "printf 'a\\0b c\\0' | xargs -0 -n1 echo; printf '' | xargs echo e; "
		      "printf '' | xargs -r echo e; printf '\"a b\" c\\\\ d' | xargs -n1",
		      "a b c\na b\nc\n-a b-\n-c-\na\nb c\ne\na b\nc d\n");
	EXPECT_OUTPUT(
		"seq 5000 | xargs echo | wc -w; seq 20 | xargs -n 3 echo | wc -l; "
		"printf '  a b \\n' | xargs -I {} echo '[{}]'; "
		"echo 'a \"\"  b' | xargs -n1 echo x; printf 'a\\n\\nb\\n' | xargs -I{} echo [{"
		"}]",
		"5000\n7\n[a b ]\nx a\nx \nx b\n[a]\n[b]\n");
}

static void xargs_says_how_programs_ended(void)
{
	EXPECT_OUTPUT("seq 5 | xargs -n 2 -P 3 echo | sort; echo a | xargs false; echo $?; "
		      "echo a | xargs none; echo $?; echo \"a'\" | xargs; echo $?; "
		      "echo x | xargs sh -c 'exit 255'; echo $?",
		      "1 2\n3 4\n5\n123\n127\n1\n124\n");
}

static const struct ktap_test tests[] = {
	KTAP(find_matches_names_and_types),     KTAP(find_joins_conditions),
	KTAP(find_knows_sizes_times_and_modes), KTAP(find_runs_programs_and_deletes),
	KTAP(xargs_splits_its_input),           KTAP(xargs_says_how_programs_ended),
};

KTAP_MAIN(tests)
