/* SPDX-License-Identifier: MIT */
/* Every system call, every argument, twelve hostile values, the other arguments being good; for
 * buffers pairs of pointer and length as well. All is made from syscalls.def. Each case runs in a
 * process of its own in a fresh directory, and is one line:
 *
 *     read.buf=hole EFAULT
 *
 * The end is a number, `ok` (a number that need not be the same twice), an error, `exit N`, a
 * signal, or `blocked`. tests/boot/test_sweep.py compares these lines with those of Linux.
 *
 * Usage: sweep [root] [MILLISECONDS] [CALL]; without `root`, root becomes nobody. */
#define _GNU_SOURCE
#include "values.h"

#include <abi/shm.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

enum { NOBODY = 65534, REPORT = 60, FIRST_FREE = 3, USAGE = 2, CANNOT_SET_UP = 3, RETURNED = 4 };
enum { BLOCKED_MS = 2000, MS_NS = 1000000, FILE_BYTES = 100, OPEN_FILES = 1024, SPINS = 200 };

/* What a child says of its call, if it comes back. */
struct answer {
	long result;
	int error;
};

static const char *const error_names[] = {
#define ERRNO(number, name, text) [number] = #name,
#include <errno.def>
#undef ERRNO
};

static const char *const signal_names[] = {
#define SIGNAL(number, name, action, text) [number] = #name,
#include <signals.def>
#undef SIGNAL
};

#define LENGTH_OF(array) (sizeof(array) / sizeof(array[0]))

/* Not tried, and why. */
static const char *const left_out[] = {
	"vfork",      /* the child would come back in the parent's stack frame */
	"sigsuspend", /* waits whatever it is given */
};

/* The result is a time, an address or a number of the system's choice. */
static const char *const any_result[] = { "time", "times", "brk", "getppid", "shmget" };

static const char *only; /* this call; NULL: all */
static int cases, report[2], limit_ms = BLOCKED_MS;

static int is_listed(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(name, list[i]))
			return 1;
	}
	return 0;
}

/* ---- the place where a case runs ---- */

static void put_fd(int fd, int number)
{
	if (fd < 0 || dup2(fd, number) < 0)
		_exit(CANNOT_SET_UP);
	close(fd);
}

static void open_descriptors(void)
{
	int pipes[2][2];

	if (pipe(pipes[0]) || pipe(pipes[1]))
		_exit(CANNOT_SET_UP);
	close(pipes[0][1]);
	close(pipes[1][0]);
	put_fd(pipes[0][0], EMPTY_PIPE);
	put_fd(pipes[1][1], BROKEN_PIPE);
	put_fd(open("file", O_RDWR), WHOLE);
	put_fd(open(".", O_RDONLY | O_DIRECTORY), DIRECTORY);
	put_fd(open("file", O_PATH), PATH_ONLY);
	put_fd(open("file", O_RDONLY), READING);
	put_fd(open("file", O_WRONLY), WRITING);
}

/* A directory with a file, a link to it and one to itself, and the descriptors. */
static void set_up(void)
{
	static const char text[FILE_BYTES];
	int fd;

	if (setsid() < 0 || chdir("place"))
		_exit(CANNOT_SET_UP);
	dup2(STDIN_FILENO, STDOUT_FILENO); /* what execve starts says nothing */
	dup2(STDIN_FILENO, STDERR_FILENO);
	fd = open("file", O_WRONLY | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, text, FILE_BYTES) != FILE_BYTES || symlink("file", "link") ||
	    symlink("loop", "loop"))
		_exit(CANNOT_SET_UP);
	close(fd);
	open_descriptors();
	set_process_values();
}

static void remove_tree(const char *path)
{
	struct dirent *entry;
	DIR *directory;

	chmod(path, 0700);
	directory = opendir(path);
	if (directory && !chdir(path)) {
		while ((entry = readdir(directory))) {
			if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
			    unlink(entry->d_name) && errno != ENOENT)
				remove_tree(entry->d_name);
		}
		if (chdir(".."))
			exit(CANNOT_SET_UP);
	}
	closedir(directory);
	rmdir(path);
}

