/* SPDX-License-Identifier: MIT */
/* The language of sh. */
#define _GNU_SOURCE
#include "script.h"

static void quotes_keep_blanks_and_dollars(void)
{
	EXPECT_OUTPUT("echo 'a  b' \"c  d\" e\\ f", "a  b c  d e f\n");
	EXPECT_OUTPUT("X=5; echo '$X' \"$X\" \\$X", "$X 5 $X\n");
	EXPECT_OUTPUT("printf '%s\\n' \"q\\\"u\\$o\\`t\" ''", "q\"u$o`t\n\n");
	EXPECT_OUTPUT("echo 'two\nlines'; echo jo\\\nined", "two\nlines\njoined\n");
}

static void variables_expand(void)
{
	EXPECT_OUTPUT("X=5; echo $X ${X}y \"$X$X\" [$UNSET]", "5 5y 55 []\n");
	EXPECT_OUTPUT("X='a b'; Y=$X; echo \"$Y\"; for i in $Y; do echo $i; done", "a b\na\nb\n");
	EXPECT_OUTPUT("echo ${U:-d} ${U-} ${U:=v} $U ${U:+s} ${#U}", "d v v s 1\n");
	EXPECT_OUTPUT("p=/a/b.c; echo ${p##*/} ${p%/*} ${p%.c} ${p#/}", "b.c /a /a/b a/b.c\n");
	EXPECT_OUTPUT("export A=1; B=2 sh -c 'echo $A$B'; echo [$B]", "12\n[]\n");
	EXPECT_OUTPUT("A=1; unset A; echo ${A-unset}", "unset\n");
}

static void fields_split_at_ifs(void)
{
	EXPECT_OUTPUT("IFS=:; x=a::b; for i in $x; do echo [$i]; done", "[a]\n[]\n[b]\n");
	EXPECT_OUTPUT("x=' a  b '; set -- $x; echo $#", "2\n");
}

static void arguments_are_numbered(void)
{
	EXPECT_OUTPUT("set -- a 'b c' d; echo $# $2; for x in \"$@\"; do echo \"<$x>\"; done",
		      "3 b c\n<a>\n<b c>\n<d>\n");
	EXPECT_OUTPUT("set -- a 'b c'; for x in $*; do echo $x; done; echo \"$*\"",
		      "a\nb\nc\na b c\n");
	EXPECT_OUTPUT("set --; for x in \"$@\"; do echo no; done; set -- a b; shift; echo $1",
		      "b\n");
	EXPECT_OUTPUT("sh -c 'echo $0 $1 $2' name x y", "name x y\n");
}

static void status_of_commands(void)
{
	EXPECT_OUTPUT("false; echo $?; true; echo $?; ! true; echo $?; sh -c 'exit 42'; echo $?",
		      "1\n0\n1\n42\n");
	EXPECT_OUTPUT("no_such_program; echo $?; /dev/null; echo $?", "127\n126\n");
	EXPECT_OUTPUT("false | true; echo $?; true | false; echo $?", "0\n1\n");
	EXPECT_SCRIPT("exit 7", "", 7);
	EXPECT_SCRIPT("(exit 3)", "", 3);
	EXPECT_SCRIPT("if", "", 2);
}

static void death_by_signal_is_128_and_its_number(void)
{
	EXPECT_OUTPUT("sh -c 'kill -9 $$'; echo $?; sh -c 'kill -TERM $$'; echo $?", "137\n143\n");
}

static void and_or_and_semicolon(void)
{
	EXPECT_OUTPUT("true && echo yes || echo no; false && echo yes || echo no", "yes\nno\n");
	EXPECT_OUTPUT("echo a; echo b # comment\necho c", "a\nb\nc\n");
	EXPECT_OUTPUT("set -e; false || true; if false; then :; fi; echo on", "on\n");
	EXPECT_SCRIPT("set -e; false; echo on", "", 1);
}

