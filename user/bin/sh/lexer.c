/* SPDX-License-Identifier: MIT */
/* Characters to tokens, by the rules of POSIX "Token Recognition". Words keep their quotes. */

#include "lexer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sh.h"

struct operator
{
	const char *text;
	enum token_kind kind;
};

/* Longer ones first where one begins with another. */
static const struct operator operators[] = {
	{ "&&", TOKEN_AND_IF },     { "||", TOKEN_OR_IF },     { ";;", TOKEN_DSEMI },
	{ "<<-", TOKEN_HERE_TABS }, { "<<", TOKEN_HERE },      { ">>", TOKEN_APPEND },
	{ "<&", TOKEN_LESS_AMP },   { ">&", TOKEN_GREAT_AMP }, { "<>", TOKEN_LESS_GREAT },
	{ ">|", TOKEN_CLOBBER },    { ";", TOKEN_SEMI },       { "&", TOKEN_AMP },
	{ "|", TOKEN_PIPE },        { "(", TOKEN_OPEN },       { ")", TOKEN_CLOSE },
	{ "<", TOKEN_LESS },        { ">", TOKEN_GREAT },      { "\n", TOKEN_NEWLINE },
};

static bool scan_dollar(struct lexer *lexer, struct text *word, bool quoted);

static bool fail(struct lexer *lexer, const char *why)
{
	lexer->error = why;
	return false;
}

/* Moves one character from the input to the word; false at the end of input. */
static bool take(struct lexer *lexer, struct text *word)
{
	int c = input_next(lexer->in);

	if (c == EOF)
		return false;
	text_add(word, (char)c);
	return true;
}

/* A backslash and what it protects; together with a newline it disappears. */
static void scan_backslash(struct lexer *lexer, struct text *word)
{
	input_next(lexer->in);
	if (input_peek(lexer->in) == '\n') {
		input_next(lexer->in);
		return;
	}
	text_add(word, '\\');
	take(lexer, word);
}

static bool scan_single_quoted(struct lexer *lexer, struct text *word)
{
	take(lexer, word);
	while (input_peek(lexer->in) != '\'') {
		if (!take(lexer, word))
			return fail(lexer, "unterminated '");
	}
	return take(lexer, word);
}

static bool scan_double_quoted(struct lexer *lexer, struct text *word)
{
	int c;

	take(lexer, word);
	while ((c = input_peek(lexer->in)) != '"') {
		if (c == '\\')
			scan_backslash(lexer, word);
		else if (c == '$' || c == '`') {
			if (!scan_dollar(lexer, word, true))
				return false;
		} else if (!take(lexer, word))
			return fail(lexer, "unterminated \"");
	}
	return take(lexer, word);
}

/* Any quoting construct or plain character, copied whole. */
static bool scan_piece(struct lexer *lexer, struct text *word, bool quoted)
{
	int c = input_peek(lexer->in);

	if (c == '\\') {
		scan_backslash(lexer, word);
		return true;
	}
	if (c == '\'' && !quoted)
		return scan_single_quoted(lexer, word);
	if (c == '"')
		return scan_double_quoted(lexer, word);
	if (c == '$' || c == '`')
		return scan_dollar(lexer, word, quoted);
	return take(lexer, word);
}

/* ${...}; the brace is next. A pattern behind # or % has quotes of its own. */
static bool scan_braced(struct lexer *lexer, struct text *word, bool quoted)
{
	int c;

	take(lexer, word);
	if (input_peek(lexer->in) == '#')
		take(lexer, word);
	while (isalnum(c = input_peek(lexer->in)) || (c != EOF && strchr("_@*?$!-", c))) {
		take(lexer, word);
		if (!isalnum(c) && c != '_')
			break;
	}
	c = input_peek(lexer->in);
	quoted = quoted && c != '#' && c != '%';
	while ((c = input_peek(lexer->in)) != '}') {
		if (c == EOF)
			return fail(lexer, "unterminated ${");
		if (!scan_piece(lexer, word, quoted))
			return false;
	}
	return take(lexer, word);
}

/* $((...)), up to the parenthesis that belongs to the one that is next. */
static bool scan_sum(struct lexer *lexer, struct text *word)
{
	int depth = 1; /* the caller took the first one */

	while (depth > 0) {
		int c = input_peek(lexer->in);

		if (c == EOF)
			return fail(lexer, "unterminated $((");
		depth += c == '(';
		depth -= c == ')';
		if (!scan_piece(lexer, word, true))
			return false;
	}
	return true;
}

/* $(command): only the parser knows where it ends. */
static bool scan_parentheses(struct lexer *lexer, struct text *word)
{
	const char *error;
	size_t begin;

	take(lexer, word);
	if (input_peek(lexer->in) == '(')
		return scan_sum(lexer, word);
	begin = input_record_begin(lexer->in);
	error = parse_substitution(lexer->in, lexer->arena);
	input_record_end(lexer->in, begin, word);
	return error ? fail(lexer, error) : true;
}

static bool scan_backquoted(struct lexer *lexer, struct text *word)
{
	take(lexer, word);
	while (input_peek(lexer->in) != '`') {
		if (input_peek(lexer->in) == '\\')
			take(lexer, word);
		if (!take(lexer, word))
			return fail(lexer, "unterminated `");
	}
	return take(lexer, word);
}

static bool scan_dollar(struct lexer *lexer, struct text *word, bool quoted)
{
	if (input_peek(lexer->in) == '`')
		return scan_backquoted(lexer, word);
	take(lexer, word);
	if (input_peek(lexer->in) == '{')
		return scan_braced(lexer, word, quoted);
	if (input_peek(lexer->in) == '(')
		return scan_parentheses(lexer, word);
	return true;
}

