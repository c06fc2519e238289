/* SPDX-License-Identifier: MIT */
/* Runs a program on a text, in all possible places at once: for each character, the list of
 * places before it gives the list of places after it. A place enters a list once per step, first
 * come first served, and lists are in order of preference: those that began further left come
 * first, then greedy before frugal. Each place carries where its match and its groups began and
 * ended (its slots), if anybody wants to know. */

#include <stdlib.h>
#include <string.h>

#include "program.h"

struct list {
	unsigned int *places;
	unsigned int count;
	regoff_t *slots; /* run->slots for each place */
};

/* Work yet to be done in add(): visit a place, or give a slot its old value back. */
struct todo {
	unsigned int place;
	unsigned int slot; /* NO_SLOT: visit */
	regoff_t value;
};

enum { NO_SLOT = ~0U };

struct run {
	const struct __regex *regex;
	const char *text;
	regoff_t begin;
	regoff_t at;
	regoff_t end;
	int flags;
	unsigned int slots; /* per place; 0: only whether it matches */
	struct list lists[2];
	regoff_t *current; /* slots of the place being followed */
	regoff_t *best;    /* slots of the best match so far */
	bool matched;
	struct todo *todo;
	regoff_t *seen; /* per place: the step it was last added in, from begin + 1 on */
	void *memory;
};

static bool is_line_begin(const struct run *run)
{
	if (run->at == run->begin)
		return !(run->flags & REG_NOTBOL);
	return (run->regex->flags & REG_NEWLINE) && run->text[run->at - 1] == '\n';
}

static bool is_line_end(const struct run *run)
{
	if (run->at == run->end)
		return !(run->flags & REG_NOTEOL);
	return (run->regex->flags & REG_NEWLINE) && run->text[run->at] == '\n';
}

/* The leftmost match wins, then the longest, then the one found first. */
static void note_match(struct run *run)
{
	const regoff_t *now = run->current;

	if (run->slots > 0) {
		if (run->matched &&
		    (now[0] > run->best[0] || (now[0] == run->best[0] && run->at <= run->best[1])))
			return;
		memcpy(run->best, now, run->slots * sizeof(*now));
		run->best[1] = run->at;
	}
	run->matched = true;
}

static void list_add(struct run *run, struct list *list, unsigned int place)
{
	memcpy(list->slots + (size_t)list->count * run->slots, run->current,
	       run->slots * sizeof(*run->current));
	list->places[list->count++] = place;
}

/* Follows one place: into the list, or on to what is reached without taking a character.
 * Returns the new depth of the work to do. */
static unsigned int visit(struct run *run, struct list *list, unsigned int place,
			  unsigned int depth)
{
	const struct instruction *instruction = &run->regex->code[place];
	unsigned int slot = instruction->other;

	if (run->seen[place] == run->at + 1)
		return depth;
	run->seen[place] = run->at + 1;
	switch (instruction->op) {
	case OP_SET:
		list_add(run, list, place);
		return depth;
	case OP_MATCH:
		note_match(run);
		return depth;
	case OP_BEGIN:
		if (!is_line_begin(run))
			return depth;
		break;
	case OP_END:
		if (!is_line_end(run))
			return depth;
		break;
	case OP_SAVE:
		if (slot < run->slots) {
			run->todo[depth++] = (struct todo){ 0, slot, run->current[slot] };
			run->current[slot] = run->at;
		}
		break;
	case OP_SPLIT:
		run->todo[depth++] = (struct todo){ instruction->other, NO_SLOT, 0 };
		break;
	case OP_JUMP:
		break;
	}
	run->todo[depth++] = (struct todo){ instruction->next, NO_SLOT, 0 };
	return depth;
}

