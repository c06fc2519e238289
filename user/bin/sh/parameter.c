/* SPDX-License-Identifier: MIT */
/* What follows a dollar: variables, special parameters, ${name...}, $(command), $((sum)). */

#include <ctype.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fields.h"
#include "sh.h"

enum { NUMBER_BYTES = 24 };

/* The parts of ${#name}, ${name:-word}, ${name%word} ... */
struct parameter {
	const char *name;
	size_t length;  /* of the name */
	char operation; /* one of - = ? + # % or 0 */
	bool colon;     /* an empty value counts as unset */
	bool twice;     /* ## or %% */
	bool measure;   /* ${#name} */
	char *word;     /* raw */
};

static int positional_count(const struct shell *sh)
{
	int n = 0;

	while (sh->positional && sh->positional[n])
		n++;
	return n;
}

static const char *number_text(struct shell *sh, long long number)
{
	char text[NUMBER_BYTES];
	int length = snprintf(text, sizeof(text), "%lld", number);

	return arena_copy(&sh->arena, text, (size_t)length);
}

static const char *positional_get(const struct shell *sh, const char *digits)
{
	int index = atoi(digits);

	if (index == 0)
		return sh->name;
	return index <= positional_count(sh) ? sh->positional[index - 1] : NULL;
}

/* $1 $2 ... with `separator` between them, if it is one. */
static const char *positional_joined(struct shell *sh, char separator)
{
	struct text all = { 0 };
	const char *copy;

	text_add_bytes(&all, "", 0);
	for (char **arg = sh->positional; arg && *arg; arg++) {
		if (arg != sh->positional && separator)
			text_add(&all, separator);
		text_add_bytes(&all, *arg, strlen(*arg));
	}
	copy = arena_copy(&sh->arena, all.data, all.length);
	text_free(&all);
	return copy;
}

static const char *special_options(struct shell *sh)
{
	char letters[OPTION_COUNT + 1];

	option_letters(sh, letters);
	return arena_copy(&sh->arena, letters, strlen(letters));
}

static const char *all_arguments(struct shell *sh, char name)
{
	const char *separators = variable_get(sh, "IFS", 3);

	if (!sh->positional || !sh->positional[0])
		return NULL;
	return positional_joined(sh, name == '@' || !separators ? ' ' : separators[0]);
}

/* The value of a variable or special parameter; NULL if unset. */
static const char *parameter_value(struct shell *sh, const char *name, size_t length)
{
	switch (*name) {
	case '#':
		return number_text(sh, positional_count(sh));
	case '?':
		return number_text(sh, sh->status);
	case '$':
		return number_text(sh, sh->pid);
	case '!':
		return sh->background ? number_text(sh, sh->background) : NULL;
	case '-':
		return special_options(sh);
	case '@':
	case '*':
		return all_arguments(sh, *name);
	default:
		break;
	}
	if (isdigit((unsigned char)*name))
		return positional_get(sh, name);
	if (length == 6 && strncmp(name, "LINENO", 6) == 0)
		return number_text(sh, sh->line);
	return variable_get(sh, name, length);
}

/* Each argument a field of its own; in quotes the first and last join what stands around. */
static void add_arguments(struct shell *sh, struct fields *out, bool quoted)
{
	out->empty_arguments |= !sh->positional || !sh->positional[0];
	for (char **arg = sh->positional; arg && *arg; arg++) {
		if (arg != sh->positional)
			fields_break(out);
		fields_add_value(out, *arg, quoted);
	}
}

/* Always false. `word` may be the reason. */
static bool complain_unset(struct shell *sh, const char *name, size_t length, const char *word)
{
	char *why = word ? expand_text(sh, word) : NULL;

	shell_complain(sh, arena_copy(&sh->arena, name, length),
		       why && *why ? why : "parameter not set");
	return false;
}