static bool ends_word(int c)
{
	return c == EOF || strchr(" \t\n;&|<>()", c) != NULL;
}

/* Digits that touch a redirection are its file descriptor. */
static bool is_number(const struct lexer *lexer, const struct text *word)
{
	int c = input_peek(lexer->in);

	if (c != '<' && c != '>')
		return false;
	for (size_t i = 0; i < word->length; i++) {
		if (!isdigit((unsigned char)word->data[i]))
			return false;
	}
	return true;
}

static enum token_kind scan_word(struct lexer *lexer)
{
	struct text word = lexer->begun;
	enum token_kind kind = TOKEN_WORD;

	while (!ends_word(input_peek(lexer->in))) {
		if (!scan_piece(lexer, &word, false)) {
			text_free(&word);
			return TOKEN_ERROR;
		}
	}
	if (is_number(lexer, &word))
		kind = TOKEN_NUMBER;
	lexer->text = arena_copy(lexer->arena, word.data ? word.data : "", word.length);
	text_free(&word);
	return kind;
}

/* Operators are recognised greedily: each one is grown a character at a time while a longer one
 * fits. */
static enum token_kind scan_operator(struct lexer *lexer)
{
	char seen[4] = "";
	enum token_kind kind = TOKEN_ERROR;

	for (size_t length = 0; length < sizeof(seen) - 1; length++) {
		int c = input_peek(lexer->in);
		enum token_kind longer = TOKEN_ERROR;

		if (c == EOF)
			break;
		seen[length] = (char)c;
		for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
			if (strcmp(operators[i].text, seen) == 0)
				longer = operators[i].kind;
		}
		if (longer == TOKEN_ERROR)
			break;
		kind = longer;
		/* Nothing follows a newline: looking further would ask the terminal for more. */
		if (input_next(lexer->in) == '\n')
			break;
	}
	return kind;
}

static void skip_blanks(struct lexer *lexer)
{
	for (;;) {
		int c = input_peek(lexer->in);

		if (c == '#') {
			while (c != '\n' && c != EOF) {
				input_next(lexer->in);
				c = input_peek(lexer->in);
			}
			return;
		}
		if (c != ' ' && c != '\t')
			return;
		input_next(lexer->in);
	}
}

/* One line without its newline; false at the end of input. `joins`: a backslash before the newline
 * takes both away. */
static bool read_line(struct lexer *lexer, struct text *line, bool joins)
{
	int c = input_next(lexer->in);

	line->length = 0;
	text_add_bytes(line, "", 0);
	if (c == EOF)
		return false;
	for (; c != '\n' && c != EOF; c = input_next(lexer->in)) {
		if (c == '\\' && joins && input_peek(lexer->in) == '\n') {
			input_next(lexer->in);
			continue;
		}
		text_add(line, (char)c);
		if (c == '\\' && joins && input_peek(lexer->in) != EOF)
			text_add(line, (char)input_next(lexer->in));
	}
	return true;
}

static void read_here(struct lexer *lexer, const struct here *here)
{
	struct text all = { 0 };
	struct text line = { 0 };

	text_add_bytes(&all, "", 0);
	while (read_line(lexer, &line, !here->redirect->literal)) {
		const char *start = line.data;

		if (here->strip_tabs)
			start += strspn(start, "\t");
		if (strcmp(start, here->end) == 0)
			break;
		text_add_bytes(&all, start, strlen(start));
		text_add(&all, '\n');
	}
	here->redirect->raw = arena_copy(lexer->arena, all.data, all.length);
	text_free(&all);
	text_free(&line);
}

static void read_heres(struct lexer *lexer)
{
	for (; lexer->heres; lexer->heres = lexer->heres->next)
		read_here(lexer, lexer->heres);
}

void lexer_add_here(struct lexer *lexer, struct redirect *redirect, bool strip_tabs)
{
	struct here *here = arena_alloc(lexer->arena, sizeof(*here));
	struct here **tail = &lexer->heres;
	char *end = arena_copy(lexer->arena, redirect->raw, strlen(redirect->raw));
	char *out = end;

	for (const char *c = redirect->raw; *c; c++) {
		if (strchr("'\"\\", *c))
			redirect->literal = true;
		else
			*out++ = *c;
	}
	*out = '\0';
	here->redirect = redirect;
	here->end = end;
	here->strip_tabs = strip_tabs;
	while (*tail)
		tail = &(*tail)->next;
	*tail = here;
}

/* A backslash before a newline joins lines, between words as well. */
static void skip_joined_lines(struct lexer *lexer)
{
	struct text joined = { 0 };

	skip_blanks(lexer);
	while (input_peek(lexer->in) == '\\') {
		scan_backslash(lexer, &joined);
		if (joined.length > 0)
			break;
		skip_blanks(lexer);
	}
	lexer->begun = joined;
}

void lexer_advance(struct lexer *lexer)
{
	int c;

	lexer->text = NULL;
	skip_joined_lines(lexer);
	c = input_peek(lexer->in);
	if (lexer->begun.length == 0 && c == EOF) {
		lexer->kind = TOKEN_END;
		read_heres(lexer);
		return;
	}
	if (lexer->begun.length > 0 || !ends_word(c)) {
		lexer->kind = scan_word(lexer);
		return;
	}
	lexer->kind = scan_operator(lexer);
	if (lexer->kind == TOKEN_NEWLINE)
		read_heres(lexer);
}

const char *lexer_describe(const struct lexer *lexer)
{
	if (lexer->text)
		return lexer->text;
	if (lexer->kind == TOKEN_END)
		return "end of file";
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (operators[i].kind == lexer->kind)
			return lexer->kind == TOKEN_NEWLINE ? "newline" : operators[i].text;
	}
	return "this";
}