/* Adds `place` and all that is reached from it without taking a character. */
static void add(struct run *run, struct list *list, unsigned int place)
{
	unsigned int depth = 0;

	run->todo[depth++] = (struct todo){ place, NO_SLOT, 0 };
	while (depth > 0) {
		struct todo next = run->todo[--depth];

		if (next.slot == NO_SLOT)
			depth = visit(run, list, next.place, depth);
		else
			run->current[next.slot] = next.value;
	}
}

/* A match may begin at every character, as long as there is none further left. */
static void add_beginning(struct run *run, struct list *list)
{
	if (run->matched)
		return;
	for (unsigned int i = 0; i < run->slots; i++)
		run->current[i] = i == 0 ? run->at : -1;
	add(run, list, 0);
}

static void step(struct run *run, struct list *from, struct list *to)
{
	unsigned char c = (unsigned char)run->text[run->at++];

	to->count = 0;
	for (unsigned int i = 0; i < from->count; i++) {
		const struct instruction *instruction = &run->regex->code[from->places[i]];

		if (!set_has(instruction->set, c))
			continue;
		memcpy(run->current, from->slots + (size_t)i * run->slots,
		       run->slots * sizeof(*run->current));
		add(run, to, instruction->next);
	}
	add_beginning(run, to);
}

/* Cuts `bytes` from the memory of the run. */
static void *cut(char **memory, size_t bytes)
{
	void *piece = *memory;

	*memory += (bytes + sizeof(regoff_t) - 1) / sizeof(regoff_t) * sizeof(regoff_t);
	return piece;
}

/* One block for all arrays, so that a match costs one malloc() and one free(). */
static bool allocate(struct run *run)
{
	size_t length = run->regex->length;
	size_t slots = run->slots * sizeof(regoff_t);
	size_t places = length * sizeof(unsigned int) + sizeof(regoff_t);
	char *memory = malloc(2 * (places + length * slots) + 2 * slots +
			      3 * length * sizeof(struct todo) + length * sizeof(regoff_t));

	run->memory = memory;
	if (!memory)
		return false;
	for (int i = 0; i < 2; i++) {
		run->lists[i].places = cut(&memory, length * sizeof(unsigned int));
		run->lists[i].slots = cut(&memory, length * slots);
	}
	run->current = cut(&memory, slots);
	run->best = cut(&memory, slots);
	run->todo = cut(&memory, 3 * length * sizeof(struct todo));
	run->seen = cut(&memory, length * sizeof(regoff_t));
	memset(run->seen, -1, length * sizeof(regoff_t));
	return true;
}

/* Goes on while a match may still be found, or a longer one. */
static void run_all(struct run *run)
{
	struct list *now = &run->lists[0];
	struct list *soon = &run->lists[1];

	now->count = 0;
	add_beginning(run, now);
	while (run->at < run->end) {
		struct list *old = now;

		if (run->matched && (run->slots == 0 || now->count == 0))
			break;
		step(run, now, soon);
		now = soon;
		soon = old;
	}
}

int regexec(const regex_t *regex, const char *text, size_t count, regmatch_t matches[], int flags)
{
	struct run run = { .regex = regex->__program, .text = text, .flags = flags };
	bool bounded = flags & REG_STARTEND;

	run.begin = run.at = bounded ? matches[0].rm_so : 0;
	run.end = bounded ? matches[0].rm_eo : (regoff_t)strlen(text);
	if (run.regex->flags & REG_NOSUB)
		count = 0;
	run.slots = 2 * (unsigned int)(count > regex->re_nsub ? regex->re_nsub + 1 : count);
	if (!allocate(&run))
		return REG_ESPACE;
	run_all(&run);
	for (size_t i = 0; run.matched && i < count; i++) {
		bool used = 2 * i < run.slots && run.best[2 * i + 1] >= 0;

		matches[i].rm_so = used ? run.best[2 * i] : -1;
		matches[i].rm_eo = used ? run.best[2 * i + 1] : -1;
	}
	free(run.memory);
	return run.matched ? 0 : REG_NOMATCH;
}
