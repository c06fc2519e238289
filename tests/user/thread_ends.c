/* SPDX-License-Identifier: MIT */
/* How threads and their processes end: exit and exit_group, signals, execve() from a thread. */
#define _GNU_SOURCE
#include "ktap.h"
#include "rawthread.h"

#include <sys/mman.h>
#include <time.h>

static struct raw_thread threads[RAW_THREADS];

/* Sleeps in the kernel until a signal. */
static int sleep_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		usleep(1000000);
	return 0;
}

static int run_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		;
	return 0;
}

static int read_for_ever(void *arg)
{
	int ends[2];
	char byte;

	(void)arg;
	(void)!pipe(ends);
	(void)!read(ends[0], &byte, 1);
	return 0;
}

static void start_three_kinds(void)
{
	EXPECT(raw_start(&threads[0], sleep_for_ever, NULL) > 0);
	EXPECT(raw_start(&threads[1], run_for_ever, NULL) > 0);
	EXPECT(raw_start(&threads[2], read_for_ever, NULL) > 0);
	usleep(5000);
}

/* ---- exit ---- */

static int leave_the_group(void *arg)
{
	syscall(SYS_exit_group, (int)(long)arg);
	return 0;
}

static void main_ends_all(void)
{
	start_three_kinds();
	syscall(SYS_exit_group, 31);
}

static void a_thread_ends_all(void)
{
	start_three_kinds();
	raw_start(&threads[3], leave_the_group, (void *)32L);
	sleep_for_ever(NULL);
}

static void exit_group_ends_every_thread(void)
{
	EXPECT_EXIT(ktap_child(main_ends_all), 31);
	EXPECT_EXIT(ktap_child(a_thread_ends_all), 32);
}

static int read_then_return_7(void *gate)
{
	char byte;

	(void)!read(*(int *)gate, &byte, 1);
	return 7;
}

static void main_leaves_alone(int *gate)
{
	raw_start(&threads[0], read_then_return_7, gate);
	raw_exit(3);
}

/* What /proc says of a process whose first thread has ended. */
static int is_shown_as_zombie(pid_t pid)
{
	char path[64], line[256] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	EXPECT(read(fd, line, sizeof(line) - 1) > 0);
	close(fd);
	return strstr(line, ") Z ") != NULL;
}

static void a_process_lives_until_its_last_thread_ends(void)
{
	int gate[2], status;
	pid_t child;

	EXPECT_OK(pipe(gate));
	child = fork();
	if (child == 0)
		main_leaves_alone(gate);
	for (int i = 0; i < 2000 && !is_shown_as_zombie(child); i++)
		usleep(1000);
	EXPECT(is_shown_as_zombie(child));
	EXPECT_EQ(waitpid(child, &status, WNOHANG), 0);
	EXPECT_OK(kill(child, 0));
	EXPECT_EQ(write(gate[1], "x", 1), 1);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 7); /* the last one's */
	close(gate[0]);
	close(gate[1]);
}

static int end_at_once(void *arg)
{
	(void)arg;
	return 9;
}

static void main_exits_after_a_thread(void)
{
	raw_start(&threads[0], end_at_once, NULL);
	raw_join(&threads[0]);
	raw_exit(4);
}

static void a_threads_status_is_not_its_processs(void)
{
	for (int i = 0; i < 50; i++)
		EXPECT_EXIT(ktap_child(main_exits_after_a_thread), 4);
}

/* ---- signals ---- */

static int write_to_nothing(void *arg)
{
	*(volatile int *)arg = 1;
	return 0;
}

static void a_thread_faults(void)
{
	start_three_kinds();
	raw_start(&threads[3], write_to_nothing, NULL);
	sleep_for_ever(NULL);
}

static void kill_one_thread(void)
{
	start_three_kinds();
	syscall(SYS_tkill, threads[1].tid, SIGKILL);
	sleep_for_ever(NULL);
}

static void kill_by_default_action(void)
{
	start_three_kinds();
	syscall(SYS_tkill, threads[2].tid, SIGTERM);
	sleep_for_ever(NULL);
}

static void a_deadly_signal_to_one_thread_ends_all(void)
{
	EXPECT_SIGNAL(ktap_child(a_thread_faults), SIGSEGV);
	EXPECT_SIGNAL(ktap_child(kill_one_thread), SIGKILL);
	EXPECT_SIGNAL(ktap_child(kill_by_default_action), SIGTERM);
}

static void a_signal_to_the_process_ends_all_though_main_blocks_it(void)
{
	pid_t child = fork();
	sigset_t set;
	int status;

	if (child == 0) {
		start_three_kinds();
		sigfillset(&set);
		sigprocmask(SIG_BLOCK, &set, NULL);
		sleep_for_ever(NULL);
	}
	usleep(30000);
	kill(child, SIGTERM);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_SIGNAL(status, SIGTERM);
}

static void stop_and_continue_concern_every_thread(void)
{
	volatile int *count = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				   -1, 0);
	pid_t child = fork();
	int status, before;

	if (child == 0) {
		raw_start(&threads[0], run_for_ever, NULL);
		for (;;)
			++*count;
	}
	usleep(10000);
	kill(child, SIGSTOP);
	EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
	EXPECT(WIFSTOPPED(status));
	before = *count;
	usleep(20000);
	EXPECT_EQ(*count, before);
	kill(child, SIGCONT);
	while (*count == before)
		usleep(1000);
	kill(child, SIGKILL);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_SIGNAL(status, SIGKILL);
	munmap((void *)count, 4096);
}

