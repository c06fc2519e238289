/* SPDX-License-Identifier: MIT */
/* sort: the lines of all files in order: of their bytes, of numbers (-n), or of keys (-k), which
 * are parts of the lines. */

#include <ctype.h>

#include "prog.h"

enum { FIRST_ROOM = 64, KEYS_MAX = 16, TROUBLE = 2 };

struct order {
	bool blanks;  /* b: blanks in front do not count */
	bool fold;    /* f: upper and lower case are the same */
	bool numeric; /* n */
	bool reverse; /* r */
};

/* From a character of a field up to one of another; counted from 1, 0 for "from the first" and
 * "to the last". */
struct key {
	long field;
	long character;
	long end_field; /* 0: to the end of the line */
	long end_character;
	struct order order;
};

struct line {
	char *text;
	size_t length;
};

static struct {
	bool check;         /* -c */
	bool unique;        /* -u: of equal lines only the first */
	bool stable;        /* -s: lines with equal keys stay as they were */
	char separator;     /* -t; 0: blanks begin fields */
	const char *output; /* -o */
	struct order order; /* for keys that do not say one of their own */
	struct key keys[KEYS_MAX];
	size_t count;
} option;

static struct {
	struct line *lines;
	size_t count;
	size_t room;
} text;

static bool read_lines(FILE *file, const char *name)
{
	size_t room = 0;
	ssize_t length;
	char *line;

	(void)name;
	while (line = NULL, room = 0, (length = getline(&line, &room, file)) > 0) {
		if (line[length - 1] == '\n')
			line[--length] = '\0';
		if (text.count == text.room) {
			text.room = text.room ? text.room * 2 : FIRST_ROOM;
			text.lines = prog_grow(text.lines, text.room * sizeof(*text.lines));
		}
		text.lines[text.count++] = (struct line){ line, (size_t)length };
	}
	free(line);
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The end of the field that begins at `at`. Without -t, the blanks before a field belong to it. */
static const char *field_end(const char *at, const char *end)
{
	if (option.separator) {
		const char *found = memchr(at, option.separator, (size_t)(end - at));

		return found ? found : end;
	}
	while (at < end && is_blank(*at))
		at++;
	while (at < end && !is_blank(*at))
		at++;
	return at;
}

static const char *field_begin(const char *at, const char *end, long field)
{
	for (; field > 1 && at < end; field--) {
		at = field_end(at, end);
		if (option.separator && at < end)
			at++;
	}
	return at;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

/* The part of the line that the key speaks of. */
static struct line cut_key(const struct line *line, const struct key *key)
{
	const char *end = line->text + line->length;
	const char *begin = field_begin(line->text, end, key->field);
	const char *stop = end;

	if (key->order.blanks)
		begin = skip_blanks(begin, end);
	if (key->character > 1)
		begin = end - begin < key->character ? end : begin + key->character - 1;
	if (key->end_field > 0) {
		stop = field_begin(line->text, end, key->end_field);
		if (key->end_character == 0)
			stop = field_end(stop, end);
		else if (key->order.blanks)
			stop = skip_blanks(stop, end);
		if (key->end_character > 0)
			stop = end - stop < key->end_character ? end : stop + key->end_character;
	}
	if (stop < begin)
		stop = begin;
	return (struct line){ (char *)(uintptr_t)begin, (size_t)(stop - begin) };
}

static int compare_bytes(const struct line *a, const struct line *b, bool fold)
{
	size_t length = a->length < b->length ? a->length : b->length;
	int order = 0;

	if (!fold)
		order = memcmp(a->text, b->text, length);
	for (size_t i = 0; fold && i < length && order == 0; i++)
		order = toupper((unsigned char)a->text[i]) - toupper((unsigned char)b->text[i]);
	if (order != 0)
		return order;
	return a->length < b->length ? -1 : a->length > b->length;
}

/* A decimal number of any length, taken apart. */
struct number {
	bool negative;
	const char *digits; /* without zeros in front */
	size_t whole;       /* digits before the point */
	const char *fraction;
	size_t places; /* behind it, without zeros at the end */
};

static struct number parse_number(const struct line *line)
{
	const char *end = line->text + line->length;
	const char *at = skip_blanks(line->text, end);
	struct number number = { 0 };

	number.negative = at < end && *at == '-';
	at += number.negative;
	while (at < end && *at == '0')
		at++;
	for (number.digits = at; at < end && isdigit((unsigned char)*at); at++)
		number.whole++;
	if (at < end && *at == '.')
		at++;
	for (number.fraction = at; at < end && isdigit((unsigned char)*at); at++) {
		if (*at != '0')
			number.places = (size_t)(at + 1 - number.fraction);
	}
	return number;
}

static int compare_amounts(const struct number *a, const struct number *b)
{
	size_t places = a->places < b->places ? a->places : b->places;
	int order;

	if (a->whole != b->whole)
		return a->whole < b->whole ? -1 : 1;
	order = memcmp(a->digits, b->digits, a->whole);
	if (order == 0)
		order = memcmp(a->fraction, b->fraction, places);
	if (order != 0)
		return order;
	return a->places < b->places ? -1 : a->places > b->places;
}

static int compare_numbers(const struct line *left, const struct line *right)
{
	struct number a = parse_number(left);
	struct number b = parse_number(right);

	/* There is no zero below zero. */
	a.negative &= a.whole + a.places > 0;
	b.negative &= b.whole + b.places > 0;
	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	return a.negative ? compare_amounts(&b, &a) : compare_amounts(&a, &b);
}

/* By the keys only. */
static int compare_keys(const struct line *left, const struct line *right)
{
	int order = 0;

	for (size_t i = 0; i < option.count && order == 0; i++) {
		const struct key *key = &option.keys[i];
		struct line a = cut_key(left, key);
		struct line b = cut_key(right, key);

		order = key->order.numeric ? compare_numbers(&a, &b)
					   : compare_bytes(&a, &b, key->order.fold);
		if (key->order.reverse)
			order = -order;
	}
	return order;
}

/* Lines with equal keys go by their bytes. */
static int compare_lines(const struct line *a, const struct line *b)
{
	int order = compare_keys(a, b);

	if (order == 0 && !option.unique && !option.stable) {
		order = compare_bytes(a, b, false);
		if (option.order.reverse)
			order = -order;
	}
	return order;
}

/* Merges the sorted halves [0, middle) and [middle, count) of `lines` by way of `spare`. */
static void merge(struct line *lines, size_t middle, size_t count, struct line *spare)
{
	size_t left = 0;
	size_t right = middle;

	memcpy(spare, lines, count * sizeof(*lines));
	for (size_t i = 0; i < count; i++) {
		bool take_left = left < middle && (right == count ||
						   compare_lines(&spare[left], &spare[right]) <= 0);

		lines[i] = take_left ? spare[left++] : spare[right++];
	}
}

/* Merge sort: equal lines keep their order, which qsort() does not promise. */
static void sort_lines(struct line *lines, size_t count, struct line *spare)
{
	size_t middle = count / 2;

	if (count < 2)
		return;
	sort_lines(lines, middle, spare);
	sort_lines(lines + middle, count - middle, spare);
	merge(lines, middle, count, spare);
}

static int check_order(void)
{
	for (size_t i = 1; i < text.count; i++) {
		int order = compare_lines(&text.lines[i - 1], &text.lines[i]);

		if (order > 0 || (order == 0 && option.unique)) {
			prog_warnx("disorder: %s", text.lines[i].text);
			return 1;
		}
	}
	return 0;
}

static void print_lines(void)
{
	const struct line *last = NULL;

	for (size_t i = 0; i < text.count; i++) {
		const struct line *line = &text.lines[i];

		if (option.unique && last && compare_keys(last, line) == 0)
			continue;
		last = line;
		fwrite(line->text, 1, line->length, stdout);
		putchar('\n');
	}
}

/* The letters of an order; returns what follows. */
static const char *parse_order(const char *at, struct order *order)
{
	for (;; at++) {
		if (*at == 'b')
			order->blanks = true;
		else if (*at == 'f')
			order->fold = true;
		else if (*at == 'n')
			order->numeric = true;
		else if (*at == 'r')
			order->reverse = true;
		else
			return at;
	}
}

/* "FIELD.CHARACTER". */
static const char *parse_place(const char *at, long *field, long *character)
{
	char *end;

	*field = strtol(at, &end, 10);
	if (*end == '.')
		*character = strtol(end + 1, &end, 10);
	return end;
}

static void add_key(const char *argument)
{
	struct key key = { 0 };
	const char *at = parse_place(argument, &key.field, &key.character);

	at = parse_order(at, &key.order);
	if (*at == ',')
		at = parse_order(parse_place(at + 1, &key.end_field, &key.end_character),
				 &key.order);
	if (*at || key.field < 1 || option.count == KEYS_MAX) {
		prog_warnx("invalid key '%s'", argument);
		exit(TROUBLE);
	}
	option.keys[option.count++] = key;
}

/* A key without an order of its own takes the general one; without keys, the line is one. */
static void finish_keys(void)
{
	const struct order none = { 0 };

	if (option.count == 0)
		option.keys[option.count++].field = 1;
	for (size_t i = 0; i < option.count; i++) {
		if (memcmp(&option.keys[i].order, &none, sizeof(none)) == 0)
			option.keys[i].order = option.order;
	}
}

static void parse_option(int letter)
{
	const char text_of[] = { (char)letter, '\0' };

	if (letter == 'c')
		option.check = true;
	else if (letter == 'k')
		add_key(optarg);
	else if (letter == 'o')
		option.output = optarg;
	else if (letter == 's')
		option.stable = true;
	else if (letter == 't' && optarg[0] && (!optarg[1] || strcmp(optarg, "\\t") == 0))
		option.separator = optarg[1] ? '\t' : optarg[0];
	else if (letter == 'u')
		option.unique = true;
	else if (*parse_order(text_of, &option.order))
		prog_usage(TROUBLE);
}

int main(int argc, char **argv)
{
	int status;
	int letter;

	prog_begin("sort",
		   "[-bcfnrsu] [-k KEY]... [-o FILE] [-t CHARACTER] [FILE]...\n"
		   "  -b  blanks in front do not count\n"
		   "  -c  only check; status 1 if the order is wrong\n"
		   "  -f  upper and lower case are the same\n"
		   "  -k  by FIELD[.CHARACTER][bfnr][,FIELD[.CHARACTER]], not the whole line\n"
		   "  -n  by numbers; -r in reverse\n"
		   "  -o  where the lines go; may be one of the files\n"
		   "  -s  lines with equal keys stay as they were\n"
		   "  -t  what stands between fields (default: where blanks begin)\n"
		   "  -u  of lines with equal keys only the first",
		   argc, argv);
	while ((letter = getopt(argc, argv, "bcfk:no:rst:u")) != -1)
		parse_option(letter);
	finish_keys();
	status = prog_each_file(argv + optind, argc - optind, read_lines, TROUBLE);
	if (option.check)
		return status ? status : check_order();
	sort_lines(text.lines, text.count, prog_grow(NULL, (text.count + 1) * sizeof(struct line)));
	if (option.output && !freopen(option.output, "w", stdout)) {
		prog_warn(option.output);
		return TROUBLE;
	}
	print_lines();
	return prog_finish(0) ? TROUBLE : status;
}
