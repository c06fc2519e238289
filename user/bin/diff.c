/* SPDX-License-Identifier: MIT */
/* diff: which lines of two files differ. Finds a shortest set of changes by Myers' algorithm ("An
 * O(ND) Difference Algorithm and Its Variations", 1986, section 4b), in linear space: from both
 * ends at once to a place in the middle of a best path, then both halves. Exit status 0: the files
 * are the same, 1: they differ, 2: trouble. */

#include <ctype.h>
#include <sys/stat.h>
#include <time.h>

#include "lines.h"

enum { SAME = 0, DIFFERENT = 1, TROUBLE = 2, DATE_BYTES = 64 };

static struct {
	bool blanks;       /* -b: any blanks are one */
	bool fold;         /* -i */
	bool brief;        /* -q */
	bool unified;      /* -u, -U */
	long long context; /* lines around a change */
} option = { .context = 3 };

static struct lines left;
static struct lines right;
static bool *removed; /* by line of the left file */
static bool *added;   /* by line of the right file */
static int *forward;  /* furthest x on each diagonal, from the beginning */
static int *backward; /* the same from the end */
static int diagonals; /* where diagonal 0 is in them */

/* The next character of a line as -b and -i see it; '\0' at the end. */
static char next_character(const struct line *line, size_t *at)
{
	char c;

	if (*at == line->length)
		return '\0';
	c = line->text[(*at)++];
	if (option.blanks && isspace((unsigned char)c)) {
		while (*at < line->length && isspace((unsigned char)line->text[*at]))
			(*at)++;
		return *at == line->length ? '\0' : ' ';
	}
	return option.fold ? (char)tolower((unsigned char)c) : c;
}

static bool is_equal(int x, int y)
{
	const struct line *a = &left.at[x];
	const struct line *b = &right.at[y];
	size_t i = 0;
	size_t j = 0;
	char c;

	if (!option.blanks && !option.fold)
		return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
	do {
		c = next_character(a, &i);
		if (c != next_character(b, &j))
			return false;
	} while (c);
	return true;
}

/* Part of both files: lines x0 to x1 of the left and y0 to y1 of the right one. */
struct box {
	int x0, x1;
	int y0, y1;
};

/* One more change from the beginning, on all diagonals; true if it meets the way back, at *x, *y.
 * Diagonal k holds the points with x - y = k, counted from the box's corner. */
static bool step_forward(const struct box *box, int changes, int delta, int *x, int *y)
{
	int *v = forward + diagonals;

	for (int k = -changes; k <= changes; k += 2) {
		bool down = k == -changes || (k != changes && v[k - 1] < v[k + 1]);

		*x = down ? v[k + 1] : v[k - 1] + 1;
		*y = *x - k;
		while (*x < box->x1 - box->x0 && *y < box->y1 - box->y0 &&
		       is_equal(box->x0 + *x, box->y0 + *y)) {
			++*x;
			++*y;
		}
		v[k] = *x;
		if (delta % 2 != 0 && k >= delta - (changes - 1) && k <= delta + changes - 1 &&
		    *x >= backward[diagonals + delta - k])
			return true;
	}
	return false;
}

/* The same from the end; diagonal k of the way back is delta - k of the way there. */
static bool step_backward(const struct box *box, int changes, int delta, int *x, int *y)
{
	int width = box->x1 - box->x0;
	int height = box->y1 - box->y0;
	int *v = backward + diagonals;

	for (int k = -changes; k <= changes; k += 2) {
		bool up = k == -changes || (k != changes && v[k - 1] > v[k + 1]);

		*x = up ? v[k + 1] : v[k - 1] - 1;
		*y = height - (width - *x - k);
		while (*x > 0 && *y > 0 && is_equal(box->x0 + *x - 1, box->y0 + *y - 1)) {
			--*x;
			--*y;
		}
		v[k] = *x;
		if (delta % 2 == 0 && k >= delta - changes && k <= delta + changes &&
		    *x <= forward[diagonals + delta - k])
			return true;
	}
	return false;
}

