/* SPDX-License-Identifier: MIT */
/* printf: prints its arguments by a format, which is used again as long as arguments are left.
 * Knows %d %i %u %o %x %X %c %s %b %% with flags, width and precision, and the escapes of C. */

#include "prog.h"

enum { SPECIFIER_BYTES = 32, OCTAL_DIGITS = 3 };

static char **arguments; /* the next one; NULL at the end */
static int status;

static const char *next_argument(void)
{
	return *arguments ? *arguments++ : "";
}

/* A number in C's spelling, or the code of a character after a quote. */
static long long next_number(void)
{
	const char *text = next_argument();
	long long value;
	char *end;

	if (*text == '\'' || *text == '"')
		return (unsigned char)text[1];
	value = strtoll(text, &end, 0);
	if (*end) {
		prog_warnx("%s: not a number", text);
		status = 1;
	}
	return value;
}

static const char *print_octal(const char *at)
{
	int value = 0;

	for (int digits = 0; digits < OCTAL_DIGITS && *at >= '0' && *at <= '7'; digits++)
		value = value * 8 + (*at++ - '0');
	putchar(value);
	return at;
}

/* The escape behind a backslash; returns what follows it. */
static const char *print_escape(const char *at)
{
	static const char letters[] = "abfnrtv\\\"'";
	static const char values[] = "\a\b\f\n\r\t\v\\\"'";
	const char *found;

	if (*at >= '0' && *at <= '7')
		return print_octal(at);
	if (*at == 'c')
		exit(prog_finish(status));
	found = *at ? strchr(letters, *at) : NULL;
	if (found) {
		putchar(values[found - letters]);
		return at + 1;
	}
	putchar('\\');
	return at;
}

static void print_escaped(const char *text)
{
	while (*text) {
		if (*text == '\\')
			text = print_escape(text + 1);
		else
			putchar(*text++);
	}
}

/* Copies "%-5.3" and leaves room for what libc's printf needs behind it. */
static const char *copy_specifier(const char *at, char *specifier)
{
	size_t length = 0;

	specifier[length++] = '%';
	while (*at && strchr("-+ #0123456789.*", *at)) {
		if (*at == '*') {
			length += (size_t)snprintf(specifier + length, SPECIFIER_BYTES - length,
						   "%d", (int)next_number());
		} else {
			specifier[length++] = *at;
		}
		if (length >= SPECIFIER_BYTES - 8)
			prog_usage(1);
		at++;
	}
	specifier[length] = '\0';
	return at;
}

/* The format is made of checked characters, hence: */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

static void print_number(char *specifier, char conversion)
{
	size_t length = strlen(specifier);

	specifier[length++] = 'l';
	specifier[length++] = 'l';
	specifier[length++] = conversion;
	specifier[length] = '\0';
	printf(specifier, next_number());
}

static void print_string(char *specifier, const char *text)
{
	strcat(specifier, "s");
	printf(specifier, text);
}

/* What follows a percent sign; returns what follows that. */
static const char *print_conversion(const char *at)
{
	char specifier[SPECIFIER_BYTES];
	char single[2] = "";

	at = copy_specifier(at, specifier);
	switch (*at) {
	case '%':
		putchar('%');
		break;
	case 'b':
		print_escaped(next_argument());
		break;
	case 'c':
		single[0] = next_argument()[0];
		print_string(specifier, single);
		break;
	case 's':
		print_string(specifier, next_argument());
		break;
	default:
		if (!*at || !strchr("diouxX", *at)) {
			prog_warnx("%%%c: no such conversion", *at);
			exit(1);
		}
		print_number(specifier, *at);
	}
	return at + 1;
}

static void print_format(const char *format)
{
	while (*format) {
		if (*format == '\\')
			format = print_escape(format + 1);
		else if (*format == '%')
			format = print_conversion(format + 1);
		else
			putchar(*format++);
	}
}

int main(int argc, char **argv)
{
	char **before;

	prog_begin("printf",
		   "FORMAT [ARGUMENT]...\n  %d %i %u %o %x %X %c %s %b %%, and escapes as in C",
		   argc, argv);
	if (argc > 1 && strcmp(argv[1], "--") == 0)
		argv++;
	if (!argv[1])
		prog_usage(1);
	arguments = argv + 2;
	do {
		before = arguments;
		print_format(argv[1]);
	} while (*arguments && arguments != before);
	return prog_finish(status);
}
