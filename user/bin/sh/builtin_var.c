/* SPDX-License-Identifier: MIT */
/* Built-in commands about variables and arguments. */

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builtin.h"
#include "sh.h"

static bool bad_name(struct shell *sh, const char *text)
{
	shell_complain(sh, text, "bad variable name");
	return false;
}

/* NAME or NAME=VALUE: assigns, and gives the mark. */
static bool mark_variable(struct shell *sh, const char *text,
			  void (*mark)(struct shell *sh, const char *name))
{
	size_t length = variable_name_length(text);
	char *name = arena_copy(&sh->arena, text, length);

	if (length == 0 || (text[length] && text[length] != '='))
		return bad_name(sh, text);
	if (text[length] == '=' && !variable_set(sh, name, text + length + 1))
		return false;
	mark(sh, name);
	return true;
}

static int mark_all(struct shell *sh, char **argv, enum variable_kind kind,
		    void (*mark)(struct shell *sh, const char *name))
{
	argv++;
	if (*argv && strcmp(*argv, "-p") == 0)
		argv++;
	if (!*argv)
		variable_print(sh, kind);
	for (; *argv; argv++) {
		if (!mark_variable(sh, *argv, mark))
			return shell_abort(sh);
	}
	return 0;
}

int builtin_export(struct shell *sh, char **argv)
{
	return mark_all(sh, argv, VARIABLE_EXPORTED, variable_export);
}

int builtin_readonly(struct shell *sh, char **argv)
{
	return mark_all(sh, argv, VARIABLE_READONLY, variable_set_readonly);
}

static void mark_nothing(struct shell *sh, const char *name)
{
	(void)sh;
	(void)name;
}

/* local NAME[=VALUE]...: run_function() puts the old values back. */
int builtin_local(struct shell *sh, char **argv)
{
	if (sh->function_depth == 0) {
		shell_complain(sh, argv[0], "not in a function");
		return shell_abort(sh);
	}
	for (argv++; *argv; argv++) {
		size_t length = variable_name_length(*argv);

		variable_save(sh, arena_copy(&sh->arena, *argv, length));
		if (!mark_variable(sh, *argv, mark_nothing))
			return shell_abort(sh);
	}
	return 0;
}

int builtin_unset(struct shell *sh, char **argv)
{
	bool functions = argv[1] && strcmp(argv[1], "-f") == 0;

	if (functions || (argv[1] && strcmp(argv[1], "-v") == 0))
		argv++;
	for (argv++; *argv; argv++) {
		if (functions)
			function_unset(sh, *argv);
		else if (!variable_unset(sh, *argv))
			return shell_abort(sh);
	}
	return 0;
}

int builtin_shift(struct shell *sh, char **argv)
{
	int count = builtin_number(sh, argv, 1);
	int have = 0;

	while (sh->positional && sh->positional[have])
		have++;
	if (count >= 0 && count <= have) {
		sh->positional += count;
		return 0;
	}
	if (count > have)
		shell_complain(sh, argv[0], "there are not so many arguments");
	return shell_abort(sh);
}

/* New $1 $2 ...: the old ones are not freed, since the caller of a function still has them. */
static void set_positional(struct shell *sh, char **argv)
{
	size_t count = 0;

	while (argv[count])
		count++;
	sh->positional = must_alloc((count + 1) * sizeof(*argv));
	for (size_t i = 0; i < count; i++)
		sh->positional[i] = must_copy(argv[i]);
	sh->positional[count] = NULL;
}

int builtin_set(struct shell *sh, char **argv)
{
	if (!argv[1])
		variable_print(sh, VARIABLE_ALL);
	for (argv++; *argv;) {
		int taken;

		if (strcmp(*argv, "--") == 0) {
			set_positional(sh, argv + 1);
			break;
		}
		if (strcmp(*argv, "-") == 0) {
			sh->options[OPTION_xtrace] = sh->options[OPTION_verbose] = false;
			if (argv[1])
				set_positional(sh, argv + 1);
			break;
		}
		if (((*argv)[0] != '-' && (*argv)[0] != '+') || !(*argv)[1]) {
			set_positional(sh, argv);
			break;
		}
		taken = option_take(sh, argv);
		if (taken == 0)
			return shell_abort(sh);
		argv += taken;
	}
	return 0;
}

/* One line, byte by byte: what follows belongs to whoever reads next. False at end of file. In
 * `kept` stands a `q` below each character that had a backslash before it. */
static bool read_line(struct text *line, struct text *kept, bool raw)
{
	char c;

	text_add_bytes(line, "", 0);
	while (read(STDIN_FILENO, &c, 1) == 1) {
		bool escaped = false;

		if (c == '\n')
			return true;
		if (c == '\\' && !raw) {
			if (read(STDIN_FILENO, &c, 1) != 1)
				break;
			if (c == '\n')
				continue;
			escaped = true;
		}
		text_add(line, c);
		text_add(kept, escaped ? 'q' : ' ');
	}
	return false;
}

/* A line on its way into variables: separators count only where they were not escaped. */
struct splitter {
	const char *text;
	const char *kept;
	const char *separators;
	size_t at;
	size_t end;
};

static bool is_separator(const struct splitter *s, size_t i)
{
	return i < s->end && s->kept[i] == ' ' && strchr(s->separators, s->text[i]) != NULL;
}

static bool is_blank(const struct splitter *s, size_t i)
{
	return is_separator(s, i) && strchr(" \t\n", s->text[i]) != NULL;
}

