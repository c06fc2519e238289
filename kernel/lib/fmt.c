/* SPDX-License-Identifier: MIT */
/* The formatter. A conversion is parsed into a struct spec, its text made in a small buffer from
 * the end backwards, and written with its prefix and padding. Meaning of every flag: ISO C,
 * fprintf. */
#include "lib/fmt.h"

#include "lib/div64.h"
#include "lib/string.h"
#include "lib/types.h"

enum { DIGITS_MAX = 22 }; /* 64 bits in octal */

enum fmt_length { LEN_CHAR, LEN_SHORT, LEN_INT, LEN_LONG, LEN_LLONG, LEN_SIZE };

struct sink {
	fmt_out out;
	void *ctx;
	int total;
};

struct spec {
	bool left, zero, alt, plus, space; /* - 0 # + and blank */
	bool upper;
	int width;
	int precision; /* -1: not given */
	enum fmt_length length;
};

static void emit(struct sink *sink, const char *text, size_t n)
{
	if (!n)
		return;
	sink->out(sink->ctx, text, n);
	sink->total += (int)n;
}

static void emit_pad(struct sink *sink, char c, int n)
{
	static const char blanks[] = "                ", zeros[] = "0000000000000000";
	const int piece = sizeof(blanks) - 1;

	for (; n > 0; n -= piece)
		emit(sink, c == '0' ? zeros : blanks, (size_t)MIN(n, piece));
}

static void emit_text(struct sink *sink, const struct spec *spec, const char *text, size_t n)
{
	int pad = spec->width - (int)n;

	if (!spec->left)
		emit_pad(sink, ' ', pad);
	emit(sink, text, n);
	if (spec->left)
		emit_pad(sink, ' ', pad);
}

static void emit_string(struct sink *sink, const struct spec *spec, const char *s)
{
	if (!s)
		s = "(null)";
	emit_text(sink, spec, s,
		  strnlen(s, spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision));
}

/* Writes the digits of value to the bytes before end; returns the first one. None for 0. */
static char *digits_make(char *end, uint64_t value, unsigned base, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";

	while (value >> 32) {
		uint32_t digit;

		value = div_u64(value, base, &digit);
		*--end = digits[digit];
	}
	for (uint32_t rest = (uint32_t)value; rest; rest /= base)
		*--end = digits[rest % base];
	return end;
}

/* [blanks] prefix [zeros] digits [blanks]. The prefix is a sign or 0x. */
static void emit_number(struct sink *sink, const struct spec *spec, uint64_t value, unsigned base,
			const char *prefix)
{
	char buf[DIGITS_MAX], *end = buf + sizeof(buf);
	char *digits = digits_make(end, value, base, spec->upper);
	int n = (int)(end - digits), prefix_n = (int)strlen(prefix);
	int zeros = (spec->precision < 0 ? 1 : spec->precision) - n;
	int pad;

	zeros = MAX(zeros, 0);
	if (base == 8 && spec->alt && !zeros)
		zeros = !n || *digits != '0';
	if (spec->zero && !spec->left && spec->precision < 0)
		zeros = MAX(zeros, spec->width - prefix_n - n);
	pad = spec->width - prefix_n - zeros - n;
	if (!spec->left)
		emit_pad(sink, ' ', pad);
	emit(sink, prefix, (size_t)prefix_n);
	emit_pad(sink, '0', zeros);
	emit(sink, digits, (size_t)n);
	if (spec->left)
		emit_pad(sink, ' ', pad);
}

static const char *parse_flags(struct spec *spec, const char *fmt)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->left = true;
			break;
		case '0':
			spec->zero = true;
			break;
		case '#':
			spec->alt = true;
			break;
		case '+':
			spec->plus = true;
			break;
		case ' ':
			spec->space = true;
			break;
		default:
			return fmt;
		}
	}
}

/* A decimal number or a star. The arguments go by pointer: va_list may be an array type, so the
 * callers wrap it in a struct. */
struct args {
	va_list list;
};

static const char *parse_int(const char *fmt, struct args *args, int *out)
{
	if (*fmt == '*') {
		*out = va_arg(args->list, int);
		return fmt + 1;
	}
	for (*out = 0; *fmt >= '0' && *fmt <= '9'; fmt++)
		*out = *out * 10 + (*fmt - '0');
	return fmt;
}

static const char *parse_length(struct spec *spec, const char *fmt)
{
	spec->length = LEN_INT;
	switch (*fmt) {
	case 'h':
		spec->length = fmt[1] == 'h' ? LEN_CHAR : LEN_SHORT;
		break;
	case 'l':
		spec->length = fmt[1] == 'l' ? LEN_LLONG : LEN_LONG;
		break;
	case 'j':
		spec->length = LEN_LLONG;
		break;
	case 'z':
	case 't':
		spec->length = LEN_SIZE;
		break;
	default:
		return fmt;
	}
	return fmt + (fmt[0] == fmt[1] ? 2 : 1);
}

