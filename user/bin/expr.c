/* SPDX-License-Identifier: MIT */
/* expr: works out an expression and prints its value. Exit status 0: the value is neither empty
 * nor 0, 1: it is, 2: the expression makes no sense. Each rule of POSIX's grammar is a function. */

#include <regex.h>

#include "prog.h"

enum { NO_VALUE = 1, INVALID = 2, NUMBER_BYTES = 24 };

static char **next; /* the next argument; NULL at the end */
static char *parse_or(void);

static _Noreturn void fail(const char *why)
{
	prog_warnx("%s", why);
	exit(INVALID);
}

static bool take(const char *token)
{
	if (!*next || strcmp(*next, token) != 0)
		return false;
	next++;
	return true;
}

static char *take_any(void)
{
	if (!*next)
		fail("syntax error: an argument is missing");
	return *next++;
}

static char *from_number(long long number)
{
	char *text = prog_grow(NULL, NUMBER_BYTES);

	snprintf(text, NUMBER_BYTES, "%lld", number);
	return text;
}

static long long to_number(const char *text)
{
	long long number;

	if (!prog_number(text, &number))
		fail("non-integer argument");
	return number;
}

static bool is_nothing(const char *value)
{
	long long number;

	return *value == '\0' || (prog_number(value, &number) && number == 0);
}

/* TEXT : PATTERN, anchored at the beginning. What the first group matched, or how much did. */
static char *match(const char *text, const char *pattern)
{
	char *anchored = prog_grow(NULL, strlen(pattern) + 2);
	regmatch_t found[2];
	regex_t regex;
	char *value;

	/* A leading ^ says it already. */
	sprintf(anchored, "%s%s", *pattern == '^' ? "" : "^", pattern);
	if (regcomp(&regex, anchored, 0) != 0)
		fail("invalid pattern");
	if (regexec(&regex, text, 2, found, 0) != 0)
		value = prog_copy(regex.re_nsub > 0 ? "" : "0");
	else if (regex.re_nsub == 0)
		value = from_number(found[0].rm_eo);
	else if (found[1].rm_so < 0)
		value = prog_copy("");
	else
		value = strndup(text + found[1].rm_so, (size_t)(found[1].rm_eo - found[1].rm_so));
	regfree(&regex);
	free(anchored);
	return value ? value : prog_copy("");
}

/* substr TEXT PLACE LENGTH: as much as there is, counted from 1. */
static char *substring(void)
{
	char *text = parse_or();
	long long place = to_number(parse_or());
	long long length = to_number(parse_or());
	long long size = (long long)strlen(text);

	if (place < 1 || place > size || length < 1)
		return prog_copy("");
	if (length > size - place + 1)
		length = size - place + 1;
	text += place - 1;
	text[length] = '\0';
	return text;
}

static char *find_any(void)
{
	const char *text = parse_or();
	size_t place = strcspn(text, parse_or());

	return from_number(text[place] ? (long long)place + 1 : 0);
}

static char *parse_primary(void)
{
	char *value;

	if (take("(")) {
		value = parse_or();
		if (!take(")"))
			fail("syntax error: expecting ')'");
		return value;
	}
	if (take("length"))
		return from_number((long long)strlen(parse_primary()));
	if (take("match")) {
		value = parse_primary();
		return match(value, parse_primary());
	}
	if (take("substr"))
		return substring();
	if (take("index"))
		return find_any();
	take("+");
	/* substr cuts what it is given. */
	return prog_copy(take_any());
}

static char *parse_match(void)
{
	char *value = parse_primary();

	while (take(":"))
		value = match(value, parse_primary());
	return value;
}

static char *divide(long long left, long long right, bool rest)
{
	if (right == 0)
		fail("division by zero");
	if (right == -1)
		return from_number(rest ? 0 : -left);
	return from_number(rest ? left % right : left / right);
}

static char *parse_product(void)
{
	char *value = parse_match();

	for (;;) {
		if (take("*")) {
			long long left = to_number(value);

			value = from_number(left * to_number(parse_match()));
		} else if (take("/")) {
			long long left = to_number(value);

			value = divide(left, to_number(parse_match()), false);
		} else if (take("%")) {
			long long left = to_number(value);

			value = divide(left, to_number(parse_match()), true);
		} else {
			return value;
		}
	}
}

static char *parse_sum(void)
{
	char *value = parse_product();

	for (;;) {
		bool minus = *next && strcmp(*next, "-") == 0;
		long long left;
		long long right;

		if (!minus && !(*next && strcmp(*next, "+") == 0))
			return value;
		next++;
		left = to_number(value);
		right = to_number(parse_product());
		value = from_number(minus ? left - right : left + right);
	}
}

/* As numbers if both are, else as text. */
static int compare(const char *left, const char *right)
{
	long long a;
	long long b;

	if (prog_number(left, &a) && prog_number(right, &b))
		return a < b ? -1 : a > b;
	return strcmp(left, right);
}

static char *parse_comparison(void)
{
	static const struct {
		const char *name;
		bool less;
		bool equal;
		bool greater;
	} operators[] = {
		{ "<", true, false, false }, { "<=", true, true, false },
		{ "=", false, true, false }, { "==", false, true, false },
		{ "!=", true, false, true }, { ">=", false, true, true },
		{ ">", false, false, true },
	};
	char *value = parse_sum();
	size_t i = 0;

	while (i < sizeof(operators) / sizeof(operators[0])) {
		int order;

		if (!take(operators[i].name)) {
			i++;
			continue;
		}
		order = compare(value, parse_sum());
		value = from_number(order < 0    ? operators[i].less
				    : order == 0 ? operators[i].equal
						 : operators[i].greater);
		i = 0;
	}
	return value;
}

static char *parse_and(void)
{
	char *value = parse_comparison();

	while (take("&")) {
		const char *right = parse_comparison();

		if (is_nothing(value) || is_nothing(right))
			value = prog_copy("0");
	}
	return value;
}

static char *parse_or(void)
{
	char *value = parse_and();

	while (take("|")) {
		char *right = parse_and();

		if (is_nothing(value))
			value = is_nothing(right) ? prog_copy("0") : right;
	}
	return value;
}

int main(int argc, char **argv)
{
	char *value;

	prog_begin("expr",
		   "EXPRESSION\n"
		   "  A | B, A & B, A < B, <= = != >= >, A + B, -, A * B, /, %, TEXT : PATTERN,\n"
		   "  match TEXT PATTERN, substr TEXT PLACE LENGTH, index TEXT CHARACTERS,\n"
		   "  length TEXT, ( A ), + WORD",
		   argc, argv);
	if (argc > 1 && strcmp(argv[1], "--") == 0)
		argv++;
	next = argv + 1;
	if (!*next)
		prog_usage(INVALID);
	value = parse_or();
	if (*next)
		fail("syntax error: unexpected argument");
	puts(value);
	return prog_finish(is_nothing(value) ? NO_VALUE : 0);
}
