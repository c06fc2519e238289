/* SPDX-License-Identifier: MIT */
/* xargs: runs a program with arguments from standard input, as many at a time as there is room
 * for. */

#include <ctype.h>

#include "run.h"

enum {
	ROOM_BYTES = 65536, /* of arguments for one program */
	ROOM_WORDS = 4096,
	SOME_FAILED = 123,
	TOLD_TO_STOP = 124, /* a program ended with STOP */
	KILLED = 125,
	STOP = 255
};

static struct {
	char *replace;      /* -I: the word to put a line in place of */
	long long count;    /* -n: arguments for each program, 0: as many as fit */
	long long parallel; /* -P */
	bool zeros;         /* -0: arguments end with zero bytes */
	bool skip_empty;    /* -r: no input, no program */
	bool trace;         /* -t */
} option = { .parallel = 1 };

static char **command; /* the words given, then what was read */
static size_t words;   /* given */
static size_t count;   /* read */
static size_t bytes;   /* of what was read */
static long long running;
static int exit_status;

/* Takes in the status of a program that has ended. */
static void reap(void)
{
	int status;

	if (wait(&status) < 0)
		prog_die("wait");
	running--;
	status = run_status(status);
	if (status == RUN_CANNOT || status == RUN_NOT_FOUND)
		exit(status);
	if (status == STOP || status > RUN_SIGNALLED) {
		prog_warnx("%s: ended with status %d", command[0], status);
		exit(status == STOP ? TOLD_TO_STOP : KILLED);
	}
	if (status != 0)
		exit_status = SOME_FAILED;
}

static void run(char **argv)
{
	for (size_t i = 0; option.trace && argv[i]; i++)
		fprintf(stderr, "%s%c", argv[i], argv[i + 1] ? ' ' : '\n');
	while (running >= option.parallel)
		reap();
	run_start(argv);
	running++;
}

static void run_collected(void)
{
	command[words + count] = NULL;
	run(command);
	while (count > 0)
		free(command[words + --count]);
	bytes = 0;
}

/* All occurrences of -I's word replaced, in new memory. */
static char *substitute(const char *word, const char *line)
{
	size_t length = strlen(option.replace);
	size_t room = strlen(word) + 1;
	char *result;
	char *to;

	for (const char *at = word; (at = strstr(at, option.replace)) != NULL; at += length)
		room += strlen(line);
	result = to = prog_grow(NULL, room);
	while (*word) {
		if (strncmp(word, option.replace, length) == 0) {
			to = stpcpy(to, line);
			word += length;
		} else {
			*to++ = *word++;
		}
	}
	*to = '\0';
	return result;
}

static void run_with_line(const char *line)
{
	char **argv = prog_grow(NULL, (words + 1) * sizeof(*argv));

	for (size_t i = 0; i < words; i++)
		argv[i] = substitute(command[i], line);
	argv[words] = NULL;
	run(argv);
	for (size_t i = 0; i < words; i++)
		free(argv[i]);
	free(argv);
}

/* Owns `argument` from here on. */
static void collect(char *argument)
{
	size_t length = strlen(argument) + 1;

	if (option.replace) {
		run_with_line(argument);
		free(argument);
		return;
	}
	if (length > ROOM_BYTES)
		prog_diex("an argument is too long");
	if (count > 0 && (bytes + length > ROOM_BYTES || count == ROOM_WORDS))
		run_collected();
	command[words + count++] = argument;
	bytes += length;
	if (option.count > 0 && (long long)count == option.count)
		run_collected();
}

/* Up to a newline or a zero byte. */
static char *read_until(int end)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length = getdelim(&line, &room, end, stdin);

	if (length <= 0) {
		free(line);
		return NULL;
	}
	if (line[length - 1] == end)
		line[length - 1] = '\0';
	return line;
}

/* The next word; quotes and backslashes keep blanks in it. */
static char *read_word(void)
{
	size_t length = 0;
	char *word = NULL;
	int quote = 0;
	int character;

	do {
		character = getchar();
	} while (character != EOF && isspace(character));
	for (; character != EOF && (quote || !isspace(character)); character = getchar()) {
		if (character == '\n')
			prog_diex("a quote is not closed");
		word = prog_grow(word, length + 2);
		word[length] = '\0';
		if (character == quote) {
			quote = 0;
			continue;
		}
		if (!quote && (character == '\'' || character == '"')) {
			quote = character;
			continue;
		}
		if (!quote && character == '\\')
			character = getchar();
		if (character != EOF)
			word[length++] = (char)character;
		word[length] = '\0';
	}
	if (quote)
		prog_diex("a quote is not closed");
	return word;
}

static char *read_argument(void)
{
	char *line;

	if (option.zeros)
		return read_until('\0');
	if (!option.replace)
		return read_word();
	/* Empty lines and blanks in front do not count. */
	while ((line = read_until('\n')) != NULL) {
		const char *text = line + strspn(line, " \t");

		if (*text)
			return memmove(line, text, strlen(text) + 1);
		free(line);
	}
	return NULL;
}

static void parse_option(int letter)
{
	switch (letter) {
	case '0':
		option.zeros = true;
		break;
	case 'I':
		option.replace = optarg;
		break;
	case 'n':
		option.count = prog_count(optarg, 1);
		break;
	case 'P':
		option.parallel = prog_count(optarg, 1);
		break;
	case 'r':
		option.skip_empty = true;
		break;
	case 't':
		option.trace = true;
		break;
	default:
		prog_usage(1);
	}
}

int main(int argc, char **argv)
{
	static char echo[] = "echo";
	bool any = false;
	char *argument;
	int letter;

	prog_begin("xargs",
		   "[-0rt] [-I WORD] [-n COUNT] [-P COUNT] [PROGRAM [ARGUMENT]...]\n"
		   "  -0  arguments end with zero bytes (find -print0)\n"
		   "  -I  a program for each line, which takes the place of WORD\n"
		   "  -n  so many arguments at most for a program\n"
		   "  -P  so many programs at a time; 0: any number\n"
		   "  -r  run nothing if there are no arguments\n"
		   "  -t  say what is run",
		   argc, argv);
	while ((letter = getopt(argc, argv, "+0I:n:P:rt")) != -1)
		parse_option(letter);
	if (option.parallel == 0)
		option.parallel = INT32_MAX;
	words = argc > optind ? (size_t)(argc - optind) : 1;
	command = prog_grow(NULL, (words + ROOM_WORDS + 1) * sizeof(*command));
	memcpy(command, argc > optind ? argv + optind : (char *[]){ echo },
	       words * sizeof(*command));
	while ((argument = read_argument()) != NULL) {
		collect(argument);
		any = true;
	}
	if (ferror(stdin))
		prog_die("read error");
	if (count > 0 || (!any && !option.skip_empty && !option.replace))
		run_collected();
	while (running > 0)
		reap();
	return exit_status;
}
