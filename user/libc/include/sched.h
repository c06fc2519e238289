/* SPDX-License-Identifier: MIT */
/* Scheduling calls, sets of processors and clone flags. */
#pragma once

#include <abi/sched.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct sched_param {
	int sched_priority;
};

/* As many as other libraries have, so that nobody needs to ask how many there are. */
#define CPU_SETSIZE 1024

enum { __CPU_BITS = 8 * sizeof(unsigned long) };

typedef struct {
	unsigned long __bits[CPU_SETSIZE / __CPU_BITS];
} cpu_set_t;

#define __CPU_WORD(cpu, set) ((set)->__bits[(size_t)(cpu) / __CPU_BITS])
#define __CPU_BIT(cpu) (1UL << ((size_t)(cpu) % __CPU_BITS))
#define CPU_ZERO(set) ((void)(*(set) = (cpu_set_t){ { 0 } }))
#define CPU_SET(cpu, set) ((void)(__CPU_WORD(cpu, set) |= __CPU_BIT(cpu)))
#define CPU_CLR(cpu, set) ((void)(__CPU_WORD(cpu, set) &= ~__CPU_BIT(cpu)))
#define CPU_ISSET(cpu, set) ((__CPU_WORD(cpu, set) & __CPU_BIT(cpu)) != 0)
#define CPU_COUNT(set) __cpu_count(set)

int __cpu_count(const cpu_set_t *set);

int sched_yield(void);
int sched_setaffinity(pid_t tid, size_t size, const cpu_set_t *set);
int sched_getaffinity(pid_t tid, size_t size, cpu_set_t *set);
int sched_getcpu(void);
int getcpu(unsigned int *cpu, unsigned int *node);
int sched_setparam(pid_t pid, const struct sched_param *param);
int sched_getparam(pid_t pid, struct sched_param *param);
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *param);
int sched_getscheduler(pid_t pid);
int sched_get_priority_max(int policy);
int sched_get_priority_min(int policy);
int sched_rr_get_interval(pid_t pid, struct timespec *interval);

/* A process or thread that runs run(arg) on a stack that ends at `stack` and ends with what that
 * returns; then int *parent_tid, struct user_desc *tls, int *child_tid. Its number, or -1. */
int clone(int (*run)(void *), void *stack, int flags, void *arg, ...);
