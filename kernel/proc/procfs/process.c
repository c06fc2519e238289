/* SPDX-License-Identifier: MIT */
/* Files of a process that show its control block (man 5 proc, /proc/PID/...). */
#include "core/percpu.h"
#include "fs/fdtable.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "proc/oom.h"
#include "proc/procfs/internal.h"
#include "proc/times.h"
#include "vm/inspect.h"

enum {
	PRIORITY = 20, /* of niceness 0 */
	KIB_PER_PAGE = PAGE_SIZE / 1024,
};

/* All zero without memory. */
static int usage_of(const struct procfs_subject *of, struct space_usage *out)
{
	struct space *s;
	int err = subject_space(of, &s);

	*out = (struct space_usage){ 0 };
	if (err || !s)
		return err;
	space_usage(s, out);
	space_put(s);
	return 0;
}

/* utime, stime, cutime, cstime */
static void put_times(struct text *t, const struct process_picture *p)
{
	const struct cputime *own = &p->used.time, *children = &p->children_used.time;

	text_printf(t, " %llu %llu %llu %llu", user_ticks(own->user_ns), user_ticks(own->kernel_ns),
		    user_ticks(children->user_ns), user_ticks(children->kernel_ns));
}

/* Linux's fields in groups; those we have nothing for are 0. */
int show_stat(struct text *t, const struct procfs_subject *of)
{
	struct process_picture p;
	struct space_usage u;
	int err = usage_of(of, &u);

	if (!err)
		err = subject_picture(of, &p);
	if (err)
		return err;
	text_printf(t, "%d (%s) %c %d %d %d %d %d 0", p.id, p.name, p.state, p.parent, p.group,
		    p.session, (int)p.tty, p.tty_group);
	text_printf(t, " %u %u %u %u", p.used.minor_faults, p.children_used.minor_faults,
		    p.used.major_faults, p.children_used.major_faults);
	put_times(t, &p);
	text_printf(t, " %d %d %u 0 %llu", PRIORITY + p.nice, p.nice, p.threads,
		    user_ticks((uint64_t)p.started));
	text_printf(t, " %u %u %u", u.size * PAGE_SIZE, u.resident, UINT32_MAX);
	/* code; the stack's start, esp and eip stay hidden */
	text_printf(t, " %u %u 0 0 0", u.code_start, u.code_end);
	text_printf(t, " %u %u %u %u", (uint32_t)p.pending & INT32_MAX,
		    (uint32_t)p.blocked & INT32_MAX, (uint32_t)p.ignored & INT32_MAX,
		    (uint32_t)p.caught & INT32_MAX);
	/* wchan nswap cnswap exit_signal processor rt_priority policy blkio guest cguest */
	text_printf(t, " 0 0 0 %d %u 0 0 0 0 0", p.exit_signal, p.cpu);
	/* start_data end_data start_brk arg_start arg_end env_start env_end exit_code */
	text_printf(t, " 0 0 %u %u %u %u %u %d\n", p.brk_start, p.args, p.env, p.env, p.env_end,
		    p.exit_status);
	return 0;
}

static const char *state_word(char state)
{
	switch (state) {
	case 'R':
		return "running";
	case 'S':
		return "sleeping";
	case 'D':
		return "disk sleep";
	case 'T':
		return "stopped";
	case 'Z':
		return "zombie";
	default:
		return "dead";
	}
}

static void put_ids(struct text *t, const struct cred *c)
{
	text_printf(t, "Uid:\t%u\t%u\t%u\t%u\n", c->uid, c->euid, c->suid, c->fsuid);
	text_printf(t, "Gid:\t%u\t%u\t%u\t%u\n", c->gid, c->egid, c->sgid, c->fsgid);
}

static void put_memory(struct text *t, const struct space_usage *u)
{
	const struct {
		const char *name;
		uint32_t pages;
	} line[] = {
		{ "VmSize", u->size },     { "VmRSS", u->resident },
		{ "VmLck", u->locked },    { "RssAnon", u->resident - u->cached },
		{ "RssFile", u->cached },  { "VmData", u->data },
		{ "VmStk", u->stack },     { "VmExe", u->text },
		{ "VmLib", u->libraries },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(line); i++)
		text_printf(t, "%s:\t%8u kB\n", line[i].name, line[i].pages * KIB_PER_PAGE);
}

/* Where it may run, as a mask and as ranges; how often it stopped running. */
static void put_scheduling(struct text *t, const struct process_picture *p)
{
	uint32_t mask = p->affinity & (BIT(cpu_count) - 1);
	const char *comma = "";

	text_printf(t, "Cpus_allowed:\t%x\nCpus_allowed_list:\t", mask);
	for (unsigned first = 0, last; first < cpu_count; first = last + 1) {
		last = first;
		if (!(mask & BIT(first)))
			continue;
		while (mask & BIT(last + 1))
			last++;
		text_printf(t, "%s%u", comma, first);
		if (last > first)
			text_printf(t, "-%u", last);
		comma = ",";
	}
	text_printf(t, "\nvoluntary_ctxt_switches:\t%u\nnonvoluntary_ctxt_switches:\t%u\n",
		    p->used.voluntary, p->used.involuntary);
}

