/* SPDX-License-Identifier: MIT */
/* From text to commands. */

#include <ctype.h>

#include "sed.h"

enum { MESSAGE_BYTES = 64, BYTES = 256, FIRST_ROOM = 8 };

static const char *at; /* the character to be parsed */
static const char *whole;

static _Noreturn void fail(const char *why)
{
	prog_diex("'%s', character %d: %s", whole, (int)(at - whole) + 1, why);
}

static void skip_blanks(void)
{
	while (*at == ' ' || *at == '\t')
		at++;
}

/* Up to the delimiter, which a backslash takes away; at is left behind it. */
static char *parse_delimited(char delimiter, bool is_pattern)
{
	struct buffer text = { 0 };
	bool in_set = false;

	for (; *at != delimiter || in_set; at++) {
		if (*at == '\0' || (*at == '\n' && is_pattern))
			fail("the delimiter is missing");
		if (*at == '\\' && at[1] == delimiter && !in_set) {
			/* Only special again in a replacement that is delimited by it. */
			at++;
		} else if (*at == '\\' && at[1] == 'n' && is_pattern && !in_set) {
			buffer_add(&text, "\n", 1);
			at++;
			continue;
		} else if (*at == '\\' && at[1] && !in_set) {
			buffer_add(&text, at++, 1);
		} else if (is_pattern && *at == '[' && !in_set) {
			in_set = true;
			/* A ] that comes first belongs to the set. */
			for (int more = 1 + (at[1] == '^'); more > 0 && at[1] != '\0'; more--) {
				if (more == 1 && at[1] != ']')
					break;
				buffer_add(&text, at++, 1);
			}
		} else if (*at == ']') {
			in_set = false;
		}
		buffer_add(&text, at, 1);
	}
	at++;
	buffer_add(&text, "", 1);
	return text.text;
}

/* NULL for the empty pattern, which stands for the one used last. */
static regex_t *compile(const char *pattern, int flags)
{
	char message[MESSAGE_BYTES];
	regex_t *regex;
	int error;

	if (!*pattern)
		return NULL;
	regex = prog_grow(NULL, sizeof(*regex));
	error = regcomp(regex, pattern, settings.flags | flags);
	if (error) {
		regerror(error, regex, message, sizeof(message));
		fail(message);
	}
	return regex;
}

static unsigned long parse_number(void)
{
	char *end;
	unsigned long number = strtoul(at, &end, 10);

	at = end;
	return number;
}

static struct address parse_address(void)
{
	struct address address = { 0 };
	char delimiter;

	if (isdigit((unsigned char)*at)) {
		address.kind = ADDRESS_LINE;
		address.line = parse_number();
	} else if (*at == '$') {
		address.kind = ADDRESS_LAST;
		at++;
	} else if (*at == '/' || (*at == '\\' && at[1])) {
		char *pattern;
		bool fold;

		at += *at == '\\';
		delimiter = *at++;
		pattern = parse_delimited(delimiter, true);
		fold = *at == 'I';
		at += fold;
		address.kind = ADDRESS_PATTERN;
		address.regex = compile(pattern, fold ? REG_ICASE : 0);
		free(pattern);
	}
	return address;
}

static void parse_addresses(struct command *command)
{
	command->first = parse_address();
	skip_blanks();
	if (command->first.kind != ADDRESS_NONE && *at == ',') {
		at++;
		skip_blanks();
		if (*at == '+' && isdigit((unsigned char)at[1])) {
			at++;
			command->second = (struct address){ ADDRESS_COUNT, parse_number(), NULL };
		} else {
			command->second = parse_address();
		}
		if (command->second.kind == ADDRESS_NONE)
			fail("an address is missing");
	}
	for (skip_blanks(); *at == '!'; skip_blanks()) {
		command->negated = true;
		at++;
	}
}

/* The rest of the line: names of files and labels. */
static char *parse_name(void)
{
	size_t length;
	char *name;

	skip_blanks();
	length = strcspn(at, "\n");
	name = strndup(at, length);
	at += length;
	if (!name || !*name)
		fail("a name is missing");
	return name;
}

static FILE *open_file(const char *name)
{
	FILE *file = strcmp(name, "/dev/stdout") == 0 ? stdout : fopen(name, "w");

	if (!file)
		prog_die(name);
	return file;
}

/* The text of a, i and c: behind the letter, or on the next line behind a backslash. A backslash
 * keeps what follows, so also a newline. */
static char *parse_text(void)
{
	struct buffer text = { 0 };

	skip_blanks();
	if (*at == '\\') {
		at++;
		skip_blanks();
		at += *at == '\n';
	}
	for (; *at && *at != '\n'; at++) {
		if (*at == '\\' && at[1])
			at++;
		buffer_add(&text, at, 1);
	}
	buffer_add(&text, "\n", 2);
	return text.text;
}

