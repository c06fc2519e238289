/* SPDX-License-Identifier: MIT */
/* Ping-pong in company: what others that sleep cost, and another processor. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

enum { LONG_SECONDS = 1000000 };

static uint64_t run_beside(unsigned int sleepers, unsigned int iterations)
{
	pid_t *pids = malloc(sleepers * sizeof(*pids));
	uint64_t cost;

	if (!pids)
		bench_die("memory");
	for (unsigned int i = 0; i < sleepers; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			bench_die("fork");
		if (pids[i] == 0) {
			sleep(LONG_SECONDS);
			_exit(0);
		}
	}
	sched_yield(); /* all of them fall asleep */
	cost = run_pingpong(iterations);
	for (unsigned int i = 0; i < sleepers; i++)
		kill(pids[i], SIGKILL);
	for (unsigned int i = 0; i < sleepers; i++)
		waitpid(pids[i], NULL, 0);
	free(pids);
	return cost;
}

uint64_t run_pingpong_beside_50(unsigned int iterations)
{
	return run_beside(50, iterations);
}

uint64_t run_pingpong_beside_2000(unsigned int iterations)
{
	return run_beside(2000, iterations);
}

/* We are on the first processor, the child may only be on the others. */
uint64_t run_pingpong_far(unsigned int iterations)
{
	cpu_set_t all, here, there;
	uint64_t cost;
	int cpu = 0;

	if (sched_getaffinity(0, sizeof(all), &all) < 0)
		bench_die("affinity");
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	there = all;
	if (CPU_COUNT(&all) > 1)
		CPU_CLR(cpu, &there);
	cost = run_pingpong_between(&here, &there, iterations);
	if (sched_setaffinity(0, sizeof(all), &all) < 0)
		bench_die("affinity");
	return cost;
}
