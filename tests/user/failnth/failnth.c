/* SPDX-License-Identifier: MIT */
/* Each scene of table.h, again and again, with the first, the second, ... allocation of its call
 * failing, until none does any more (/proc/self/fail-nth, in debug kernels). The call ends with
 * ENOMEM and has done nothing, or does without what it did not get; and no memory is lost.
 *
 * Caches are empty before each run, so that a look-up has something to allocate. Where the kernel
 * has no fail-nth, as on most Linux machines, each scene runs once: it must succeed. */
#include "table.h"

#include "../free_memory.h"
#include "../ktap.h"

#include <sys/mount.h>

enum { FAIL_FD = 9, N_MAX = 500, EXEC_DONE = 40 };

/* What a child tells. */
static struct report {
	long result;
	int left; /* > 0: that allocation did not come */
	int done; /* the call returned */
} * report;

static int has_fail_nth;
static unsigned int pairs, refused, went_on, leaks;

/* ---- fixtures ---- */

static void put(const char *path, const char *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0755);

	EXPECT_EQ(write(fd, bytes, length), length);
	EXPECT_OK(ftruncate(fd, (off_t)length));
	close(fd);
}

static void make_fixtures(void)
{
	char line[300];

	put("f", block, BLOCK);
	EXPECT_OK(symlink("f", "l"));
	EXPECT_OK(mkdir("d", 0755));
	EXPECT_OK(mkdir("d/deep", 0755));
	put("d/deep/er", some_text, 5);
	put("d/old", some_text, 5);
	EXPECT_OK(mkfifo("fifo", 0600));
	snprintf(line, sizeof(line), "#!%s fired\n", this_program);
	put("script", line, strlen(line));
	memset(long_name, 'x', sizeof(long_name) - 1);
	for (int i = 0; i < 300; i++)
		many_polled[i].fd = -1;
	for (int i = 0; i < 80; i += 2) {
		long_iov[i] = (long)(block + i * 100);
		long_iov[i + 1] = 100;
	}
}

static void remove_new(void)
{
	unlink("new");
	rmdir("new");
	unlink("d/new");
	rmdir("d/new");
}

static void remove_fixtures(void)
{
	static const char *const names[] = { "f", "l", "d/deep/er", "d/old", "fifo", "script" };

	remove_new();
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		EXPECT_OK(unlink(names[i]));
	EXPECT_OK(rmdir("d/deep"));
	EXPECT_OK(rmdir("d"));
}

static void move_fd(int fd, int to)
{
	if (fd < 0 || dup2(fd, to) != to)
		_exit(80);
	close(fd);
}

