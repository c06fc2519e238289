/* SPDX-License-Identifier: MIT */
/* top: what runs now, again and again. On a terminal keys are read between two pictures; their
 * time-out is the terminal's own (VTIME), so nothing is polled. */
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

#include "owner.h"
#include "procinfo.h"

enum {
	STATES = 4, /* of a processor: user, nice, system, idle */
	PERMILLE = 1000,
	KIB = 1024,
	TENTHS_MAX = 255, /* of a second: what VTIME can hold */
	ROWS = 24,
	COLUMNS = 80,
	HEAD_ROWS = 6,
	CONTROL_C = 3,
};

static const char clear_screen[] = "\033[H\033[2J", home[] = "\033[H", to_end_of_line[] = "\033[K",
		  to_end_of_screen[] = "\033[J", inverse[] = "\033[7m", plain[] = "\033[m";

/* A process and the share of one processor it had since the last picture. */
struct row {
	struct process process;
	unsigned long long share; /* permille */
};

static struct {
	struct row *rows;
	size_t count;
	unsigned long long uptime;
	unsigned long long state[STATES], state_before[STATES];
	unsigned long long total, unused, cache; /* KiB */
	char load[32];
} now;

static struct {
	bool batch;
	long long count; /* pictures left; < 0: no end */
	long long tenths;
	char sort; /* P by processor, M by memory, N by number */
} option = { .count = -1, .tenths = 30, .sort = 'P' };

static struct termios cooked;
static bool raw;

/* ---- taking a picture ---- */

static unsigned long long used(const struct process *p)
{
	return p->user + p->kernel;
}

/* What p had used at the last picture; all of it if it is new. */
static unsigned long long used_before(const struct row *rows, size_t count, const struct process *p)
{
	for (size_t i = 0; i < count; i++) {
		if (rows[i].process.pid == p->pid && rows[i].process.start == p->start)
			return used(&rows[i].process);
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	if (option.sort == 'P' && x->share != y->share)
		return x->share < y->share ? 1 : -1;
	if (option.sort == 'M' && x->process.resident != y->process.resident)
		return x->process.resident < y->process.resident ? 1 : -1;
	return x->process.pid < y->process.pid ? -1 : 1;
}

static void take_processes(void)
{
	struct row *before = now.rows;
	size_t count = now.count;
	unsigned long long last = now.uptime, time;
	struct process *list;

	now.count = procinfo_all(&list);
	now.uptime = procinfo_uptime();
	time = now.uptime - last;
	now.rows = prog_grow(NULL, now.count * sizeof(*now.rows) + 1);
	for (size_t i = 0; i < now.count; i++) {
		unsigned long long spent = used(&list[i]) - used_before(before, count, &list[i]);

		now.rows[i].process = list[i];
		now.rows[i].share = time ? spent * PERMILLE / time : 0;
	}
	free(list);
	free(before);
	qsort(now.rows, now.count, sizeof(*now.rows), compare);
}

static void take_machine(void)
{
	char text[2 * PROCINFO_TEXT];

	memcpy(now.state_before, now.state, sizeof(now.state));
	procinfo_need("/proc/stat", text, sizeof(text));
	sscanf(text, "cpu %llu %llu %llu %llu", &now.state[0], &now.state[1], &now.state[2],
	       &now.state[3]);
	procinfo_need("/proc/meminfo", text, sizeof(text));
	now.total = procinfo_field(text, "MemTotal:");
	now.unused = procinfo_field(text, "MemFree:");
	now.cache = procinfo_field(text, "Buffers:") + procinfo_field(text, "Cached:");
	procinfo_need("/proc/loadavg", text, sizeof(text));
	snprintf(now.load, sizeof(now.load), "%.*s", (int)strcspn(text, "/"), text);
	*strrchr(now.load, ' ') = '\0'; /* the number before the slash */
}

/* ---- showing it ---- */

static int left; /* rows of the screen */
static int columns;

__attribute__((format(printf, 1, 2))) static void put_line(const char *format, ...)
{
	char text[PROCINFO_TEXT];
	va_list args;

	if (left-- <= 0)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("%.*s%s\n", option.batch ? (int)sizeof(text) : columns, text,
	       option.batch ? "" : to_end_of_line);
}

static unsigned long long count_state(const char *letters)
{
	unsigned long long n = 0;

	for (size_t i = 0; i < now.count; i++)
		n += strchr(letters, now.rows[i].process.state) != NULL;
	return n;
}

static void put_head(void)
{
	unsigned long long d[STATES], sum = 0, seconds = now.uptime / PROCINFO_TICKS;
	time_t time_now = time(NULL);
	char clock[16];

	for (size_t i = 0; i < STATES; i++)
		sum += d[i] = now.state[i] - now.state_before[i];
	for (size_t i = 0; i < STATES; i++)
		d[i] = sum ? d[i] * PERMILLE / sum : 0;
	strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&time_now));
	put_line("top - %s up %llu:%02llu, load average: %s", clock, seconds / 3600,
		 seconds % 3600 / 60, now.load);
	put_line("Tasks: %zu total, %llu running, %llu sleeping, %llu stopped, %llu zombie",
		 now.count, count_state("R"), count_state("SD"), count_state("T"),
		 count_state("Z"));
	put_line("%%Cpu(s): %llu.%llu us, %llu.%llu sy, %llu.%llu id", (d[0] + d[1]) / 10,
		 (d[0] + d[1]) % 10, d[2] / 10, d[2] % 10, d[3] / 10, d[3] % 10);
	put_line("KiB Mem: %llu total, %llu free, %llu used, %llu buff/cache", now.total,
		 now.unused, now.total - now.unused - now.cache, now.cache);
	put_line("%s", "");
}

