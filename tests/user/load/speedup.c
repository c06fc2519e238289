/* SPDX-License-Identifier: MIT */
/* speedup [-p] [-n PROCESSES]
 * How long a mix of processes takes, four at a time, that compute, touch memory and call the
 * kernel; with -p all on the first processor. They are many and short, so that nearly to the end
 * there is work for all, even if the host is faster with one processor than with another. They
 * compute more than they call: QEMU raises the exceptions of all processors under one lock of its
 * own, and a mix of calls alone is only 1.5 times as fast on two, whether the kernel takes a lock
 * or not. Prints the milliseconds, and those that processors worked in it. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 4, ROUNDS = 4 };
enum { NUMBERS = 60000, PRIMES = 6057, PAGES = 16, PAGE = 4096, CALLS = 200 };

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
		if (count_primes() != PRIMES || touch_memory())
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

/* What all processors have worked so far. */
static long long busy_milliseconds(void)
{
	FILE *file = fopen("/proc/schedstat", "r");
	unsigned long long ns, sum = 0;
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "cpu%*u %*u %*u %*u %*u %*u %*u %llu", &ns) == 1)
			sum += ns;
	}
	if (file)
		fclose(file);
	return (long long)(sum / 1000000);
}

/* How many of so many processes failed. */
static int failures(unsigned int processes)
{
	int status, failed = 0;

	for (unsigned int i = 0; i < processes; i++)
		failed += wait(&status) < 0 || status != 0;
	return failed;
}

static int stay_on_first(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	return sched_setaffinity(0, sizeof(first), &first);
}

int main(int argc, char **argv)
{
	unsigned int processes = 100;
	int option, failed = 0;
	long long start, busy;

	while ((option = getopt(argc, argv, "pn:")) != -1) {
		if (option == 'n')
			processes = (unsigned int)strtoul(optarg, NULL, 10);
		else if (option != 'p' || stay_on_first())
			return 2;
	}
	busy = busy_milliseconds();
	start = milliseconds();
	for (unsigned int i = 0; i < processes; i++) {
		failed += failures(i >= AT_ONCE);
		if (fork() == 0)
			_exit(work());
	}
	failed += failures(AT_ONCE);
	start = milliseconds() - start;
	printf("speedup: %lld ms, %lld ms busy\n", start, busy_milliseconds() - busy);
	return failed != 0;
}