static void parse_flags(struct command *command, int *flags)
{
	for (;; at++) {
		if (*at == 'g') {
			command->global = true;
		} else if (*at == 'p') {
			command->print = true;
		} else if (*at == 'i' || *at == 'I') {
			*flags |= REG_ICASE;
		} else if (isdigit((unsigned char)*at)) {
			command->occurrence = parse_number();
			if (command->occurrence == 0)
				fail("the number may not be zero");
			at--;
		} else if (*at == 'w') {
			at++;
			command->file = open_file(parse_name());
			return;
		} else {
			return;
		}
	}
}

static void parse_substitute(struct command *command)
{
	char delimiter = *at;
	int flags = 0;
	char *pattern;

	if (!delimiter || delimiter == '\n' || delimiter == '\\')
		fail("a delimiter is missing");
	at++;
	pattern = parse_delimited(delimiter, true);
	command->replacement = parse_delimited(delimiter, false);
	command->occurrence = 1;
	parse_flags(command, &flags);
	command->regex = compile(pattern, flags);
	for (const char *c = command->replacement; command->regex && *c; c++) {
		if (*c == '\\' && isdigit((unsigned char)c[1]) &&
		    (size_t)(c[1] - '0') > command->regex->re_nsub)
			fail("the replacement speaks of a group that is not there");
		c += *c == '\\' && c[1];
	}
	free(pattern);
}

/* One character of y's lists. */
static unsigned char parse_member(const char **from)
{
	if (**from == '\\' && (*from)[1]) {
		*from += 2;
		return (*from)[-1] == 'n' ? '\n' : (unsigned char)(*from)[-1];
	}
	return (unsigned char)*(*from)++;
}

static void parse_map(struct command *command)
{
	char delimiter = *at;
	char *from;
	char *to;

	if (!delimiter)
		fail("a delimiter is missing");
	at++;
	from = parse_delimited(delimiter, false);
	to = parse_delimited(delimiter, false);
	command->map = prog_grow(NULL, BYTES);
	for (int i = 0; i < BYTES; i++)
		command->map[i] = (unsigned char)i;
	for (const char *a = from, *b = to; *a || *b;) {
		unsigned char member;

		if (!*a || !*b)
			fail("the lists of y are of different length");
		member = parse_member(&a);
		command->map[member] = parse_member(&b);
	}
	free(from);
	free(to);
}

static void parse_label(struct command *command)
{
	size_t length;

	skip_blanks();
	length = strcspn(at, "\n;}");
	while (length > 0 && isspace((unsigned char)at[length - 1]))
		length--;
	command->text = strndup(at, length);
	at += length;
}

static void parse_command(struct command *command)
{
	command->name = *at++;
	switch (command->name) {
	case '{':
	case '}':
	case '=':
	case 'd':
	case 'D':
	case 'g':
	case 'G':
	case 'h':
	case 'H':
	case 'l':
	case 'n':
	case 'N':
	case 'p':
	case 'P':
	case 'q':
	case 'x':
		break;
	case 'a':
	case 'c':
	case 'i':
		command->text = parse_text();
		break;
	case ':':
	case 'b':
	case 't':
		parse_label(command);
		break;
	case 'r':
		command->text = parse_name();
		break;
	case 'w':
		command->file = open_file(parse_name());
		break;
	case 's':
		parse_substitute(command);
		break;
	case 'y':
		parse_map(command);
		break;
	default:
		at--;
		fail(*at ? "unknown command" : "a command is missing");
	}
}

void script_parse(struct script *script, const char *text)
{
	for (at = whole = text;;) {
		struct command command = { 0 };

		while (isspace((unsigned char)*at) || *at == ';')
			at++;
		if (*at == '#') {
			at += strcspn(at, "\n");
			continue;
		}
		if (*at == '\0')
			return;
		parse_addresses(&command);
		parse_command(&command);
		skip_blanks();
		if (*at && !strchr(";\n}#", *at) && command.name != '{' && command.name != '}')
			fail("more than a command");
		if (script->count == script->room) {
			script->room = script->room ? script->room * 2 : FIRST_ROOM;
			script->commands = prog_grow(script->commands,
						     script->room * sizeof(struct command));
		}
		script->commands[script->count++] = command;
	}
}

/* The place of a label; without a name, the end of the script. */
static size_t find_label(const struct script *script, const char *label)
{
	if (!*label)
		return script->count;
	for (size_t i = 0; i < script->count; i++) {
		if (script->commands[i].name == ':' && strcmp(script->commands[i].text, label) == 0)
			return i;
	}
	prog_diex("there is no label '%s'", label);
}

/* The } that closes the { at `open`. */
static size_t find_brace(const struct script *script, size_t open)
{
	size_t depth = 0;

	for (size_t i = open; i < script->count; i++) {
		depth += script->commands[i].name == '{';
		depth -= script->commands[i].name == '}';
		if (depth == 0)
			return i;
	}
	prog_diex("a } is missing");
}

void script_finish(struct script *script)
{
	size_t depth = 0;

	for (size_t i = 0; i < script->count; i++) {
		struct command *command = &script->commands[i];

		if (command->name == 'b' || command->name == 't')
			command->target = find_label(script, command->text);
		if (command->name == '{')
			command->target = find_brace(script, i);
		depth += command->name == '{';
		if (command->name == '}' && depth-- == 0)
			prog_diex("there is no { for a }");
	}
}