/* False after a complaint: nothing is there, and `set -u` wants something. */
static bool add_parameter(struct shell *sh, struct fields *out, const char *name, size_t length,
			  bool quoted)
{
	const char *value;

	if (out->split && (*name == '@' || (*name == '*' && !quoted))) {
		add_arguments(sh, out, quoted);
		return true;
	}
	value = parameter_value(sh, name, length);
	if (value)
		fields_add_value(out, value, quoted);
	else if (sh->options[OPTION_nounset] && *name != '@' && *name != '*')
		return complain_unset(sh, name, length, NULL);
	return true;
}

size_t parameter_name_length(const char *name)
{
	size_t digits = strspn(name, "0123456789");

	if (digits > 0)
		return digits;
	if (*name && strchr("#?$!-@*", *name))
		return 1;
	return variable_name_length(name);
}

/* Takes apart what stands between the braces. */
static bool parameter_parse(struct shell *sh, const char *inner, struct parameter *p)
{
	const char *at = inner;

	memset(p, 0, sizeof(*p));
	if (*at == '#' && at[1] != '\0' && parameter_name_length(at + 1) > 0) {
		p->measure = true;
		at++;
	}
	p->name = at;
	p->length = parameter_name_length(at);
	at += p->length;
	if (p->length == 0)
		return false;
	if (*at == '\0')
		return true;
	if (*at == ':') {
		p->colon = true;
		at++;
	}
	p->operation = *at++;
	if (p->measure || !p->operation || !strchr(p->colon ? "-=?+" : "-=?+#%", p->operation))
		return false;
	if (strchr("#%", p->operation) && *at == p->operation) {
		p->twice = true;
		at++;
	}
	p->word = arena_copy(&sh->arena, at, strlen(at));
	return true;
}

/* ${name#pattern}: without the shortest (##: longest) beginning that matches. */
static void add_without_prefix(struct fields *out, const char *value, const char *pattern,
			       bool longest, bool quoted)
{
	size_t length = strlen(value);
	char *part = arena_copy(&out->sh->arena, value, length);

	for (size_t i = 0; i <= length; i++) {
		size_t cut = longest ? length - i : i;

		memcpy(part, value, cut);
		part[cut] = '\0';
		if (fnmatch(pattern, part, 0) != 0)
			continue;
		fields_add_value(out, value + cut, quoted);
		return;
	}
	fields_add_value(out, value, quoted);
}

/* ${name%pattern}: without the shortest (%%: longest) ending that matches. */
static void add_without_suffix(struct fields *out, const char *value, const char *pattern,
			       bool longest, bool quoted)
{
	size_t length = strlen(value);

	for (size_t i = 0; i <= length; i++) {
		size_t cut = longest ? i : length - i;

		if (fnmatch(pattern, value + cut, 0) != 0)
			continue;
		fields_add_value(out, arena_copy(&out->sh->arena, value, cut), quoted);
		return;
	}
	fields_add_value(out, value, quoted);
}

static bool add_trimmed(struct fields *out, const struct parameter *p, const char *value,
			bool quoted)
{
	char *pattern = expand_pattern(out->sh, p->word);

	if (!pattern || !value)
		return pattern != NULL;
	if (p->operation == '#')
		add_without_prefix(out, value, pattern, p->twice, quoted);
	else
		add_without_suffix(out, value, pattern, p->twice, quoted);
	return true;
}

/* ${name=word}: the variable gets the value first. */
static bool add_assigned(struct fields *out, const struct parameter *p, bool quoted)
{
	char *value = expand_text(out->sh, p->word);

	if (!value || !variable_assign(out->sh, p->name, p->length, value))
		return false;
	fields_add_value(out, value, quoted);
	return true;
}

