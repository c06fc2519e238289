/* SPDX-License-Identifier: MIT */
/* Carries out the commands. The pattern space is the current line; the hold space keeps text from
 * one line to the next. */

#include <ctype.h>

#include "sed.h"

enum { LIST_WIDTH = 69 };

/* What happens behind a command. */
enum next { NEXT_COMMAND, NEXT_LINE, NEXT_CYCLE_SAME_LINE, QUIT };

static struct buffer space;
static struct buffer hold;
static struct buffer append; /* what a and r print behind the line */
static bool substituted;     /* since the last line or t */

void buffer_add(struct buffer *buffer, const char *text, size_t length)
{
	if (buffer->length + length > buffer->room) {
		buffer->room = (buffer->length + length) * 2;
		buffer->text = prog_grow(buffer->text, buffer->room);
	}
	if (length > 0)
		memcpy(buffer->text + buffer->length, text, length);
	buffer->length += length;
}

static bool address_matches(const struct address *address)
{
	regmatch_t matches[GROUPS];

	if (address->kind == ADDRESS_LINE)
		return input_number() == address->line;
	if (address->kind == ADDRESS_LAST)
		return input_is_last();
	return pattern_matches(address->regex, &space, 0, matches);
}

/* Whether a range that has begun ends with this line. */
static bool range_ends(const struct command *command)
{
	if (command->second.kind == ADDRESS_LINE)
		return input_number() >= command->second.line;
	if (command->second.kind == ADDRESS_COUNT)
		return input_number() >= command->end;
	return address_matches(&command->second);
}

static bool is_selected(struct command *command)
{
	if (command->first.kind == ADDRESS_NONE)
		return true;
	if (command->second.kind == ADDRESS_NONE)
		return address_matches(&command->first);
	if (command->inside) {
		/* A line number that has passed ends the range before this line. */
		command->inside = !range_ends(command);
		return command->second.kind != ADDRESS_LINE ||
		       input_number() <= command->second.line;
	}
	if (!address_matches(&command->first))
		return false;
	command->end = input_number() + command->second.line;
	/* The end is looked for from the next line on, but a number may be here already. */
	command->inside = command->second.kind == ADDRESS_PATTERN ||
			  command->second.kind == ADDRESS_LAST || !range_ends(command);
	if (command->second.kind == ADDRESS_LAST)
		command->inside = !input_is_last();
	return true;
}

static void print_space(size_t length)
{
	output_line(space.text, length);
}

/* What a and r have collected. */
static void flush_appended(void)
{
	if (append.length > 0)
		fwrite(append.text, 1, append.length, output());
	append.length = 0;
}