/* A point in the middle of a shortest path through the box. */
static void find_middle(const struct box *box, int *x, int *y)
{
	int width = box->x1 - box->x0;
	int delta = width - (box->y1 - box->y0);

	forward[diagonals + 1] = 0;
	backward[diagonals + 1] = width;
	for (int changes = 0;; changes++) {
		if (step_forward(box, changes, delta, x, y) ||
		    step_backward(box, changes, delta, x, y))
			break;
	}
	*x += box->x0;
	*y += box->y0;
}

static void compare(struct box box)
{
	int x;
	int y;

	while (box.x0 < box.x1 && box.y0 < box.y1 && is_equal(box.x0, box.y0)) {
		box.x0++;
		box.y0++;
	}
	while (box.x0 < box.x1 && box.y0 < box.y1 && is_equal(box.x1 - 1, box.y1 - 1)) {
		box.x1--;
		box.y1--;
	}
	if (box.x0 == box.x1 || box.y0 == box.y1) {
		memset(removed + box.x0, true, (size_t)(box.x1 - box.x0));
		memset(added + box.y0, true, (size_t)(box.y1 - box.y0));
		return;
	}
	find_middle(&box, &x, &y);
	compare((struct box){ box.x0, x, box.y0, y });
	compare((struct box){ x, box.x1, y, box.y1 });
}

static void compare_all(void)
{
	size_t room = 2 * ((size_t)left.count + (size_t)right.count + 2) + 1;

	removed = calloc((size_t)left.count + 1, 1);
	added = calloc((size_t)right.count + 1, 1);
	forward = calloc(room, sizeof(*forward));
	backward = calloc(room, sizeof(*backward));
	if (!removed || !added || !forward || !backward)
		prog_die("memory");
	diagonals = left.count + right.count + 2;
	compare((struct box){ 0, left.count, 0, right.count });
}

static void print_line(char mark, const char *gap, const struct line *line)
{
	printf("%c%s", mark, gap);
	fwrite(line->text, 1, line->length, stdout);
	if (line->text[line->length - 1] != '\n')
		puts("\n\\ No newline at end of file");
}

/* The next change from *x, *y on: they are left at its beginning. */
static bool next_change(int *x, int *y)
{
	while (*x < left.count && *y < right.count && !removed[*x] && !added[*y]) {
		++*x;
		++*y;
	}
	return *x < left.count || *y < right.count;
}

static void pass_change(int *x, int *y)
{
	while (*x < left.count && removed[*x])
		++*x;
	while (*y < right.count && added[*y])
		++*y;
}

/* "3" or "3,5", lines counted from 1; of an empty range the line before it. */
static void print_range(int from, int to)
{
	if (to - from > 1)
		printf("%d,", from + 1);
	printf("%d", to);
}

static void print_normal(void)
{
	int x = 0;
	int y = 0;

	while (next_change(&x, &y)) {
		int from_x = x;
		int from_y = y;

		pass_change(&x, &y);
		print_range(from_x, x);
		putchar(from_x == x ? 'a' : from_y == y ? 'd' : 'c');
		print_range(from_y, y);
		putchar('\n');
		for (int i = from_x; i < x; i++)
			print_line('<', " ", &left.at[i]);
		if (from_x < x && from_y < y)
			puts("---");
		for (int i = from_y; i < y; i++)
			print_line('>', " ", &right.at[i]);
	}
}

/* The changes from *x, *y on that are so near to each other that their contexts touch. */
static void find_hunk(int *x, int *y)
{
	pass_change(x, y);
	for (;;) {
		int next_x = *x;
		int next_y = *y;

		if (!next_change(&next_x, &next_y) || next_x - *x > 2 * option.context)
			return;
		*x = next_x;
		*y = next_y;
		pass_change(x, y);
	}
}

static void print_hunk_lines(int x, int y, int end_x, int end_y)
{
	while (x < end_x || y < end_y) {
		if (x < end_x && removed[x])
			print_line('-', "", &left.at[x++]);
		else if (y < end_y && added[y])
			print_line('+', "", &right.at[y++]);
		else {
			print_line(' ', "", &left.at[x++]);
			y++;
		}
	}
}