static void put_row(const struct row *row)
{
	const struct process *p = &row->process;
	unsigned long long kib = (unsigned long long)p->resident * PROCINFO_PAGE_KIB;
	unsigned long long memory = now.total ? kib * PERMILLE / now.total : 0;
	char user[OWNER_BYTES], args[PROCINFO_TEXT / 4];

	put_line("%5d %-8s %3d %7llu %6llu %c %3llu.%llu %3llu.%llu %4llu:%02llu.%02llu %s", p->pid,
		 owner_user(p->uid, user), p->priority, p->size / KIB, kib, p->state,
		 row->share / 10, row->share % 10, memory / 10, memory % 10,
		 used(p) / PROCINFO_TICKS / 60, used(p) / PROCINFO_TICKS % 60,
		 used(p) % PROCINFO_TICKS, procinfo_args(p, args, sizeof(args)));
}

static void measure_screen(void)
{
	struct winsize size;

	left = ROWS;
	columns = COLUMNS;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > HEAD_ROWS) {
		left = size.ws_row;
		columns = size.ws_col;
	}
	left--; /* the cursor's own */
	if (option.batch)
		left = INT32_MAX;
}

static void show(void)
{
	static bool again;

	take_machine();
	take_processes();
	measure_screen();
	if (!option.batch)
		printf("%s", again ? home : clear_screen);
	else if (again)
		putchar('\n');
	again = true;
	put_head();
	if (!option.batch)
		printf("%s", inverse);
	put_line("%5s %-8s %3s %7s %6s %c %5s %5s %10s %s", "PID", "USER", "PR", "VIRT", "RES", 'S',
		 "%CPU", "%MEM", "TIME+", "COMMAND");
	if (!option.batch)
		printf("%s", plain);
	for (size_t i = 0; i < now.count; i++)
		put_row(&now.rows[i]);
	if (!option.batch)
		printf("%s", to_end_of_screen);
	fflush(stdout);
}

/* ---- waiting ---- */

static void go_raw(void)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, &cooked) < 0)
		return;
	t = cooked;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = (cc_t)(option.tenths < TENTHS_MAX ? option.tenths : TENTHS_MAX);
	raw = tcsetattr(STDIN_FILENO, TCSANOW, &t) == 0;
}

static void wait_delay(void)
{
	struct timespec delay = { option.tenths / 10, option.tenths % 10 * 100000000L };

	nanosleep(&delay, NULL);
}

/* False: the end is wanted. */
static bool wait_key(void)
{
	char key;

	if (!raw) {
		wait_delay();
		return true;
	}
	if (read(STDIN_FILENO, &key, 1) != 1)
		return true;
	if (strchr("PMN", key))
		option.sort = key;
	return key != 'q' && key != CONTROL_C;
}

static long long parse_delay(const char *text)
{
	const char *dot = strchr(text, '.');
	long long tenths = strtoll(text, NULL, 10) * 10;

	if (dot && dot[1] >= '0' && dot[1] <= '9')
		tenths += dot[1] - '0';
	if (tenths <= 0)
		prog_diex("%s: not a delay", text);
	return tenths;
}

int main(int argc, char **argv)
{
	int letter;

	prog_begin("top",
		   "[-b] [-d SECONDS] [-n COUNT]\n"
		   "  -b  pictures one below the other, no keys: for files and pipes\n"
		   "  -d  the time between two pictures (default: 3)\n"
		   "  -n  so many pictures\n"
		   "Keys: q ends; P, M, N sort by processor, memory, number; others look again.",
		   argc, argv);
	while ((letter = getopt(argc, argv, "bd:n:")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 'b')
			option.batch = true;
		else if (letter == 'd')
			option.tenths = parse_delay(optarg);
		else
			option.count = prog_count(optarg, 1);
	}
	if (optind < argc)
		prog_usage(1);
	if (!option.batch && isatty(STDIN_FILENO))
		go_raw();
	for (;;) {
		show();
		if (option.count > 0 && --option.count == 0)
			break;
		if (option.batch)
			wait_delay();
		else if (!wait_key())
			break;
	}
	if (raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
	return prog_finish(0);
}
