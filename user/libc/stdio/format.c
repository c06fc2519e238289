/* SPDX-License-Identifier: MIT */
/* Formatting: one pass over the format, a piece of text at a time. */
#include "format.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

enum {
	LEFT = 1,      /* - */
	PLUS = 2,      /* + */
	BLANK = 4,     /* space */
	ALTERNATE = 8, /* # */
	ZERO = 16,     /* 0 */
};

enum length { LENGTH_INT, LENGTH_CHAR, LENGTH_SHORT, LENGTH_LONG, LENGTH_LONGLONG };

struct spec {
	unsigned int flags;
	int width;
	int precision; /* -1: none */
	enum length length;
	char conversion;
};

/* 64 bits in octal, a sign, a prefix. */
#define DIGITS_MAX 24

static void put(struct format_sink *sink, const char *text, size_t count)
{
	sink->total += count;
	if (count)
		sink->put(sink, text, count);
}

static void pad(struct format_sink *sink, char with, int count)
{
	char block[16];

	memset(block, with, sizeof(block));
	for (; count > (int)sizeof(block); count -= sizeof(block))
		put(sink, block, sizeof(block));
	if (count > 0)
		put(sink, block, count);
}

/* The decimal number at *p, or the next argument where a '*' stands. */
static int read_count(const char **p, va_list *args)
{
	int n = 0;

	if (**p == '*') {
		(*p)++;
		return va_arg(*args, int);
	}
	for (; **p >= '0' && **p <= '9'; (*p)++) {
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, **p - '0', &n))
			n = INT_MAX / 10;
	}
	return n;
}

static unsigned int read_flags(const char **p)
{
	static const char letters[] = "-+ #0";
	unsigned int flags = 0;
	const char *found;

	for (; **p && (found = strchr(letters, **p)); (*p)++)
		flags |= 1U << (found - letters);
	return flags;
}

static enum length read_length(const char **p)
{
	switch (*(*p)++) {
	case 'h':
		if (**p != 'h')
			return LENGTH_SHORT;
		(*p)++;
		return LENGTH_CHAR;
	case 'l':
		if (**p != 'l')
			return LENGTH_LONG;
		(*p)++;
		return LENGTH_LONGLONG;
	case 'j':
		return LENGTH_LONGLONG;
	case 'z':
	case 't':
		return LENGTH_LONG;
	}
	(*p)--;
	return LENGTH_INT;
}

static void read_spec(struct spec *s, const char **p, va_list *args)
{
	s->flags = read_flags(p);
	s->width = read_count(p, args);
	if (s->width < 0) {
		s->flags |= LEFT;
		s->width = -s->width;
	}
	s->precision = -1;
	if (**p == '.') {
		(*p)++;
		s->precision = read_count(p, args);
	}
	s->length = read_length(p);
	s->conversion = **p;
	if (**p)
		(*p)++;
}

/* Text with blanks around. */
static void put_text(struct format_sink *sink, const struct spec *s, const char *text, size_t count)
{
	int blanks = s->width > (int)count ? s->width - (int)count : 0;

	if (!(s->flags & LEFT))
		pad(sink, ' ', blanks);
	put(sink, text, count);
	if (s->flags & LEFT)
		pad(sink, ' ', blanks);
}

/* Digits with sign or prefix before, zeros between, blanks around. */
static void put_number(struct format_sink *sink, const struct spec *s, const char *prefix,
		       const char *digits, int count)
{
	int prefix_count = (int)strlen(prefix);
	int zeros = s->precision > count ? s->precision - count : 0;
	int blanks = s->width - prefix_count - zeros - count;

	if ((s->flags & ZERO) && !(s->flags & LEFT) && s->precision < 0 && blanks > 0) {
		zeros += blanks;
		blanks = 0;
	}
	if (!(s->flags & LEFT))
		pad(sink, ' ', blanks);
	put(sink, prefix, prefix_count);
	pad(sink, '0', zeros);
	put(sink, digits, count);
	if (s->flags & LEFT)
		pad(sink, ' ', blanks);
}

/* Writes the digits of n down from end; returns where they begin. */
static char *digits_of(unsigned long long n, unsigned int base, int upper, char *end)
{
	const char *letters = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	for (; n > UINT_MAX; n /= base)
		*--end = letters[n % base];
	for (unsigned int low = (unsigned int)n; low; low /= base)
		*--end = letters[low % base];
	return end;
}