/* ---- one case ---- */

/* In the child: makes the call and reports. What fork and clone start leaves at once; whoever
 * started it waits, so that its signal, if one was asked for, has come before the report. */
static void perform(const struct call *call, const long *v)
{
	pid_t self = getpid();
	struct answer a;

	errno = 0;
	a.result = syscall(call->number, v[0], v[1], v[2], v[3], v[4], v[5]);
	a.error = a.result == -1 ? errno : 0;
	if (getpid() != self)
		_exit(0);
	if (call->number == SYS_fork || call->number == SYS_clone)
		waitpid(-1, NULL, ABI_WALL);
	if (call->number == SYS_shmget && a.result >= 0)
		syscall(SYS_shmctl, a.result, IPC_RMID, NULL); /* it would outlive us */
	if (write(REPORT, &a, sizeof(a)) != sizeof(a))
		_exit(CANNOT_SET_UP);
	_exit(RETURNED);
}

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / MS_NS;
}

/* Waits for the child, gently at first. 0 if it had to be ended. */
static int wait_for(pid_t child, int *status)
{
	const struct timespec pause = { .tv_nsec = MS_NS };
	long deadline = now_ms() + limit_ms;

	for (int i = 0; waitpid(child, status, WNOHANG) == 0; i++) {
		if (i < SPINS) {
			syscall(SYS_sched_yield);
		} else if (now_ms() < deadline) {
			nanosleep(&pause, NULL);
		} else {
			kill(child, SIGKILL);
			waitpid(child, status, 0);
			return 0;
		}
	}
	return 1;
}

static void print_answer(const struct call *call, const struct answer *a)
{
	int any = is_listed(call->name, any_result, LENGTH_OF(any_result));

	if (a->result != 0 && (strchr(call->result, '*') || !strcmp(call->result, "pid_t")))
		any = 1;
	if (a->error > 0 && a->error < (int)LENGTH_OF(error_names) && error_names[a->error])
		printf("%s", error_names[a->error]);
	else if (a->error)
		printf("E%d", a->error);
	else if (any)
		printf("ok");
	else
		printf("%ld", a->result);
}

static void print_end(const struct call *call, int status, int in_time)
{
	struct answer a;

	if (read(report[0], &a, sizeof(a)) == sizeof(a))
		print_answer(call, &a);
	else if (!in_time)
		printf("blocked");
	else if (WIFSIGNALED(status))
		printf("%s", WTERMSIG(status) < (int)LENGTH_OF(signal_names)
				     ? signal_names[WTERMSIG(status)]
				     : "SIGRT");
	else
		printf("exit %d", WEXITSTATUS(status));
	printf("\n");
}

struct trial {
	const struct call *call;
	int which[2]; /* arguments replaced; -1: no more */
	int value[2]; /* by these values of their kinds */
};

static void child_main(const struct trial *t)
{
	long v[6] = { 0 };

	set_up();
	for (int i = 0; i < t->call->count; i++)
		v[i] = good_value(t->call, &t->call->arguments[i]);
	for (int i = 0; i < 2; i++) {
		if (t->which[i] >= 0)
			v[t->which[i]] =
				values_of(t->call->arguments[t->which[i]].kind)[t->value[i]].value;
	}
	perform(t->call, v);
}

static void print_name(const struct trial *t)
{
	printf("%s", t->call->name);
	for (int i = 0; i < 2 && t->which[i] >= 0; i++) {
		const struct argument *a = &t->call->arguments[t->which[i]];

		printf("%c%s=%s", i ? ',' : '.', a->name, values_of(a->kind)[t->value[i]].name);
	}
	printf(" ");
}