/* Everything between the % and the conversion letter. */
static const char *parse_spec(struct spec *spec, const char *fmt, struct args *args)
{
	*spec = (struct spec){ .precision = -1 };
	fmt = parse_flags(spec, fmt);
	fmt = parse_int(fmt, args, &spec->width);
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (*fmt == '.') {
		fmt = parse_int(fmt + 1, args, &spec->precision);
		if (spec->precision < 0)
			spec->precision = -1;
	}
	return parse_length(spec, fmt);
}

static int64_t arg_signed(const struct spec *spec, struct args *args)
{
	switch (spec->length) {
	case LEN_CHAR:
		return (signed char)va_arg(args->list, int);
	case LEN_SHORT:
		return (short)va_arg(args->list, int);
	case LEN_LONG:
		return va_arg(args->list, long);
	case LEN_LLONG:
		return va_arg(args->list, long long);
	case LEN_SIZE:
		return va_arg(args->list, ssize_t);
	case LEN_INT:
		break;
	}
	return va_arg(args->list, int);
}

static uint64_t arg_unsigned(const struct spec *spec, struct args *args)
{
	switch (spec->length) {
	case LEN_CHAR:
		return (unsigned char)va_arg(args->list, unsigned);
	case LEN_SHORT:
		return (unsigned short)va_arg(args->list, unsigned);
	case LEN_LONG:
		return va_arg(args->list, unsigned long);
	case LEN_LLONG:
		return va_arg(args->list, unsigned long long);
	case LEN_SIZE:
		return va_arg(args->list, size_t);
	case LEN_INT:
		break;
	}
	return va_arg(args->list, unsigned);
}

static void emit_signed(struct sink *sink, const struct spec *spec, int64_t value)
{
	const char *plus = spec->plus ? "+" : spec->space ? " " : "";
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;

	emit_number(sink, spec, magnitude, 10, value < 0 ? "-" : plus);
}

static void emit_hex(struct sink *sink, struct spec *spec, uint64_t value, char letter)
{
	spec->upper = letter == 'X';
	emit_number(sink, spec, value, 16, !spec->alt || !value ? "" : spec->upper ? "0X" : "0x");
}

/* %p: all digits of an address, always with 0x. */
static void emit_pointer(struct sink *sink, struct spec *spec, const void *p)
{
	spec->precision = 2 * sizeof(p);
	emit_number(sink, spec, (uintptr_t)p, 16, "0x");
}

/* Writes one conversion. An unknown letter is shown as it stands: a wrong format is seen, not
 * fatal. */
static void convert(struct sink *sink, struct spec *spec, char letter, struct args *args)
{
	char c = letter;

	switch (letter) {
	case 'd':
	case 'i':
		emit_signed(sink, spec, arg_signed(spec, args));
		return;
	case 'u':
		emit_number(sink, spec, arg_unsigned(spec, args), 10, "");
		return;
	case 'o':
		emit_number(sink, spec, arg_unsigned(spec, args), 8, "");
		return;
	case 'x':
	case 'X':
		emit_hex(sink, spec, arg_unsigned(spec, args), letter);
		return;
	case 'p':
		emit_pointer(sink, spec, va_arg(args->list, void *));
		return;
	case 's':
		emit_string(sink, spec, va_arg(args->list, const char *));
		return;
	case 'c':
		c = (char)va_arg(args->list, int);
		emit_text(sink, spec, &c, 1);
		return;
	case '%':
		emit(sink, "%", 1);
		return;
	default:
		emit(sink, "%", 1);
		emit(sink, &c, 1);
	}
}

int fmt_vprint(fmt_out out, void *ctx, const char *fmt, va_list list)
{
	struct sink sink = { .out = out, .ctx = ctx };
	struct spec spec;
	struct args args;

	va_copy(args.list, list);
	while (*fmt) {
		const char *plain = fmt;

		while (*fmt && *fmt != '%')
			fmt++;
		emit(&sink, plain, (size_t)(fmt - plain));
		if (!*fmt)
			break;
		fmt = parse_spec(&spec, fmt + 1, &args);
		if (!*fmt)
			break;
		convert(&sink, &spec, *fmt++, &args);
	}
	va_end(args.list);
	return sink.total;
}

struct buffer {
	char *at;
	size_t left; /* without the terminator */
};

static void buffer_out(void *ctx, const char *text, size_t n)
{
	struct buffer *buf = ctx;

	n = MIN(n, buf->left);
	memcpy(buf->at, text, n);
	buf->at += n;
	buf->left -= n;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	char nowhere;
	struct buffer b = { .at = size ? buf : &nowhere, .left = size ? size - 1 : 0 };
	int total = fmt_vprint(buffer_out, &b, fmt, args);

	*b.at = '\0';
	return total;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int total;

	va_start(args, fmt);
	total = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return total;
}