static unsigned long long next_unsigned(enum length length, va_list *args)
{
	switch (length) {
	case LENGTH_CHAR:
		return (unsigned char)va_arg(*args, int);
	case LENGTH_SHORT:
		return (unsigned short)va_arg(*args, int);
	case LENGTH_LONG:
		return va_arg(*args, unsigned long);
	case LENGTH_LONGLONG:
		return va_arg(*args, unsigned long long);
	default:
		return va_arg(*args, unsigned int);
	}
}

static long long next_signed(enum length length, va_list *args)
{
	switch (length) {
	case LENGTH_CHAR:
		return (signed char)va_arg(*args, int);
	case LENGTH_SHORT:
		return (short)va_arg(*args, int);
	case LENGTH_LONG:
		return va_arg(*args, long);
	case LENGTH_LONGLONG:
		return va_arg(*args, long long);
	default:
		return va_arg(*args, int);
	}
}

/* A number without digits is 0: one digit, unless the precision is 0. */
static void put_digits(struct format_sink *sink, const struct spec *s, const char *prefix,
		       unsigned long long n, unsigned int base)
{
	char text[DIGITS_MAX], *end = text + sizeof(text);
	char *start = digits_of(n, base, s->conversion == 'X', end);

	if (start == end && s->precision != 0)
		*--start = '0';
	if (base == 8 && (s->flags & ALTERNATE) && (start == end || *start != '0') &&
	    s->precision <= end - start)
		*--start = '0';
	put_number(sink, s, prefix, start, (int)(end - start));
}

static void put_signed(struct format_sink *sink, const struct spec *s, long long n)
{
	const char *sign = s->flags & PLUS ? "+" : s->flags & BLANK ? " " : "";

	if (n < 0)
		put_digits(sink, s, "-", -(unsigned long long)n, 10);
	else
		put_digits(sink, s, sign, n, 10);
}

static void put_hex(struct format_sink *sink, const struct spec *s, unsigned long long n)
{
	const char *prefix = "";

	if ((s->flags & ALTERNATE) && n)
		prefix = s->conversion == 'X' ? "0X" : "0x";
	put_digits(sink, s, prefix, n, 16);
}

static void put_pointer(struct format_sink *sink, struct spec *s, void *pointer)
{
	if (!pointer) {
		put_text(sink, s, "(nil)", 5);
		return;
	}
	s->flags |= ALTERNATE;
	put_hex(sink, s, (uintptr_t)pointer);
}

static void put_string(struct format_sink *sink, const struct spec *s, const char *text)
{
	if (!text)
		text = s->precision >= 0 && s->precision < 6 ? "" : "(null)";
	put_text(sink, s, text, s->precision >= 0 ? strnlen(text, s->precision) : strlen(text));
}

/* Returns 0, or -1 for a conversion we do not know. */
static int put_conversion(struct format_sink *sink, struct spec *s, va_list *args)
{
	char c;

	switch (s->conversion) {
	case 'd':
	case 'i':
		put_signed(sink, s, next_signed(s->length, args));
		return 0;
	case 'u':
		put_digits(sink, s, "", next_unsigned(s->length, args), 10);
		return 0;
	case 'o':
		put_digits(sink, s, "", next_unsigned(s->length, args), 8);
		return 0;
	case 'x':
	case 'X':
		put_hex(sink, s, next_unsigned(s->length, args));
		return 0;
	case 'c':
		c = (char)va_arg(*args, int);
		put_text(sink, s, &c, 1);
		return 0;
	case 's':
		put_string(sink, s, va_arg(*args, const char *));
		return 0;
	case 'p':
		put_pointer(sink, s, va_arg(*args, void *));
		return 0;
	case 'n':
		*va_arg(*args, int *) = (int)sink->total;
		return 0;
	case '%':
		put(sink, "%", 1);
		return 0;
	}
	return -1;
}

int __format(struct format_sink *sink, const char *format, va_list args)
{
	struct spec spec;
	va_list rest;
	int failed = 0;

	va_copy(rest, args);
	sink->total = 0;
	while (*format && !failed) {
		size_t plain = strchrnul(format, '%') - format;

		put(sink, format, plain);
		format += plain;
		if (*format == '%') {
			format++;
			read_spec(&spec, &format, &rest);
			failed = put_conversion(sink, &spec, &rest);
		}
	}
	va_end(rest);
	if (!failed && sink->total <= INT_MAX)
		return (int)sink->total;
	errno = failed ? EINVAL : EOVERFLOW;
	return -1;
}
