/* SPDX-License-Identifier: MIT */
/* leaks [COMMAND...]
 * Runs other tests (or these commands) and looks at free memory and at the number of
 * processes before and after each: what it takes it must give back, to the page. Before each
 * look everything that is only cached is dropped. All run once before, so that what is kept
 * for good is there: the kernel's own tables, the pages of init and of the shell. */
#define _GNU_SOURCE
#include "slurp.h"

#include <libgen.h>
#include <sys/sysinfo.h>

/* An end of a process is complete a moment after its parent was told: so many looks for it. */
enum { LOOKS = 100, SETTLE_US = 20000, CANNOT_RUN = 99, LINE = 256, WORDS = 8 };

/* All but those that take long. */
static const char *const programs[] = {
	"fork_wait", "exec",    "signals",   "ids",         "memory",    "tls",
	"files",     "dirs",    "links",     "rename",      "stat",      "pipes",
	"info",      "badargs", "libc_text", "libc_system", "libc_misc", "descriptors",
};

enum { PROGRAMS = sizeof(programs) / sizeof(programs[0]) };

/* Open all the time: what an open file takes must not be there just when memory is counted. */
static int drop_caches;

/* The system, with nothing of ours running. */
struct look {
	long free_kib;
	int processes;
};

static struct look look_around(void)
{
	struct sysinfo info;

	sync();
	EXPECT_EQ(pwrite(drop_caches, "3", 1, 0), 1);
	EXPECT_OK(sysinfo(&info));
	return (struct look){
		.free_kib = (long)((unsigned long long)info.freeram * info.mem_unit / 1024),
		.processes = info.procs,
	};
}

/* Where the memory is: a line for each kind. */
static void read_kinds(char *kinds)
{
	EXPECT(slurp("/proc/slabinfo") > 0);
	strcpy(kinds, text);
}

/* What there is now and was not before. */
static void show_changes(const char *before)
{
	static char now[TEXT];

	read_kinds(now);
	for (char *rest = now, *line; (line = strsep(&rest, "\n"));)
		if (!strstr(before, line))
			printf("# %s\n", line);
}

/* Words between spaces, the program's first. Output goes nowhere: each also runs, and is judged,
 * alone. */
static void run_child(const char *command)
{
	char line[LINE], *words[WORDS] = { NULL }, *rest = strcpy(line, command);
	int fd = open("/dev/null", O_RDWR);

	for (int i = 0; rest && i < WORDS - 1; i++)
		words[i] = strsep(&rest, " ");
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	close(fd);
	execv(words[0], words);
	_exit(CANNOT_RUN);
}

static void run(const char *command)
{
	int status;
	pid_t child = fork();

	if (child == 0)
		run_child(command);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT(WIFEXITED(status) && WEXITSTATUS(status) != CANNOT_RUN);
}

static void check(const char *command)
{
	static char kinds[TEXT];
	struct look before, after;

	read_kinds(kinds);
	before = look_around();
	run(command);
	after = look_around();
	for (int i = 0; i < LOOKS && memcmp(&before, &after, sizeof(after)); i++) {
		usleep(SETTLE_US);
		after = look_around();
	}
	EXPECT_EQ(after.processes, before.processes);
	EXPECT_EQ(after.free_kib, before.free_kib);
	if (ktap_failures)
		show_changes(kinds);
}

static int check_all(const char *const *commands, int count)
{
	int failed = 0;

	printf("TAP version 14\n1..%d\n", count);
	fflush(stdout);
	for (int i = 0; i < count; i++)
		run(commands[i]);
	for (int i = 0; i < count; i++) {
		ktap_failures = 0;
		check(commands[i]);
		printf("%sok %d - %s gives back what it takes\n", ktap_failures ? "not " : "",
		       i + 1, commands[i]);
		fflush(stdout);
		failed |= ktap_failures;
	}
	return failed != 0;
}

int main(int argc, char **argv)
{
	if (!ktap_is_gatehouse()) {
		printf("TAP version 14\n1..0 # SKIP only where nobody else runs\n");
		return 0;
	}
	if (chdir(dirname(strdup(argv[0])))) /* a name without a path is beside us */
		return 1;
	drop_caches = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	return argc > 1 ? check_all((const char *const *)argv + 1, argc - 1)
			: check_all(programs, PROGRAMS);
}
