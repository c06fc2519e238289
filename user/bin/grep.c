/* SPDX-License-Identifier: MIT */
/* grep: the lines that match a pattern. Exit status 0: some line was selected, 1: none, 2:
 * trouble. */

#include <regex.h>

#include "prog.h"

enum { SELECTED = 0, NOTHING = 1, TROUBLE = 2, ERROR_BYTES = 64 };

struct pattern {
	struct pattern *next;
	regex_t regex;
};

static struct {
	bool count;     /* -c */
	bool names;     /* -l: only the names of files */
	bool numbers;   /* -n */
	bool quiet;     /* -q */
	bool silent;    /* -s: nothing about files that cannot be read */
	bool invert;    /* -v */
	bool no_prefix; /* -h */
	bool prefix;    /* -H, or more than one file */
	bool fixed;     /* -F: characters stand for themselves */
	bool whole;     /* -x: only whole lines */
	int flags;      /* of regcomp() */
} option = { .flags = REG_NOSUB };

static struct pattern *patterns;
static bool found;
static bool trouble;

/* The pattern as regcomp() is to see it, in new memory. */
static char *prepare(const char *text)
{
	bool extended = option.flags & REG_EXTENDED;
	char *pattern = malloc(2 * strlen(text) + sizeof("^\\(\\)$"));
	char *to = pattern;

	if (!pattern)
		prog_die("grep");
	if (option.whole)
		to = stpcpy(to, extended ? "^(" : "^\\(");
	for (; *text; text++) {
		/* Only these are special in a basic expression, and get a backslash. */
		if (option.fixed && strchr("\\.[*^$", *text))
			*to++ = '\\';
		*to++ = *text;
	}
	strcpy(to, !option.whole ? "" : extended ? ")$" : "\\)$");
	return pattern;
}

static void add_pattern(const char *text)
{
	struct pattern *pattern = malloc(sizeof(*pattern));
	char message[ERROR_BYTES];
	char *prepared;
	int error;

	if (!pattern)
		prog_die("grep");
	if (option.fixed)
		option.flags &= ~REG_EXTENDED;
	prepared = prepare(text);
	error = regcomp(&pattern->regex, prepared, option.flags);
	if (error) {
		regerror(error, &pattern->regex, message, sizeof(message));
		prog_warnx("%s: %s", text, message);
		exit(TROUBLE);
	}
	free(prepared);
	pattern->next = patterns;
	patterns = pattern;
}

/* Lines of the argument are patterns of their own. */
static void add_patterns(const char *list)
{
	char *copy = strdup(list);
	char *at = copy;

	while (at) {
		char *end = strchr(at, '\n');

		if (end)
			*end = '\0';
		add_pattern(at);
		at = end ? end + 1 : NULL;
	}
	free(copy);
}

static bool is_selected(const char *line, size_t length)
{
	regmatch_t bounds = { .rm_so = 0, .rm_eo = (regoff_t)length };
	const struct pattern *pattern = patterns;

	while (pattern && regexec(&pattern->regex, line, 0, &bounds, REG_STARTEND) != 0)
		pattern = pattern->next;
	return (pattern != NULL) != option.invert;
}

static void print_line(const char *name, unsigned long number, const char *line, size_t length)
{
	if (option.prefix)
		printf("%s:", name);
	if (option.numbers)
		printf("%lu:", number);
	fwrite(line, 1, length, stdout);
	putchar('\n');
}

static void print_summary(const char *name, unsigned long selected)
{
	if (option.count && option.prefix)
		printf("%s:", name);
	if (option.count)
		printf("%lu\n", selected);
	if (option.names && selected > 0)
		puts(name);
}

static void search(FILE *file, const char *name)
{
	bool only_first = option.quiet || option.names;
	unsigned long selected = 0;
	unsigned long number = 0;
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while ((length = getline(&line, &room, file)) > 0) {
		number++;
		if (line[length - 1] == '\n')
			length--;
		if (!is_selected(line, (size_t)length))
			continue;
		selected++;
		if (only_first)
			break;
		if (!option.count)
			print_line(name, number, line, (size_t)length);
	}
	free(line);
	if (ferror(file)) {
		prog_warn(name);
		trouble = true;
	}
	found |= selected > 0;
	if (!option.quiet)
		print_summary(name, selected);
}

static void search_file(const char *name)
{
	FILE *file;

	if (strcmp(name, "-") == 0) {
		search(stdin, "(standard input)");
		return;
	}
	file = fopen(name, "r");
	if (!file) {
		if (!option.silent)
			prog_warn(name);
		trouble = true;
		return;
	}
	search(file, name);
	fclose(file);
}

static void parse_option(int letter)
{
	switch (letter) {
	case 'c':
		option.count = true;
		break;
	case 'h':
		option.no_prefix = true;
		break;
	case 'H':
		option.prefix = true;
		break;
	case 'l':
		option.names = true;
		break;
	case 'n':
		option.numbers = true;
		break;
	case 'q':
		option.quiet = true;
		break;
	case 's':
		option.silent = true;
		break;
	case 'v':
		option.invert = true;
		break;
	case 'E':
		option.flags |= REG_EXTENDED;
		break;
	case 'F':
		option.fixed = true;
		break;
	case 'i':
		option.flags |= REG_ICASE;
		break;
	case 'x':
		option.whole = true;
		break;
	default:
		prog_usage(TROUBLE);
	}
}

int main(int argc, char **argv)
{
	const char *list = NULL;
	int status;
	int letter;

	prog_begin("grep",
		   "[-EFcHhilnqsvx] [-e] PATTERN [FILE]...\n"
		   "  -E  extended regular expressions; -F fixed text\n"
		   "  -c  only how many lines; -l only the names of files; -q nothing\n"
		   "  -H  names before lines; -h none\n"
		   "  -i  upper and lower case are the same\n"
		   "  -n  with the numbers of lines\n"
		   "  -s  nothing about files that cannot be read\n"
		   "  -v  lines that do not match\n"
		   "  -x  whole lines only",
		   argc, argv);
	while ((letter = getopt(argc, argv, "EFce:Hhilnqsvx")) != -1) {
		if (letter == 'e')
			list = optarg;
		else
			parse_option(letter);
	}
	if (!list && optind == argc)
		prog_usage(TROUBLE);
	add_patterns(list ? list : argv[optind++]);
	option.prefix |= argc - optind > 1;
	option.prefix &= !option.no_prefix;
	if (optind == argc)
		search_file("-");
	for (int i = optind; i < argc && !(option.quiet && found); i++)
		search_file(argv[i]);
	status = found ? SELECTED : NOTHING;
	if (trouble && !(option.quiet && found))
		status = TROUBLE;
	return prog_finish(status) == status ? status : TROUBLE;
}
