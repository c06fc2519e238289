/* SPDX-License-Identifier: MIT */
/* Waiting for children. */
#pragma once

#include <abi/wait.h>
#include <signal.h>
#include <sys/types.h>

typedef unsigned int id_t;

struct rusage;

pid_t wait(int *status);
int waitid(int which, id_t id, siginfo_t *info, int options);
pid_t waitpid(pid_t pid, int *status, int options);
pid_t wait3(int *status, int options, struct rusage *usage);
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);
