/* SPDX-License-Identifier: MIT */
/* A small test frame: KTAP lines on standard output, exit status 1 when
 * something failed. A program is a list of functions named as sentences:
 *
 *     static void child_gets_its_own_copy(void) { EXPECT(...); }
 *
 *     static const struct ktap_test tests[] = { KTAP(child_gets_its_own_copy) };
 *     KTAP_MAIN(tests)
 *
 * Each function leaves files, descriptors and processes as it found them: the
 * frame counts descriptors and children after each, and works in a directory of
 * its own that must be empty at the end. Programs run on Linux as well (make
 * test-user): that is what makes them tests of Linux's behaviour. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

struct ktap_test {
	const char *name;
	void (*run)(void);
};

#define KTAP(function) \
	{ \
#function, function \
	}
#define KTAP_UNUSED __attribute__((unused))

static int ktap_failures; /* in the running test */
static const char *ktap_skipped KTAP_UNUSED;

/* How to start this very program again: for tests of execve(). */
static const char *ktap_program KTAP_UNUSED;

#define EXPECT(condition) ktap_expect((condition) != 0, __FILE__, __LINE__, #condition)
#define EXPECT_EQ(value, wanted) \
	ktap_expect_eq((long long)(value), (long long)(wanted), __FILE__, __LINE__, #value)
#define EXPECT_STR(value, wanted) ktap_expect_str(value, wanted, __FILE__, __LINE__, #value)

/* The call gives 0; the call gives -1 and that errno. */
#define EXPECT_OK(call) (errno = 0, ktap_expect_ok((long)(call), __FILE__, __LINE__, #call))
#define EXPECT_ERR(call, error) \
	(errno = 0, ktap_expect_err((long)(call), error, __FILE__, __LINE__, #call))

KTAP_UNUSED static void ktap_expect(int good, const char *file, int line, const char *what)
{
	if (good)
		return;
	ktap_failures++;
	printf("# %s:%d: failed: %s\n", file, line, what);
}

KTAP_UNUSED static void ktap_expect_eq(long long value, long long wanted, const char *file,
				       int line, const char *what)
{
	if (value == wanted)
		return;
	ktap_failures++;
	printf("# %s:%d: %s is %lld (%#llx), not %lld\n", file, line, what, value,
	       (unsigned long long)value, wanted);
}

KTAP_UNUSED static void ktap_expect_str(const char *value, const char *wanted, const char *file,
					int line, const char *what)
{
	if (value && !strcmp(value, wanted))
		return;
	ktap_failures++;
	printf("# %s:%d: %s is \"%s\", not \"%s\"\n", file, line, what, value ? value : "(null)",
	       wanted);
}

KTAP_UNUSED static void ktap_expect_ok(long result, const char *file, int line, const char *what)
{
	if (result == 0)
		return;
	ktap_failures++;
	printf("# %s:%d: %s gives %ld, %s\n", file, line, what, result, strerror(errno));
}

KTAP_UNUSED static void ktap_expect_err(long result, int error, const char *file, int line,
					const char *what)
{
	int got = errno;

	if (result == -1 && got == error)
		return;
	ktap_failures++;
	printf("# %s:%d: %s gives %ld, %s;", file, line, what, result, strerror(got));
	printf(" wanted %s\n", strerror(error));
}

/* Ends the test as not applicable here; returns from the calling function. */
#define SKIP(reason) \
	do { \
		ktap_skipped = reason; \
		return; \
	} while (0)

/* Runs function in a child, which then exits with 0, or 1 if an EXPECT in it
 * failed. Returns the wait status. */
KTAP_UNUSED static int ktap_child(void (*function)(void))
{
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		ktap_failures = 0;
		function();
		fflush(stdout);
		_exit(ktap_failures ? 1 : 0);
	}
	EXPECT(child > 0);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	return status;
}

/* The child ended by exit with this status. */
#define EXPECT_EXIT(status, code) \
	do { \
		int status_ = (status); \
		EXPECT(WIFEXITED(status_)); \
		EXPECT_EQ(WEXITSTATUS(status_), code); \
	} while (0)

/* The child was ended by this signal. */
#define EXPECT_SIGNAL(status, number) \
	do { \
		int status_ = (status); \
		EXPECT(WIFSIGNALED(status_)); \
		EXPECT_EQ(WTERMSIG(status_), number); \
	} while (0)

/* Makes a file with that text, or replaces it. */
KTAP_UNUSED static void ktap_put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	EXPECT(fd >= 0);
	EXPECT_EQ(write(fd, text, strlen(text)), strlen(text));
	EXPECT_OK(close(fd));
}

/* The file holds exactly that text (of at most 255 bytes). */
KTAP_UNUSED static void ktap_expect_file(const char *path, const char *text)
{
	char buffer[256];
	int fd = open(path, O_RDONLY);
	ssize_t count;

	EXPECT(fd >= 0);
	count = read(fd, buffer, sizeof(buffer) - 1);
	EXPECT_EQ(count, strlen(text));
	buffer[count > 0 ? count : 0] = '\0';
	EXPECT_STR(buffer, text);
	close(fd);
}

KTAP_UNUSED static int ktap_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* Whether this is our own kernel: for what Linux would be slow to show, or differs in with its
 * word size. */
KTAP_UNUSED static int ktap_is_gatehouse(void)
{
	struct utsname name;

	return uname(&name) == 0 && !strcmp(name.sysname, "Gatehouse");
}

/* Where random tests begin: KTAP_SEED=N makes another run of them. */
KTAP_UNUSED static unsigned int ktap_seed(void)
{
	const char *text = getenv("KTAP_SEED");

	return text ? (unsigned int)strtoul(text, NULL, 10) : 1;
}

static int ktap_open_files(void)
{
	int count = 0;

	for (int fd = 0; fd < 64; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

KTAP_UNUSED static void ktap_run_one(const struct ktap_test *test, int number)
{
	int files = ktap_open_files();

	ktap_failures = 0;
	ktap_skipped = NULL;
	fflush(stdout);
	test->run();
	EXPECT_EQ(ktap_open_files(), files);
	EXPECT_ERR(waitpid(-1, NULL, WNOHANG), ECHILD);
	printf("%sok %d - %s", ktap_failures ? "not " : "", number, test->name);
	if (ktap_skipped)
		printf(" # SKIP %s", ktap_skipped);
	printf("\n");
}

/* A path that still leads here from another directory. */
static void ktap_find_program(const char *name)
{
	static char path[4096];
	size_t length;

	ktap_program = name;
	if (name[0] == '/' || !getcwd(path, sizeof(path) - 256))
		return;
	length = strlen(path);
	snprintf(path + length, sizeof(path) - length, "/%s", name);
	ktap_program = path;
}

KTAP_UNUSED static int ktap_main(const char *program, const struct ktap_test *tests, int count)
{
	char directory[] = "/tmp/ktap-XXXXXX";
	int failed = 0;

	ktap_find_program(program);
	if (!mkdtemp(directory) || chdir(directory)) {
		printf("Bail out! %s: %s\n", directory, strerror(errno));
		return 1;
	}
	printf("TAP version 14\n1..%d\n", count);
	for (int i = 0; i < count; i++) {
		ktap_run_one(&tests[i], i + 1);
		failed |= ktap_failures;
	}
	if (chdir("/") || rmdir(directory)) {
		printf("# %s: not left empty: %s\n", directory, strerror(errno));
		failed = 1;
	}
	return failed ? 1 : 0;
}

#define KTAP_MAIN(tests) \
	int main(int argc, char **argv) \
	{ \
		(void)argc; \
		return ktap_main(argv[0], tests, sizeof(tests) / sizeof(tests[0])); \
	}
