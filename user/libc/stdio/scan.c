/* SPDX-License-Identifier: MIT */
/* sscanf: numbers, words and sets out of text. */
#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 32

struct scan {
	const char *start;
	const char *at;
	const char *format;
	int discard;  /* '*': convert, store nothing */
	size_t width; /* 0: none given */
	int size;     /* in bytes, of an integer */
};

static void skip_blanks(struct scan *s)
{
	while (isspace((unsigned char)*s->at))
		s->at++;
}

static void read_size(struct scan *s)
{
	s->size = sizeof(int);
	switch (*s->format++) {
	case 'h':
		s->size = sizeof(short);
		if (*s->format == 'h') {
			s->format++;
			s->size = sizeof(char);
		}
		return;
	case 'l':
		s->size = sizeof(long);
		if (*s->format == 'l') {
			s->format++;
			s->size = sizeof(long long);
		}
		return;
	case 'j':
		s->size = sizeof(intmax_t);
		return;
	case 'z':
	case 't':
		s->size = sizeof(size_t);
		return;
	}
	s->format--;
}

static void read_spec(struct scan *s)
{
	char *end;

	s->discard = *s->format == '*';
	s->format += s->discard;
	s->width = strtoul(s->format, &end, 10);
	s->format = end;
	read_size(s);
}

static void store(struct scan *s, void *to, unsigned long long n)
{
	if (s->discard)
		return;
	memcpy(to, &n, s->size); /* little-endian: the low bytes come first */
}

/* Returns 1 when there was a number. */
static int scan_number(struct scan *s, int base, int is_signed, void *to)
{
	char text[NUMBER_MAX], *end;
	size_t count = sizeof(text) - 1;
	unsigned long long n;

	skip_blanks(s);
	if (s->width && s->width < count)
		count = s->width;
	count = strnlen(s->at, count);
	memcpy(text, s->at, count);
	text[count] = '\0';
	n = is_signed ? (unsigned long long)strtoll(text, &end, base) : strtoull(text, &end, base);
	if (end == text)
		return 0;
	s->at += end - text;
	store(s, to, n);
	return 1;
}

static int copy_text(struct scan *s, size_t count, int terminate, char *to)
{
	if (s->width && count > s->width)
		count = s->width;
	if (!count)
		return 0;
	if (!s->discard) {
		memcpy(to, s->at, count);
		if (terminate)
			to[count] = '\0';
	}
	s->at += count;
	return 1;
}

static int scan_word(struct scan *s, char *to)
{
	skip_blanks(s);
	return copy_text(s, strcspn(s->at, " \t\n\v\f\r"), 1, to);
}

static int scan_chars(struct scan *s, char *to)
{
	if (!s->width)
		s->width = 1;
	if (strnlen(s->at, s->width) < s->width)
		return 0;
	return copy_text(s, s->width, 0, to);
}

/* Marks the members of [a-z] or [^...]; the format then stands behind it. */
static void read_set(struct scan *s, char member[UCHAR_MAX + 1])
{
	int inverted = *s->format == '^', c;

	s->format += inverted;
	memset(member, inverted, UCHAR_MAX + 1);
	do {
		c = (unsigned char)*s->format++;
		member[c] = !inverted;
		if (*s->format == '-' && s->format[1] && s->format[1] != ']') {
			for (; c <= (unsigned char)s->format[1]; c++)
				member[c] = !inverted;
			s->format += 2;
		}
	} while (*s->format && *s->format != ']');
	if (*s->format)
		s->format++;
	member[0] = 0;
}

static int scan_set(struct scan *s, char *to)
{
	char member[UCHAR_MAX + 1];
	size_t count = 0;

	read_set(s, member);
	while (member[(unsigned char)s->at[count]])
		count++;
	return copy_text(s, count, 1, to);
}

static int convert(struct scan *s, char conversion, void *to)
{
	switch (conversion) {
	case 'd':
		return scan_number(s, 10, 1, to);
	case 'i':
		return scan_number(s, 0, 1, to);
	case 'u':
		return scan_number(s, 10, 0, to);
	case 'o':
		return scan_number(s, 8, 0, to);
	case 'x':
	case 'X':
	case 'p':
		return scan_number(s, 16, 0, to);
	case 's':
		return scan_word(s, to);
	case 'c':
		return scan_chars(s, to);
	case '[':
		return scan_set(s, to);
	}
	return 0;
}

/* Matches one item that is no conversion. Returns 0 where it fails. */
static int match_plain(struct scan *s)
{
	if (isspace((unsigned char)*s->format)) {
		s->format++;
		skip_blanks(s);
		return 1;
	}
	if (*s->format != *s->at)
		return 0;
	s->format++;
	s->at++;
	return 1;
}

/* Nothing left to read: that is EOF rather than a mismatch. */
static int at_end(struct scan *s, char conversion)
{
	if (conversion != 'c' && conversion != '[' && conversion != 'n')
		skip_blanks(s);
	return !*s->at && conversion != 'n';
}

int vsscanf(const char *restrict text, const char *restrict format, va_list args)
{
	struct scan s = { .start = text, .at = text, .format = format };
	int done = 0;

	while (*s.format) {
		char conversion;
		void *to = NULL;

		if (*s.format != '%' || s.format[1] == '%') {
			s.format += *s.format == '%';
			if (!match_plain(&s))
				break;
			continue;
		}
		s.format++;
		read_spec(&s);
		conversion = *s.format ? *s.format++ : '\0';
		if (at_end(&s, conversion))
			return done ? done : EOF;
		if (!s.discard)
			to = va_arg(args, void *);
		if (conversion == 'n') {
			store(&s, to, s.at - s.start);
			continue;
		}
		if (!convert(&s, conversion, to))
			break;
		done += !s.discard;
	}
	return done;
}

int sscanf(const char *restrict text, const char *restrict format, ...)
{
	va_list args;
	int done;

	va_start(args, format);
	done = vsscanf(text, format, args);
	va_end(args);
	return done;
}
