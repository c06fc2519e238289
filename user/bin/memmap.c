/* SPDX-License-Identifier: MIT */
/* memmap: a picture of a process's memory, a letter for each page. */

#include "pages.h"

enum { PAGES_PER_ROW = 64 };

static const char legend[] =
	"o own memory   s the same, shared until written   f of a file   d and dirty\n"
	"S F D shared with other processes   . not there yet   _ there, but shut (PROT_NONE)\n";

/* A row of the picture; it is printed when it is full, or the region ends. */
struct row {
	unsigned long start, next; /* addresses: of the row, behind its last letter */
	char letter[PAGES_PER_ROW + 1];
	unsigned long empty; /* rows without any page that were left out */
};

static char letter_of(const struct page_line *page)
{
	bool cached = page->letters[0] == 'c', shared = page->letters[1] == 's';

	if (!(page->entry & 1))
		return '_';
	if (!cached)
		return shared ? 's' : 'o';
	if (page->letters[2] == 'd')
		return shared ? 'D' : 'd';
	return shared ? 'F' : 'f';
}

static void say_empty(struct row *row)
{
	if (row->empty)
		printf("           ... %lu pages that are not there yet\n",
		       row->empty * PAGES_PER_ROW);
	row->empty = 0;
}

static void put_row(struct row *row)
{
	size_t length = (row->next - row->start) / PAGES_BYTES;

	row->letter[length] = '\0';
	if (length == PAGES_PER_ROW && strspn(row->letter, ".") == PAGES_PER_ROW) {
		row->empty++;
	} else if (length > 0) {
		say_empty(row);
		printf("  %08lx %s\n", row->start, row->letter);
	}
	row->start = row->next;
}

static void put_letter(struct row *row, char letter)
{
	row->letter[(row->next - row->start) / PAGES_BYTES] = letter;
	row->next += PAGES_BYTES;
	if (row->next - row->start == PAGES_PER_ROW * PAGES_BYTES)
		put_row(row);
}

/* The pages of one region; `page` is the first that was not drawn yet, read ahead. */
static void draw(FILE *table, struct page_line *page, bool *more, unsigned long start,
		 unsigned long end)
{
	struct row row = { .start = start, .next = start };

	while (row.next < end) {
		while (*more && (!pages_is_page(page) || page->address < row.next))
			*more = pages_next(table, page);
		put_letter(&row, *more && page->address == row.next ? letter_of(page) : '.');
	}
	put_row(&row);
	say_empty(&row);
}

int main(int argc, char **argv)
{
	unsigned long start, end;
	struct page_line page;
	char line[PAGES_LINE];
	FILE *maps, *table;
	int rest;
	bool more;

	prog_begin("memmap", "[PID]\n  draws the memory of a process, this one without a number",
		   argc, argv);
	if (argc > 2)
		prog_usage(1);
	maps = pages_open(argv[1], "maps");
	table = pages_open(argv[1], "pagetable");
	more = pages_next(table, &page);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %n", &start, &end, &rest) != 2)
			continue;
		printf("%08lx-%08lx %6lu pages %.4s %s", start, end, (end - start) / PAGES_BYTES,
		       line + rest, strrchr(line, ' ') + 1);
		draw(table, &page, &more, start, end);
	}
	fputs(legend, stdout);
	return prog_finish(0);
}