static void pipelines_connect_programs(void)
{
	EXPECT_OUTPUT("echo one two | cat | cat | wc -w", "2\n");
	EXPECT_OUTPUT("{ echo a; echo b; } | while read x; do echo [$x]; done", "[a]\n[b]\n");
	EXPECT_OUTPUT("cat /dev/zero | head -c 100000 | wc -c", "100000\n");
}

static void redirections_open_files(void)
{
	EXPECT_OUTPUT("echo a >f; echo b >>f; cat <f; rm f", "a\nb\n");
	EXPECT_OUTPUT("ls /nonexistent >f 2>&1; wc -l <f; rm f", "1\n");
	EXPECT_OUTPUT("{ echo out; echo err >&2; } 2>f; cat f; rm f", "out\nerr\n");
	EXPECT_OUTPUT("exec 3>f; echo three >&3; exec 3>&-; cat f; rm f", "three\n");
	EXPECT_OUTPUT("exec 3<&-; echo x <>f 1>&2; echo y; rm f", "y\n");
	EXPECT_OUTPUT("cat </nonexistent || echo bad", "bad\n");
}

static void here_documents_are_input(void)
{
	EXPECT_OUTPUT("X=1; cat <<E\na $X \"q\" $((1 + 1))\nE", "a 1 \"q\" 2\n");
	EXPECT_OUTPUT("cat <<'E'\na $X\nE\necho after", "a $X\nafter\n");
	EXPECT_OUTPUT("cat <<-E\n\tindented\n\tE", "indented\n");
}

static void subshells_and_groups(void)
{
	EXPECT_OUTPUT("X=1; (X=2; cd /; echo $X); echo $X", "2\n1\n");
	EXPECT_OUTPUT("X=1; { X=2; }; echo $X", "2\n");
	EXPECT_OUTPUT("cd /; (cd /dev; pwd); pwd; cd /dev; cd - >/dev/null; pwd", "/dev\n/\n/\n");
}

static void commands_substitute(void)
{
	EXPECT_OUTPUT("echo [$(echo a; echo b)] \"$(echo 'c  d')\" `echo e`", "[a b] c  d e\n");
	EXPECT_OUTPUT("x=$(false); echo $?; echo $(echo $(echo deep))", "1\ndeep\n");
}

static void sums_are_computed(void)
{
	EXPECT_OUTPUT("echo $((1 + 2 * 3)) $((7 / 2)) $((-7 % 4)) $((1 << 4)) $(((2 + 3) * 4))",
		      "7 3 -3 16 20\n");
	EXPECT_OUTPUT("i=1; i=$((i + 1)); echo $i $((i > 1 ? 5 : 6)) $((!i)) $((i == 2 && 1))",
		      "2 5 0 1\n");
}

static void loops_and_decisions(void)
{
	EXPECT_OUTPUT("for i in 1 2 3; do if [ $i = 2 ]; then continue; fi; echo $i; done",
		      "1\n3\n");
	EXPECT_OUTPUT(
		"i=0; while [ $i -lt 9 ]; do i=$((i + 1)); [ $i = 3 ] && break; done; echo $i",
		"3\n");
	EXPECT_OUTPUT("until true; do echo no; done; if false; then :; elif true; then echo b; fi",
		      "b\n");
	EXPECT_OUTPUT("case abc in x) echo x;; a*|b) echo star;; *) echo other;; esac", "star\n");
	EXPECT_OUTPUT(
		"for i in a b; do for j in 1 2; do [ $j = 2 ] && break 2; echo $i$j; done; done",
		"a1\n");
}

static void functions_are_called(void)
{
	EXPECT_OUTPUT("f() { echo $# $1; return 4; }; f x y; echo $?", "2 x\n4\n");
	EXPECT_OUTPUT("f() { [ $1 = 0 ] || { echo $1; f $(($1 - 1)); }; }; f 3", "3\n2\n1\n");
}