/* "3,5": first line and number of lines. */
static void print_extent(char mark, int from, int to)
{
	printf(" %c%d", mark, to > from ? from + 1 : from);
	if (to - from != 1)
		printf(",%d", to - from);
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

static void print_unified(void)
{
	int context = (int)option.context;
	int x = 0;
	int y = 0;

	while (next_change(&x, &y)) {
		int before = least(context, least(x, y));
		int from_x = x - before;
		int from_y = y - before;
		int after;

		find_hunk(&x, &y);
		after = least(context, least(left.count - x, right.count - y));
		fputs("@@", stdout);
		print_extent('-', from_x, x + after);
		print_extent('+', from_y, y + after);
		puts(" @@");
		print_hunk_lines(from_x, from_y, x + after, y + after);
	}
}

static void print_header(const char *mark, const char *name)
{
	struct stat st;
	struct tm tm;
	time_t seconds;
	char date[DATE_BYTES];

	if ((strcmp(name, "-") == 0 ? fstat(STDIN_FILENO, &st) : stat(name, &st)) < 0)
		return;
	seconds = st.st_mtim.tv_sec;
	localtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	printf("%s %s\t%s.%09ld +0000\n", mark, name, date, (long)st.st_mtim.tv_nsec);
}

static void read_file(const char *name, struct lines *lines)
{
	FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");

	if (!file || !lines_read(file, lines)) {
		prog_warn(name);
		exit(TROUBLE);
	}
	if (file != stdin)
		fclose(file);
	lines_split(lines);
}

/* FILE in a directory stands for the file there that is named like the other one. */
static const char *in_directory(const char *name, const char *other)
{
	const char *base = strrchr(other, '/');
	struct stat st;

	if (stat(name, &st) < 0 || !S_ISDIR(st.st_mode))
		return name;
	return prog_join(name, base ? base + 1 : other);
}

static int print_difference(const char *left_name, const char *right_name)
{
	bool binary = memchr(left.text, '\0', left.length) ||
		      memchr(right.text, '\0', right.length);
	bool same = left.length == right.length && memcmp(left.text, right.text, left.length) == 0;
	int x = 0;
	int y = 0;

	if (same)
		return SAME;
	if (binary) {
		printf("Binary files %s and %s differ\n", left_name, right_name);
		return DIFFERENT;
	}
	compare_all();
	if (!next_change(&x, &y))
		return SAME;
	if (option.brief) {
		printf("Files %s and %s differ\n", left_name, right_name);
	} else if (option.unified) {
		print_header("---", left_name);
		print_header("+++", right_name);
		print_unified();
	} else {
		print_normal();
	}
	return DIFFERENT;
}

int main(int argc, char **argv)
{
	const char *left_name;
	const char *right_name;
	int status;
	int letter;

	prog_begin("diff",
		   "[-biqu] [-U LINES] FILE FILE\n"
		   "  -b  any blanks are as good as others\n"
		   "  -i  upper and lower case are the same\n"
		   "  -q  only say that they differ\n"
		   "  -u  unified form, with three lines around each change; -U with so many",
		   argc, argv);
	while ((letter = getopt(argc, argv, "biquU:")) != -1) {
		if (letter == '?')
			prog_usage(TROUBLE);
		option.blanks |= letter == 'b';
		option.fold |= letter == 'i';
		option.brief |= letter == 'q';
		option.unified |= letter == 'u' || letter == 'U';
		if (letter == 'U')
			option.context = prog_count(optarg, TROUBLE);
	}
	if (argc - optind != 2)
		prog_usage(TROUBLE);
	left_name = in_directory(argv[optind], argv[optind + 1]);
	right_name = in_directory(argv[optind + 1], argv[optind]);
	read_file(left_name, &left);
	read_file(right_name, &right);
	status = print_difference(left_name, right_name);
	return prog_finish(status) == status ? status : TROUBLE;
}
