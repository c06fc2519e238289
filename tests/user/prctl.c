/* SPDX-License-Identifier: MIT */
/* What a process says about itself: prctl. */
#define _GNU_SOURCE
#include "rawthread.h"

#include "ktap.h"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

static void read_word(const char *path, char *word, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t count = read(fd, word, size - 1);

	word[count > 0 ? count - 1 : 0] = '\0'; /* without the end of the line */
	close(fd);
}

static void a_name_is_set_and_cut(void)
{
	char old[16], name[17] = "";

	EXPECT_OK(prctl(PR_GET_NAME, old, 0, 0, 0));
	EXPECT_STR(old, "prctl");
	EXPECT_OK(prctl(PR_SET_NAME, "a-name-that-is-too-long", 0, 0, 0));
	EXPECT_OK(prctl(PR_GET_NAME, name, 0, 0, 0));
	EXPECT_STR(name, "a-name-that-is-");
	read_word("/proc/self/comm", name, sizeof(name));
	EXPECT_STR(name, "a-name-that-is-");
	EXPECT_ERR(prctl(PR_SET_NAME, 1, 0, 0, 0), EFAULT);
	EXPECT_ERR(prctl(PR_GET_NAME, 1, 0, 0, 0), EFAULT);
	EXPECT_OK(prctl(PR_SET_NAME, old, 0, 0, 0));
}

static char name_of_thread[17];

static int name_oneself(void *name)
{
	prctl(PR_SET_NAME, name, 0, 0, 0);
	read_word("/proc/thread-self/comm", name_of_thread, sizeof(name_of_thread));
	return 0;
}

static void a_thread_has_its_own_name(void)
{
	static struct raw_thread t;
	char name[17] = "";

	EXPECT(raw_start(&t, name_oneself, "worker") > 0);
	raw_join(&t);
	EXPECT_STR(name_of_thread, "worker");
	read_word("/proc/self/comm", name, sizeof(name));
	EXPECT_STR(name, "prctl");
}

static void name_is_inherited(void)
{
	char name[16];

	EXPECT_OK(prctl(PR_GET_NAME, name, 0, 0, 0));
	EXPECT_STR(name, "parent");
}

static void a_child_has_its_parents_name(void)
{
	EXPECT_OK(prctl(PR_SET_NAME, "parent", 0, 0, 0));
	EXPECT_EXIT(ktap_child(name_is_inherited), 0);
	EXPECT_OK(prctl(PR_SET_NAME, "prctl", 0, 0, 0));
}

static void dumpable_is_set_and_keeps_others_out(void)
{
	EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 1);
	EXPECT_ERR(prctl(PR_SET_DUMPABLE, 2, 0, 0, 0), EINVAL);
	EXPECT_OK(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
	EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
	EXPECT_OK(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static void another_user_is_not_dumpable(void)
{
	if (setresuid(65534, 65534, 65534) == 0)
		EXPECT_EQ(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
}

static void who_becomes_another_is_not_dumpable(void)
{
	if (getuid() != 0)
		SKIP("needs root");
	EXPECT_EXIT(ktap_child(another_user_is_not_dumpable), 0);
}

/* The grandchild asks to be told of its parent's end. It writes when it has asked, and holds
 * the pipe until it ends.
 */
static void middle(int fd)
{
	pid_t parent = getpid();

	if (fork() != 0) {
		struct timespec t = { 0, 100000000 };

		nanosleep(&t, NULL);
		_exit(0);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (getppid() == parent)
		(void)!write(fd, "x", 1);
	for (;;)
		sleep(100);
}

static void a_child_is_told_of_its_parents_end(void)
{
	int pipes[2], status;
	char c;
	pid_t child;

	EXPECT_OK(pipe(pipes));
	fflush(stdout);
	child = fork();
	if (child == 0)
		middle(pipes[1]);
	close(pipes[1]);
	EXPECT_EQ(read(pipes[0], &c, 1), 1);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EQ(read(pipes[0], &c, 1), 0); /* the grandchild has gone as well */
	close(pipes[0]);
}

static void death_signal_of_a_child(void)
{
	int sig = -1;

	EXPECT_OK(prctl(PR_GET_PDEATHSIG, &sig, 0, 0, 0));
	EXPECT_EQ(sig, 0);
}

static void the_signal_is_told_and_not_inherited(void)
{
	int sig = -1;

	EXPECT_ERR(prctl(PR_SET_PDEATHSIG, 65, 0, 0, 0), EINVAL);
	EXPECT_OK(prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0));
	EXPECT_OK(prctl(PR_GET_PDEATHSIG, &sig, 0, 0, 0));
	EXPECT_EQ(sig, SIGUSR1);
	EXPECT_EXIT(ktap_child(death_signal_of_a_child), 0);
	EXPECT_OK(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0));
	EXPECT_ERR(prctl(PR_GET_PDEATHSIG, 1, 0, 0, 0), EFAULT);
}

static void no_new_privileges_is_for_ever(void)
{
	EXPECT_ERR(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
	EXPECT_ERR(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0), EINVAL);
	EXPECT_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	EXPECT_OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	EXPECT_ERR(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
	EXPECT_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	EXPECT_ERR(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0), EINVAL);
}

static void other_options_are_refused(void)
{
	EXPECT_ERR(prctl(9999, 0, 0, 0, 0), EINVAL);
	EXPECT_ERR(prctl(0, 0, 0, 0, 0), EINVAL);
}

static const struct ktap_test tests[] = {
	KTAP(a_name_is_set_and_cut),
	KTAP(a_thread_has_its_own_name),
	KTAP(a_child_has_its_parents_name),
	KTAP(dumpable_is_set_and_keeps_others_out),
	KTAP(who_becomes_another_is_not_dumpable),
	KTAP(a_child_is_told_of_its_parents_end),
	KTAP(the_signal_is_told_and_not_inherited),
	KTAP(no_new_privileges_is_for_ever),
	KTAP(other_options_are_refused),
};
KTAP_MAIN(tests)
