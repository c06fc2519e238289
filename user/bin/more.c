/* SPDX-License-Identifier: MIT */
/* more: text a screen at a time. The input is read as far as it is looked at. */

#include <regex.h>

#include "terminal.h"

enum {
	TAB_COLUMNS = 8,
	PATTERN_BYTES = 256,
	CONTINUATION_MASK = 0xc0,
	CONTINUATION = 0x80,
	CARET = 0x40
};

/* A row of the screen: part of a line, or all of it. */
struct row {
	size_t begin;
	size_t length;
};

static struct {
	char **names; /* the next file */
	FILE *file;
	int status;
} input;

static struct {
	char *bytes;
	size_t length;
	size_t room;
	size_t cut; /* all before is in rows */
	struct row *rows;
	size_t count;
	size_t rows_room;
	bool complete;
} text;

static int height; /* rows of text on the screen */
static int width;
static size_t top; /* first row on the screen */
static char pattern[PATTERN_BYTES];
static const char *message;

static bool open_next(void)
{
	while (!input.file && *input.names) {
		const char *name = *input.names++;

		input.file = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
		if (!input.file) {
			prog_warn(name);
			input.status = 1;
		}
	}
	return input.file != NULL;
}

/* One more line into the text; false at the end. */
static bool read_line(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length = -1;

	while (open_next() && (length = getline(&line, &room, input.file)) <= 0) {
		if (ferror(input.file))
			input.status = 1;
		if (input.file != stdin)
			fclose(input.file);
		input.file = NULL;
	}
	if (length <= 0) {
		free(line);
		return false;
	}
	if (text.length + (size_t)length > text.room) {
		text.room = (text.length + (size_t)length) * 2;
		text.bytes = prog_grow(text.bytes, text.room);
	}
	memcpy(text.bytes + text.length, line, (size_t)length);
	text.length += (size_t)length;
	free(line);
	return true;
}

static void add_row(size_t begin, size_t length)
{
	if (text.count == text.rows_room) {
		text.rows_room = text.rows_room ? text.rows_room * 2 : 64;
		text.rows = prog_grow(text.rows, text.rows_room * sizeof(*text.rows));
	}
	text.rows[text.count++] = (struct row){ begin, length };
}

/* The bytes of an escape sequence that sets colours, which take no room; 0 if there is none. */
static size_t rendition_length(size_t at)
{
	size_t end = at + 2;

	if (at + 1 >= text.length || text.bytes[at] != KEY_ESCAPE || text.bytes[at + 1] != '[')
		return 0;
	while (end < text.length && strchr("0123456789;", text.bytes[end]))
		end++;
	return end < text.length && text.bytes[end] == 'm' ? end + 1 - at : 0;
}

/* How far the byte takes the cursor. */
static int advance(unsigned char byte, int column)
{
	if (byte == '\t')
		return TAB_COLUMNS - column % TAB_COLUMNS;
	if (byte < ' ')
		return 2;
	return (byte & CONTINUATION_MASK) == CONTINUATION ? 0 : 1;
}

/* Cuts the line that was read into rows. */
static void cut_line(void)
{
	size_t begin = text.cut;
	int column = 0;

	while (text.cut < text.length && text.bytes[text.cut] != '\n') {
		size_t skip = rendition_length(text.cut);
		int columns = skip ? 0 : advance((unsigned char)text.bytes[text.cut], column);

		if (column + columns > width && text.cut > begin) {
			add_row(begin, text.cut - begin);
			begin = text.cut;
			column = 0;
			continue;
		}
		column += columns;
		text.cut += skip ? skip : 1;
	}
	add_row(begin, text.cut - begin);
	text.cut++;
	if (text.cut > text.length)
		text.cut = text.length;
}

/* Makes `count` rows, if there is so much text. */
static void load(size_t count)
{
	while (!text.complete && text.count < count) {
		text.complete = !read_line();
		if (!text.complete)
			cut_line();
	}
}

static void print_row(size_t number)
{
	const struct row *row = &text.rows[number];

	for (size_t i = row->begin; i < row->begin + row->length;) {
		size_t skip = rendition_length(i);
		unsigned char byte = (unsigned char)text.bytes[i];

		if (skip > 0)
			fwrite(text.bytes + i, 1, skip, stdout);
		else if (byte < ' ' && byte != '\t')
			printf("^%c", byte ^ CARET);
		else
			putchar(byte);
		i += skip ? skip : 1;
	}
	fputs("\r\n", stdout);
}

static void draw_page(void)
{
	fputs("\033[H\033[2J", stdout);
	load(top + (size_t)height);
	for (size_t i = top; i < text.count && i < top + (size_t)height; i++)
		print_row(i);
}

static bool is_at_end(void)
{
	load(top + (size_t)height + 1);
	return top + (size_t)height >= text.count;
}

