/* SPDX-License-Identifier: MIT */
/* uniq: of equal lines that follow each other only the first. */

#include <ctype.h>

#include "prog.h"

static struct {
	bool count;      /* -c */
	bool repeated;   /* -d: only lines that were there more than once */
	bool single;     /* -u: only those that were there once */
	bool fold;       /* -i */
	long long field; /* -f: so many fields do not count */
	long long chars; /* -s: nor so many characters behind them */
} option;

/* Where comparing begins. */
static const char *key_of(const char *line)
{
	for (long long i = 0; i < option.field && *line; i++) {
		line += strspn(line, " \t");
		line += strcspn(line, " \t");
	}
	return line + strnlen(line, (size_t)option.chars);
}

static bool is_same(const char *a, const char *b)
{
	a = key_of(a);
	b = key_of(b);
	return (option.fold ? strcasecmp(a, b) : strcmp(a, b)) == 0;
}

static void print_line(const char *line, unsigned long long times, FILE *out)
{
	if ((option.repeated && times == 1) || (option.single && times > 1))
		return;
	if (option.count)
		fprintf(out, "%7llu ", times);
	fprintf(out, "%s\n", line);
}

/* The next line without its newline in new memory; NULL at the end. */
static char *read_line(FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length = getline(&line, &room, in);

	if (length <= 0) {
		free(line);
		return NULL;
	}
	if (line[length - 1] == '\n')
		line[length - 1] = '\0';
	return line;
}

static void fold_lines(FILE *in, FILE *out)
{
	char *first = read_line(in);

	while (first) {
		unsigned long long times = 1;
		char *line;

		while ((line = read_line(in)) != NULL && is_same(first, line)) {
			times++;
			free(line);
		}
		print_line(first, times, out);
		free(first);
		first = line;
	}
}

static void parse_option(int letter)
{
	switch (letter) {
	case 'c':
		option.count = true;
		break;
	case 'd':
		option.repeated = true;
		break;
	case 'f':
		option.field = prog_count(optarg, 1);
		break;
	case 'i':
		option.fold = true;
		break;
	case 's':
		option.chars = prog_count(optarg, 1);
		break;
	case 'u':
		option.single = true;
		break;
	default:
		prog_usage(1);
	}
}

static FILE *open_file(const char *name, const char *mode, FILE *standard)
{
	FILE *file = name && strcmp(name, "-") != 0 ? fopen(name, mode) : standard;

	if (!file)
		prog_die(name);
	return file;
}

int main(int argc, char **argv)
{
	FILE *out;
	FILE *in;
	int letter;

	prog_begin("uniq",
		   "[-cdiu] [-f FIELDS] [-s CHARACTERS] [INPUT [OUTPUT]]\n"
		   "  -c  how often each line was there\n"
		   "  -d  only lines that were repeated\n"
		   "  -f  so many fields in front do not count\n"
		   "  -i  upper and lower case are the same\n"
		   "  -s  so many characters (behind the fields) do not count\n"
		   "  -u  only lines that were not repeated",
		   argc, argv);
	while ((letter = getopt(argc, argv, "cdf:is:u")) != -1)
		parse_option(letter);
	if (argc - optind > 2)
		prog_usage(1);
	in = open_file(argv[optind], "r", stdin);
	out = open_file(argc - optind == 2 ? argv[optind + 1] : NULL, "w", stdout);
	fold_lines(in, out);
	if (ferror(in))
		prog_die(argv[optind] ? argv[optind] : "-");
	if (out != stdout && (ferror(out) || fclose(out) != 0))
		prog_die(argv[optind + 1]);
	return prog_finish(0);
}
