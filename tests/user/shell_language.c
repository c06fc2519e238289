/* SPDX-License-Identifier: MIT */
/* The language of sh, from a table: shell_cases.def. Each case runs in an empty directory. */
#define _GNU_SOURCE
#include "script.h"

struct language_case {
	const char *script; /* NULL: a group begins, `output` is its name */
	const char *output;
	int status;
};

static const struct language_case cases[] = {
#define GROUP(name) { NULL, #name, 0 },
#define CASE(script, output, status) { script, output, status },
#include "shell_cases.def"
#undef GROUP
#undef CASE
};

static void run_group(const char *name)
{
	const struct language_case *end = cases + sizeof(cases) / sizeof(cases[0]);
	const struct language_case *c = cases;

	while (c->script || strcmp(c->output, name))
		c++;
	for (c++; c < end && c->script; c++)
		script_expect(c->script, c->output, c->status, (int)(c - cases));
}

#define GROUP(name) \
	static void name(void) \
	{ \
		run_group(#name); \
	}
#define CASE(script, output, status)
#include "shell_cases.def"
#undef GROUP

static const struct ktap_test tests[] = {
#define GROUP(name) KTAP(name),
#include "shell_cases.def"
#undef GROUP
};

KTAP_MAIN(tests)
