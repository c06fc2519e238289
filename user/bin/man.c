/* SPDX-License-Identifier: MIT */
/* man: shows pages of the manual, which are Markdown: /usr/share/man/SECTION/NAME.md. The index
 * says which page is about a name, a line each: NAME SECTION PAGE PURPOSE. */

#include <ctype.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "prog.h"

enum { DEFAULT_WIDTH = 78, LEAST_WIDTH = 30, INDENT = 4, PATH_BYTES = 256 };

static const char base[] = "/usr/share/man";

static bool bold_allowed; /* standard output is a terminal */
static int width;         /* of the text */
static int column;

struct entry {
	char *name;
	char *section;
	char *page;
	char *purpose;
};

/* Takes a line of the index apart, in place. */
static bool parse_entry(char *line, struct entry *entry)
{
	line[strcspn(line, "\n")] = '\0';
	entry->name = strtok(line, " ");
	entry->section = strtok(NULL, " ");
	entry->page = strtok(NULL, " ");
	entry->purpose = strtok(NULL, "");
	return entry->purpose != NULL;
}

/* Calls `use` for each line of the index until it returns true; whether it did. */
static bool index_walk(bool (*use)(const struct entry *entry, const char *section,
				   const char *word),
		       const char *section, const char *word)
{
	char path[PATH_BYTES];
	struct entry entry;
	char *line = NULL;
	size_t room = 0;
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/index", base);
	file = fopen(path, "r");
	if (!file)
		prog_die(path);
	while (!found && getline(&line, &room, file) > 0)
		found = parse_entry(line, &entry) && use(&entry, section, word);
	free(line);
	fclose(file);
	return found;
}

static void set_bold(bool on)
{
	if (bold_allowed)
		fputs(on ? "\033[1m" : "\033[0m", stdout);
}

static void new_line(void)
{
	putchar('\n');
	column = 0;
}

static void indent_to(int indent)
{
	for (; column < indent; column++)
		putchar(' ');
}

/* One word of a paragraph; `backquotes` in it are bold. A word that does not fit begins a line. */
static void put_word(const char *word, size_t length, int indent, bool *bold)
{
	int shown = 0;

	for (size_t i = 0; i < length; i++)
		shown += word[i] != '`';
	if (column > indent && column + 1 + shown > width)
		new_line();
	if (column > indent)
		column += putchar(' ') == ' ';
	indent_to(indent);
	for (size_t i = 0; i < length; i++) {
		if (word[i] == '`')
			set_bold(*bold = !*bold);
		else
			putchar(word[i]);
	}
	column += shown;
}

/* The words of a line, continuing the paragraph before. */
static void put_text(const char *text, int indent)
{
	bool bold = false;

	for (;;) {
		size_t length;

		text += strspn(text, " \t\n");
		length = strcspn(text, " \t\n");
		if (length == 0)
			break;
		put_word(text, length, indent, &bold);
		text += length;
	}
	if (bold)
		set_bold(false);
}

static void put_heading(const char *text, bool large)
{
	set_bold(true);
	for (; *text && *text != '\n'; text++)
		putchar(large ? toupper((unsigned char)*text) : *text);
	set_bold(false);
	new_line();
}

/* One line of Markdown. *indent is where the running paragraph stands. */
static void put_markdown(const char *line, int *indent)
{
	bool plain = strncmp(line, "    ", INDENT) == 0;
	bool item = strncmp(line, "- ", 2) == 0;

	if (column > 0 && (*line == '\n' || *line == '#' || plain || item))
		new_line();
	if (*line == '\n') {
		new_line();
		*indent = INDENT;
	} else if (*line == '#') {
		const char *text = line + strspn(line, "# ");

		put_heading(text, true);
	} else if (plain) {
		indent_to(INDENT);
		fputs(line, stdout);
		column = 0;
	} else if (item) {
		indent_to(INDENT);
		fputs("- ", stdout);
		column += 2;
		*indent = INDENT + 2;
		put_text(line + 2, *indent);
	} else {
		put_text(line + (*line == '|'), *indent);
		/* Rows of a table stay lines. */
		if (*line == '|')
			new_line();
	}
}

static void show_file(FILE *file)
{
	char *line = NULL;
	size_t room = 0;
	int indent = INDENT;

	while (getline(&line, &room, file) > 0)
		put_markdown(line, &indent);
	if (column > 0)
		new_line();
	free(line);
}

/* From here on standard output goes through PAGER, or more; -1 if there is none. */
static pid_t start_pager(void)
{
	const char *pager = getenv("PAGER");
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		execlp(pager && *pager ? pager : "more", pager && *pager ? pager : "more",
		       (char *)NULL);
		/* No pager: all of it at once. */
		execlp("cat", "cat", (char *)NULL);
		_exit(1);
	}
	if (pid > 0)
		dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	return pid;
}

static void find_width(void)
{
	struct winsize size;

	width = DEFAULT_WIDTH;
	if (bold_allowed && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 &&
	    size.ws_col >= LEAST_WIDTH && size.ws_col < DEFAULT_WIDTH + 2)
		width = size.ws_col - 2;
}

static void show_page(const char *path)
{
	FILE *file = fopen(path, "r");
	pid_t pager = -1;

	if (!file)
		prog_die(path);
	if (isatty(STDOUT_FILENO)) {
		const char *terminal = getenv("TERM");

		bold_allowed = terminal && strcmp(terminal, "dumb") != 0;
		find_width();
		pager = start_pager();
	} else {
		find_width();
	}
	show_file(file);
	fclose(file);
	fflush(stdout);
	if (pager > 0) {
		close(STDOUT_FILENO);
		waitpid(pager, NULL, 0);
	}
}

static bool show_if_equal(const struct entry *entry, const char *section, const char *name)
{
	char path[PATH_BYTES];

	if (strcmp(entry->name, name) != 0 || (section && strcmp(entry->section, section) != 0))
		return false;
	snprintf(path, sizeof(path), "%s/%s/%s.md", base, entry->section, entry->page);
	show_page(path);
	return true;
}

static bool any_listed;

/* man -k: the word in the name or the purpose. Goes on to the end. */
static bool list_if_matching(const struct entry *entry, const char *section, const char *word)
{
	(void)section;
	if (strcasestr(entry->name, word) || strcasestr(entry->purpose, word)) {
		printf("%s(%s) - %s\n", entry->name, entry->section, entry->purpose);
		any_listed = true;
	}
	return false;
}

int main(int argc, char **argv)
{
	const char *section = NULL;

	prog_begin("man",
		   "[SECTION] NAME | -k WORD\n"
		   "  -k  list the pages that have the word in their name or purpose\n"
		   "  Sections: 1 programs, 2 system calls, 5 files, 7 everything else",
		   argc, argv);
	if (argc == 3 && strcmp(argv[1], "-k") == 0) {
		index_walk(list_if_matching, NULL, argv[2]);
		if (any_listed)
			return prog_finish(0);
		prog_warnx("nothing about %s", argv[2]);
		return 1;
	}
	if (argc == 3 && isdigit((unsigned char)*argv[1])) {
		section = argv[1];
		argv++;
	} else if (argc != 2 || *argv[1] == '-') {
		prog_usage(1);
	}
	if (!index_walk(show_if_equal, section, argv[1])) {
		prog_warnx("no page about %s", argv[1]);
		return 1;
	}
	return 0;
}
