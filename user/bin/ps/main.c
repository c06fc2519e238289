/* SPDX-License-Identifier: MIT */
/* ps: which processes there are. Options of System V (-ef) and of BSD (aux). */
#include <limits.h>
#include <sys/ioctl.h>
#include <time.h>

#include "columns.h"

enum { COLUMNS_MAX = 32, PIDS_MAX = 64, CELL_BYTES = 4096, NARROW = 80 };

/* A column and the head it has here. */
static struct {
	const struct column *column;
	const char *head;
} shown[COLUMNS_MAX];
static size_t shown_count;

static struct {
	bool all; /* -e, ax */
	int pids[PIDS_MAX];
	size_t pid_count;
} choice;

static const char usage[] = "[-eAf] [-o COLUMN[=HEAD],...] [-p PID,...] | [aux]\n"
			    "  -e, -A, ax  all processes, not only those of this terminal\n"
			    "  -f, u       more about each\n"
			    "  -o          these columns; several -o add up\n"
			    "  -p          these processes";

/* "pid,comm=NAME": HEAD goes to the end of the argument, as POSIX has it. */
static void add_columns(const char *list)
{
	while (*list) {
		size_t length = strcspn(list, ",=");
		const struct column *c = column_find(list, length);

		if (!c) {
			prog_warnx("%.*s: no such column; there are:", (int)length, list);
			column_names(stderr);
			exit(1);
		}
		if (shown_count == COLUMNS_MAX)
			prog_diex("too many columns");
		shown[shown_count].column = c;
		shown[shown_count].head = c->head;
		list += length;
		if (*list == '=')
			shown[shown_count].head = list + 1;
		shown_count++;
		if (*list != ',')
			return;
		list++;
	}
}

static void add_pids(char *list)
{
	long long number;

	for (char *word = strtok(list, ", "); word; word = strtok(NULL, ", ")) {
		if (!prog_number(word, &number) || number <= 0 || number > INT_MAX)
			prog_diex("%s: not a process id", word);
		if (choice.pid_count == PIDS_MAX)
			prog_diex("too many processes");
		choice.pids[choice.pid_count++] = (int)number;
	}
}

/* The letters of BSD's ps, without a dash. */
static const char *bsd_options(const char *letters, const char *columns)
{
	for (; *letters; letters++) {
		switch (*letters) {
		case 'a':
		case 'x':
			choice.all = true;
			break;
		case 'u':
			columns = "user,pid,%cpu,%mem,vsz,rss,tty,stat,start,bsdtime,args";
			break;
		case 'w':
			break;
		default:
			prog_usage(1);
		}
	}
	return columns;
}

static bool is_chosen(const struct process *p, const struct process *me)
{
	for (size_t i = 0; i < choice.pid_count; i++) {
		if (choice.pids[i] == p->pid)
			return true;
	}
	if (choice.pid_count)
		return false;
	return choice.all || (p->tty == me->tty && p->uid == me->uid);
}

/* How wide a line may be: the terminal's width, or without end. */
static size_t line_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return CELL_BYTES;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return NARROW;
	return size.ws_col;
}

/* One cell after the other; what is too long for the line is cut. */
static void put_cell(size_t i, const char *text, size_t *left)
{
	const struct column *c = shown[i].column;
	bool last = i + 1 == shown_count;
	int n = 0, width = last && c->left ? 0 : c->width;

	if (i > 0 && *left > 0)
		n = printf(" ");
	*left -= (size_t)n;
	if (last && strlen(text) > *left)
		n = printf("%.*s", (int)*left, text);
	else
		n = printf(c->left ? "%-*s" : "%*s", width, text);
	*left -= (size_t)n < *left ? (size_t)n : *left;
}

static void put_heads(size_t width)
{
	bool empty = true;

	for (size_t i = 0; i < shown_count; i++)
		empty &= !shown[i].head[0];
	if (empty)
		return;
	for (size_t i = 0; i < shown_count; i++)
		put_cell(i, shown[i].head, &width);
	putchar('\n');
}

static void put_process(const struct process *p, const struct context *c, size_t width)
{
	static char text[CELL_BYTES];

	for (size_t i = 0; i < shown_count; i++) {
		shown[i].column->text(p, c, text, sizeof(text));
		put_cell(i, text, &width);
	}
	putchar('\n');
}

static int show(void)
{
	size_t width = line_width(), count, found = 0;
	struct process *list, me = { 0 };
	struct context c;
	char text[PROCINFO_TEXT];

	procinfo_need("/proc/meminfo", text, sizeof(text));
	c.memory = procinfo_field(text, "MemTotal:");
	count = procinfo_all(&list);
	c.uptime = procinfo_uptime();
	c.boot = time(NULL) - (time_t)(c.uptime / PROCINFO_TICKS);
	procinfo_process(getpid(), &me);
	put_heads(width);
	for (size_t i = 0; i < count; i++) {
		if (!is_chosen(&list[i], &me))
			continue;
		put_process(&list[i], &c, width);
		found++;
	}
	return prog_finish(found ? 0 : 1);
}

int main(int argc, char **argv)
{
	const char *columns = "pid,tty,time,comm";
	int letter;

	prog_begin("ps", usage, argc, argv);
	while ((letter = getopt(argc, argv, "eAafo:p:w")) != -1) {
		switch (letter) {
		case 'e':
		case 'A':
		case 'a':
			choice.all = true;
			break;
		case 'f':
			columns = "user,pid,ppid,c,stime,tty,time,cmd";
			break;
		case 'o':
			add_columns(optarg);
			break;
		case 'p':
			add_pids(optarg);
			break;
		case 'w':
			break;
		default:
			prog_usage(1);
		}
	}
	for (; optind < argc; optind++)
		columns = bsd_options(argv[optind], columns);
	if (!shown_count)
		add_columns(columns);
	return show();
}
