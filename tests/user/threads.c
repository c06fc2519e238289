/* SPDX-License-Identifier: MIT */
/* Threads of one process: what clone() with CLONE_THREAD shares, how they are numbered, and what
 * each has of its own. How they end: thread_ends.c. */
#define _GNU_SOURCE
#include "ktap.h"
#include "rawthread.h"

#include <abi/ldt.h>
#include <dirent.h>
#include <sys/resource.h>
#include <time.h>

static struct raw_thread threads[RAW_THREADS];
static volatile int go, seen, other_pid, other_tid;

/* ---- numbers ---- */

static int note_numbers(void *arg)
{
	(void)arg;
	other_pid = getpid();
	other_tid = raw_tid();
	raw_wait_for(&go, 1);
	return 0;
}

static void a_thread_has_the_process_number_and_a_number_of_its_own(void)
{
	int tid;

	go = 0;
	tid = raw_start(&threads[0], note_numbers, NULL);
	EXPECT(tid > 0);
	EXPECT_EQ(threads[0].tid, tid);
	raw_wait_for(&other_tid, tid);
	EXPECT_EQ(other_pid, getpid());
	EXPECT(other_tid != getpid());
	EXPECT_EQ(raw_tid(), getpid());
	go = 1;
	raw_join(&threads[0]);
}

static int compare_settid(void *arg)
{
	seen = *(volatile int *)arg == raw_tid();
	return 0;
}

static void child_settid_is_there_when_the_thread_runs(void)
{
	struct raw_thread *t = &threads[0];
	static volatile int tid;
	int result;

	seen = 2;
	t->alive = 1;
	result = raw_clone((RAW_FLAGS | CLONE_CHILD_SETTID) & ~CLONE_CHILD_CLEARTID,
			   raw_stack_top(t), compare_settid, (void *)&tid, &t->tid, NULL, &tid);
	EXPECT(result > 0);
	while (seen == 2)
		sched_yield();
	EXPECT_EQ(seen, 1);
	EXPECT_EQ(tid, result);
	while (syscall(SYS_tkill, result, 0) == 0)
		sched_yield();
	EXPECT_EQ(tid, result); /* without CLEARTID nobody clears it */
}

static int set_another_address(void *arg)
{
	return syscall(SYS_set_tid_address, arg) == raw_tid() ? 0 : 1;
}

static void set_tid_address_says_which_word_is_cleared(void)
{
	static volatile int word = 7;
	int tid = raw_start(&threads[0], set_another_address, (void *)&word);

	raw_wait_for(&word, 0);
	EXPECT_EQ(threads[0].alive, 1);
	EXPECT(tid > 0);
}

static void combinations_that_make_no_sense_give_einval(void)
{
	EXPECT_ERR(syscall(SYS_clone, CLONE_THREAD, NULL, NULL, NULL, NULL), EINVAL);
	EXPECT_ERR(syscall(SYS_clone, CLONE_THREAD | CLONE_VM, NULL, NULL, NULL, NULL), EINVAL);
	EXPECT_ERR(syscall(SYS_clone, CLONE_THREAD | CLONE_SIGHAND, NULL, NULL, NULL, NULL),
		   EINVAL);
	EXPECT_ERR(syscall(SYS_clone, CLONE_SIGHAND | SIGCHLD, NULL, NULL, NULL, NULL), EINVAL);
}

static void what_is_not_offered_gives_einval(void)
{
	unsigned int thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;

	if (!ktap_is_gatehouse())
		SKIP("Linux offers it");
	EXPECT_ERR(syscall(SYS_clone, thread | CLONE_FS, NULL, NULL, NULL, NULL), EINVAL);
	EXPECT_ERR(syscall(SYS_clone, thread | CLONE_FILES, NULL, NULL, NULL, NULL), EINVAL);
	EXPECT_ERR(syscall(SYS_clone, CLONE_FS | SIGCHLD, NULL, NULL, NULL, NULL), EINVAL);
	EXPECT_ERR(syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, NULL, NULL, NULL), EINVAL);
}

