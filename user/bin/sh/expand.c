/* SPDX-License-Identifier: MIT */
/* Raw words to strings: quote removal, dollars, field splitting, file names; in the order that
 * POSIX "Word Expansions" gives. */

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "sh.h"

static const char *skip_quoted(const char *at, char end)
{
	at++;
	while (at && *at && *at != end)
		at = end == '\'' ? at + 1 : expand_skip_piece(at, true);
	return at && *at ? at + 1 : NULL;
}

/* ${...}; at points to the brace. The pattern behind # or % has quotes of its own. */
static const char *skip_braced(const char *at, bool quoted)
{
	at++;
	at += *at == '#';
	at += parameter_name_length(at);
	quoted = quoted && *at != '#' && *at != '%';
	while (at && *at && *at != '}')
		at = expand_skip_piece(at, quoted);
	return at && *at ? at + 1 : NULL;
}

/* $((...)) and $(...); at points to the first parenthesis. */
static const char *skip_parentheses(const char *at)
{
	int depth = 0;

	if (at[1] != '(') {
		size_t length = parse_substitution_length(at + 1);

		return length > 0 ? at + 1 + length : NULL;
	}
	do {
		depth += *at == '(';
		depth -= *at == ')';
		at = expand_skip_piece(at, true);
	} while (depth > 0 && at && *at);
	return depth == 0 ? at : NULL;
}

static const char *skip_backquoted(const char *at)
{
	for (at++; *at && *at != '`'; at++) {
		if (*at == '\\' && at[1])
			at++;
	}
	return *at ? at + 1 : NULL;
}

const char *expand_skip_piece(const char *at, bool quoted)
{
	if (*at == '\\')
		return at[1] ? at + 2 : at + 1;
	if (*at == '"' || (*at == '\'' && !quoted))
		return skip_quoted(at, *at);
	if (*at == '`')
		return skip_backquoted(at);
	if (*at == '$' && at[1] == '{')
		return skip_braced(at + 1, quoted);
	if (*at == '$' && at[1] == '(')
		return skip_parentheses(at + 1);
	return *at ? at + 1 : at;
}

/* In double quotes a backslash protects only what would be special there. */
static const char *add_backslashed(struct fields *out, const char *at, bool quoted)
{
	if (!at[1]) {
		fields_add(out, '\\', true);
		return at + 1;
	}
	if (quoted && !strchr("$`\"\\", at[1]) && !(out->inside_braces && at[1] == '}'))
		fields_add(out, '\\', true);
	fields_add(out, at[1], true);
	return at + 2;
}

static const char *add_single_quoted(struct fields *out, const char *at)
{
	out->started = true;
	for (at++; *at && *at != '\''; at++)
		fields_add(out, *at, true);
	return *at ? at + 1 : at;
}

/* Only text that did not come through the parser can be like that. */
static const char *unterminated(struct shell *sh, const char *at)
{
	shell_complain(sh, at, "unterminated");
	return NULL;
}

static const char *add_double_quoted(struct fields *out, const char *at)
{
	const char *end = skip_quoted(at, '"');
	char *inner;

	if (!end)
		return unterminated(out->sh, at);
	out->empty_arguments = false;
	inner = arena_copy(&out->sh->arena, at + 1, (size_t)(end - at) - 2);
	if (!expand_raw(out, inner, true))
		return NULL;
	/* "$@" without arguments is no field at all; everything else in quotes is one. */
	if (!out->empty_arguments)
		out->started = true;
	return end;
}

static const char *add_piece(struct fields *out, const char *at, bool quoted)
{
	if (*at == '\\')
		return add_backslashed(out, at, quoted);
	if ((*at == '$' || *at == '`') && !expand_skip_piece(at, quoted))
		return unterminated(out->sh, at);
	if (*at == '$' || *at == '`')
		return parameter_expand(out->sh, at, out, quoted);
	if (*at == '"')
		return add_double_quoted(out, at);
	if (*at == '\'' && !quoted)
		return add_single_quoted(out, at);
	if (out->inside_braces)
		fields_add_value(out, (char[]){ *at, '\0' }, quoted);
	else
		fields_add(out, *at, quoted);
	return at + 1;
}

bool expand_raw(struct fields *out, const char *raw, bool quoted)
{
	while (raw && *raw)
		raw = add_piece(out, raw, quoted);
	return raw != NULL;
}

/* ~ at the start of a word or of a part of a PATH, alone or before a slash. */
static const char *add_tilde(struct fields *out, const char *raw, bool assignment)
{
	const char *home = variable_get(out->sh, "HOME", 4);

	if (raw[0] != '~' || (raw[1] && raw[1] != '/' && (raw[1] != ':' || !assignment)) || !home)
		return raw;
	fields_add_literal(out, home, true);
	return raw + 1;
}

bool expand_braced_word(struct fields *out, const char *raw, bool quoted)
{
	bool outer = out->inside_braces;
	bool good;

	out->inside_braces = true;
	good = expand_raw(out, quoted ? raw : add_tilde(out, raw, false), quoted);
	out->inside_braces = outer;
	return good;
}

/* Takes what `out` built as one string; NULL, and the end of the command, if that failed. */
static char *finish_text(struct fields *out, bool good)
{
	struct shell *sh = out->sh;
	char *text = NULL;

	if (good)
		text = arena_copy(&sh->arena, out->text.data ? out->text.data : "",
				  out->text.length);
	else
		shell_abort(sh);
	fields_free(out);
	return text;
}

char **expand_words(struct shell *sh, const struct word *words)
{
	struct fields out = { .sh = sh, .split = true };
	char **argv = NULL;

	for (; words; words = words->next) {
		if (!expand_raw(&out, add_tilde(&out, words->raw, false), false))
			break;
		fields_break(&out);
	}
	if (!words) {
		argv = arena_alloc(&sh->arena, (out.count + 1) * sizeof(*argv));
		if (out.count > 0)
			memcpy(argv, out.list, out.count * sizeof(*argv));
	} else {
		shell_abort(sh);
	}
	fields_free(&out);
	return argv;
}

/* One string whatever it holds: redirections, the subject of `case`. */
char *expand_text(struct shell *sh, const char *raw)
{
	struct fields out = { .sh = sh };

	return finish_text(&out, expand_raw(&out, add_tilde(&out, raw, false), false));
}

/* As expand_text(), and ~ is a home directory behind every colon too. */
char *expand_assignment(struct shell *sh, const char *raw)
{
	struct fields out = { .sh = sh };

	raw = add_tilde(&out, raw, true);
	while (raw && *raw) {
		bool colon = *raw == ':';

		raw = add_piece(&out, raw, false);
		if (colon)
			raw = add_tilde(&out, raw, true);
	}
	return finish_text(&out, raw != NULL);
}

/* As expand_text(), for a here-document: quotes are plain characters. */
char *expand_here(struct shell *sh, const char *raw)
{
	struct fields out = { .sh = sh };

	while (raw && *raw) {
		if (*raw == '"') {
			fields_add(&out, *raw++, true);
		} else if (*raw == '\\' && raw[1] == '"') {
			fields_add(&out, *raw++, true);
		} else {
			raw = add_piece(&out, raw, true);
		}
	}
	return finish_text(&out, raw != NULL);
}

/* As expand_text(), with quoted characters protected from fnmatch(). */
char *expand_pattern(struct shell *sh, const char *raw)
{
	struct fields out = { .sh = sh };
	char *pattern = NULL;

	if (expand_raw(&out, add_tilde(&out, raw, false), false))
		pattern = fields_pattern(&out);
	else
		shell_abort(sh);
	fields_free(&out);
	return pattern;
}