static void append_file(const char *name)
{
	FILE *file = fopen(name, "r");
	char chunk[512];
	size_t bytes;

	/* A file that is not there is an empty one. */
	if (!file)
		return;
	while ((bytes = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buffer_add(&append, chunk, bytes);
	fclose(file);
}

/* l: so that everything can be seen. */
static void list_space(void)
{
	static const char letters[] = "abtnvfr";
	int column = 0;
	char text[5];

	for (size_t i = 0; i < space.length; i++) {
		unsigned char c = (unsigned char)space.text[i];

		if (c == '\\')
			strcpy(text, "\\\\");
		else if (c >= '\a' && c <= '\r')
			snprintf(text, sizeof(text), "\\%c", letters[c - '\a']);
		else if (isprint(c))
			snprintf(text, sizeof(text), "%c", c);
		else
			snprintf(text, sizeof(text), "\\%03o", c);
		if (column + (int)strlen(text) > LIST_WIDTH) {
			fputs("\\\n", output());
			column = 0;
		}
		fputs(text, output());
		column += (int)strlen(text);
	}
	fputs("$\n", output());
}

static void write_line(FILE *file)
{
	if (file == stdout) {
		print_space(space.length);
		return;
	}
	fwrite(space.text, 1, space.length, file);
	fputc('\n', file);
	fflush(file);
}

static void run_substitute(const struct command *command)
{
	if (!substitute(command, &space))
		return;
	substituted = true;
	if (command->print)
		print_space(space.length);
	if (command->file)
		write_line(command->file);
}

static size_t first_line(void)
{
	const char *newline = memchr(space.text, '\n', space.length);

	return newline ? (size_t)(newline - space.text) : space.length;
}

/* n and N: the next line instead of this one, or behind it. */
static enum next read_on(bool keep)
{
	struct buffer line = { 0 };

	if (!keep && !settings.quiet)
		print_space(space.length);
	flush_appended();
	if (!input_line(&line)) {
		free(line.text);
		/* Without a next line, N leaves this one to be printed; n has done that. */
		if (keep && !settings.quiet)
			print_space(space.length);
		space.length = 0;
		return QUIT;
	}
	if (keep)
		buffer_add(&space, "\n", 1);
	else
		space.length = 0;
	buffer_add(&space, line.text, line.length);
	free(line.text);
	return NEXT_COMMAND;
}

/* D: the first line away, and once more without reading if something is left. */
static enum next delete_first_line(void)
{
	size_t length = first_line();

	if (length == space.length)
		return NEXT_LINE;
	memmove(space.text, space.text + length + 1, space.length - length - 1);
	space.length -= length + 1;
	return NEXT_CYCLE_SAME_LINE;
}

static void copy_space(struct buffer *to, const struct buffer *from, bool behind)
{
	if (behind)
		buffer_add(to, "\n", 1);
	else
		to->length = 0;
	buffer_add(to, from->text, from->length);
}

static void exchange(void)
{
	struct buffer swapped = space;

	space = hold;
	hold = swapped;
	/* Matching wants a text, also an empty one. */
	buffer_add(&space, "", 0);
}

static enum next end_script(void)
{
	if (!settings.quiet)
		print_space(space.length);
	flush_appended();
	return QUIT;
}

/* Commands that only look at or change the spaces, or print. */
static void run_simple(struct command *command)
{
	switch (command->name) {
	case '=':
		fprintf(output(), "%lu\n", input_number());
		break;
	case 'a':
		buffer_add(&append, command->text, strlen(command->text));
		break;
	case 'g':
	case 'G':
		copy_space(&space, &hold, command->name == 'G');
		break;
	case 'h':
	case 'H':
		copy_space(&hold, &space, command->name == 'H');
		break;
	case 'i':
		fputs(command->text, output());
		break;
	case 'l':
		list_space();
		break;
	case 'p':
		print_space(space.length);
		break;
	case 'P':
		print_space(first_line());
		break;
	case 'r':
		append_file(command->text);
		break;
	case 's':
		run_substitute(command);
		break;
	case 'w':
		write_line(command->file);
		break;
	case 'x':
		exchange();
		break;
	case 'y':
		for (size_t i = 0; i < space.length; i++)
			space.text[i] = (char)command->map[(unsigned char)space.text[i]];
		break;
	}
}

/* *place: the command to be run, left at the one that comes next. */
static enum next run_command(struct command *command, size_t *place)
{
	switch (command->name) {
	case 'b':
		*place = command->target;
		return NEXT_COMMAND;
	case 't':
		if (substituted)
			*place = command->target;
		substituted = false;
		return NEXT_COMMAND;
	case 'c':
		if (command->second.kind == ADDRESS_NONE || !command->inside || command->negated)
			fputs(command->text, output());
		return NEXT_LINE;
	case 'd':
		return NEXT_LINE;
	case 'D':
		return delete_first_line();
	case 'n':
	case 'N':
		return read_on(command->name == 'N');
	case 'q':
		return end_script();
	default:
		run_simple(command);
		return NEXT_COMMAND;
	}
}

/* The script once, for the line in the pattern space. */
static enum next run_cycle(struct script *script)
{
	for (size_t i = 0; i < script->count;) {
		struct command *command = &script->commands[i++];
		enum next next;

		if (is_selected(command) == command->negated) {
			if (command->name == '{')
				i = command->target;
			continue;
		}
		next = run_command(command, &i);
		if (next != NEXT_COMMAND)
			return next;
	}
	if (!settings.quiet)
		print_space(space.length);
	return NEXT_LINE;
}

int run_script(struct script *script)
{
	enum next next = NEXT_LINE;

	/* So that both always have a text. */
	buffer_add(&hold, "x", 1);
	buffer_add(&space, "x", 1);
	hold.length = space.length = 0;
	while (next != QUIT) {
		if (next == NEXT_LINE) {
			space.length = 0;
			substituted = false;
			if (!input_line(&space))
				break;
		}
		next = run_cycle(script);
		flush_appended();
	}
	return 0;
}
