/* SPDX-License-Identifier: MIT */
/* Runs a program on a line, in all possible places at once: for each character, the set of
 * places before it gives the set of places after it. A place enters a set once per step
 * (regex->seen). */

#include <string.h>

#include "program.h"

struct run {
	struct regex *regex;
	size_t at; /* characters taken so far */
	size_t length;
	bool matched;
};

/* Whether the machine may stand at this instruction and, if it takes no character, pass it. */
static bool may_pass(const struct run *run, const struct instruction *instruction)
{
	if (instruction->op == OP_BEGIN)
		return run->at == 0;
	if (instruction->op == OP_END)
		return run->at == run->length;
	return true;
}

/* Adds `place` and all that is reached from it without taking a character. */
static unsigned int add(struct run *run, unsigned int *places, unsigned int count,
			unsigned int place)
{
	struct regex *regex = run->regex;
	unsigned int *stack = regex->stack;
	unsigned int depth = 0;

	stack[depth++] = place;
	while (depth > 0) {
		const struct instruction *instruction;

		place = stack[--depth];
		if (regex->seen[place] == run->at + 1)
			continue;
		regex->seen[place] = run->at + 1;
		instruction = &regex->code[place];
		if (instruction->op == OP_SET) {
			places[count++] = place;
		} else if (instruction->op == OP_MATCH) {
			run->matched = true;
		} else if (may_pass(run, instruction)) {
			stack[depth++] = instruction->next;
			if (instruction->op == OP_SPLIT)
				stack[depth++] = instruction->other;
		}
	}
	return count;
}

bool regex_matches(struct regex *regex, const char *line, size_t length)
{
	struct run run = { .regex = regex, .length = length };
	unsigned int *now = regex->now;
	unsigned int *soon = regex->soon;
	unsigned int count;

	memset(regex->seen, 0, regex->length * sizeof(*regex->seen));
	count = add(&run, now, 0, 0);
	while (!run.matched && run.at < length) {
		unsigned char c = (unsigned char)line[run.at++];
		unsigned int *places = soon;
		unsigned int reached = 0;

		for (unsigned int i = 0; i < count; i++) {
			const struct instruction *instruction = &regex->code[now[i]];

			if (set_has(instruction->set, c))
				reached = add(&run, soon, reached, instruction->next);
		}
		/* A match may begin at every character. */
		count = add(&run, soon, reached, 0);
		soon = now;
		now = places;
	}
	return run.matched;
}
