/* SPDX-License-Identifier: MIT */
/* /proc: the same questions to Linux and to us; formats parse, and what they say is true. */
#define _GNU_SOURCE
#include "ktap.h"
#include "slurp.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

static const char *slurp_of(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return slurp(path) >= 0 ? text : NULL;
}

/* Field n of /proc/PID/stat, from 1; those behind the name. */
static long long stat_field(pid_t pid, int n)
{
	char *at = NULL;

	if (slurp_of(pid, "stat"))
		at = strrchr(text, ')');
	for (int i = 2; at && i < n; i++)
		at = strchr(at + 1, ' ');
	return at ? strtoll(at + 1, NULL, 10) : -1;
}

static char stat_state(pid_t pid)
{
	char *at = slurp_of(pid, "stat") ? strrchr(text, ')') : NULL;

	return at ? at[2] : '?';
}

static long long status_field(const char *key)
{
	char *at = slurp("/proc/self/status") > 0 ? strstr(text, key) : NULL;

	return at ? strtoll(at + strlen(key), NULL, 10) : -1;
}

static void stat_tells_who_one_is(void)
{
	char name[32];
	int pid;
	char state;

	EXPECT(slurp("/proc/self/stat") > 0);
	EXPECT_EQ(sscanf(text, "%d (%31[^)]) %c", &pid, name, &state), 3);
	EXPECT_EQ(pid, getpid());
	EXPECT_STR(name, "procfs");
	EXPECT_EQ(state, 'R');
	EXPECT_EQ(stat_field(getpid(), 4), getppid());
	EXPECT_EQ(stat_field(getpid(), 5), getpgrp());
	EXPECT_EQ(stat_field(getpid(), 6), getsid(0));
	EXPECT_EQ(stat_field(getpid(), 20), 1); /* threads */
	EXPECT(slurp("/proc/self/stat") > 0);
	pid = 0;
	for (char *at = strrchr(text, ')'); at; at = strchr(at + 1, ' '))
		pid++;
	EXPECT_EQ(pid + 1, 52);
}

static void status_agrees(void)
{
	EXPECT(slurp("/proc/self/status") > 0);
	EXPECT(!strncmp(text, "Name:\tprocfs\n", 13));
	EXPECT(strstr(text, "\nState:\tR (running)\n") != NULL);
	EXPECT_EQ(status_field("\nPid:\t"), getpid());
	EXPECT_EQ(status_field("\nTgid:\t"), getpid());
	EXPECT_EQ(status_field("\nPPid:\t"), getppid());
	EXPECT_EQ(status_field("\nUid:\t"), getuid());
	EXPECT_EQ(status_field("\nGid:\t"), getgid());
	EXPECT_EQ(status_field("\nThreads:\t"), 1);
	EXPECT(status_field("\nVmRSS:\t") > 0);
	EXPECT(status_field("\nVmSize:\t") >= status_field("\nVmRSS:\t"));
}

static void used_time_grows_and_start_stays(void)
{
	long long before = stat_field(getpid(), 14) + stat_field(getpid(), 15), now = before;
	long long start = stat_field(getpid(), 22);
	time_t limit = time(NULL) + 60;

	while (now < before + 5 && time(NULL) < limit) {
		for (volatile int i = 0; i < 1000000; i++)
			;
		now = stat_field(getpid(), 14) + stat_field(getpid(), 15);
	}
	EXPECT(now >= before + 5);
	EXPECT_EQ(stat_field(getpid(), 22), start);
}

static void resident_size_follows_use(void)
{
	enum { PAGES = 100, PAGE = 4096 };
	long long size = stat_field(getpid(), 23), resident = stat_field(getpid(), 24);
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);
	long long faults;

	EXPECT(p != MAP_FAILED);
	EXPECT_EQ(stat_field(getpid(), 23), size + PAGES * PAGE);
	faults = stat_field(getpid(), 10);
	for (int i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	EXPECT(stat_field(getpid(), 24) >= resident + PAGES / 2); /* Linux counts in batches */
	EXPECT(stat_field(getpid(), 10) >= faults + PAGES);
	EXPECT_OK(munmap(p, PAGES * PAGE));
	EXPECT_EQ(stat_field(getpid(), 23), size);
}