static void patterns_match_names(void)
{
	EXPECT_OUTPUT("touch ga gb gc .gd; echo g? g[ab] '*' \"g\"* x*; rm ga gb gc .gd",
		      "ga gb gc ga gb * ga gb gc x*\n");
	EXPECT_OUTPUT("mkdir d; touch d/a d/b; echo */?; rm -r d", "d/a d/b\n");
}

static void background_jobs_are_waited_for(void)
{
	EXPECT_OUTPUT("sleep 0.1 & wait; echo done", "done\n");
	EXPECT_OUTPUT("(exit 7) & wait $!; echo $?", "7\n");
	EXPECT_OUTPUT("sleep 100 & kill $!; wait $!; echo $?", "143\n");
}

/* What dash does not do: on Linux bash is the judge. */
#define BASH(text) "$(command -v bash || echo sh) -c '" text "'"

static void wait_n_waits_for_the_first_that_ends(void)
{
	EXPECT_OUTPUT(
		BASH("sleep 9 & p=$!; (exit 4) & wait -n; echo $?; kill $p; wait -n; echo $?; "
		     "wait -n; echo $?"),
		"4\n143\n127\n");
	EXPECT_OUTPUT(BASH("sleep 9 & p=$!; (exit 9) & wait -n $p $!; echo $?; kill $p"), "9\n");
	EXPECT_OUTPUT(BASH("(exit 5) & p=$!; sleep 9 & wait -n $p; echo $?; kill %2; wait"), "5\n");
	EXPECT_OUTPUT(BASH("sleep 9 & wait -n 99999; echo $?; kill $!; wait -n; echo $?"),
		      "127\n143\n");
}

static void a_substitution_sees_its_shells_jobs(void)
{
	EXPECT_OUTPUT(BASH("sleep 9 & [ $(jobs -p) = $! ] && echo same; kill $(jobs -p); wait"),
		      "same\n");
	EXPECT_OUTPUT(BASH("sleep 9 & jobs | wc -l; (jobs) | wc -l; kill $!; wait"), "1\n0\n");
	EXPECT_OUTPUT(
		BASH("sleep 9 & p=$!; [ $(sleep 9 & jobs -p; kill $!) = $p ] || echo own; kill $p"),
		"own\n");
}

static void builtins_change_the_shell(void)
{
	EXPECT_OUTPUT("eval 'X=1; echo $X'; echo 'Y=2' >f; . ./f; rm f; echo $Y", "1\n2\n");
	EXPECT_OUTPUT("echo 'one two three' >f; read a b <f; rm f; echo \"$a|$b\"",
		      "one|two three\n");
	EXPECT_OUTPUT("umask 027; umask; exec echo last; echo never", "0027\nlast\n");
}

static void scripts_are_run(void)
{
	EXPECT_OUTPUT("echo 'echo script $1' >s; sh s a; chmod +x s; ./s b; rm s",
		      "script a\nscript b\n");
	EXPECT_OUTPUT("printf '#!/bin/sh\\necho hash $1\\n' >s; chmod +x s; ./s c; rm s",
		      "hash c\n");
}

static const struct ktap_test tests[] = {
	KTAP(quotes_keep_blanks_and_dollars),
	KTAP(variables_expand),
	KTAP(fields_split_at_ifs),
	KTAP(arguments_are_numbered),
	KTAP(status_of_commands),
	KTAP(death_by_signal_is_128_and_its_number),
	KTAP(and_or_and_semicolon),
	KTAP(pipelines_connect_programs),
	KTAP(redirections_open_files),
	KTAP(here_documents_are_input),
	KTAP(subshells_and_groups),
	KTAP(commands_substitute),
	KTAP(sums_are_computed),
	KTAP(loops_and_decisions),
	KTAP(functions_are_called),
	KTAP(patterns_match_names),
	KTAP(background_jobs_are_waited_for),
	KTAP(wait_n_waits_for_the_first_that_ends),
	KTAP(a_substitution_sees_its_shells_jobs),
	KTAP(builtins_change_the_shell),
	KTAP(scripts_are_run),
};

KTAP_MAIN(tests)
