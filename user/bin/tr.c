/* SPDX-License-Identifier: MIT */
/* tr: replaces (or removes, -d) characters, and squeezes repeated ones into one (-s). */

#include <ctype.h>

#include "prog.h"

enum { BYTES = 256 };

/* A set, in the order it was written. */
struct set {
	unsigned char *members;
	size_t count;
};

static struct {
	bool complement; /* -c */
	bool remove;     /* -d */
	bool squeeze;    /* -s */
} option;

static void set_add(struct set *set, int character)
{
	set->members = prog_grow(set->members, set->count + 1);
	set->members[set->count++] = (unsigned char)character;
}

/* [:name:]; upper and lower in order, so that one can be made of the other. */
static const char *parse_class(const char *at, struct set *set)
{
	static const struct {
		const char *name;
		int (*has)(int);
	} classes[] = {
		{ "[:alnum:]", isalnum }, { "[:alpha:]", isalpha }, { "[:blank:]", isblank },
		{ "[:cntrl:]", iscntrl }, { "[:digit:]", isdigit }, { "[:graph:]", isgraph },
		{ "[:lower:]", islower }, { "[:print:]", isprint }, { "[:punct:]", ispunct },
		{ "[:space:]", isspace }, { "[:upper:]", isupper }, { "[:xdigit:]", isxdigit },
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		size_t length = strlen(classes[i].name);

		if (strncmp(at, classes[i].name, length) != 0)
			continue;
		for (int character = 0; character < BYTES; character++) {
			if (classes[i].has(character))
				set_add(set, character);
		}
		return at + length;
	}
	prog_diex("invalid character class in '%s'", at);
}

/* One character, perhaps behind a backslash. */
static const char *parse_character(const char *at, int *character)
{
	static const char letters[] = "abfnrtv\\";
	static const char values[] = "\a\b\f\n\r\t\v\\";
	const char *found;

	*character = (unsigned char)*at++;
	if (*character != '\\' || !*at)
		return at;
	found = strchr(letters, *at);
	if (found) {
		*character = values[found - letters];
		return at + 1;
	}
	if (*at < '0' || *at > '7') {
		*character = (unsigned char)*at;
		return at + 1;
	}
	*character = 0;
	for (int digits = 0; digits < 3 && *at >= '0' && *at <= '7'; digits++)
		*character = *character * 8 + (*at++ - '0');
	*character &= BYTES - 1;
	return at;
}

static void parse_set(const char *text, struct set *set)
{
	const char *at = text;

	while (*at) {
		int first;
		int last;

		if (strncmp(at, "[:", 2) == 0 && strstr(at, ":]")) {
			at = parse_class(at, set);
			continue;
		}
		at = parse_character(at, &first);
		last = first;
		if (at[0] == '-' && at[1])
			at = parse_character(at + 1, &last);
		if (last < first)
			prog_diex("the range in '%s' is out of order", text);
		for (; first <= last; first++)
			set_add(set, first);
	}
}

static void complement(struct set *set)
{
	bool member[BYTES] = { false };

	for (size_t i = 0; i < set->count; i++)
		member[set->members[i]] = true;
	set->count = 0;
	for (int character = 0; character < BYTES; character++) {
		if (!member[character])
			set_add(set, character);
	}
}

/* What becomes of each character; the last of `to` stands for all that `from` has more. */
static void make_map(const struct set *from, const struct set *to, unsigned char map[BYTES])
{
	for (int character = 0; character < BYTES; character++)
		map[character] = (unsigned char)character;
	for (size_t i = 0; i < from->count && to->count > 0; i++)
		map[from->members[i]] = to->members[i < to->count ? i : to->count - 1];
}

static void mark(const struct set *set, bool marks[BYTES])
{
	for (size_t i = 0; i < set->count; i++)
		marks[set->members[i]] = true;
}

/* -d removes the first set and -s squeezes the last one that was given. */
static void translate(const struct set *from, const struct set *to)
{
	unsigned char map[BYTES];
	bool removed[BYTES] = { false };
	bool squeezed[BYTES] = { false };
	int last = EOF;
	int character;

	make_map(from, option.remove ? &(struct set){ 0 } : to, map);
	if (option.remove)
		mark(from, removed);
	if (option.squeeze)
		mark(to->members ? to : from, squeezed);
	while ((character = getchar()) != EOF) {
		if (removed[character])
			continue;
		character = map[character];
		if (squeezed[character] && character == last)
			continue;
		last = character;
		putchar(character);
	}
}

int main(int argc, char **argv)
{
	struct set from = { 0 };
	struct set to = { 0 };
	int sets;
	int letter;

	prog_begin("tr",
		   "[-cds] SET [SET]\n"
		   "  -c  all characters but those of the first set\n"
		   "  -d  remove the characters of the first set\n"
		   "  -s  put one for several in a row of the last set\n"
		   "  A set is made of characters, ranges a-z, [:classes:], \\n and \\OOO.",
		   argc, argv);
	while ((letter = getopt(argc, argv, "+cCds")) != -1) {
		if (letter == '?')
			prog_usage(1);
		option.complement |= letter == 'c' || letter == 'C';
		option.remove |= letter == 'd';
		option.squeeze |= letter == 's';
	}
	sets = argc - optind;
	if (sets < 1 || sets > 2 || (sets == 1 && !option.remove && !option.squeeze) ||
	    (sets == 2 && option.remove && !option.squeeze))
		prog_usage(1);
	parse_set(argv[optind], &from);
	if (option.complement)
		complement(&from);
	if (sets == 2)
		parse_set(argv[optind + 1], &to);
	if (sets == 2 && to.count == 0 && !option.remove)
		prog_diex("the second set is empty");
	translate(&from, &to);
	if (ferror(stdin))
		prog_die("read error");
	return prog_finish(0);
}
