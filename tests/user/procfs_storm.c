/* SPDX-License-Identifier: MIT */
/* Everything in /proc is read, at odd offsets and in odd sizes, while processes come and go:
 * whatever a read gives, the system stands, and nothing is lost. */
#define _GNU_SOURCE
#include "ktap.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <time.h>

enum { SECONDS = 2, MAKERS = 3, READERS = 3, DEPTH = 4, PATH = 512 };

static unsigned long seed;

static unsigned next_random(unsigned limit)
{
	seed = seed * 1103515245 + 12345;
	return (unsigned)(seed >> 16) % limit;
}

/* Makes processes that end at once, some after an exec. */
static void make_processes(void)
{
	char *argv[] = { "true", NULL };

	for (time_t end = time(NULL) + SECONDS; time(NULL) < end;) {
		pid_t child = fork();

		if (child == 0) {
			if (next_random(2))
				execvp("true", argv);
			_exit(0);
		}
		seed++;
		waitpid(child, NULL, 0);
	}
}

static void read_file(const char *path)
{
	char buf[700];
	int fd = open(path, O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		return;
	for (int i = 0; i < 3; i++) {
		ssize_t n = pread(fd, buf, next_random(sizeof(buf)), next_random(2000));

		EXPECT(n >= 0 || errno == ESRCH || errno == EACCES || errno == EINVAL ||
		       errno == EIO || errno == ENOENT || errno == EPERM || errno == EAGAIN);
		lseek(fd, next_random(900), SEEK_SET);
		n = read(fd, buf, 1 + next_random(64));
		EXPECT(n <= 64);
	}
	close(fd);
}

/* Only what we have, too: Linux has files there that do things. */
static int is_known(const char *name)
{
	static const char *const known[] = {
		"cmdline", "comm",    "cwd",     "environ", "exe",     "fd",     "limits",
		"maps",    "mounts",  "root",    "stat",    "statm",   "status", "task",
		"uptime",  "meminfo", "loadavg", "version", "cpuinfo",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (!strcmp(name, known[i]))
			return 1;
	}
	return isdigit((unsigned char)name[0]) != 0;
}

static void read_tree(const char *path, int depth)
{
	DIR *directory = depth < DEPTH ? opendir(path) : NULL;
	struct dirent *entry;
	char inner[PATH], target[PATH];

	while (directory && (entry = readdir(directory)) != NULL) {
		if (!is_known(entry->d_name) || strlen(path) > 100)
			continue;
		snprintf(inner, sizeof(inner), "%.200s/%.200s", path, entry->d_name);
		if (entry->d_type == DT_DIR)
			read_tree(inner, depth + 1);
		else if (entry->d_type == DT_LNK)
			EXPECT(readlink(inner, target, sizeof(target)) != 0);
		else
			read_file(inner);
	}
	if (directory)
		closedir(directory);
}

static void read_all(void)
{
	for (time_t end = time(NULL) + SECONDS; time(NULL) < end;)
		read_tree("/proc", 0);
}

static void reading_beside_a_storm_of_processes(void)
{
	pid_t child[MAKERS + READERS];
	int status;

	for (int i = 0; i < MAKERS + READERS; i++) {
		seed = (unsigned long)i * 7919 + 1;
		fflush(stdout);
		child[i] = fork();
		if (child[i] == 0) {
			ktap_failures = 0;
			(i < MAKERS ? make_processes : read_all)();
			fflush(stdout);
			_exit(ktap_failures != 0);
		}
	}
	for (int i = 0; i < MAKERS + READERS; i++) {
		EXPECT_EQ(waitpid(child[i], &status, 0), child[i]);
		EXPECT_EQ(status, 0);
	}
}

static const struct ktap_test tests[] = { KTAP(reading_beside_a_storm_of_processes) };

KTAP_MAIN(tests)
