/* SPDX-License-Identifier: MIT */
/* For tests that run a command line and look at what it prints: shell.c and programs.c. On
 * Linux the same lines go through the host's sh and programs, which keeps the expectations
 * honest. */
#pragma once

#include "ktap.h"

enum { SCRIPT_OUTPUT_BYTES = 512 };

/* In the child: sh with its output in the pipe and its complaints nowhere. */
static _Noreturn void script_exec(const char *text, int out)
{
	int nowhere = open("/dev/null", O_RDWR);

	dup2(nowhere, STDIN_FILENO);
	dup2(nowhere, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	execl("/bin/sh", "sh", "-c", text, (char *)NULL);
	_exit(127);
}

/* All that comes out of fd, as far as it fits. */
static void script_read(int fd, char *output)
{
	size_t length = 0;
	ssize_t bytes;

	while ((bytes = read(fd, output + length, SCRIPT_OUTPUT_BYTES - 1 - length)) > 0)
		length += (size_t)bytes;
	output[length] = '\0';
}

/* `sh -c text` prints `wanted` and exits with that status. */
static void script_expect(const char *text, const char *wanted, int status, int line)
{
	char output[SCRIPT_OUTPUT_BYTES];
	int wait_status = -1;
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return ktap_expect(0, __FILE__, line, "pipe2");
	fflush(stdout);
	pid = fork();
	if (pid == 0)
		script_exec(text, ends[1]);
	close(ends[1]);
	script_read(ends[0], output);
	close(ends[0]);
	ktap_expect(pid > 0 && waitpid(pid, &wait_status, 0) == pid, __FILE__, line, "waitpid");
	ktap_expect_str(output, wanted, __FILE__, line, text);
	ktap_expect(WIFEXITED(wait_status), __FILE__, line, text);
	ktap_expect_eq(WEXITSTATUS(wait_status), status, __FILE__, line, text);
}

#define EXPECT_OUTPUT(text, wanted) script_expect(text, wanted, 0, __LINE__)
#define EXPECT_SCRIPT(text, wanted, status) script_expect(text, wanted, status, __LINE__)
