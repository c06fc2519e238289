/* SPDX-License-Identifier: MIT */
/* od: files as numbers: octal if not said otherwise. */

#include <ctype.h>

#include "dump.h"

enum { FORMATS_MAX = 8, OFFSET_DIGITS = 7, OFFSET_DIGITS_HEX = 6 };

/* One way to show a line. */
struct format {
	char kind; /* c, d, o, u, x */
	size_t size;
	int width; /* of a field, without the blank before it */
};

static struct format formats[FORMATS_MAX];
static size_t count_formats;
static char radix = 'o'; /* of the offsets; n: none */

static int field_width(char kind, size_t size)
{
	static const struct {
		char kind;
		int widths[9]; /* by size */
	} table[] = {
		{ 'c', { [1] = 3 } },
		{ 'd', { [1] = 4, [2] = 6, [4] = 11, [8] = 20 } },
		{ 'o', { [1] = 3, [2] = 6, [4] = 11, [8] = 22 } },
		{ 'u', { [1] = 3, [2] = 5, [4] = 10, [8] = 20 } },
		{ 'x', { [1] = 2, [2] = 4, [4] = 8, [8] = 16 } },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]) && size <= 8; i++) {
		if (table[i].kind == kind)
			return table[i].widths[size];
	}
	return 0;
}

static void add_format(char kind, size_t size)
{
	int width = field_width(kind, size);

	if (width == 0)
		prog_diex("no type '%c' of %u bytes", kind, (unsigned)size);
	if (count_formats == FORMATS_MAX)
		prog_diex("too many types");
	formats[count_formats++] = (struct format){ kind, size, width };
}

/* "x1", "o2d4", "c", "x": a size left out is four bytes. */
static void parse_types(const char *at)
{
	while (*at) {
		char kind = *at++;
		size_t size = kind == 'c' ? 1 : 4;
		static const char names[] = "CSIL";
		const char *name = *at ? strchr(names, *at) : NULL;

		if (name) {
			size = (size_t)1 << (name - names);
			size = size == 8 ? 4 : size;
			at++;
		} else if (isdigit((unsigned char)*at)) {
			size = (size_t)(*at++ - '0');
		}
		add_format(kind, size);
	}
}

/* Little-endian, as the machine is. */
static unsigned long long load(const unsigned char *bytes, size_t size)
{
	unsigned long long value = 0;

	for (size_t i = size; i > 0; i--)
		value = value << 8 | bytes[i - 1];
	return value;
}

static void print_character(unsigned char c, int width)
{
	static const char letters[] = "abtnvfr"; /* from 7 on */
	char text[4];

	if (c == '\0')
		strcpy(text, "\\0");
	else if (c >= '\a' && c <= '\r')
		snprintf(text, sizeof(text), "\\%c", letters[c - '\a']);
	else if (isprint(c))
		snprintf(text, sizeof(text), "%c", c);
	else
		snprintf(text, sizeof(text), "%03o", c);
	printf("%*s", width, text);
}

static void print_field(const struct format *format, const unsigned char *bytes, int pad)
{
	unsigned long long value = load(bytes, format->size);
	unsigned int unused = 64 - 8 * (unsigned)format->size;

	printf("%*s", pad + 1, "");
	switch (format->kind) {
	case 'c':
		print_character(bytes[0], format->width);
		break;
	case 'd':
		printf("%*lld", format->width, (long long)(value << unused) >> unused);
		break;
	case 'u':
		printf("%*llu", format->width, value);
		break;
	case 'x':
		printf("%0*llx", format->width, value);
		break;
	default:
		printf("%0*llo", format->width, value);
	}
}

/* How wide the fields of 8 bytes are at most, so that formats stand under each other. */
static int widest(void)
{
	int most = 0;

	for (size_t i = 0; i < count_formats; i++) {
		int width = (formats[i].width + 1) * (int)(8 / formats[i].size);

		most = width > most ? width : most;
	}
	return most;
}

static void print_offset(unsigned long long offset)
{
	if (radix == 'd')
		printf("%0*llu", OFFSET_DIGITS, offset);
	else if (radix == 'x')
		printf("%0*llx", OFFSET_DIGITS_HEX, offset);
	else if (radix == 'o')
		printf("%0*llo", OFFSET_DIGITS, offset);
}

static void print_line(unsigned long long offset, const unsigned char *bytes, size_t count)
{
	if (count == 0) {
		print_offset(offset);
		if (radix != 'n')
			putchar('\n');
		return;
	}
	for (size_t i = 0; i < count_formats; i++) {
		const struct format *format = &formats[i];
		int room = widest() / (int)(8 / format->size) - format->width - 1;

		if (i == 0)
			print_offset(offset);
		else
			printf("%*s", radix == 'n' ? 0 : radix == 'x' ? 6 : 7, "");
		for (size_t at = 0; at < count; at += format->size)
			print_field(format, bytes + at, room);
		putchar('\n');
	}
}

static void parse_option(int letter)
{
	static const char shorthands[] = "bcdosx";
	static const char *const types[] = { "o1", "c", "u2", "o2", "d2", "x2" };
	const char *found = strchr(shorthands, letter);

	if (found)
		parse_types(types[found - shorthands]);
	else if (letter == 'A' && strlen(optarg) == 1 && strchr("doxn", optarg[0]))
		radix = optarg[0];
	else if (letter == 'j')
		dump.skip = dump_size(optarg);
	else if (letter == 'N')
		dump.limit = dump_size(optarg);
	else if (letter == 't')
		parse_types(optarg);
	else if (letter == 'v')
		dump.all = true;
	else
		prog_usage(1);
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("od",
		   "[-bcdosxv] [-A d|o|x|n] [-j BYTES] [-N BYTES] [-t TYPE]... [FILE]...\n"
		   "  -A  offsets in decimal, octal, hex, or none\n"
		   "  -j  skip so many bytes in front; -N only so many bytes\n"
		   "  -t  c characters, d signed, o octal, u unsigned, x hex; then bytes: 1 2 4 8\n"
		   "  -b -c -d -o -s -x  are -t o1, c, u2, o2, d2, x2\n"
		   "  -v  lines that repeat, too (else a star stands for them)",
		   argc, argv);
	while ((letter = getopt(argc, argv, "A:bcdj:N:ost:vx")) != -1)
		parse_option(letter);
	if (count_formats == 0)
		add_format('o', 2);
	dump.print = print_line;
	return dump_files(argv + optind, argc - optind);
}