static void states_are_told(void)
{
	pid_t child = fork();
	time_t limit = time(NULL) + 60;

	if (child == 0) {
		sleep(1000);
		_exit(0);
	}
	while (stat_state(child) != 'S' && time(NULL) < limit)
		usleep(1000);
	EXPECT_EQ(stat_state(child), 'S');
	EXPECT_OK(kill(child, SIGSTOP));
	while (stat_state(child) != 'T' && time(NULL) < limit)
		usleep(1000);
	EXPECT_EQ(stat_state(child), 'T');
	EXPECT_OK(kill(child, SIGKILL));
	while (stat_state(child) != 'Z' && time(NULL) < limit)
		usleep(1000);
	EXPECT_EQ(stat_state(child), 'Z');
	EXPECT(slurp_of(child, "cmdline") && text[0] == '\0'); /* a zombie keeps no memory */
	EXPECT(slurp_of(child, "maps") && text[0] == '\0');
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT(slurp_of(child, "stat") == NULL);
}

/* Threads that wait for a disk, anybody's. */
static int blocked_now(void)
{
	static const char key[] = "\nprocs_blocked ";
	char *at = slurp("/proc/stat") > 0 ? strstr(text, key) : NULL;

	return at ? atoi(at + strlen(key)) : -1;
}

static void a_stopped_process_is_no_load(void)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		sleep(1000);
		_exit(0);
	}
	EXPECT_OK(kill(child, SIGSTOP));
	EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
	usleep(20000); /* it sleeps by now */
	for (int i = 0; i < 500 && blocked_now() > 0; i++)
		usleep(10000);
	EXPECT_EQ(blocked_now(), 0);
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_EQ(waitpid(child, &status, 0), child);
}

/* The line of maps that holds the address; true if it has these permissions and that end. */
static int map_line(const void *address, const char *permissions, const char *end)
{
	unsigned long from, to;
	char perms[8];

	slurp("/proc/self/maps");
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, perms) != 3)
			return 0;
		if ((unsigned long)address < from || (unsigned long)address >= to)
			continue;
		return !strcmp(perms, permissions) && strlen(line) >= strlen(end) &&
		       !strcmp(line + strlen(line) - strlen(end), end);
	}
	return 0;
}

static void maps_show_the_regions(void)
{
	int on_stack = 0;

	EXPECT(map_line((void *)(unsigned long)maps_show_the_regions, "r-xp", "/procfs"));
	EXPECT(map_line(&on_stack, "rw-p", "[stack]"));
	EXPECT(map_line(text, "rw-p", ""));
}

static void words_and_environment_are_shown(void)
{
	char start[16] = "";
	int fd = open("/proc/self/cmdline", O_RDONLY);

	EXPECT(slurp("/proc/self/cmdline") > 0);
	EXPECT(strstr(text, "procfs") != NULL);
	/* Small reads at odd places give the same. */
	EXPECT_EQ(pread(fd, start, 3, 1), 3);
	EXPECT(!memcmp(start, text + 1, 3));
	EXPECT_EQ(lseek(fd, 2, SEEK_SET), 2);
	EXPECT_EQ(read(fd, start, 1), 1);
	EXPECT_EQ(start[0], text[2]);
	EXPECT_EQ(read(fd, start, 0), 0);
	EXPECT_EQ(pread(fd, start, 8, 1 << 20), 0);
	close(fd);
	EXPECT(slurp("/proc/self/environ") > 0);
	EXPECT(memmem(text, TEXT, "PATH=", 5) != NULL);
}

static void comm_follows_exec(void)
{
	char *argv[] = { "sh", "-c", "read line </proc/self/comm; [ \"$line\" = sh ]", NULL };
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		execv("/bin/sh", argv);
		_exit(9);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(status, 0);
	EXPECT(slurp("/proc/self/comm") > 0);
	EXPECT_STR(text, "procfs\n");
}

static void link_expect(const char *path, const char *wanted)
{
	char target[512] = "";

	EXPECT(readlink(path, target, sizeof(target) - 1) > 0);
	EXPECT_STR(target, wanted);
}

static void links_name_files(void)
{
	char here[400], wanted[512], path[64], number[16];
	struct stat a, b;
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT(getcwd(here, sizeof(here)) != NULL);
	snprintf(wanted, sizeof(wanted), "%s/file", here);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	snprintf(number, sizeof(number), "%d", getpid());
	link_expect("/proc/self", number);
	link_expect("/proc/self/cwd", here);
	link_expect("/proc/self/root", "/");
	link_expect(path, wanted);
	EXPECT_OK(rename("file", "other"));
	snprintf(wanted, sizeof(wanted), "%s/other", here);
	link_expect(path, wanted);
	EXPECT_OK(stat(path, &a));
	EXPECT_OK(fstat(fd, &b));
	EXPECT(a.st_ino == b.st_ino && a.st_dev == b.st_dev);
	EXPECT_OK(lstat(path, &a));
	EXPECT(S_ISLNK(a.st_mode));
	unlink("other");
	close(fd);
	EXPECT_ERR(readlink(path, wanted, sizeof(wanted)), ENOENT);
}

