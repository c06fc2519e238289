/* SPDX-License-Identifier: MIT */
/* speedup [-p]
 * How long a mix of four processes takes that compute, touch memory and call the kernel; with -p
 * all on the first processor. Prints the milliseconds. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES = 4, ROUNDS = 40, NUMBERS = 20000, PAGES = 64, PAGE = 4096, CALLS = 2000 };

/* The sieve of Eratosthenes. */
static unsigned int count_primes(void)
{
	static unsigned char composite[NUMBERS];
	unsigned int count = 0;

	memset(composite, 0, sizeof(composite));
	for (unsigned int i = 2; i < NUMBERS; i++) {
		count += !composite[i];
		for (unsigned int k = 2 * i; !composite[i] && k < NUMBERS; k += i)
			composite[k] = 1;
	}
	return count;
}

static int touch_memory(void)
{
	char *p = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	if (p == MAP_FAILED)
		return -1;
	for (unsigned int i = 0; i < PAGES; i++)
		p[i * PAGE] = 1;
	return munmap(p, PAGES * PAGE);
}

static int work(void)
{
	for (unsigned int i = 0; i < ROUNDS; i++) {
		if (count_primes() != 2262 || touch_memory())
			return 1;
		for (unsigned int n = 0; n < CALLS; n++)
			getppid();
	}
	return 0;
}

static long long milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
	int status, failed = 0;
	long long start;

	if (argc > 1 && strcmp(argv[1], "-p") == 0) {
		cpu_set_t first;

		CPU_ZERO(&first);
		CPU_SET(0, &first);
		if (sched_setaffinity(0, sizeof(first), &first))
			return 2;
	}
	start = milliseconds();
	for (unsigned int i = 0; i < PROCESSES; i++) {
		if (fork() == 0)
			_exit(work());
	}
	for (unsigned int i = 0; i < PROCESSES; i++)
		failed |= wait(&status) < 0 || status != 0;
	printf("speedup: %lld ms\n", milliseconds() - start);
	return failed;
}
