/* SPDX-License-Identifier: MIT */
/* What of proc and entry can be tested without a process: the picture of a new program's stack,
 * the division of processor time, times in both directions, default actions. The rest is tested
 * from user space (tests/user).
 */
#include <abi/auxv.h>

#include "entry/timespec.h"
#include "ktest.h"
#include "lib/string.h"
#include "mm/slab.h"
#include "proc/exec.h"
#include "proc/signal.h"
#include "proc/times.h"

enum { WORD = 4, LIMIT = 128 * 1024, MANY = 900, LONG = 3000 };

/* The word, or the byte, at an address of the finished picture. */
static const char *at(const struct stack_image *s, uint32_t va)
{
	uint32_t below = STACK_TOP - 1 - va;

	return (const char *)page_to_virt(s->page[below / PAGE_SIZE]) + (va & PAGE_MASK);
}

static uint32_t word(const struct stack_image *s, uint32_t va)
{
	return *(const uint32_t *)at(s, va);
}

/* Whether the string at va, which may cross pages, is `want`. */
static bool string_is(const struct stack_image *s, uint32_t va, const char *want)
{
	for (;; va++, want++) {
		if (*at(s, va) != *want)
			return false;
		if (!*want)
			return true;
	}
}

/* The value of an entry of the auxiliary vector that begins at va. */
static uint32_t auxv(const struct stack_image *s, uint32_t va, uint32_t type)
{
	for (; word(s, va) != AT_NULL; va += 2 * WORD) {
		if (word(s, va) == type)
			return word(s, va + WORD);
	}
	return 0;
}

/* argc times `argument`, one environment string, the name. NULL: no memory. */
static struct program *program_with(unsigned argc, const char *argument)
{
	struct program *prog = kzalloc(sizeof(*prog));
	struct stack_image *s;
	int err = 0;

	if (!prog)
		return NULL;
	s = &prog->stack;
	stack_image_init(s, STACK_TOP, LIMIT);
	for (s->argc = 0; s->argc < argc && !err; s->argc++)
		err = stack_push_string(s, argument);
	if (!err)
		err = stack_push_string(s, "HOME=/");
	s->envc = 1;
	if (!err)
		err = stack_push_string(s, "/bin/name");
	if (!err)
		err = stack_image_finish(s, prog);
	KEXPECT_EQ(err, 0);
	return prog;
}

static void program_drop(struct program *prog)
{
	stack_image_free(&prog->stack);
	kfree(prog);
}

static void check_picture(const struct stack_image *s, unsigned argc, const char *argument)
{
	uint32_t envp = s->sp + (argc + 2) * WORD, aux = envp + 2 * WORD;

	KEXPECT_EQ(s->sp % 16, 0);
	KEXPECT_EQ(word(s, s->sp), argc);
	for (unsigned i = 0; i < argc; i++)
		KEXPECT(string_is(s, word(s, s->sp + (i + 1) * WORD), argument));
	KEXPECT_EQ(word(s, s->sp + (argc + 1) * WORD), 0);
	KEXPECT(string_is(s, word(s, envp), "HOME=/"));
	KEXPECT_EQ(word(s, envp + WORD), 0);
	KEXPECT_EQ(auxv(s, aux, AT_PAGESZ), PAGE_SIZE);
	KEXPECT(string_is(s, auxv(s, aux, AT_PLATFORM), "i686"));
	KEXPECT(string_is(s, auxv(s, aux, AT_EXECFN), "/bin/name"));
	KEXPECT(auxv(s, aux, AT_RANDOM) > aux);
}

KTEST(a_small_stack_picture_fits_one_page)
{
	struct program *prog = program_with(2, "word");

	KREQUIRE(prog);
	KEXPECT_EQ(prog->stack.pages, 1);
	check_picture(&prog->stack, 2, "word");
	program_drop(prog);
}

KTEST(strings_of_a_stack_picture_cross_pages)
{
	char *argument = kzalloc(LONG + 1);
	struct program *prog;

	KREQUIRE(argument);
	memset(argument, 'x', LONG);
	prog = program_with(5, argument);
	KREQUIRE(prog);
	KEXPECT(prog->stack.pages > 3);
	check_picture(&prog->stack, 5, argument);
	program_drop(prog);
	kfree(argument);
}

KTEST(pointers_of_a_stack_picture_cross_pages)
{
	struct program *prog = program_with(MANY * 2, "a");

	KREQUIRE(prog);
	KEXPECT(prog->stack.pages > 2);
	check_picture(&prog->stack, MANY * 2, "a");
	program_drop(prog);
}

KTEST(a_stack_picture_over_its_limit_is_e2big)
{
	struct stack_image s;
	int err = 0;

	stack_image_init(&s, STACK_TOP, PAGE_SIZE);
	for (unsigned i = 0; i < PAGE_SIZE && !err; i++)
		err = stack_push_string(&s, "seven b");
	KEXPECT_EQ(err, -E2BIG);
	KEXPECT_EQ(s.pages, 1);
	stack_image_free(&s);
}

KTEST(processor_time_is_divided_as_the_tick_saw_it)
{
	struct cputime told = { 0, 0 };

	cputime_split(1000, (struct cpu_ticks){ 0, 0 }, &told);
	KEXPECT_EQ(told.user_ns, 1000);
	told.user_ns = 0;
	cputime_split(1000, (struct cpu_ticks){ 3, 1 }, &told);
	KEXPECT_EQ(told.user_ns, 750);
	KEXPECT_EQ(told.kernel_ns, 250);
}

KTEST(neither_part_of_processor_time_ever_goes_back)
{
	struct cputime told = { 0, 0 };

	cputime_split(1000, (struct cpu_ticks){ 1, 0 }, &told);
	cputime_split(1500, (struct cpu_ticks){ 1, 1 }, &told);
	KEXPECT_EQ(told.user_ns, 1000);
	KEXPECT_EQ(told.kernel_ns, 500);
	cputime_split(2000, (struct cpu_ticks){ 3, 1 }, &told);
	KEXPECT_EQ(told.user_ns, 1500);
	KEXPECT_EQ(told.kernel_ns, 500);
	cputime_split(1900, (struct cpu_ticks){ 3, 1 }, &told); /* a reader that came late */
	KEXPECT_EQ(told.user_ns + told.kernel_ns, 2000);
}

KTEST(times_before_1970_have_positive_nanoseconds)
{
	int32_t nsec;

	KEXPECT_EQ(ktime_to_timespec(-1, &nsec), -1);
	KEXPECT_EQ(nsec, NSEC_PER_SEC - 1);
	KEXPECT_EQ(ktime_to_timespec(-NSEC_PER_SEC, &nsec), -1);
	KEXPECT_EQ(nsec, 0);
	KEXPECT_EQ(ktime_from_timespec(-1, NSEC_PER_SEC - 1), -1);
	KEXPECT_EQ(ktime_from_timespec(INT64_MAX, 0), KTIME_MAX);
}

KTEST(default_actions_are_those_of_signals_def)
{
	KEXPECT_EQ(signal_default_of(SIGSEGV), SIGNAL_CORE);
	KEXPECT_EQ(signal_default_of(SIGCHLD), SIGNAL_IGN);
	KEXPECT_EQ(signal_default_of(SIGTSTP), SIGNAL_STOP);
	KEXPECT_EQ(signal_default_of(SIGCONT), SIGNAL_CONT);
	KEXPECT_EQ(signal_default_of(ABI_SIGNAL_MAX), SIGNAL_TERM);
}