/* In the child: descriptors and memory of scenes.h. */
static void set_the_stage(void)
{
	volatile char *zone = (char *)ZONE, *shared = (char *)SHARED;
	int ends[2];

	move_fd(open("f", O_RDWR), FILE_FD);
	move_fd(open("d", O_RDONLY), DIR_FD);
	if (pipe2(ends, O_NONBLOCK))
		_exit(81);
	move_fd(ends[0], READ_FD);
	move_fd(ends[1], WRITE_FD);
	move_fd(open("/dev/null", O_RDWR), NULL_FD);
	move_fd(open("/dev/zero", O_RDWR), FULL_FD);
	move_fd(dup(STDOUT_FILENO), TTY_FD);
	if (mmap((void *)ZONE, ZONE_PAGES * PAGE, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED ||
	    mmap((void *)SHARED, BLOCK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, FILE_FD,
		 0) == MAP_FAILED)
		_exit(82);
	for (int i = 0; i < ZONE_PAGES; i++)
		zone[i * PAGE] = 1;
	block[0] = shared[0];
	memset(block, 0, sizeof(block)); /* ours alone now, and no page to fault in */
	millisecond[0] = polled[0].revents = 0;
	report->done = 0;
}

/* ---- one run ---- */

static void arm(int n)
{
	char number[16];
	int length = snprintf(number, sizeof(number), "%d", n);

	if (has_fail_nth && pwrite(FAIL_FD, number, (size_t)length, 0) != length)
		_exit(83);
}

static int disarm(void)
{
	char number[16] = "1";

	if (!has_fail_nth)
		return 1;
	if (pread(FAIL_FD, number, sizeof(number) - 1, 0) < 1)
		_exit(84);
	return atoi(number);
}

static long make_call(const struct scene *s)
{
	const void *const *a = s->argument;
	long result;

	if (s->run)
		return s->run();
	result = syscall(number_of(s->call), a[0], a[1], a[2], a[3], a[4], a[5]);
	return result == -1 ? -errno : result;
}

static void play(const struct scene *s, int n)
{
	if (has_fail_nth)
		move_fd(open("/proc/thread-self/fail-nth", O_RDWR), FAIL_FD);
	set_the_stage();
	if (s->prepare)
		s->prepare();
	arm(n);
	report->result = make_call(s);
	report->left = disarm();
	report->done = 1;
	_exit(0);
}

/* This program, started by execve: says by its status whether an allocation failed. */
static int tell_fired(void)
{
	char number[16] = "1";
	int fd = open("/proc/thread-self/fail-nth", O_RDONLY);

	if (fd >= 0)
		read(fd, number, sizeof(number) - 1);
	return EXEC_DONE + (atoi(number) == 0);
}

/* False: the child ended as it must not. */
static int take_report(const struct scene *s, int n, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (code == 0 && report->done)
		return 1;
	if (!strncmp(s->call, "exit", 4) && code == 0) {
		*report = (struct report){ .left = n == 0 || n > 5 };
		return 1;
	}
	if (!strcmp(s->call, "execve") && (code == EXEC_DONE || code == EXEC_DONE + 1)) {
		*report = (struct report){ .left = n == 0 || code == EXEC_DONE };
		return 1;
	}
	if (code == CANNOT_MOUNT && geteuid() != 0) {
		*report = (struct report){ .left = 1, .result = -EPERM };
		return 1;
	}
	printf("# %s, allocation %d: the process ended with %#x\n", s->call, n, (unsigned)status);
	return 0;
}

static int is_error(long result)
{
	return result < 0 && result > -4096;
}

/* What must be there after success, and not after failure; and the other way round. */
static int names_are_right(const struct scene *s, int success)
{
	int good = (!s->makes || ktap_exists(s->makes) == success) &&
		   (!s->removes || ktap_exists(s->removes) == !success);

	if (!good)
		printf("# %s: done by halves\n", s->call);
	return good;
}

static int judge(const struct scene *s, int n)
{
	long wanted = s->error ? -s->error : 0, result = report->result;
	int fired = report->left == 0 && n > 0;
	int as_usual = s->error ? result == wanted : !is_error(result);

	as_usual |= result == -EPERM && geteuid() != 0;

	pairs += fired;
	if (fired && (result == -ENOMEM || (s->also && result == -s->also))) {
		refused++;
		return names_are_right(s, 0);
	}
	went_on += fired;
	if (!as_usual)
		printf("# %s, allocation %d%s: gives %ld\n", s->call, n, fired ? " failed" : "",
		       result);
	return as_usual && names_are_right(s, !is_error(result));
}

/* Plays the scene with allocation n failing. 0: that one never came; -1: something is wrong. */
static int run_once(const struct scene *s, int n)
{
	int status = -1, good;
	pid_t pid;

	put("f", block, BLOCK);
	drop_caches();
	*report = (struct report){ 0 };
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		play(s, n);
	EXPECT_EQ(waitpid(pid, &status, 0), pid);
	good = take_report(s, n, status) && judge(s, n);
	if (!strcmp(s->call, "mount") || !strncmp(s->call, "umount", 6))
		umount2("d", 0);
	remove_new();
	return !good ? -1 : report->left == 0;
}

/* ---- all of them ---- */

static void run_scene(const struct scene *s)
{
	unsigned long before, after;
	int n = 1, fired = run_once(s, 0);

	EXPECT(fired >= 0);
	if (!has_fail_nth)
		return;
	before = free_kib();
	while ((fired = run_once(s, n)) > 0 && n < N_MAX)
		n++;
	EXPECT_EQ(fired, 0);
	after = free_kib_once_all_ended(before);
	if (after < before) {
		printf("# %s: %lu KiB free before, %lu after\n", s->call, before, after);
		leaks++;
	}
	EXPECT(after >= before);
	printf("# %s: %d allocations\n", s->call, n - 1);
}

static int has_scene(const char *call)
{
	for (int i = 0; i < SCENES; i++)
		if (!strcmp(scenes[i].call, call))
			return 1;
	for (unsigned int i = 0; i < sizeof(excused) / sizeof(excused[0]); i++)
		if (!strcmp(excused[i].call, call))
			return 1;
	return 0;
}

static void every_call_has_a_scene(void)
{
	for (unsigned int i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (!has_scene(numbers[i].name))
			printf("# no scene for %s\n", numbers[i].name);
		EXPECT(has_scene(numbers[i].name));
	}
}

static int wanted(const struct scene *s, int argc, char **argv)
{
	if (strchr(s->call, ' ') == NULL && number_of(s->call) < 0)
		return 0; /* the call is not there yet */
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], s->call))
			return 1;
	return argc < 2;
}

int main(int argc, char **argv)
{
	char directory[] = "/tmp/failnth-XXXXXX";
	int failed = 0;

	if (argc > 1 && !strcmp(argv[1], "fired"))
		return tell_fired();
	ktap_find_program(argv[0]);
	snprintf(this_program, sizeof(this_program), "%s", ktap_program);
	report = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!mkdtemp(directory) || chdir(directory) || report == MAP_FAILED)
		return 1;
	has_fail_nth = access("/proc/thread-self/fail-nth", R_OK) == 0;
	drop_fd = has_fail_nth ? open("/proc/sys/vm/drop_caches", O_WRONLY) : -1;
	make_fixtures();
	printf("TAP version 14\n1..%d\n", SCENES + 1);
	every_call_has_a_scene();
	failed = ktap_failures;
	printf("%sok 1 - every_call_has_a_scene\n", failed ? "not " : "");
	for (int i = 0; i < SCENES; i++) {
		ktap_failures = 0;
		if (wanted(&scenes[i], argc, argv))
			run_scene(&scenes[i]);
		failed |= ktap_failures;
		printf("%sok %d - %s\n", ktap_failures ? "not " : "", i + 2, scenes[i].call);
	}
	printf("# fail-nth: %u pairs, %u refused, %u went on, %u scenes lost memory\n", pairs,
	       refused, went_on, leaks);
	remove_fixtures();
	if (chdir("/") || rmdir(directory))
		failed = 1;
	return failed != 0;
}
