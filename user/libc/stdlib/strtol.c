/* SPDX-License-Identifier: MIT */
/* Numbers from text: one reader of 64 bits, narrowed for each type. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

struct number {
	unsigned long long magnitude;
	int negative;
	int overflow;
};

static int digit_value(int c)
{
	if (isdigit(c))
		return c - '0';
	if (isalpha(c))
		return tolower(c) - 'a' + 10;
	return INT_MAX;
}

/* Steps over 0x, when a digit follows it, and settles a base of 0. */
static const char *read_prefix(const char *p, int *base)
{
	if ((*base == 0 || *base == 16) && p[0] == '0' && (p[1] | ' ') == 'x' &&
	    isxdigit((unsigned char)p[2])) {
		*base = 16;
		return p + 2;
	}
	if (*base == 0)
		*base = *p == '0' ? 8 : 10;
	return p;
}

/* Reads blanks, sign, prefix, digits. *end is text when there is no digit. */
static struct number read_number(const char *text, char **end, int base)
{
	struct number n = { 0 };
	const char *p = text;
	int digit, any = 0;

	while (isspace((unsigned char)*p))
		p++;
	if (*p == '-' || *p == '+')
		n.negative = *p++ == '-';
	p = read_prefix(p, &base);
	for (; (digit = digit_value((unsigned char)*p)) < base; p++) {
		any = 1;
		n.overflow |= __builtin_mul_overflow(n.magnitude, (unsigned long long)base,
						     &n.magnitude);
		n.overflow |= __builtin_add_overflow(n.magnitude, (unsigned long long)digit,
						     &n.magnitude);
	}
	if (end)
		*end = (char *)(any ? p : text);
	return n;
}

static int base_is_bad(int base, const char *text, char **end)
{
	if (base >= 0 && base != 1 && base <= 36)
		return 0;
	if (end)
		*end = (char *)text;
	errno = EINVAL;
	return 1;
}

/* Between -max - 1 and max. */
static long long read_signed(const char *text, char **end, int base, long long max)
{
	unsigned long long limit;
	struct number n;

	if (base_is_bad(base, text, end))
		return 0;
	n = read_number(text, end, base);
	limit = (unsigned long long)max + n.negative;
	if (n.overflow || n.magnitude > limit) {
		errno = ERANGE;
		return n.negative ? -max - 1 : max;
	}
	return (long long)(n.negative ? -n.magnitude : n.magnitude);
}

/* Up to max; a minus sign wraps around. */
static unsigned long long read_unsigned(const char *text, char **end, int base,
					unsigned long long max)
{
	struct number n;

	if (base_is_bad(base, text, end))
		return 0;
	n = read_number(text, end, base);
	if (n.overflow || n.magnitude > max) {
		errno = ERANGE;
		return max;
	}
	return n.negative ? -n.magnitude : n.magnitude;
}

long strtol(const char *restrict text, char **restrict end, int base)
{
	return (long)read_signed(text, end, base, LONG_MAX);
}

unsigned long strtoul(const char *restrict text, char **restrict end, int base)
{
	return (unsigned long)read_unsigned(text, end, base, ULONG_MAX);
}

long long strtoll(const char *restrict text, char **restrict end, int base)
{
	return read_signed(text, end, base, LLONG_MAX);
}

unsigned long long strtoull(const char *restrict text, char **restrict end, int base)
{
	return read_unsigned(text, end, base, ULLONG_MAX);
}

intmax_t strtoimax(const char *restrict text, char **restrict end, int base)
{
	return strtoll(text, end, base);
}

uintmax_t strtoumax(const char *restrict text, char **restrict end, int base)
{
	return strtoull(text, end, base);
}

int atoi(const char *text)
{
	return (int)strtol(text, NULL, 10);
}

long atol(const char *text)
{
	return strtol(text, NULL, 10);
}

long long atoll(const char *text)
{
	return strtoll(text, NULL, 10);
}
