/* SPDX-License-Identifier: MIT */
/* Patterns to programs. Each piece of the pattern becomes a run of instructions that begins at
 * a known place and falls through at its end, so that pieces are put together by placing them
 * side by side. Jumps inside a run are relative to its start while it may still be moved or
 * copied. */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"

enum { INTERVAL_MAX = 255, NO_LIMIT = -1, CLASS_BYTES = 16, DEPTH_MAX = 100 };

struct compiler {
	struct __regex *regex;
	const char *at;
	int flags;
	unsigned int depth;  /* of parentheses */
	unsigned int groups; /* opened so far */
	int error;           /* the first one */
};

/* What an operator is, whichever of the two spellings it has. */
enum symbol {
	SYMBOL_NONE,
	SYMBOL_OPEN,
	SYMBOL_CLOSE,
	SYMBOL_OR,
	SYMBOL_PLUS,
	SYMBOL_OPTION,
	SYMBOL_BRACE
};

static void parse_alternatives(struct compiler *c);

static bool is_extended(const struct compiler *c)
{
	return (c->flags & REG_EXTENDED) != 0;
}

static void fail(struct compiler *c, int error)
{
	if (!c->error)
		c->error = error;
}

/* Makes room for one more instruction at `place` and moves what follows. Jumps are relative to the
 * run that begins at `place`, and a run only moves as a whole: nothing needs to be changed. */
static struct instruction *insert(struct compiler *c, unsigned int place, enum opcode op)
{
	static struct instruction nowhere; /* written to when there is no memory */
	struct __regex *regex = c->regex;

	if (regex->length >= PROGRAM_MAX)
		fail(c, REG_ESPACE);
	if (regex->length == regex->room) {
		unsigned int room = regex->room ? regex->room * 2 : 32;
		struct instruction *code = realloc(regex->code, room * sizeof(*code));

		if (!code) {
			fail(c, REG_ESPACE);
			return &nowhere;
		}
		regex->code = code;
		regex->room = room;
	}
	memmove(&regex->code[place + 1], &regex->code[place],
		(regex->length - place) * sizeof(*regex->code));
	regex->length++;
	memset(&regex->code[place], 0, sizeof(*regex->code));
	regex->code[place].op = op;
	return &regex->code[place];
}

static struct instruction *append(struct compiler *c, enum opcode op)
{
	return insert(c, c->regex->length, op);
}

/* Jumps are kept as distances, which stay right when a run moves. */
static void set_jump(struct compiler *c, unsigned int from, unsigned int to)
{
	c->regex->code[from].next = to - from;
}

static void set_other(struct compiler *c, unsigned int from, unsigned int to)
{
	c->regex->code[from].other = to - from;
}

static void add_folded(struct compiler *c, uint32_t *set, int character)
{
	set_add(set, (unsigned char)character);
	if (c->flags & REG_ICASE) {
		set_add(set, (unsigned char)tolower(character));
		set_add(set, (unsigned char)toupper(character));
	}
}

static void append_character(struct compiler *c, char character)
{
	add_folded(c, append(c, OP_SET)->set, (unsigned char)character);
}

static void remove_newline(const struct compiler *c, uint32_t *set)
{
	if (c->flags & REG_NEWLINE)
		set['\n' / 32] &= ~(UINT32_C(1) << ('\n' % 32));
}

static void append_any(struct compiler *c)
{
	struct instruction *any = append(c, OP_SET);

	memset(any->set, -1, sizeof(any->set));
	remove_newline(c, any->set);
}

/* [:name:] */
static const char *add_class(struct compiler *c, const char *at, uint32_t *set)
{
	static const struct {
		const char *name;
		int (*has)(int);
	} classes[] = {
		{ "alnum", isalnum }, { "alpha", isalpha }, { "blank", isblank },
		{ "cntrl", iscntrl }, { "digit", isdigit }, { "graph", isgraph },
		{ "lower", islower }, { "print", isprint }, { "punct", ispunct },
		{ "space", isspace }, { "upper", isupper }, { "xdigit", isxdigit },
	};
	const char *end = strstr(at, ":]");

	for (size_t i = 0; end && i < sizeof(classes) / sizeof(classes[0]); i++) {
		size_t length = strlen(classes[i].name);

		if ((size_t)(end - at) != length || strncmp(at, classes[i].name, length) != 0)
			continue;
		for (int character = 0; character < 256; character++) {
			if (classes[i].has(character))
				add_folded(c, set, character);
		}
		return end + 2;
	}
	fail(c, REG_ECTYPE);
	return at;
}

static void add_range(struct compiler *c, uint32_t *set, unsigned char low, unsigned char high)
{
	if (low > high)
		fail(c, REG_ERANGE);
	for (unsigned int character = low; character <= high; character++)
		add_folded(c, set, (int)character);
}