static bool add_braced(struct fields *out, const struct parameter *p, bool quoted)
{
	struct shell *sh = out->sh;
	const char *value = parameter_value(sh, p->name, p->length);
	bool is_set = value && !(p->colon && *value == '\0');

	if (!value && sh->options[OPTION_nounset] &&
	    (!p->operation || strchr("#%", p->operation)) && !strchr("@*", *p->name))
		return complain_unset(sh, p->name, p->length, NULL);
	if (p->measure) {
		fields_add_value(out, number_text(sh, value ? (long long)strlen(value) : 0),
				 quoted);
		return true;
	}
	if (p->operation == '#' || p->operation == '%')
		return add_trimmed(out, p, value, quoted);
	if (p->operation == '+')
		return is_set ? expand_braced_word(out, p->word, quoted) : true;
	if (p->operation == '-' && !is_set)
		return expand_braced_word(out, p->word, quoted);
	if (p->operation == '=' && !is_set)
		return add_assigned(out, p, quoted);
	if (p->operation == '?' && !is_set)
		return complain_unset(sh, p->name, p->length, p->word);
	return add_parameter(sh, out, p->name, p->length, quoted);
}

/* ${...}; at points behind the dollar. */
static const char *expand_braced(struct shell *sh, const char *at, struct fields *out, bool quoted)
{
	const char *end = expand_skip_piece(at - 1, quoted);
	char *inner = arena_copy(&sh->arena, at + 1, (size_t)(end - at) - 2);
	struct parameter p;

	if (!parameter_parse(sh, inner, &p)) {
		shell_complain(sh, inner, "bad substitution");
		return NULL;
	}
	return add_braced(out, &p, quoted) ? end : NULL;
}

/* $((...)) */
static const char *expand_sum(struct shell *sh, const char *at, const char *end, struct fields *out,
			      bool quoted)
{
	char *inner = arena_copy(&sh->arena, at + 2, (size_t)(end - at) - 4);
	char *text = expand_here(sh, inner);
	long long value;

	if (!text || !arith_evaluate(sh, text, &value))
		return NULL;
	fields_add_value(out, number_text(sh, value), quoted);
	return end;
}

/* $(...) */
static const char *expand_parentheses(struct shell *sh, const char *at, struct fields *out,
				      bool quoted)
{
	const char *end = expand_skip_piece(at - 1, quoted);
	char *value;

	if (at[1] == '(' && end[-2] == ')')
		return expand_sum(sh, at, end, out, quoted);
	value = substitute_command(sh, at + 1, (size_t)(end - at) - 2);
	if (!value)
		return NULL;
	fields_add_value(out, value, quoted);
	return end;
}

/* `...`, where a backslash protects another backslash, a dollar or a backquote. */
static const char *expand_backquoted(struct shell *sh, const char *at, struct fields *out,
				     bool quoted)
{
	const char *end = expand_skip_piece(at, quoted);
	struct text command = { 0 };
	char *value;

	text_add_bytes(&command, "", 0);
	for (at++; at + 1 < end; at++) {
		if (*at == '\\' && strchr(quoted ? "\\$`\"" : "\\$`", at[1]))
			at++;
		text_add(&command, *at);
	}
	value = substitute_command(sh, command.data, command.length);
	text_free(&command);
	if (!value)
		return NULL;
	fields_add_value(out, value, quoted);
	return end;
}

/* Adds what the construct at `dollar` stands for; returns its end, NULL after an error. */
const char *parameter_expand(struct shell *sh, const char *dollar, struct fields *out, bool quoted)
{
	const char *at = dollar + 1;
	const char *name;
	size_t length;

	if (*dollar == '`')
		return expand_backquoted(sh, dollar, out, quoted);
	if (*at == '{')
		return expand_braced(sh, at, out, quoted);
	if (*at == '(')
		return expand_parentheses(sh, at, out, quoted);
	length = isdigit((unsigned char)*at) ? 1 : parameter_name_length(at);
	if (length == 0) {
		fields_add(out, '$', quoted);
		return at;
	}
	/* $12 is $1 and a 2. */
	name = isdigit((unsigned char)*at) ? arena_copy(&sh->arena, at, 1) : at;
	return add_parameter(sh, out, name, length, quoted) ? at + length : NULL;
}
