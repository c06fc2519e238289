/* SPDX-License-Identifier: MIT */
/* $((...)): C's integer expressions on 64 bits, by precedence climbing. Overflow wraps. The side of
 * && || and ?: that does not count is parsed, but neither assigns nor divides. */

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh.h"

enum { NUMBER_BYTES = 24, NAME_BYTES = 64 };

struct sum {
	struct shell *sh;
	const char *at;
	const char *error;
	int skipping; /* parts around that do not count */
};

struct operation {
	const char *text;
	int level; /* higher binds tighter */
};

/* Longer spellings first. */
static const struct operation operations[] = {
	{ "||", 1 }, { "&&", 2 }, { "==", 6 }, { "!=", 6 }, { "<=", 7 }, { ">=", 7 },
	{ "<<", 8 }, { ">>", 8 }, { "|", 3 },  { "^", 4 },  { "&", 5 },  { "<", 7 },
	{ ">", 7 },  { "+", 9 },  { "-", 9 },  { "*", 10 }, { "/", 10 }, { "%", 10 },
};

static long long binary(struct sum *sum, int lowest);

static void skip_blanks(struct sum *sum)
{
	while (isspace((unsigned char)*sum->at))
		sum->at++;
}

static const struct operation *operation_at(struct sum *sum)
{
	skip_blanks(sum);
	for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (strncmp(sum->at, operations[i].text, strlen(operations[i].text)) == 0)
			return &operations[i];
	}
	return NULL;
}

static long long divide(struct sum *sum, long long a, long long b, bool remainder)
{
	if (b == 0) {
		if (!sum->skipping)
			sum->error = "division by zero";
		return 0;
	}
	/* The one quotient that does not fit. */
	if (b == -1)
		return remainder ? 0 : (long long)(0 - (unsigned long long)a);
	return remainder ? a % b : a / b;
}

static long long compute_pair(const char *op, long long a, long long b)
{
	switch (op[0]) {
	case '|':
		return a || b;
	case '&':
		return a && b;
	case '=':
		return a == b;
	case '!':
		return a != b;
	case '<':
		return op[1] == '=' ? a <= b : (long long)((unsigned long long)a << (b & 63));
	default:
		return op[1] == '=' ? a >= b : a >> (b & 63);
	}
}

static long long compute(struct sum *sum, const char *op, long long a, long long b)
{
	unsigned long long ua = (unsigned long long)a;
	unsigned long long ub = (unsigned long long)b;

	if (op[1])
		return compute_pair(op, a, b);
	switch (op[0]) {
	case '|':
		return a | b;
	case '^':
		return a ^ b;
	case '&':
		return a & b;
	case '<':
		return a < b;
	case '>':
		return a > b;
	case '+':
		return (long long)(ua + ub);
	case '-':
		return (long long)(ua - ub);
	case '*':
		return (long long)(ua * ub);
	default:
		return divide(sum, a, b, op[0] == '%');
	}
}

/* name, name = sum, name += sum ... */
static long long name_value(struct sum *sum)
{
	size_t length = variable_name_length(sum->at);
	const char *name = sum->at;
	const char *text = variable_get(sum->sh, name, length);
	long long value = text ? strtoll(text, NULL, 0) : 0;
	char digits[NUMBER_BYTES];
	char op[3] = "";

	sum->at += length;
	skip_blanks(sum);
	if (*sum->at && strchr("+-*/%&|^", *sum->at) && sum->at[1] == '=')
		op[0] = *sum->at++;
	if (strncmp(sum->at, "<<=", 3) == 0 || strncmp(sum->at, ">>=", 3) == 0) {
		memcpy(op, sum->at, 2);
		sum->at += 2;
	}
	if (sum->at[0] != '=' || sum->at[1] == '=')
		return value;
	sum->at++;
	if (op[0])
		value = compute(sum, op, value, binary(sum, 0));
	else
		value = binary(sum, 0);
	if (sum->skipping)
		return value;
	snprintf(digits, sizeof(digits), "%lld", value);
	if (!variable_assign(sum->sh, name, length, digits))
		sum->error = "cannot assign";
	return value;
}

static long long primary(struct sum *sum)
{
	long long value;
	char *end;

	skip_blanks(sum);
	if (*sum->at == '(') {
		sum->at++;
		value = binary(sum, 0);
		skip_blanks(sum);
		if (*sum->at != ')')
			sum->error = "missing )";
		else
			sum->at++;
		return value;
	}
	if (variable_name_length(sum->at) > 0)
		return name_value(sum);
	value = strtoll(sum->at, &end, 0);
	if (end == sum->at)
		sum->error = "arithmetic syntax error";
	sum->at = end;
	return value;
}

static long long unary(struct sum *sum)
{
	char op;

	skip_blanks(sum);
	op = *sum->at;
	if (!op || !strchr("+-!~", op))
		return primary(sum);
	sum->at++;
	switch (op) {
	case '-':
		return (long long)(0 - (unsigned long long)unary(sum));
	case '!':
		return !unary(sum);
	case '~':
		return ~unary(sum);
	default:
		return unary(sum);
	}
}

/* binary(), whose result counts only if `wanted`. */
static long long maybe(struct sum *sum, int lowest, bool wanted)
{
	long long value;

	sum->skipping += !wanted;
	value = binary(sum, lowest);
	sum->skipping -= !wanted;
	return value;
}

/* Whether the right side of && or || matters behind that left side. */
static bool right_counts(const char *op, long long left)
{
	if (strcmp(op, "&&") == 0)
		return left != 0;
	return strcmp(op, "||") != 0 || left == 0;
}

static long long choose(struct sum *sum, long long condition)
{
	long long yes;
	long long no;

	sum->at++;
	yes = maybe(sum, 0, condition != 0);
	skip_blanks(sum);
	if (*sum->at != ':') {
		sum->error = "missing :";
		return 0;
	}
	sum->at++;
	no = maybe(sum, 0, condition == 0);
	return condition ? yes : no;
}

/* Everything that binds at least as tight as `lowest`. */
static long long binary(struct sum *sum, int lowest)
{
	long long left = unary(sum);
	const struct operation *op;

	while (!sum->error && (op = operation_at(sum)) != NULL && op->level >= lowest) {
		sum->at += strlen(op->text);
		left = compute(sum, op->text, left,
			       maybe(sum, op->level + 1, right_counts(op->text, left)));
	}
	skip_blanks(sum);
	if (lowest == 0 && *sum->at == '?' && !sum->error)
		return choose(sum, left);
	return left;
}

bool arith_evaluate(struct shell *sh, const char *text, long long *value)
{
	struct sum sum = { .sh = sh, .at = text };

	skip_blanks(&sum);
	*value = *sum.at ? binary(&sum, 0) : 0;
	skip_blanks(&sum);
	if (!sum.error && *sum.at)
		sum.error = "arithmetic syntax error";
	if (sum.error)
		shell_complain(sh, text, sum.error);
	return !sum.error;
}
