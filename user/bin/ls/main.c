/* SPDX-License-Identifier: MIT */
/* ls: what directories hold. Exit status 1: something could not be read, 2: something that was
 * named is not there. */

#include <getopt.h>

#include "../human.h"
#include "ls.h"

enum { BLOCK_BYTES = 512, KIB_BYTES = 1024, TROUBLE = 2, COLOUR_OPTION = 256 };

struct options option;

static int exit_status;
static bool printed; /* something, so that what comes next is set off */

void complain(const char *path, int status)
{
	prog_warn(path);
	if (status > exit_status)
		exit_status = status;
}

static void print_listing(const struct listing *listing)
{
	if (option.layout == LAYOUT_LENGTHY) {
		print_lengthy(listing);
	} else if (option.layout == LAYOUT_COLUMNS) {
		print_columns(listing);
	} else {
		for (size_t i = 0; i < listing->count; i++) {
			print_name(&listing->entries[i]);
			putchar('\n');
		}
	}
	printed |= listing->count > 0;
}

static void print_total(const struct listing *listing)
{
	unsigned long long blocks = 0;
	char human[HUMAN_BYTES];

	for (size_t i = 0; i < listing->count; i++)
		blocks += (unsigned long long)listing->entries[i].st.st_blocks;
	if (option.human)
		printf("total %s\n", human_size(blocks * BLOCK_BYTES, human));
	else
		printf("total %llu\n", blocks * BLOCK_BYTES / KIB_BYTES);
}

static bool is_below(const struct entry *entry)
{
	return S_ISDIR(entry->st.st_mode) && strcmp(entry->name, ".") != 0 &&
	       strcmp(entry->name, "..") != 0;
}

/* `title`: say whose contents these are. */
static void list_directory(const char *path, bool title)
{
	struct listing listing = { 0 };

	/* Complaints and lists keep their order, also where both go to the same place. */
	fflush(stdout);
	listing_read(&listing, path);
	listing_sort(&listing);
	if (title)
		printf("%s%s:\n", printed ? "\n" : "", path);
	printed = true;
	if (option.layout == LAYOUT_LENGTHY)
		print_total(&listing);
	print_listing(&listing);
	for (size_t i = 0; option.recursive && i < listing.count; i++) {
		if (is_below(&listing.entries[i]))
			list_directory(listing.entries[i].path, true);
	}
	listing_free(&listing);
}

/* Files that were named come first, then the directories with their contents. */
static void list_arguments(char **names, int n)
{
	struct listing files = { 0 };
	struct listing directories = { 0 };

	for (int i = 0; i < n; i++) {
		bool follow = option.layout != LAYOUT_LENGTHY && !option.directory &&
			      !option.classify;
		struct stat st;

		if ((!follow || stat(names[i], &st) < 0) && lstat(names[i], &st) < 0) {
			complain(names[i], TROUBLE);
			continue;
		}
		listing_add(S_ISDIR(st.st_mode) && !option.directory ? &directories : &files,
			    names[i], prog_copy(names[i]), &st);
	}
	listing_sort(&files);
	listing_sort(&directories);
	if (files.count > 0)
		print_listing(&files);
	for (size_t i = 0; i < directories.count; i++)
		list_directory(directories.entries[i].path, n > 1 || option.recursive);
	listing_free(&files);
	listing_free(&directories);
}

/* always, never, auto: only on a terminal. */
static void set_colour(const char *when)
{
	if (!when || strcmp(when, "always") == 0)
		option.colour = true;
	else if (strcmp(when, "auto") == 0)
		option.colour = isatty(STDOUT_FILENO);
	else if (strcmp(when, "never") == 0)
		option.colour = false;
	else
		prog_usage(TROUBLE);
}

static void set_layout(int letter)
{
	if (letter == '1' && option.layout == LAYOUT_LENGTHY)
		return;
	option.layout = letter == '1'   ? LAYOUT_LINES
			: letter == 'C' ? LAYOUT_COLUMNS
					: LAYOUT_LENGTHY;
	option.numeric |= letter == 'n';
}

static void parse_option(int letter)
{
	static const struct {
		char letter;
		bool *flag;
	} flags[] = {
		{ 'A', &option.all },   { 'F', &option.classify },  { 'R', &option.recursive },
		{ 'a', &option.dots },  { 'd', &option.directory }, { 'h', &option.human },
		{ 'i', &option.inode }, { 'q', &option.printable }, { 'r', &option.reverse },
	};

	if (letter == 'S' || letter == 't') {
		option.order = letter == 'S' ? ORDER_SIZE : ORDER_TIME;
		return;
	}
	if (letter == COLOUR_OPTION) {
		set_colour(optarg);
		return;
	}
	if (strchr("1Cln", letter)) {
		set_layout(letter);
		return;
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (flags[i].letter == letter) {
			*flags[i].flag = true;
			return;
		}
	}
	prog_usage(TROUBLE);
}

static const char usage[] = "[-1AaCdFhilnqRrSt] [--color[=WHEN]] [FILE]...\n"
			    "  -a  all names, also those that begin with a dot\n"
			    "  -A  the same, but not . and ..\n"
			    "  -C  in columns (so on a terminal); -1 one on a line\n"
			    "  -d  directories themselves, not what they hold\n"
			    "  -F  mark names: / directory, * program, @ link, | FIFO, = socket\n"
			    "  -h  sizes like 1.5K\n"
			    "  -i  inode numbers\n"
			    "  -l  mode, links, owner, group, size, time; -n owners as numbers\n"
			    "  -q  ? for what cannot be printed\n"
			    "  -R  directories below, too\n"
			    "  -r  in reverse order\n"
			    "  -S  biggest first; -t newest first\n"
			    "  --color  always, auto (on a terminal) or never";

int main(int argc, char **argv)
{
	static const struct option words[] = {
		{ "color", optional_argument, NULL, COLOUR_OPTION },
		{ 0 },
	};
	static char here[] = ".";
	char *default_names[] = { here };
	int letter;

	prog_begin("ls", usage, argc, argv);
	option.printable = isatty(STDOUT_FILENO);
	option.layout = option.printable ? LAYOUT_COLUMNS : LAYOUT_LINES;
	while ((letter = getopt_long(argc, argv, "1AaCdFhilnqRrSt", words, NULL)) != -1)
		parse_option(letter);
	if (optind < argc)
		list_arguments(argv + optind, argc - optind);
	else
		list_arguments(default_names, 1);
	return prog_finish(exit_status);
}