/* ---- what is shared ---- */

static int change_everything(void *arg)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };

	*(int *)arg = dup(1);
	umask(027);
	mkdir("d", 0700);
	sigaction(SIGUSR1, &ignore, NULL);
	return chdir("d");
}

static void descriptors_directory_umask_and_actions_are_shared(void)
{
	struct sigaction action;
	mode_t mask = umask(022);
	char path[256];
	int fd = -1;

	EXPECT(raw_start(&threads[0], change_everything, &fd) > 0);
	raw_join(&threads[0]);
	EXPECT(fd > 2);
	EXPECT_OK(close(fd));
	EXPECT(getcwd(path, sizeof(path)) && strstr(path, "/d"));
	EXPECT_OK(chdir(".."));
	EXPECT_OK(rmdir("d"));
	EXPECT_EQ(umask(mask), 027);
	EXPECT_OK(sigaction(SIGUSR1, NULL, &action));
	EXPECT(action.sa_handler == SIG_IGN);
	signal(SIGUSR1, SIG_DFL);
}

static int map_a_page(void *arg)
{
	(void)arg;
	other_tid = (int)(long)sbrk(4096);
	*(volatile int *)(long)other_tid = 77;
	return 0;
}

static void memory_that_one_maps_the_others_have(void)
{
	EXPECT(raw_start(&threads[0], map_a_page, NULL) > 0);
	raw_join(&threads[0]);
	EXPECT_EQ(*(volatile int *)(long)other_tid, 77);
	EXPECT(sbrk(-4096) != (void *)-1);
}

/* ---- what is its own ---- */

static int word_at_gs_0(void)
{
	int word;

	asm volatile("movl %%gs:0, %0" : "=r"(word));
	return word;
}

static unsigned int tls_entry;
static int tls_words[RAW_THREADS];
static volatile int wrong;

static int watch_segment(void *arg)
{
	int mine = (int)(long)arg;

	asm volatile("movw %w0, %%gs" : : "r"(tls_entry << 3 | 3));
	for (int i = 0; i < 50; i++) {
		if (word_at_gs_0() != mine)
			wrong = 1;
		sched_yield();
	}
	return 0;
}

static struct abi_user_desc segment_at(unsigned int entry, void *base)
{
	return (struct abi_user_desc){
		.entry_number = entry,
		.base_addr = (unsigned int)(long)base,
		.limit = 0xfffff,
		.seg_32bit = 1,
		.limit_in_pages = 1,
		.useable = 1,
	};
}

static void each_thread_has_the_segment_it_was_given(void)
{
	struct abi_user_desc desc = segment_at(ABI_TLS_ANY_ENTRY, tls_words);

	wrong = 0;
	EXPECT_OK(syscall(SYS_set_thread_area, &desc));
	tls_entry = desc.entry_number;
	for (int i = 0; i < 8; i++) {
		struct raw_thread *t = &threads[i];

		tls_words[i] = 100 + i;
		desc = segment_at(tls_entry, &tls_words[i]);
		t->alive = 1;
		EXPECT(raw_clone(RAW_FLAGS | CLONE_SETTLS, raw_stack_top(t), watch_segment,
				 (void *)(100L + i), &t->tid, &desc, &t->alive) > 0);
	}
	for (int i = 0; i < 8; i++)
		raw_join(&threads[i]);
	EXPECT_EQ(wrong, 0);
	desc = (struct abi_user_desc){ .entry_number = tls_entry,
				       .read_exec_only = 1,
				       .seg_not_present = 1 };
	EXPECT_OK(syscall(SYS_set_thread_area, &desc));
}

static int block_usr1(void *arg)
{
	sigset_t set;

	(void)arg;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	return sigprocmask(SIG_BLOCK, &set, NULL);
}

static void a_mask_is_its_threads_own(void)
{
	sigset_t set;

	EXPECT(raw_start(&threads[0], block_usr1, NULL) > 0);
	raw_join(&threads[0]);
	EXPECT_OK(sigprocmask(SIG_SETMASK, NULL, &set));
	EXPECT(!sigismember(&set, SIGUSR1));
}

