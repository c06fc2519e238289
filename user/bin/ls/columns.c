/* SPDX-License-Identifier: MIT */
/* Names in columns, read downwards, as many columns as the terminal has room for. */

#include <sys/ioctl.h>

#include "ls.h"

enum { DEFAULT_COLUMNS = 80, GAP = 2 };

static size_t terminal_width(void)
{
	const char *text = getenv("COLUMNS");
	struct winsize size;
	long long columns;

	if (text && prog_number(text, &columns) && columns > 0)
		return (size_t)columns;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return DEFAULT_COLUMNS;
}

/* The widest name of the column that begins with entry `first`. */
static size_t column_width(const struct listing *listing, size_t first, size_t rows)
{
	size_t widest = 0;

	for (size_t i = first; i < listing->count && i < first + rows; i++) {
		size_t width = name_width(&listing->entries[i]);

		if (width > widest)
			widest = width;
	}
	return widest;
}

static bool rows_fit(const struct listing *listing, size_t rows, size_t room)
{
	size_t width = 0;

	for (size_t first = 0; first < listing->count && width <= room + GAP; first += rows)
		width += column_width(listing, first, rows) + GAP;
	return width <= room + GAP;
}

void print_columns(const struct listing *listing)
{
	size_t room = terminal_width() - 1;
	size_t rows = 1;

	while (rows < listing->count && !rows_fit(listing, rows, room))
		rows++;
	for (size_t row = 0; row < rows && row < listing->count; row++) {
		for (size_t i = row; i < listing->count; i += rows) {
			size_t width = print_name(&listing->entries[i]);

			if (i + rows < listing->count)
				printf("%*s",
				       (int)(column_width(listing, i - row, rows) + GAP - width),
				       "");
		}
		putchar('\n');
	}
}