/* Opening the link reaches a file that has no name any more, and pipes. */
static void links_open_what_they_lead_to(void)
{
	char path[64], byte = 0;
	int ends[2], fd = open("file", O_RDWR | O_CREAT, 0600), again;

	EXPECT_EQ(write(fd, "abc", 3), 3);
	unlink("file");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY);
	EXPECT(again >= 0);
	EXPECT_EQ(read(again, &byte, 1), 1);
	EXPECT_EQ(byte, 'a');
	close(again);
	again = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600); /* as a shell's > does */
	EXPECT(again >= 0);
	EXPECT_EQ(lseek(fd, 0, SEEK_END), 0);
	close(again);
	close(fd);
	EXPECT_OK(pipe(ends));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[1]);
	again = open(path, O_WRONLY);
	EXPECT(again >= 0);
	EXPECT_EQ(write(again, "x", 1), 1);
	close(again);
	close(ends[1]);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	again = open(path, O_RDONLY);
	EXPECT(again >= 0);
	close(ends[0]);
	EXPECT_EQ(read(again, &byte, 1), 1);
	EXPECT_EQ(byte, 'x');
	EXPECT_EQ(read(again, &byte, 1), 0); /* nobody writes any more */
	close(again);
}

/* A link that leads to a descriptor of itself, and more links than a path may have. */
static void links_to_links_end(void)
{
	char path[2048] = "/proc/self/fd/3";
	int link, fd = open("/dev/null", O_RDONLY);
	struct stat st;

	EXPECT_EQ(dup2(fd, 3), 3);
	link = open(path, O_PATH | O_NOFOLLOW);
	EXPECT(link >= 0);
	EXPECT_EQ(dup2(link, 3), 3);
	EXPECT_OK(stat(path, &st));
	EXPECT(S_ISLNK(st.st_mode));
	EXPECT_ERR(open(path, O_RDONLY), ELOOP);
	EXPECT_ERR(open(path, O_RDWR | O_CREAT, 0600), ELOOP);
	EXPECT_ERR(stat("/proc/self/fd/3/", &st), ENOTDIR);
	EXPECT_ERR(stat("/proc/self/fd/3/x", &st), ENOTDIR);
	close(link);
	link = open("/", O_RDONLY | O_DIRECTORY);
	EXPECT_EQ(dup2(link, 3), 3);
	EXPECT_OK(stat(path, &st));
	for (int i = 0; i < 50; i++)
		strcat(path, "/proc/self/fd/3");
	EXPECT_ERR(stat(path, &st), ELOOP);
	close(link);
	close(fd);
	close(3);
}

static void files_of_the_system_parse(void)
{
	unsigned long long a, b, c, d;
	unsigned f1, f2;

	EXPECT(slurp("/proc/uptime") > 0);
	EXPECT_EQ(sscanf(text, "%llu.%u %llu.%u\n", &a, &f1, &b, &f2), 4);
	EXPECT(slurp("/proc/loadavg") > 0);
	EXPECT_EQ(sscanf(text, "%llu.%2u %llu.%2u %*u.%*2u %u/", &a, &f1, &b, &f2, &f1), 5);
	EXPECT(slurp("/proc/stat") > 0);
	EXPECT_EQ(sscanf(text, "cpu  %llu %llu %llu %llu", &a, &b, &c, &d), 4);
	EXPECT(strstr(text, "\ncpu0 ") && strstr(text, "\nintr ") && strstr(text, "\nctxt ") &&
	       strstr(text, "\nbtime ") && strstr(text, "\nprocesses ") &&
	       strstr(text, "\nprocs_running "));
	EXPECT(slurp("/proc/meminfo") > 0);
	EXPECT_EQ(sscanf(text, "MemTotal: %llu kB\nMemFree: %llu kB\nMemAvailable: %llu kB", &a, &b,
			 &c),
		  3);
	EXPECT(a > b && c <= a);
	EXPECT(slurp("/proc/filesystems") > 0);
	EXPECT(strstr(text, "nodev\tproc\n") != NULL);
	EXPECT(slurp("/proc/mounts") > 0);
	EXPECT(strstr(text, " /proc proc ") != NULL);
	EXPECT(slurp("/proc/cpuinfo") > 0);
	EXPECT(strstr(text, "processor\t: 0\n") && strstr(text, "\nflags\t\t: "));
	EXPECT(slurp("/proc/partitions") > 0);
	EXPECT(!strncmp(text, "major minor  #blocks  name\n\n", 28));
	EXPECT(slurp("/proc/devices") > 0);
	EXPECT(!strncmp(text, "Character devices:\n", 19) && strstr(text, "\nBlock devices:\n"));
	EXPECT(slurp("/proc/version") > 0);
	EXPECT(strstr(text, " version ") != NULL);
	EXPECT(slurp("/proc/sys/kernel/pid_max") > 0);
	EXPECT(atoi(text) >= 301);
}

