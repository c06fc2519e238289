/* SPDX-License-Identifier: MIT */
/* s///: where the pattern is found, and what takes its place. */

#include <ctype.h>

#include "sed.h"

static const regex_t *last_regex; /* stands for the empty pattern */

bool pattern_matches(const regex_t *regex, const struct buffer *space, size_t from,
		     regmatch_t matches[GROUPS])
{
	if (!regex)
		regex = last_regex;
	if (!regex)
		prog_diex("there is no pattern yet");
	last_regex = regex;
	matches[0].rm_so = (regoff_t)from;
	matches[0].rm_eo = (regoff_t)space->length;
	return regexec(regex, space->text, GROUPS, matches,
		       REG_STARTEND | (from > 0 ? REG_NOTBOL : 0)) == 0;
}

static void add_group(struct buffer *result, const struct buffer *space, const regmatch_t *match)
{
	if (match->rm_so >= 0)
		buffer_add(result, space->text + match->rm_so,
			   (size_t)(match->rm_eo - match->rm_so));
}

/* & is the match, \1 to \9 are its groups, \n and \t as in C. */
static void add_replacement(struct buffer *result, const char *at, const struct buffer *space,
			    const regmatch_t matches[GROUPS])
{
	for (; *at; at++) {
		if (*at == '&') {
			add_group(result, space, &matches[0]);
		} else if (*at != '\\' || !at[1]) {
			buffer_add(result, at, 1);
		} else if (isdigit((unsigned char)*++at)) {
			add_group(result, space, &matches[*at - '0']);
		} else if (*at == 'n' || *at == 't') {
			buffer_add(result, *at == 'n' ? "\n" : "\t", 1);
		} else {
			buffer_add(result, at, 1);
		}
	}
}

bool substitute(const struct command *command, struct buffer *space)
{
	struct buffer result = { 0 };
	regmatch_t matches[GROUPS];
	unsigned long occurrence = 0;
	bool replaced = false;
	size_t from = 0;
	size_t last_end = (size_t)-1; /* of the match before */

	while (from <= space->length && pattern_matches(command->regex, space, from, matches)) {
		size_t begin = (size_t)matches[0].rm_so;
		size_t end = (size_t)matches[0].rm_eo;
		/* Nothing, right behind the last match, is no match of its own. */
		bool counts = begin != end || begin != last_end;

		buffer_add(&result, space->text + from, begin - from);
		occurrence += counts;
		if (counts && occurrence >= command->occurrence) {
			add_replacement(&result, command->replacement, space, matches);
			replaced = true;
		} else {
			buffer_add(&result, space->text + begin, end - begin);
		}
		from = last_end = end;
		if (replaced && !command->global)
			break;
		/* A match of nothing takes the next character along. */
		if (begin == end && from < space->length)
			buffer_add(&result, space->text + from, 1);
		from += begin == end;
	}
	if (!replaced) {
		free(result.text);
		return false;
	}
	if (from < space->length)
		buffer_add(&result, space->text + from, space->length - from);
	free(space->text);
	*space = result;
	return true;
}