int show_status(struct text *t, const struct procfs_subject *of)
{
	struct process_picture p;
	struct space_usage u;
	int err = usage_of(of, &u);

	if (!err)
		err = subject_picture(of, &p);
	if (err)
		return err;
	text_printf(t, "Name:\t%s\nUmask:\t%04o\nState:\t%c (%s)\n", p.name, p.umask, p.state,
		    state_word(p.state));
	text_printf(t, "Tgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t0\n", of->pid, p.id,
		    p.parent);
	put_ids(t, &p.cred);
	text_printf(t, "FDSize:\t%u\nGroups:\t", p.descriptors);
	for (unsigned i = 0; i < p.cred.ngroups; i++)
		text_printf(t, "%u ", p.cred.groups[i]);
	text_printf(t, "\n");
	if (u.size)
		put_memory(t, &u);
	text_printf(t, "Threads:\t%u\nSigPnd:\t%016llx\nShdPnd:\t%016llx\n", p.threads,
		    p.thread_pending, p.pending);
	text_printf(t, "SigBlk:\t%016llx\nSigIgn:\t%016llx\nSigCgt:\t%016llx\n", p.blocked,
		    p.ignored, p.caught);
	put_scheduling(t, &p);
	return 0;
}

int show_statm(struct text *t, const struct procfs_subject *of)
{
	struct space_usage u;
	int err = usage_of(of, &u);

	if (!err)
		text_printf(t, "%u %u %u %u 0 %u 0\n", u.size, u.resident, u.cached, u.text,
			    u.data + u.stack);
	return err;
}

int show_comm(struct text *t, const struct procfs_subject *of)
{
	struct process_picture p;
	int err = subject_picture(of, &p);

	if (!err)
		text_printf(t, "%s\n", p.name);
	return err;
}

int show_oom_score(struct text *t, const struct procfs_subject *of)
{
	struct space_usage u;
	int score = 0, err = usage_of(of, &u);

	if (!err)
		err = subject_oom_score(of, u.resident + u.tables, &score);
	if (!err)
		text_printf(t, "%d\n", score);
	return err;
}

int show_oom_score_adj(struct text *t, const struct procfs_subject *of)
{
	int adj = 0, err = subject_oom_score_adj(of, &adj);

	if (!err)
		text_printf(t, "%d\n", adj);
	return err;
}

int store_oom_score_adj(char *words, const struct procfs_subject *of)
{
	bool negative = words[0] == '-';
	uint64_t n;

	if (parse_u64(words + negative, 10, &n) != 0 || n > OOM_ADJ_MAX)
		return -EINVAL;
	return subject_set_oom_score_adj(of, negative ? -(int)n : (int)n);
}

/* man 5 proc. What the text takes is not counted: the reader wants to know about the
 * calls before.
 */
int show_fail_nth(struct text *t, const struct procfs_subject *of)
{
	uint32_t left = 0, mine = current->ctx.fail_nth;
	int err = subject_fail_nth(of, NULL, &left);

	current->ctx.fail_nth = 0;
	if (!err)
		text_printf(t, "%u\n", left);
	current->ctx.fail_nth = mine;
	return err;
}

int store_fail_nth(char *words, const struct procfs_subject *of)
{
	uint32_t set, was;
	uint64_t n;

	if (parse_u64(words, 10, &n) != 0 || n > INT32_MAX)
		return -EINVAL;
	set = (uint32_t)n;
	return subject_fail_nth(of, &set, &was);
}

static void put_limit(struct text *t, uint64_t value)
{
	if (value == ABI_RLIM64_INFINITY)
		text_printf(t, "%-20s ", "unlimited");
	else
		text_printf(t, "%-20llu ", value);
}

int show_limits(struct text *t, const struct procfs_subject *of)
{
	static const struct {
		const char *name, *unit;
	} line[ABI_RLIMIT_COUNT] = {
		[RLIMIT_CPU] = { "Max cpu time", "seconds" },
		[RLIMIT_FSIZE] = { "Max file size", "bytes" },
		[RLIMIT_DATA] = { "Max data size", "bytes" },
		[RLIMIT_STACK] = { "Max stack size", "bytes" },
		[RLIMIT_CORE] = { "Max core file size", "bytes" },
		[RLIMIT_RSS] = { "Max resident set", "bytes" },
		[RLIMIT_NPROC] = { "Max processes", "processes" },
		[RLIMIT_NOFILE] = { "Max open files", "files" },
		[RLIMIT_MEMLOCK] = { "Max locked memory", "bytes" },
		[RLIMIT_AS] = { "Max address space", "bytes" },
		[RLIMIT_LOCKS] = { "Max file locks", "locks" },
		[RLIMIT_SIGPENDING] = { "Max pending signals", "signals" },
		[RLIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" },
		[RLIMIT_NICE] = { "Max nice priority", "" },
		[RLIMIT_RTPRIO] = { "Max realtime priority", "" },
		[RLIMIT_RTTIME] = { "Max realtime timeout", "us" },
	};
	struct abi_rlimit64 limit[ABI_RLIMIT_COUNT];
	int err = subject_limits(of, limit);

	if (err)
		return err;
	text_printf(t, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (unsigned i = 0; i < ABI_RLIMIT_COUNT; i++) {
		text_printf(t, "%-25s ", line[i].name);
		put_limit(t, limit[i].rlim_cur);
		put_limit(t, limit[i].rlim_max);
		text_printf(t, "%-10s\n", line[i].unit);
	}
	return 0;
}