static void idle_and_busy_time_pass(void)
{
	unsigned long long a[4] = { 0 }, b[4] = { 0 };
	time_t limit = time(NULL) + 2;

	slurp("/proc/stat");
	sscanf(text, "cpu %llu %llu %llu %llu", &a[0], &a[1], &a[2], &a[3]);
	while (time(NULL) < limit)
		;
	slurp("/proc/stat");
	sscanf(text, "cpu %llu %llu %llu %llu", &b[0], &b[1], &b[2], &b[3]);
	EXPECT(b[0] + b[1] + b[2] >= a[0] + a[1] + a[2] + 50); /* of at least a second */
	EXPECT(b[3] >= a[3]);
}

static void not_for_others(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/environ", getppid());
	EXPECT_OK(setuid(65533));
	EXPECT_ERR(open(path, O_RDONLY), EACCES);
	snprintf(path, sizeof(path), "/proc/%d/fd/0", getppid());
	EXPECT_ERR(open(path, O_RDONLY), EACCES);
	snprintf(path, sizeof(path), "/proc/%d/maps", getppid());
	EXPECT_ERR(open(path, O_RDONLY), EACCES);
	snprintf(path, sizeof(path), "/proc/%d/cwd", getppid());
	EXPECT_ERR(readlink(path, text, sizeof(text)), EACCES);
	snprintf(path, sizeof(path), "/proc/%d/status", getppid());
	EXPECT_EQ(close(open(path, O_RDONLY)), 0);
}

static void what_is_private_stays_so(void)
{
	if (getuid() != 0)
		SKIP("only root becomes somebody else");
	EXPECT_EQ(ktap_child(not_for_others), 0);
}

static void nothing_can_be_made_there(void)
{
	EXPECT_EQ(open("/proc/new", O_CREAT | O_RDWR, 0600), -1);
	EXPECT_EQ(mkdir("/proc/new", 0700), -1);
	EXPECT_EQ(unlink("/proc/uptime"), -1);
	EXPECT_EQ(rename("/proc/uptime", "/proc/new"), -1);
	EXPECT_EQ(rmdir("/proc/self/task"), -1);
	EXPECT_ERR(open("/proc/self/nothing", O_RDONLY), ENOENT);
	EXPECT_ERR(open("/proc/99999999", O_RDONLY), ENOENT);
	EXPECT_ERR(open("/proc/01", O_RDONLY), ENOENT);
}

static void a_program_that_ended_gives_esrch(void)
{
	char path[64], byte;
	pid_t child = fork();
	int fd, dir;

	if (child == 0) {
		sleep(1000);
		_exit(0);
	}
	snprintf(path, sizeof(path), "/proc/%d/stat", child);
	fd = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d", child);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	EXPECT(fd >= 0 && dir >= 0);
	EXPECT_OK(kill(child, SIGKILL));
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_ERR(read(fd, &byte, 1), ESRCH);
	EXPECT_EQ(openat(dir, "stat", O_RDONLY), -1);
	close(fd);
	close(dir);
}

static const struct ktap_test tests[] = {
	KTAP(stat_tells_who_one_is),
	KTAP(status_agrees),
	KTAP(used_time_grows_and_start_stays),
	KTAP(resident_size_follows_use),
	KTAP(states_are_told),
	KTAP(a_stopped_process_is_no_load),
	KTAP(maps_show_the_regions),
	KTAP(words_and_environment_are_shown),
	KTAP(comm_follows_exec),
	KTAP(links_name_files),
	KTAP(links_open_what_they_lead_to),
	KTAP(links_to_links_end),
	KTAP(files_of_the_system_parse),
	KTAP(idle_and_busy_time_pass),
	KTAP(what_is_private_stays_so),
	KTAP(nothing_can_be_made_there),
	KTAP(a_program_that_ended_gives_esrch),
};

KTAP_MAIN(tests)
