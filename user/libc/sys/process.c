/* SPDX-License-Identifier: MIT */
/* Making, replacing and ordering processes. */
#include <sched.h>
#include <stdarg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../start/hooks.h"
#include "stubs.h"

pid_t fork(void)
{
	return sys_result(__thread_fork ? __thread_fork() : sys_fork());
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	return sys_result(sys_execve(path, argv, envp));
}

int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

pid_t getpid(void)
{
	return sys_getpid();
}

pid_t getppid(void)
{
	return sys_getppid();
}

pid_t gettid(void)
{
	return sys_gettid();
}

pid_t getpgid(pid_t pid)
{
	return sys_result(sys_getpgid(pid));
}

pid_t getpgrp(void)
{
	return sys_getpgrp();
}

int setpgid(pid_t pid, pid_t pgid)
{
	return sys_result(sys_setpgid(pid, pgid));
}

pid_t getsid(pid_t pid)
{
	return sys_result(sys_getsid(pid));
}

pid_t setsid(void)
{
	return sys_result(sys_setsid());
}

int personality(unsigned long persona)
{
	return sys_result(sys_personality(persona));
}

int prctl(int option, ...)
{
	unsigned long arg[4];
	va_list args;

	va_start(args, option);
	for (int i = 0; i < 4; i++)
		arg[i] = va_arg(args, unsigned long);
	va_end(args);
	return sys_result(sys_prctl(option, arg[0], arg[1], arg[2], arg[3]));
}
