/* SPDX-License-Identifier: MIT */
/* The columns of ps: one function each. */
#include <time.h>

#include "columns.h"
#include "../owner.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, KIB = 1024, PERMILLE = 1000 };

#define COLUMN_FN(name) \
	static void name(const struct process *p, const struct context *c, char *text, size_t size)
#define NUMBER(name, format, value) \
	COLUMN_FN(name) \
	{ \
		(void)c; \
		snprintf(text, size, format, value); \
	}

NUMBER(pid, "%d", p->pid)
NUMBER(ppid, "%d", p->parent)
NUMBER(pgid, "%d", p->group)
NUMBER(sid, "%d", p->session)
NUMBER(uid, "%lu", (unsigned long)p->uid)
NUMBER(comm, "%s", p->name)
NUMBER(niceness, "%d", p->nice)
NUMBER(priority, "%d", p->priority)
NUMBER(threads, "%d", p->threads)
NUMBER(processor, "%d", p->cpu)
NUMBER(vsz, "%llu", p->size / KIB)
NUMBER(rss, "%llu", (unsigned long long)p->resident *PROCINFO_PAGE_KIB)
NUMBER(state, "%c", p->state)

COLUMN_FN(user)
{
	char name[OWNER_BYTES];

	(void)c;
	snprintf(text, size, "%s", owner_user(p->uid, name));
}

COLUMN_FN(tty)
{
	char name[PROCINFO_NAME];

	(void)c;
	snprintf(text, size, "%s", procinfo_tty(p->tty, name));
}

COLUMN_FN(args)
{
	(void)c;
	procinfo_args(p, text, size);
}

/* Session leader, several threads, in the foreground. */
COLUMN_FN(status)
{
	(void)c;
	snprintf(text, size, "%c%s%s%s", p->state, p->session == p->pid ? "s" : "",
		 p->threads > 1 ? "l" : "", p->foreground == p->group ? "+" : "");
}

static unsigned long long seconds_used(const struct process *p)
{
	return (p->user + p->kernel) / PROCINFO_TICKS;
}

static unsigned long long age(const struct process *p, const struct context *c)
{
	return c->uptime > p->start ? c->uptime - p->start : 0;
}

static void put_duration(unsigned long long seconds, bool hours, char *text, size_t size)
{
	unsigned days = (unsigned)(seconds / DAY), h = seconds % DAY / HOUR,
		 m = seconds % HOUR / MINUTE, s = seconds % MINUTE;

	if (days)
		snprintf(text, size, "%u-%02u:%02u:%02u", days, h, m, s);
	else if (h || hours)
		snprintf(text, size, "%02u:%02u:%02u", h, m, s);
	else
		snprintf(text, size, "%02u:%02u", m, s);
}

COLUMN_FN(cputime)
{
	(void)c;
	put_duration(seconds_used(p), true, text, size);
}

COLUMN_FN(bsdtime)
{
	unsigned long long used = seconds_used(p);

	(void)c;
	snprintf(text, size, "%llu:%02llu", used / MINUTE, used % MINUTE);
}

COLUMN_FN(etime)
{
	put_duration(age(p, c) / PROCINFO_TICKS, false, text, size);
}

/* The share of its life that it ran, in tenths of a percent. */
COLUMN_FN(pcpu)
{
	unsigned long long life = age(p, c);
	unsigned long long share = life ? (p->user + p->kernel) * PERMILLE / life : 0;

	snprintf(text, size, "%llu.%llu", share / 10, share % 10);
}

COLUMN_FN(pmem)
{
	unsigned long long kib = (unsigned long long)p->resident * PROCINFO_PAGE_KIB;
	unsigned long long share = c->memory ? kib * PERMILLE / c->memory : 0;

	snprintf(text, size, "%llu.%llu", share / 10, share % 10);
}

COLUMN_FN(cpu_whole)
{
	unsigned long long life = age(p, c);

	snprintf(text, size, "%llu", life ? (p->user + p->kernel) * 100 / life : 0);
}

COLUMN_FN(start)
{
	time_t when = c->boot + (time_t)(p->start / PROCINFO_TICKS);

	strftime(text, size, age(p, c) / PROCINFO_TICKS < DAY ? "%H:%M" : "%b%d", localtime(&when));
}

static const struct column columns[] = {
	{ "pid", "PID", 5, false, pid },
	{ "ppid", "PPID", 5, false, ppid },
	{ "pgid", "PGID", 5, false, pgid },
	{ "sid", "SID", 5, false, sid },
	{ "user", "USER", 8, true, user },
	{ "uid", "UID", 5, false, uid },
	{ "comm", "COMMAND", 15, true, comm },
	{ "args", "COMMAND", 27, true, args },
	{ "cmd", "CMD", 27, true, args },
	{ "tty", "TTY", 6, true, tty },
	{ "s", "S", 1, true, state },
	{ "stat", "STAT", 4, true, status },
	{ "time", "TIME", 8, false, cputime },
	{ "bsdtime", "TIME", 6, false, bsdtime },
	{ "etime", "ELAPSED", 11, false, etime },
	{ "start", "START", 5, false, start },
	{ "stime", "STIME", 5, false, start },
	{ "c", "C", 2, false, cpu_whole },
	{ "pcpu", "%CPU", 4, false, pcpu },
	{ "%cpu", "%CPU", 4, false, pcpu },
	{ "pmem", "%MEM", 4, false, pmem },
	{ "%mem", "%MEM", 4, false, pmem },
	{ "vsz", "VSZ", 6, false, vsz },
	{ "rss", "RSS", 5, false, rss },
	{ "ni", "NI", 3, false, niceness },
	{ "pri", "PRI", 3, false, priority },
	{ "nlwp", "NLWP", 4, false, threads },
	{ "psr", "PSR", 3, false, processor },
};

const struct column *column_find(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (strlen(columns[i].name) == length &&
		    strncmp(columns[i].name, name, length) == 0)
			return &columns[i];
	}
	return NULL;
}

void column_names(FILE *to)
{
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		fprintf(to, "%s%s", i ? " " : "", columns[i].name);
	fputc('\n', to);
}
