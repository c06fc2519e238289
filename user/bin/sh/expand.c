/* SPDX-License-Identifier: MIT */
/* Raw words to strings: quote removal, dollars, field splitting, file names; in the order that
 * POSIX "Word Expansions" gives. */

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "sh.h"

static const char *skip_quoted(const char *at, char end)
{
	for (at++; *at && *at != end; at = end == '\'' ? at + 1 : expand_skip_piece(at))
		;
	return *at ? at + 1 : at;
}

static const char *skip_nested(const char *at, char open, char close)
{
	int depth = 0;

	do {
		depth += *at == open;
		depth -= *at == close;
		at = expand_skip_piece(at);
	} while (depth > 0 && *at);
	return at;
}

static const char *skip_backquoted(const char *at)
{
	for (at++; *at && *at != '`'; at++) {
		if (*at == '\\' && at[1])
			at++;
	}
	return *at ? at + 1 : at;
}

const char *expand_skip_piece(const char *at)
{
	switch (*at) {
	case '\0':
		return at;
	case '\\':
		return at[1] ? at + 2 : at + 1;
	case '\'':
	case '"':
		return skip_quoted(at, *at);
	case '`':
		return skip_backquoted(at);
	case '$':
		if (at[1] == '{')
			return skip_nested(at + 1, '{', '}');
		if (at[1] == '(')
			return skip_nested(at + 1, '(', ')');
		return at + 1;
	default:
		return at + 1;
	}
}

/* In double quotes a backslash protects only what would be special there. */
static const char *add_backslashed(struct fields *out, const char *at, bool quoted)
{
	if (!at[1]) {
		fields_add(out, '\\', true);
		return at + 1;
	}
	if (quoted && !strchr("$`\"\\", at[1]))
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

static const char *add_double_quoted(struct fields *out, const char *at)
{
	const char *end = skip_quoted(at, '"');
	char *inner;

	/* "$@" without arguments is no field at all; everything else in quotes is one. */
	if (strncmp(at, "\"$@\"", 4) != 0)
		out->started = true;
	inner = arena_copy(&out->sh->arena, at + 1, (size_t)(end - at) - 2);
	return expand_raw(out, inner, true) ? end : NULL;
}

static const char *add_piece(struct fields *out, const char *at, bool quoted)
{
	if (*at == '\\')
		return add_backslashed(out, at, quoted);
	if (*at == '$' || *at == '`')
		return parameter_expand(out->sh, at, out, quoted);
	if (*at == '"')
		return add_double_quoted(out, at);
	if (*at == '\'' && !quoted)
		return add_single_quoted(out, at);
	fields_add(out, *at, quoted);
	return at + 1;
}

bool expand_raw(struct fields *out, const char *raw, bool quoted)
{
	while (raw && *raw)
		raw = add_piece(out, raw, quoted);
	return raw != NULL;
}

/* ~ at the start of a word, alone or before a slash. */
static const char *add_tilde(struct fields *out, const char *raw)
{
	const char *home = variable_get(out->sh, "HOME", 4);

	if (raw[0] != '~' || (raw[1] != '\0' && raw[1] != '/') || !home)
		return raw;
	fields_add_literal(out, home, true);
	return raw + 1;
}

char **expand_words(struct shell *sh, const struct word *words)
{
	struct fields out = { .sh = sh, .split = true };
	char **argv = NULL;

	for (; words; words = words->next) {
		if (!expand_raw(&out, add_tilde(&out, words->raw), false))
			break;
		fields_break(&out);
	}
	if (!words) {
		argv = arena_alloc(&sh->arena, (out.count + 1) * sizeof(*argv));
		if (out.count > 0)
			memcpy(argv, out.list, out.count * sizeof(*argv));
	}
	fields_free(&out);
	return argv;
}

/* One string whatever it holds: assignments, redirections, the subject of `case`. */
char *expand_text(struct shell *sh, const char *raw)
{
	struct fields out = { .sh = sh };
	char *text = NULL;

	if (expand_raw(&out, add_tilde(&out, raw), false))
		text = arena_copy(&sh->arena, out.text.data ? out.text.data : "", out.text.length);
	fields_free(&out);
	return text;
}

/* As expand_text(), for a here-document: quotes are plain characters. */
char *expand_here(struct shell *sh, const char *raw)
{
	struct fields out = { .sh = sh };
	char *text = NULL;

	while (raw && *raw) {
		if (*raw == '"') {
			fields_add(&out, *raw++, true);
			continue;
		}
		raw = add_piece(&out, raw, true);
	}
	if (raw)
		text = arena_copy(&sh->arena, out.text.data ? out.text.data : "", out.text.length);
	fields_free(&out);
	return text;
}

/* As expand_text(), with quoted characters protected from fnmatch(). */
char *expand_pattern(struct shell *sh, const char *raw)
{
	struct fields out = { .sh = sh };
	char *pattern = NULL;

	if (expand_raw(&out, add_tilde(&out, raw), false))
		pattern = fields_pattern(&out);
	fields_free(&out);
	return pattern;
}
