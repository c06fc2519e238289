/* SPDX-License-Identifier: MIT */
/* Field splitting (POSIX "Field Splitting") on the way from raw words to strings. */

#include "fields.h"

#include <stdlib.h>
#include <string.h>

#include "sh.h"

enum { FIELDS_FIRST_ROOM = 16 };

void fields_add(struct fields *out, char c, bool quoted)
{
	text_add(&out->text, c);
	text_add(&out->quoted, quoted ? 'q' : ' ');
	out->started = true;
}

void fields_add_literal(struct fields *out, const char *text, bool quoted)
{
	out->started |= quoted;
	for (; *text; text++)
		fields_add(out, *text, quoted);
}

void fields_append(struct fields *out, const char *text)
{
	if (out->count == out->room) {
		size_t room = out->room ? out->room * 2 : FIELDS_FIRST_ROOM;
		char **list = must_alloc(room * sizeof(*list));

		if (out->list)
			memcpy(list, out->list, out->count * sizeof(*list));
		free(out->list);
		out->list = list;
		out->room = room;
	}
	out->list[out->count++] = arena_copy(&out->sh->arena, text, strlen(text));
}

static bool may_match_names(const struct fields *out)
{
	bool bracket = false;

	for (size_t i = 0; i < out->text.length; i++) {
		char c = out->text.data[i];

		if (out->quoted.data[i] == 'q')
			continue;
		if (c == '*' || c == '?' || (c == ']' && bracket))
			return !out->sh->options[OPTION_noglob];
		bracket |= c == '[';
	}
	return false;
}

char *fields_pattern(const struct fields *out)
{
	char *pattern = arena_alloc(&out->sh->arena, 2 * out->text.length + 1);
	char *at = pattern;

	for (size_t i = 0; i < out->text.length; i++) {
		if (out->quoted.data[i] == 'q')
			*at++ = '\\';
		*at++ = out->text.data[i];
	}
	return pattern;
}

void fields_break(struct fields *out)
{
	out->blank_ended = false;
	if (!out->started)
		return;
	if (!out->split || !may_match_names(out) || !glob_expand(out->sh, fields_pattern(out), out))
		fields_append(out, out->text.data ? out->text.data : "");
	out->text.length = 0;
	out->quoted.length = 0;
	if (out->text.data)
		out->text.data[0] = '\0';
	out->started = false;
}

/* Blanks only end a field; any other separator also makes an empty one, except for the first behind
 * blanks that did end a field. */
static void separate(struct fields *out, bool blank)
{
	bool absorbed = !blank && !out->started && out->blank_ended;

	if (blank)
		out->blank_ended |= out->started;
	else
		out->blank_ended = false;
	if (!blank && !absorbed)
		out->started = true;
	if (out->started) {
		bool ended = out->blank_ended;

		fields_break(out);
		out->blank_ended = ended;
	}
}

void fields_add_value(struct fields *out, const char *value, bool quoted)
{
	const char *separators = variable_get(out->sh, "IFS", 3);

	if (quoted || !out->split) {
		fields_add_literal(out, value, quoted);
		return;
	}
	if (!separators)
		separators = " \t\n";
	for (; *value; value++) {
		if (strchr(separators, *value))
			separate(out, strchr(" \t\n", *value) != NULL);
		else
			fields_add(out, *value, false);
	}
}

void fields_free(struct fields *out)
{
	text_free(&out->text);
	text_free(&out->quoted);
	free(out->list);
	out->list = NULL;
}