/* What stands between [ and ], up to and including the latter. */
static void parse_set(struct compiler *c)
{
	uint32_t set[SET_WORDS] = { 0 };
	bool negated = *c->at == '^';
	const char *first;

	c->at += negated;
	for (first = c->at; !c->error && (*c->at != ']' || c->at == first);) {
		if (*c->at == '\0') {
			fail(c, REG_EBRACK);
		} else if (c->at[0] == '[' && c->at[1] == ':') {
			c->at = add_class(c, c->at + 2, set);
		} else if (c->at[1] == '-' && c->at[2] && c->at[2] != ']') {
			add_range(c, set, (unsigned char)c->at[0], (unsigned char)c->at[2]);
			c->at += 3;
		} else {
			add_folded(c, set, (unsigned char)*c->at++);
		}
	}
	if (c->error)
		return;
	c->at++;
	for (unsigned int i = 0; i < SET_WORDS && negated; i++)
		set[i] = ~set[i];
	if (negated)
		remove_newline(c, set);
	memcpy(append(c, OP_SET)->set, set, sizeof(set));
}

/* The operator at the current place. Length: 1 or, with its backslash, 2. */
static enum symbol symbol_at(const struct compiler *c)
{
	static const char letters[] = "()|+?{";
	static const enum symbol symbols[] = { SYMBOL_OPEN, SYMBOL_CLOSE,  SYMBOL_OR,
					       SYMBOL_PLUS, SYMBOL_OPTION, SYMBOL_BRACE };
	const char *at = c->at;
	const char *found;

	if (!is_extended(c) && *at++ != '\\')
		return SYMBOL_NONE;
	found = *at ? strchr(letters, *at) : NULL;
	return found ? symbols[found - letters] : SYMBOL_NONE;
}

static void skip_symbol(struct compiler *c)
{
	c->at += is_extended(c) ? 1 : 2;
}

static void parse_group(struct compiler *c)
{
	unsigned int group = ++c->groups;

	skip_symbol(c);
	if (++c->depth > DEPTH_MAX) {
		fail(c, REG_ESPACE);
		return;
	}
	append(c, OP_SAVE)->other = 2 * group;
	parse_alternatives(c);
	append(c, OP_SAVE)->other = 2 * group + 1;
	c->depth--;
	if (symbol_at(c) == SYMBOL_CLOSE)
		skip_symbol(c);
	else
		fail(c, REG_EPAREN);
}

/* In basic expressions ^ and $ are special only at the ends of a branch. */
static bool is_begin(const struct compiler *c, bool first)
{
	return *c->at == '^' && (is_extended(c) || first);
}

static bool is_end(const struct compiler *c)
{
	if (*c->at != '$')
		return false;
	return is_extended(c) || c->at[1] == '\0' || strncmp(c->at + 1, "\\)", 2) == 0 ||
	       strncmp(c->at + 1, "\\|", 2) == 0;
}

/* One character, set, group or anchor. `first`: nothing stands before it in its branch. */
static void parse_atom(struct compiler *c, bool first)
{
	if (symbol_at(c) == SYMBOL_OPEN) {
		parse_group(c);
	} else if (is_begin(c, first)) {
		append(c, OP_BEGIN);
		c->at++;
	} else if (is_end(c)) {
		append(c, OP_END);
		c->at++;
	} else if (*c->at == '.') {
		append_any(c);
		c->at++;
	} else if (*c->at == '[') {
		c->at++;
		parse_set(c);
	} else if (*c->at == '\\' && c->at[1] == '\0') {
		fail(c, REG_EESCAPE);
	} else if (*c->at == '\\' && isdigit((unsigned char)c->at[1])) {
		fail(c, REG_ESUBREG);
	} else {
		c->at += *c->at == '\\';
		append_character(c, *c->at++);
	}
}

/* x* : split over x, jump back */
static void make_star(struct compiler *c, unsigned int start)
{
	insert(c, start, OP_SPLIT);
	append(c, OP_JUMP);
	set_jump(c, start, start + 1);
	set_jump(c, c->regex->length - 1, start);
	set_other(c, start, c->regex->length);
}

static void make_option(struct compiler *c, unsigned int start)
{
	insert(c, start, OP_SPLIT);
	set_jump(c, start, start + 1);
	set_other(c, start, c->regex->length);
}

static void make_plus(struct compiler *c, unsigned int start)
{
	unsigned int split = c->regex->length;

	append(c, OP_SPLIT);
	set_jump(c, split, start);
	set_other(c, split, split + 1);
}

/* Appends copies of `piece`; relative jumps are right wherever they stand. */
static void append_copy(struct compiler *c, const struct instruction *piece, unsigned int length)
{
	for (unsigned int i = 0; i < length && !c->error; i++)
		*append(c, piece[i].op) = piece[i];
}

