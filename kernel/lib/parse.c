/* SPDX-License-Identifier: MIT */
/* Text to number, strictly: all of the text or nothing. */
#include "lib/errno.h"
#include "lib/string.h"
#include "lib/types.h"

enum { BASE_MAX = 36 };

/* The digit's value, BASE_MAX if c is none. */
static unsigned digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'z')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'Z')
		return (unsigned)(c - 'A') + 10;
	return BASE_MAX;
}

/* Skips a prefix that says the base, when the caller left the base open. */
static unsigned base_guess(const char **s)
{
	const char *p = *s;

	if (p[0] != '0' || !p[1])
		return 10;
	if (p[1] != 'x' && p[1] != 'X') {
		*s = p + 1;
		return 8;
	}
	*s = p + 2;
	return 16;
}

int parse_u64(const char *s, unsigned base, uint64_t *out)
{
	uint64_t value = 0;
	bool overflow = false;

	if (!base)
		base = base_guess(&s);
	if (base < 2 || base > BASE_MAX || !*s)
		return -EINVAL;
	for (; *s; s++) {
		unsigned digit = digit_value(*s);

		if (digit >= base)
			return -EINVAL;
		overflow |= __builtin_mul_overflow(value, base, &value);
		overflow |= __builtin_add_overflow(value, digit, &value);
	}
	if (overflow)
		return -ERANGE;
	*out = value;
	return 0;
}
