/* SPDX-License-Identifier: MIT */
/* soak [-n WORKERS] [-r ROUNDS] [-s SEED] [-t SECONDS]
 *
 * A mix of everything, for as long as wanted: workers choose operations at random, do them and
 * check them. A seed gives each worker the same operations everywhere; what differs is who runs
 * when. Prints how far it is; `soak: passed` at the end, exit status 0. A worker that gets
 * nowhere for STUCK_SECONDS is reported: the kernel's dump (an NMI) then tells why. */
#include "soak.h"

#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	WORKERS_MAX = 64,
	OPERATIONS_MAX = 64,
	PROGRESS_SECONDS = 10,
	STUCK_SECONDS = 90,
	STEP_US = 100000,
	STEPS_PER_SECOND = 10,
	SEED_STEP = 0x9e3779b9,
};

static struct {
	unsigned int workers, rounds, seed, seconds;
} option = { 8, 0, 1, 10 };

static const struct operation *const tables[] = {
	process_operations, pipe_operations,   memory_operations,
	file_operations,    signal_operations, thread_operations,
};

static struct operation operations[OPERATIONS_MAX];
static unsigned int operation_count, weight_sum;

/* Shared by all: what each worker does, and how often. */
static struct shared {
	volatile bool stop;
	struct {
		volatile unsigned int rounds;
		volatile unsigned int now; /* number of the operation */
	} worker[WORKERS_MAX];
	volatile unsigned int done[OPERATIONS_MAX];
	volatile unsigned int slowest_end_us; /* of a killed process */
} * shared;

static const char *doing = "nothing"; /* of this worker */
static uint32_t doing_seed;

bool soak_failed(const char *file, int line, const char *what)
{
	printf("soak: FAILED %s (seed 0x%x): %s:%d: %s, errno %d\n", doing, (unsigned)doing_seed,
	       file, line, what, errno);
	fflush(stdout);
	return false;
}

void soak_note_end(long long ns)
{
	unsigned int us = (unsigned int)(ns / 1000);

	if (us > shared->slowest_end_us)
		shared->slowest_end_us = us;
}

bool soak_child_ends(pid_t child, int status)
{
	int got = -1;

	CHECK(child > 0);
	CHECK(waitpid(child, &got, 0) == child);
	if (got != status)
		printf("soak: status 0x%x, not 0x%x\n", got, status);
	CHECK(got == status);
	return true;
}

static void collect_operations(void)
{
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		for (const struct operation *o = tables[t]; o->name; o++) {
			operations[operation_count++] = *o;
			weight_sum += o->weight;
		}
	}
}

static unsigned int choose(struct random *r)
{
	unsigned int at = random_below(r, weight_sum), i = 0;

	while (at >= operations[i].weight)
		at -= operations[i++].weight;
	return i;
}

static bool enter_directory(unsigned int worker)
{
	char name[32];

	snprintf(name, sizeof(name), "/tmp/soak.%d.%u", (int)getppid(), worker);
	CHECK(mkdir(name, 0700) == 0);
	CHECK(chdir(name) == 0);
	return true;
}

static bool leave_directory(unsigned int worker)
{
	char name[32];

	snprintf(name, sizeof(name), "/tmp/soak.%d.%u", (int)getppid(), worker);
	unlink("victim"); /* of one that was killed before it did this itself */
	CHECK(chdir("/") == 0);
	CHECK(rmdir(name) == 0);
	return true;
}

static int work(unsigned int worker)
{
	struct random r = { option.seed * SEED_STEP + (worker + 1) * 7919 };

	if (!r.state)
		r.state = 1;
	if (!enter_directory(worker))
		return 1;
	for (unsigned int n = 0; !shared->stop && (!option.rounds || n < option.rounds); n++) {
		unsigned int chosen = choose(&r);

		doing = operations[chosen].name;
		doing_seed = r.state;
		shared->worker[worker].now = chosen;
		if (!operations[chosen].run(&r)) {
			shared->stop = true;
			return 1;
		}
		shared->worker[worker].rounds++;
		__atomic_fetch_add(&shared->done[chosen], 1, __ATOMIC_RELAXED);
	}
	return leave_directory(worker) ? 0 : 1;
}

static unsigned int rounds_done(void)
{
	unsigned int sum = 0;

	for (unsigned int i = 0; i < option.workers; i++)
		sum += shared->worker[i].rounds;
	return sum;
}

/* Once a second: who did nothing since long ago? */
static bool is_anybody_stuck(const bool *ended)
{
	static unsigned int seen[WORKERS_MAX], idle[WORKERS_MAX];

	for (unsigned int i = 0; i < option.workers; i++) {
		idle[i]++;
		if (ended[i] || seen[i] != shared->worker[i].rounds)
			idle[i] = 0;
		seen[i] = shared->worker[i].rounds;
		if (idle[i] >= STUCK_SECONDS) {
			printf("soak: STUCK worker %u in %s after %u rounds\n", i,
			       operations[shared->worker[i].now].name, seen[i]);
			return true;
		}
	}
	return false;
}

/* How many workers ended; *failed: one of them badly. */
static unsigned int collect(const pid_t *pids, bool *ended, bool *failed)
{
	unsigned int count = 0;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (unsigned int i = 0; i < option.workers; i++)
			ended[i] |= pids[i] == pid;
		*failed |= status != 0;
		count++;
	}
	return count;
}

/* Until all workers have ended. */
static bool watch(const pid_t *pids)
{
	bool ended[WORKERS_MAX] = { false }, failed = false;
	unsigned int left = option.workers;
	struct timespec start, now;
	long last = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (unsigned int step = 1; left; step++) {
		usleep(STEP_US);
		left -= collect(pids, ended, &failed);
		clock_gettime(CLOCK_MONOTONIC, &now);
		now.tv_sec -= start.tv_sec;
		if (!option.rounds && now.tv_sec >= (long)option.seconds)
			shared->stop = true;
		if (now.tv_sec >= last + PROGRESS_SECONDS) {
			last = now.tv_sec;
			printf("soak: %ld s, %u operations\n", last, rounds_done());
			fflush(stdout);
		}
		if (step % STEPS_PER_SECOND == 0 && is_anybody_stuck(ended))
			return false;
	}
	return !failed;
}

static void report(void)
{
	for (unsigned int i = 0; i < operation_count; i++)
		printf("soak: %7u %s\n", shared->done[i], operations[i].name);
	printf("soak: slowest end after SIGKILL %u us\n", shared->slowest_end_us);
}

static void read_options(int argc, char **argv)
{
	int letter;

	while ((letter = getopt(argc, argv, "n:r:s:t:")) != -1) {
		unsigned int number = optarg ? (unsigned int)strtoul(optarg, NULL, 0) : 0;

		switch (letter) {
		case 'n':
			option.workers = number && number <= WORKERS_MAX ? number : WORKERS_MAX;
			break;
		case 'r':
			option.rounds = number;
			break;
		case 's':
			option.seed = number;
			break;
		case 't':
			option.seconds = number;
			break;
		default:
			exit(2);
		}
	}
}

int main(int argc, char **argv)
{
	pid_t pids[WORKERS_MAX];
	bool good;

	read_options(argc, argv);
	collect_operations();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		return 2;
	fflush(stdout);
	for (unsigned int i = 0; i < option.workers; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			return 2;
		if (pids[i] == 0)
			exit(work(i));
	}
	good = watch(pids);
	report();
	printf("soak: %s, %u operations\n", good ? "passed" : "FAILED", rounds_done());
	return good ? 0 : 1;
}