/* ---- exec ---- */

static char *exec_argv[] = { NULL, "--alone", NULL, NULL };
static char *no_environment[] = { NULL };

static int exec_ourselves(void *arg)
{
	static char number[16];

	(void)arg;
	snprintf(number, sizeof(number), "%d", getpid());
	exec_argv[0] = (char *)ktap_program;
	exec_argv[2] = number;
	execve(ktap_program, exec_argv, no_environment);
	return 1;
}

/* The program that the tests below become: 0 if it is alone and has the number of the process. */
static int check_alone(const char *number)
{
	char line[64];
	FILE *f = fopen("/proc/self/status", "r");
	int threads_left = 0;

	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "Threads: %d", &threads_left);
	if (f)
		fclose(f);
	if (threads_left != 1)
		return 51;
	return getpid() == atoi(number) && raw_tid() == getpid() ? 50 : 52;
}

static void main_execs(void)
{
	start_three_kinds();
	exec_ourselves(NULL);
}

static void a_thread_execs(void)
{
	start_three_kinds();
	raw_start(&threads[3], exec_ourselves, NULL);
	sleep_for_ever(NULL);
}

static void a_thread_execs_after_main_left(void)
{
	start_three_kinds();
	raw_start(&threads[3], exec_ourselves, NULL);
	raw_exit(0);
}

static void exec_ends_the_others_and_keeps_the_process_number(void)
{
	EXPECT_EXIT(ktap_child(main_execs), 50);
	EXPECT_EXIT(ktap_child(a_thread_execs), 50);
	EXPECT_EXIT(ktap_child(a_thread_execs_after_main_left), 50);
}

static void two_exec_at_once(void)
{
	start_three_kinds();
	raw_start(&threads[3], exec_ourselves, NULL);
	raw_start(&threads[4], exec_ourselves, NULL);
	exec_ourselves(NULL);
	sleep_for_ever(NULL);
}

static void one_of_several_execs_wins(void)
{
	for (int i = 0; i < 5; i++)
		EXPECT_EXIT(ktap_child(two_exec_at_once), 50);
}

static void exec_against_exit(void)
{
	raw_start(&threads[0], exec_ourselves, NULL);
	raw_start(&threads[1], leave_the_group, (void *)33L);
	sleep_for_ever(NULL);
}

static void exec_and_exit_group_race_to_a_clean_end(void)
{
	for (int i = 0; i < 10; i++) {
		int status = ktap_child(exec_against_exit);

		EXPECT(WIFEXITED(status));
		EXPECT(WEXITSTATUS(status) == 33 || WEXITSTATUS(status) == 50);
	}
}

static void exec_that_fails(void)
{
	int tid = raw_start(&threads[0], sleep_for_ever, NULL);

	EXPECT_ERR(execve("/nowhere", exec_argv, no_environment), ENOENT);
	EXPECT_OK(syscall(SYS_tkill, tid, 0));
	syscall(SYS_exit_group, ktap_failures ? 1 : 0);
}

static void an_exec_that_fails_leaves_the_others_alone(void)
{
	EXPECT_EXIT(ktap_child(exec_that_fails), 0);
}

/* ---- vfork ---- */

static int vfork_and_sleep(void *arg)
{
	(void)arg;
	if (vfork() == 0) {
		usleep(1000000);
		_exit(0);
	}
	return 0;
}

static void exec_beside_vfork(void)
{
	raw_start(&threads[0], vfork_and_sleep, NULL);
	usleep(20000);
	exec_ourselves(NULL);
}

static long long milliseconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static void a_thread_in_vfork_can_be_killed(void)
{
	long long start = milliseconds();
	int status;
	pid_t child;

	EXPECT_EXIT(ktap_child(exec_beside_vfork), 50);
	child = fork();
	if (child == 0)
		_exit(vfork_and_sleep(NULL));
	usleep(20000);
	kill(child, SIGKILL);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_SIGNAL(status, SIGKILL);
	EXPECT(milliseconds() - start < 900);
}

static const struct ktap_test tests[] = {
	KTAP(exit_group_ends_every_thread),
	KTAP(a_process_lives_until_its_last_thread_ends),
	KTAP(a_threads_status_is_not_its_processs),
	KTAP(a_deadly_signal_to_one_thread_ends_all),
	KTAP(a_signal_to_the_process_ends_all_though_main_blocks_it),
	KTAP(stop_and_continue_concern_every_thread),
	KTAP(exec_ends_the_others_and_keeps_the_process_number),
	KTAP(one_of_several_execs_wins),
	KTAP(exec_and_exit_group_race_to_a_clean_end),
	KTAP(an_exec_that_fails_leaves_the_others_alone),
	KTAP(a_thread_in_vfork_can_be_killed),
};

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--alone"))
		return check_alone(argv[2]);
	return ktap_main(argv[0], tests, sizeof(tests) / sizeof(tests[0]));
}