static void skip_blanks(struct splitter *s)
{
	while (is_blank(s, s->at))
		s->at++;
}

/* Steps over the separator behind a field: blanks, at most one other, blanks. */
static void skip_separator(struct splitter *s)
{
	skip_blanks(s);
	if (is_separator(s, s->at))
		s->at++;
	skip_blanks(s);
}

/* The rest of the line, for the last name: without blanks at its end, and without a last
 * separator that ends the only field in it. */
static size_t rest_end(struct splitter s)
{
	size_t end = s.end;
	size_t begin = s.at;

	while (end > begin && is_blank(&s, end - 1))
		end--;
	while (s.at < s.end && !is_separator(&s, s.at))
		s.at++;
	begin = s.at;
	skip_separator(&s);
	return s.at == s.end ? begin : end;
}

static bool assign_fields(struct shell *sh, char **names, struct splitter *s)
{
	skip_blanks(s);
	for (; *names; names++) {
		size_t begin = s->at;

		if (names[1]) {
			while (s->at < s->end && !is_separator(s, s->at))
				s->at++;
		} else {
			s->at = rest_end(*s);
		}
		if (!variable_set(sh, *names,
				  arena_copy(&sh->arena, s->text + begin, s->at - begin)))
			return false;
		skip_separator(s);
	}
	return true;
}

/* read [-r] [-p PROMPT] NAME... */
int builtin_read(struct shell *sh, char **argv)
{
	static char reply[] = "REPLY";
	char *default_names[] = { reply, NULL };
	struct text line = { 0 };
	struct text kept = { 0 };
	struct splitter s = { .separators = variable_get(sh, "IFS", 3) };
	bool raw = false;
	bool complete;

	for (argv++; *argv && **argv == '-'; argv++) {
		if (strcmp(*argv, "-p") == 0 && argv[1])
			fputs(*++argv, stderr);
		else
			raw |= strchr(*argv, 'r') != NULL;
	}
	complete = read_line(&line, &kept, raw);
	s.text = line.data;
	s.kept = kept.data;
	s.end = line.length;
	s.separators = s.separators ? s.separators : " \t\n";
	if (!assign_fields(sh, *argv ? argv : default_names, &s))
		complete = false;
	text_free(&line);
	text_free(&kept);
	return complete ? 0 : 1;
}

/* Where getopts is: OPTIND, and inside a group of letters sh->getopts_at. */
static int option_index(struct shell *sh)
{
	const char *text = variable_get(sh, "OPTIND", 6);
	int index = text ? atoi(text) : 1;

	return index > 0 ? index : 1;
}

static void set_option_index(struct shell *sh, int index)
{
	char digits[12];

	snprintf(digits, sizeof(digits), "%d", index);
	variable_set(sh, "OPTIND", digits);
}

/* What getopts found: its letter in `name`, ? or : for a mistake. */
static int option_result(struct shell *sh, const char *name, char letter, const char *argument)
{
	char text[2] = { letter, '\0' };

	if (argument)
		variable_set(sh, "OPTARG", argument);
	else
		variable_unset(sh, "OPTARG");
	return variable_set(sh, name, text) ? 0 : STATUS_SYNTAX;
}

static int option_mistake(struct shell *sh, char **argv, char letter, char silent_as,
			  const char *why)
{
	char text[2] = { letter, '\0' };

	if (argv[1][0] == ':')
		return option_result(sh, argv[2], silent_as, text);
	shell_complain(sh, text, why);
	return option_result(sh, argv[2], '?', NULL);
}

/* getopts LETTERS NAME [ARGUMENT...]: the next option of the arguments (POSIX "getopts"). */
int builtin_getopts(struct shell *sh, char **argv)
{
	static char *nothing[] = { NULL };
	char **arguments = sh->positional ? sh->positional : nothing;
	int index = option_index(sh);
	int count = 0;
	const char *known;
	char letter;
	char *word;

	if (!argv[1] || !argv[2]) {
		shell_complain(sh, argv[0], "which letters, which name?");
		return STATUS_SYNTAX;
	}
	if (argv[3])
		arguments = argv + 3;
	while (arguments[count])
		count++;
	word = index <= count ? arguments[index - 1] : NULL;
	if (sh->getopts_at == 0 || !word || sh->getopts_at >= strlen(word)) {
		sh->getopts_at = 1;
		if (!word || word[0] != '-' || !word[1] || strcmp(word, "--") == 0) {
			sh->getopts_at = 0;
			set_option_index(sh, index + (word && strcmp(word, "--") == 0));
			option_result(sh, argv[2], '?', NULL);
			return 1;
		}
	}
	letter = word[sh->getopts_at++];
	known = letter == ':' ? NULL : strchr(argv[1], letter);
	if (!word[sh->getopts_at]) {
		sh->getopts_at = 0;
		index++;
	}
	set_option_index(sh, index);
	if (!known)
		return option_mistake(sh, argv, letter, '?', "no such option");
	if (known[1] != ':')
		return option_result(sh, argv[2], letter, NULL);
	if (sh->getopts_at > 0)
		word += sh->getopts_at;
	else if (index > count)
		return option_mistake(sh, argv, letter, ':', "wants an argument");
	else
		word = arguments[index - 1];
	sh->getopts_at = 0;
	set_option_index(sh, index + 1);
	return option_result(sh, argv[2], letter, word);
}