static void try(const struct trial *t)
{
	int status = 0, in_time;
	pid_t child;

	mkdir("place", 0700);
	child = fork();
	if (child == 0)
		child_main(t);
	if (child < 0) {
		printf("cannot fork: %s\n", strerror(errno));
		exit(CANNOT_SET_UP);
	}
	in_time = wait_for(child, &status);
	kill(-child, SIGKILL); /* what it left behind */
	print_name(t);         /* only now: the kernel may have had to say something in between */
	print_end(t->call, status, in_time);
	fflush(stdout);
	remove_tree("place");
	cases++;
}

/* ---- all cases ---- */

static int argument_named(const struct call *call, const char *name)
{
	for (int i = 0; i < call->count; i++) {
		if (!strcmp(call->arguments[i].name, name))
			return i;
	}
	return -1;
}

static void try_pairs(const struct call *call, int pointer)
{
	int length = argument_named(call, call->arguments[pointer].length);

	for (int p = 0; p < VALUES; p++) {
		for (int n = 0; n < VALUES; n++)
			try(&(struct trial){
				.call = call,
				.which = { pointer, length },
				.value = { p, n },
			});
	}
}

static void try_call(const struct call *call)
{
	struct trial t = { .call = call, .which = { -1, -1 } };

	if (call->count == 0)
		try(&t);
	for (int i = 0; i < call->count; i++) {
		t.which[0] = i;
		for (t.value[0] = 0; t.value[0] < VALUES; t.value[0]++)
			try(&t);
		if (call->arguments[i].length)
			try_pairs(call, i);
	}
}

/* ---- the frame ---- */

static void become_nobody(void)
{
	if (geteuid() == 0 &&
	    (syscall(SYS_setgroups32, 0, NULL) || setgid(NOBODY) || setuid(NOBODY))) {
		perror("setuid");
		exit(CANNOT_SET_UP);
	}
}

/* The same descriptors everywhere: nothing to read, the report, no others. */
static void prepare_descriptors(void)
{
	int fd = open("/dev/null", O_RDWR);

	dup2(fd, STDIN_FILENO);
	for (int i = FIRST_FREE; i < REPORT + FIRST_FREE; i++)
		close(i);
	if (pipe(report) || dup2(report[1], REPORT) < 0 || dup2(report[0], REPORT + 1) < 0)
		exit(CANNOT_SET_UP);
	close(report[0]);
	close(report[1]);
	report[0] = REPORT + 1;
	report[1] = REPORT;
	fcntl(REPORT, F_SETFD, FD_CLOEXEC);
	fcntl(REPORT + 1, F_SETFD, FD_CLOEXEC);
	fcntl(REPORT + 1, F_SETFL, O_NONBLOCK);
}

static void sweep(void)
{
	const struct rlimit files = { .rlim_cur = OPEN_FILES, .rlim_max = OPEN_FILES };
	char directory[] = "/tmp/sweep-XXXXXX";

	if (!mkdtemp(directory) || chdir(directory)) {
		perror(directory);
		exit(CANNOT_SET_UP);
	}
	umask(022);
	setrlimit(RLIMIT_NOFILE, &files);
	prepare_descriptors();
	set_values();
	set_process_values();
	for (int i = 0; i < CALLS; i++) {
		if (!is_listed(calls[i].name, left_out, LENGTH_OF(left_out)) &&
		    (!only || !strcmp(only, calls[i].name)))
			try_call(&calls[i]);
	}
	if (chdir("/") || rmdir(directory))
		perror(directory);
	printf("# %d cases\n", cases);
}

int main(int argc, char **argv)
{
	int root = argc > 1 && !strcmp(argv[1], "root");

	if (argc > 1 + root)
		limit_ms = atoi(argv[1 + root]);
	only = argc > 2 + root ? argv[2 + root] : NULL;
	if (argc < 2 || limit_ms <= 0) { /* the sweep's own execve, or a mistake */
		fprintf(stderr, "usage: sweep [root] MILLISECONDS [CALL]\n");
		return USAGE;
	}
	program = argv[0];
	if (!root)
		become_nobody();
	sweep();
	return 0;
}
