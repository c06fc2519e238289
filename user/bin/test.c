/* SPDX-License-Identifier: MIT */
/* test, and [ with a ] at the end: decides by its exit status. 0: it holds, 1: it does not, 2:
 * nonsense.
 *
 *   expression: term [-o expression]     term: factor [-a term]
 *   factor: ! factor | ( expression ) | operator operand | operand operator operand | operand
 *
 * With up to four arguments POSIX goes by their number, so that an operand may look like an
 * operator; parse_factor() gets there by trying the binary form first. */

#include <sys/stat.h>

#include "prog.h"

enum { NONSENSE = 2 };

static char **arg; /* the next argument */
static int left;   /* how many there are from it */

static bool parse_expression(void);

static _Noreturn void complain(const char *what, const char *why)
{
	prog_warnx("%s: %s", what, why);
	exit(NONSENSE);
}

static const char *take(void)
{
	if (left == 0)
		complain("expression", "something is missing at its end");
	left--;
	return *arg++;
}

static bool next_is(const char *text)
{
	return left > 0 && strcmp(*arg, text) == 0;
}

static long long number(const char *text)
{
	long long value;

	if (!prog_number(text, &value))
		complain(text, "not a number");
	return value;
}

static bool has_type(const char *path, mode_t type)
{
	struct stat st;

	return (type == S_IFLNK ? lstat(path, &st) : stat(path, &st)) == 0 &&
	       (st.st_mode & S_IFMT) == type;
}

static bool has_bit(const char *path, mode_t bit)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & bit) != 0;
}

static bool has_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && st.st_size > 0;
}

static bool holds_for_file(char operator, const char * path)
{
	switch (operator) {
	case 'b':
		return has_type(path, S_IFBLK);
	case 'c':
		return has_type(path, S_IFCHR);
	case 'd':
		return has_type(path, S_IFDIR);
	case 'e':
		return access(path, F_OK) == 0;
	case 'f':
		return has_type(path, S_IFREG);
	case 'g':
		return has_bit(path, S_ISGID);
	case 'h':
	case 'L':
		return has_type(path, S_IFLNK);
	case 'k':
		return has_bit(path, S_ISVTX);
	case 'p':
		return has_type(path, S_IFIFO);
	case 'r':
		return access(path, R_OK) == 0;
	case 's':
		return has_size(path);
	case 'S':
		return has_type(path, S_IFSOCK);
	case 'u':
		return has_bit(path, S_ISUID);
	case 'w':
		return access(path, W_OK) == 0;
	default:
		return access(path, X_OK) == 0;
	}
}

static bool is_unary(const char *text)
{
	return text[0] == '-' && text[1] && !text[2] && strchr("bcdefghkLnprsStuwxz", text[1]);
}

static bool holds_unary(char operator, const char * operand)
{
	switch (operator) {
	case 'n':
		return *operand != '\0';
	case 'z':
		return *operand == '\0';
	case 't':
		return isatty((int)number(operand));
	default:
		return holds_for_file(operator, operand);
	}
}

static bool is_newer(const char *a, const char *b)
{
	struct stat first;
	struct stat second;

	if (stat(a, &first) < 0)
		return false;
	if (stat(b, &second) < 0)
		return true;
	if (first.st_mtim.tv_sec != second.st_mtim.tv_sec)
		return first.st_mtim.tv_sec > second.st_mtim.tv_sec;
	return first.st_mtim.tv_nsec > second.st_mtim.tv_nsec;
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat first;
	struct stat second;

	return stat(a, &first) == 0 && stat(b, &second) == 0 && first.st_dev == second.st_dev &&
	       first.st_ino == second.st_ino;
}

static bool equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool unequal(const char *a, const char *b)
{
	return strcmp(a, b) != 0;
}

static bool before(const char *a, const char *b)
{
	return strcmp(a, b) < 0;
}

static bool after(const char *a, const char *b)
{
	return strcmp(a, b) > 0;
}

static bool number_equal(const char *a, const char *b)
{
	return number(a) == number(b);
}

static bool number_unequal(const char *a, const char *b)
{
	return number(a) != number(b);
}

static bool number_less(const char *a, const char *b)
{
	return number(a) < number(b);
}

static bool number_less_equal(const char *a, const char *b)
{
	return number(a) <= number(b);
}

static bool number_greater(const char *a, const char *b)
{
	return number(a) > number(b);
}

static bool number_greater_equal(const char *a, const char *b)
{
	return number(a) >= number(b);
}

static bool is_older(const char *a, const char *b)
{
	return is_newer(b, a);
}

static const struct {
	const char *name;
	bool (*holds)(const char *a, const char *b);
} binaries[] = {
	{ "=", equal },
	{ "==", equal },
	{ "!=", unequal },
	{ "<", before },
	{ ">", after },
	{ "-eq", number_equal },
	{ "-ne", number_unequal },
	{ "-lt", number_less },
	{ "-le", number_less_equal },
	{ "-gt", number_greater },
	{ "-ge", number_greater_equal },
	{ "-nt", is_newer },
	{ "-ot", is_older },
	{ "-ef", is_same_file },
};

/* The index of a binary operator, -1 for anything else. */
static int find_binary(const char *text)
{
	for (size_t i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++) {
		if (strcmp(binaries[i].name, text) == 0)
			return (int)i;
	}
	return -1;
}

static bool parse_factor(void)
{
	int binary = left > 2 ? find_binary(arg[1]) : -1;
	const char *first;

	if (binary >= 0) {
		first = take();
		take();
		return binaries[binary].holds(first, take());
	}
	first = take();
	if (strcmp(first, "!") == 0 && left > 0)
		return !parse_factor();
	if (strcmp(first, "(") == 0 && left > 0) {
		bool holds = parse_expression();

		if (strcmp(take(), ")") != 0)
			complain("(", "not closed");
		return holds;
	}
	if (is_unary(first) && left > 0)
		return holds_unary(first[1], take());
	return *first != '\0';
}

/* Both sides are always parsed: only then is it known where the expression ends. */
static bool parse_term(void)
{
	bool holds = parse_factor();

	while (next_is("-a")) {
		take();
		holds &= parse_factor();
	}
	return holds;
}

static bool parse_expression(void)
{
	bool holds = parse_term();

	while (next_is("-o")) {
		take();
		holds |= parse_term();
	}
	return holds;
}

#define OPERATORS \
	"\n  -b -c -d -e -f -g -h -k -L -p -r -s -S -u -w -x FILE; FILE -nt -ot -ef FILE\n" \
	"  -n -z TEXT; TEXT = != TEXT; NUMBER -eq -ne -lt -le -gt -ge NUMBER; -t DESCRIPTOR\n" \
	"  ! E; E -a E; E -o E; ( E )"

static const char test_usage[] = "EXPRESSION" OPERATORS;
static const char bracket_usage[] = "EXPRESSION ]" OPERATORS;

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	bool bracket = strcmp(slash ? slash + 1 : argv[0], "[") == 0;
	bool holds;

	prog_begin(bracket ? "[" : "test", bracket ? bracket_usage : test_usage, argc, argv);
	if (bracket && strcmp(argv[--argc], "]") != 0)
		complain("]", "missing");
	arg = argv + 1;
	left = argc - 1;
	if (left <= 0)
		return 1;
	holds = parse_expression();
	if (left > 0)
		complain(*arg, "unexpected");
	return holds ? 0 : 1;
}