/* ---- finding threads ---- */

static int wait_for_go(void *arg)
{
	(void)arg;
	raw_wait_for(&go, 1);
	return 0;
}

static void signals_to_a_thread_name_it_by_number(void)
{
	int tid;

	go = 0;
	tid = raw_start(&threads[0], wait_for_go, NULL);
	EXPECT_OK(syscall(SYS_tkill, tid, 0));
	EXPECT_OK(syscall(SYS_tgkill, getpid(), tid, 0));
	EXPECT_OK(kill(tid, 0)); /* the process it belongs to */
	EXPECT_ERR(syscall(SYS_tgkill, tid, tid, 0), ESRCH);
	EXPECT_ERR(syscall(SYS_tgkill, getppid(), tid, 0), ESRCH);
	EXPECT_EQ(getpgid(tid), getpgid(0));
	EXPECT_ERR(setpgid(tid, 0), EINVAL);
	go = 1;
	raw_join(&threads[0]);
	while (syscall(SYS_tkill, tid, 0) == 0)
		sched_yield();
	EXPECT_ERR(kill(tid, 0), ESRCH);
}

static int count_entries(const char *path, int find)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int count = 0;

	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] != '.' && (!find || atoi(entry->d_name) == find))
			count++;
	}
	if (dir)
		closedir(dir);
	return count;
}

/* The number after `name` in a file of lines. */
static int number_in(const char *path, const char *name)
{
	char line[256];
	FILE *f = fopen(path, "r");
	int number = -1;

	while (f && fgets(line, sizeof(line), f)) {
		if (!strncmp(line, name, strlen(name)))
			number = atoi(line + strlen(name));
	}
	if (f)
		fclose(f);
	return number;
}

/* Field 20 of stat: after the name in parentheses comes field 3. */
static int threads_in_stat(void)
{
	char line[512], *at;
	FILE *f = fopen("/proc/self/stat", "r");

	if (!f || !fgets(line, sizeof(line), f))
		return -1;
	fclose(f);
	at = strrchr(line, ')');
	for (int field = 2; at && field < 20; field++)
		at = strchr(at + 1, ' ');
	return at ? atoi(at) : -1;
}

static void proc_shows_each_thread(void)
{
	char path[64];

	go = 0;
	for (int i = 0; i < 3; i++)
		EXPECT(raw_start(&threads[i], wait_for_go, NULL) > 0);
	EXPECT_EQ(count_entries("/proc/self/task", 0), 4);
	EXPECT_EQ(count_entries("/proc/self/task", threads[2].tid), 1);
	EXPECT_EQ(count_entries("/proc", threads[2].tid), 0); /* found, but not listed */
	EXPECT_EQ(number_in("/proc/self/status", "Threads:"), 4);
	EXPECT_EQ(threads_in_stat(), 4);
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", threads[1].tid);
	EXPECT_EQ(number_in(path, "Pid:"), threads[1].tid);
	EXPECT_EQ(number_in(path, "Tgid:"), getpid());
	snprintf(path, sizeof(path), "/proc/%d/status", threads[1].tid);
	EXPECT_EQ(number_in(path, "Pid:"), threads[1].tid);
	EXPECT_EQ(number_in(path, "Tgid:"), getpid());
	go = 1;
	for (int i = 0; i < 3; i++)
		raw_join(&threads[i]);
	while (count_entries("/proc/self/task", 0) != 1)
		sched_yield();
	EXPECT_EQ(number_in("/proc/self/status", "Threads:"), 1);
}

/* ---- time ---- */

static long long nanoseconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int compute(void *arg)
{
	(void)arg;
	while (nanoseconds(CLOCK_THREAD_CPUTIME_ID) < 30000000)
		;
	return 0;
}