static void forward(size_t rows)
{
	fputs("\r\033[K", stdout);
	for (; rows > 0 && !is_at_end(); rows--)
		print_row(top++ + (size_t)height);
}

static void backward(size_t rows)
{
	top -= rows < top ? rows : top;
	draw_page();
}

static void go_to_end(void)
{
	load(SIZE_MAX);
	top = text.count > (size_t)height ? text.count - (size_t)height : 0;
	draw_page();
}

/* Reads a pattern in the last row; false if it was called off. */
static bool ask_pattern(void)
{
	char typed[PATTERN_BYTES] = "";
	size_t length = 0;

	for (;;) {
		int key;

		printf("\r\033[K/%s", typed);
		fflush(stdout);
		key = terminal_key();
		if (key == EOF || key == KEY_ESCAPE || key == KEY_CONTROL('C'))
			return false;
		if (key == '\r' || key == '\n')
			break;
		if ((key == KEY_ERASE || key == '\b') && length > 0)
			length--;
		else if (key >= ' ' && key < KEY_UP && key != KEY_ERASE &&
			 length < PATTERN_BYTES - 1)
			typed[length++] = (char)key;
		typed[length] = '\0';
	}
	if (length > 0)
		strcpy(pattern, typed);
	return true;
}

/* The next row below the first one that has the pattern becomes the first one. */
static void search(void)
{
	regex_t regex;

	if (!pattern[0] || regcomp(&regex, pattern, REG_NOSUB) != 0) {
		message = "bad pattern";
		return;
	}
	message = "not found";
	for (size_t i = top + 1; load(i + 1), i < text.count; i++) {
		const struct row *row = &text.rows[i];
		regmatch_t part = { .rm_so = 0, .rm_eo = (regoff_t)row->length };

		if (regexec(&regex, text.bytes + row->begin, 0, &part, REG_STARTEND) == 0) {
			top = i;
			message = NULL;
			draw_page();
			break;
		}
	}
	regfree(&regex);
}

static void show_prompt(void)
{
	const char *what = message ? message : is_at_end() ? "(end)" : "--More--";

	printf("\r\033[7m%s\033[0m\033[K", what);
	fflush(stdout);
	message = NULL;
}

/* False to end the program. */
static bool run_key(int key)
{
	size_t page = (size_t)height;

	switch (key) {
	case EOF:
	case 'q':
	case 'Q':
	case KEY_CONTROL('C'):
		return false;
	case ' ':
	case 'f':
	case KEY_PAGE_DOWN:
		if (is_at_end())
			return false;
		forward(page);
		break;
	case '\r':
	case '\n':
	case 'j':
	case KEY_DOWN:
		if (is_at_end())
			return key != '\r' && key != '\n';
		forward(1);
		break;
	case 'b':
	case KEY_PAGE_UP:
		backward(page);
		break;
	case 'k':
	case KEY_UP:
		backward(1);
		break;
	case 'g':
	case KEY_HOME:
		backward(top);
		break;
	case 'G':
	case KEY_END:
		go_to_end();
		break;
	case '/':
		if (ask_pattern())
			search();
		break;
	case 'n':
		search();
		break;
	default:
		message =
			"space, enter: forward; b, k: back; g, G: begin, end; /, n: find; q: quit";
	}
	return true;
}

/* Where nobody looks, all goes through. */
static bool copy(FILE *file, const char *name)
{
	static char buffer[PROG_IO_BYTES];
	size_t bytes;

	(void)name;
	while ((bytes = fread(buffer, 1, sizeof(buffer), file)) > 0)
		fwrite(buffer, 1, bytes, stdout);
	return true;
}

static int page_through(void)
{
	terminal_size(&height, &width);
	height = height > 2 ? height - 1 : 1;
	load((size_t)height + 1);
	for (size_t i = 0; i < text.count && i < (size_t)height; i++)
		print_row(i);
	/* What fits on the screen needs no key. */
	if (!is_at_end()) {
		do {
			show_prompt();
		} while (run_key(terminal_key()));
		fputs("\r\033[K", stdout);
	}
	return prog_finish(input.status);
}

int main(int argc, char **argv)
{
	static char standard_input[] = "-";
	static char *no_names[] = { standard_input, NULL };

	prog_begin("more",
		   "[FILE]...\n"
		   "  space, f, PageDown: a page on; enter, j, Down: a line; b, k: back\n"
		   "  g, G: to the beginning, to the end; /PATTERN, n: find; q: quit",
		   argc, argv);
	if (getopt(argc, argv, "") != -1)
		prog_usage(1);
	if (optind == argc && isatty(STDIN_FILENO))
		prog_usage(1);
	if (!isatty(STDOUT_FILENO) || !terminal_begin())
		return prog_finish(prog_each_file(argv + optind, argc - optind, copy, 1));
	input.names = optind < argc ? argv + optind : no_names;
	return page_through();
}