/* x{low,high}: low copies, then either a star or nested options. */
static void make_interval(struct compiler *c, unsigned int start, int low, int high)
{
	unsigned int length = c->regex->length - start;
	struct instruction *piece = malloc((length + 1) * sizeof(*piece));

	if (!piece) {
		fail(c, REG_ESPACE);
		return;
	}
	memcpy(piece, &c->regex->code[start], length * sizeof(*piece));
	c->regex->length = start;
	for (int i = 0; i < low; i++)
		append_copy(c, piece, length);
	if (high == NO_LIMIT) {
		unsigned int last = c->regex->length;

		append_copy(c, piece, length);
		make_star(c, last);
	}
	for (int i = low; i < high; i++) {
		unsigned int last = c->regex->length;

		append_copy(c, piece, length);
		make_option(c, last);
	}
	free(piece);
}

static int parse_number(struct compiler *c, int otherwise)
{
	int value = 0;

	if (!isdigit((unsigned char)*c->at))
		return otherwise;
	while (isdigit((unsigned char)*c->at)) {
		value = value * 10 + (*c->at++ - '0');
		if (value > INTERVAL_MAX) {
			fail(c, REG_BADBR);
			value = 0;
		}
	}
	return value;
}

/* {m} {m,} {m,n} */
static void parse_interval(struct compiler *c, unsigned int start)
{
	int low;
	int high;

	skip_symbol(c);
	low = parse_number(c, 0);
	high = low;
	if (*c->at == ',') {
		c->at++;
		high = parse_number(c, NO_LIMIT);
	}
	if (!is_extended(c) && *c->at == '\\')
		c->at++;
	if (*c->at != '}' || (high != NO_LIMIT && high < low))
		fail(c, REG_BADBR);
	if (c->error)
		return;
	c->at++;
	make_interval(c, start, low, high);
}

/* Any number of * + ? {} behind the atom that begins at `start`. */
static void parse_repeats(struct compiler *c, unsigned int start)
{
	while (!c->error) {
		enum symbol symbol = symbol_at(c);

		if (*c->at == '*') {
			c->at++;
			make_star(c, start);
		} else if (symbol == SYMBOL_PLUS) {
			skip_symbol(c);
			make_plus(c, start);
		} else if (symbol == SYMBOL_OPTION) {
			skip_symbol(c);
			make_option(c, start);
		} else if (symbol == SYMBOL_BRACE) {
			parse_interval(c, start);
		} else {
			return;
		}
	}
}

static void parse_branch(struct compiler *c)
{
	unsigned int branch = c->regex->length;

	while (*c->at && !c->error) {
		unsigned int start = c->regex->length;
		enum symbol symbol = symbol_at(c);
		bool first = start == branch;
		bool begin = !is_extended(c) && is_begin(c, first);

		/* A ) that closes nothing is a character. */
		if (symbol == SYMBOL_OR || (symbol == SYMBOL_CLOSE && c->depth > 0))
			return;
		/* So is a * with nothing to repeat. */
		if (*c->at == '*' && (first || c->regex->code[start - 1].op == OP_BEGIN))
			append_character(c, *c->at++);
		else
			parse_atom(c, first);
		/* In basic expressions ^* is a star to be found at the start. */
		if (!begin)
			parse_repeats(c, start);
	}
}

/* a|b : split to a, which jumps over b */
static void parse_alternatives(struct compiler *c)
{
	unsigned int start = c->regex->length;
	unsigned int jump;

	parse_branch(c);
	if (c->error || symbol_at(c) != SYMBOL_OR)
		return;
	skip_symbol(c);
	insert(c, start, OP_SPLIT);
	jump = c->regex->length;
	append(c, OP_JUMP);
	set_jump(c, start, start + 1);
	set_other(c, start, jump + 1);
	parse_alternatives(c);
	set_jump(c, jump, c->regex->length);
}

/* From distances to places. */
static void finish_jumps(struct __regex *regex)
{
	for (unsigned int i = 0; i < regex->length; i++) {
		struct instruction *instruction = &regex->code[i];

		if (instruction->op == OP_SPLIT || instruction->op == OP_JUMP)
			instruction->next += i;
		else
			instruction->next = i + 1;
		if (instruction->op == OP_SPLIT)
			instruction->other += i;
	}
}

int regcomp(regex_t *regex, const char *pattern, int flags)
{
	struct __regex *program = calloc(1, sizeof(*program));
	struct compiler c = { .regex = program, .at = pattern, .flags = flags };

	regex->__program = program;
	if (!program)
		return REG_ESPACE;
	program->flags = flags;
	parse_alternatives(&c);
	append(&c, OP_MATCH);
	regex->re_nsub = c.groups;
	if (c.error) {
		regfree(regex);
		return c.error;
	}
	finish_jumps(program);
	return 0;
}

void regfree(regex_t *regex)
{
	if (!regex->__program)
		return;
	free(regex->__program->code);
	free(regex->__program);
	regex->__program = NULL;
}