static void processor_time_is_the_sum_over_threads(void)
{
	long long own = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
	long long all = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);

	for (int i = 0; i < 2; i++)
		EXPECT(raw_start(&threads[i], compute, NULL) > 0);
	for (int i = 0; i < 2; i++)
		while (threads[i].alive)
			usleep(1000);
	own = nanoseconds(CLOCK_THREAD_CPUTIME_ID) - own;
	all = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - all;
	EXPECT(all - own >= 59000000); /* the two clocks are read one after the other */
}

/* ---- clone3 ---- */

static void clone3_takes_the_same_from_a_struct(void)
{
	struct abi_clone_args args = { .exit_signal = SIGCHLD };
	static int parent_tid;
	int status, child;

	child = (int)syscall(SYS_clone3, &args, sizeof(args));
	if (child == 0)
		_exit(5);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 5);
	args.flags = CLONE_PARENT_SETTID | CLONE_VFORK;
	args.parent_tid = (unsigned long)&parent_tid;
	child = (int)syscall(SYS_clone3, &args, ABI_CLONE_ARGS_MIN);
	if (child == 0)
		_exit(6);
	EXPECT_EQ(parent_tid, child);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 6);
}

static void clone3_refuses_what_it_cannot_know(void)
{
	struct {
		struct abi_clone_args args;
		char more[8];
	} a;

	memset(&a, 0, sizeof(a));
	a.args.exit_signal = SIGCHLD;
	EXPECT_ERR(syscall(SYS_clone3, &a, ABI_CLONE_ARGS_MIN - 1), EINVAL);
	EXPECT_ERR(syscall(SYS_clone3, &a, 8192), E2BIG);
	EXPECT_ERR(syscall(SYS_clone3, 16, ABI_CLONE_ARGS_MIN), EFAULT);
	a.more[3] = 1;
	EXPECT_ERR(syscall(SYS_clone3, &a, sizeof(a)), E2BIG);
	a.args.flags = CLONE_DETACHED;
	EXPECT_ERR(syscall(SYS_clone3, &a, ABI_CLONE_ARGS_MIN), EINVAL);
	a.args.flags = SIGCHLD; /* has a field of its own */
	EXPECT_ERR(syscall(SYS_clone3, &a, ABI_CLONE_ARGS_MIN), EINVAL);
	a.args.flags = 0;
	a.args.exit_signal = 65;
	EXPECT_ERR(syscall(SYS_clone3, &a, ABI_CLONE_ARGS_MIN), EINVAL);
	a.args.exit_signal = SIGCHLD;
	a.args.stack = 4096; /* without a size */
	EXPECT_ERR(syscall(SYS_clone3, &a, ABI_CLONE_ARGS_MIN), EINVAL);
	a.args.stack = 0;
	a.args.stack_size = 4096;
	EXPECT_ERR(syscall(SYS_clone3, &a, ABI_CLONE_ARGS_MIN), EINVAL);
	a.args.stack_size = 0;
	a.args.flags = CLONE_PARENT; /* which has the maker's signal */
	EXPECT_ERR(syscall(SYS_clone3, &a, ABI_CLONE_ARGS_MIN), EINVAL);
}

static const struct ktap_test tests[] = {
	KTAP(a_thread_has_the_process_number_and_a_number_of_its_own),
	KTAP(child_settid_is_there_when_the_thread_runs),
	KTAP(set_tid_address_says_which_word_is_cleared),
	KTAP(combinations_that_make_no_sense_give_einval),
	KTAP(what_is_not_offered_gives_einval),
	KTAP(descriptors_directory_umask_and_actions_are_shared),
	KTAP(memory_that_one_maps_the_others_have),
	KTAP(each_thread_has_the_segment_it_was_given),
	KTAP(a_mask_is_its_threads_own),
	KTAP(signals_to_a_thread_name_it_by_number),
	KTAP(proc_shows_each_thread),
	KTAP(processor_time_is_the_sum_over_threads),
	KTAP(clone3_takes_the_same_from_a_struct),
	KTAP(clone3_refuses_what_it_cannot_know),
};

KTAP_MAIN(tests)
