/* SPDX-License-Identifier: MIT */
/* execve: what the new program gets, what it keeps, what is refused. Started
 * with an argument, this program is that new program. */
#define _GNU_SOURCE
#include "ktap.h"

#include <abi/auxv.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

enum { PAGE = 4096 };

/* Runs words in a child; returns the wait status. 99: execve() failed. */
static int run(const char *path, char *const words[], char *const envp[])
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		execve(path, words, envp);
		_exit(99);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	return status;
}

static char *const no_environment[] = { NULL };

/* Runs this program in one of the roles below. */
static int run_role(const char *role)
{
	char *words[] = { (char *)"exec", (char *)role, (char *)"second argument", NULL };
	char *const envp[] = { (char *)"A=1", (char *)"B=two words", NULL };

	return run(ktap_program, words, envp);
}

static int role_arguments(int argc, char **argv)
{
	if (argc != 3 || strcmp(argv[0], "exec") || strcmp(argv[2], "second argument") || argv[3])
		return 1;
	if (!getenv("A") || strcmp(getenv("A"), "1"))
		return 2;
	if (!getenv("B") || strcmp(getenv("B"), "two words") || getenv("C"))
		return 3;
	return 0;
}

static void arguments_and_environment_arrive(void)
{
	EXPECT_EXIT(run_role("arguments"), 0);
}

static int role_auxv(int argc, char **argv)
{
	(void)argc;
	if (getauxval(AT_PAGESZ) != PAGE)
		return 1;
	if (getauxval(AT_PHENT) != 32 || getauxval(AT_PHNUM) < 1 || !getauxval(AT_PHDR))
		return 2;
	if (!getauxval(AT_ENTRY) || getauxval(AT_CLKTCK) != 100 || getauxval(AT_SECURE))
		return 3;
	if (getauxval(AT_UID) != getuid() || getauxval(AT_EUID) != geteuid() ||
	    getauxval(AT_GID) != getgid() || getauxval(AT_EGID) != getegid())
		return 4;
	if (!getauxval(AT_RANDOM) || !getauxval(AT_EXECFN) || !getauxval(AT_PLATFORM))
		return 5;
	if (getauxval(AT_RANDOM) < (unsigned long)argv) /* lies above, with the strings */
		return 6;
	return 0;
}

static void the_auxiliary_vector_says_what_a_c_library_needs(void)
{
	EXPECT_EXIT(run_role("auxv"), 0);
}

static int role_descriptors(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (fcntl(40, F_GETFD) != 0)
		return 1;
	return fcntl(41, F_GETFD) != -1 || errno != EBADF ? 2 : 0;
}

static void close_on_exec_descriptors_close_and_others_stay(void)
{
	int fd = open("/dev/null", O_RDONLY);

	EXPECT_EQ(dup2(fd, 40), 40);
	EXPECT_EQ(dup3(fd, 41, O_CLOEXEC), 41);
	EXPECT_EXIT(run_role("descriptors"), 0);
	EXPECT(fcntl(41, F_GETFD) >= 0);
	close(40);
	close(41);
	close(fd);
}

static int role_ignored(int argc, char **argv)
{
	struct sigaction action;

	(void)argc;
	(void)argv;
	sigaction(SIGUSR1, NULL, &action);
	if (action.sa_handler != SIG_IGN)
		return 1;
	sigaction(SIGUSR2, NULL, &action);
	return action.sa_handler == SIG_DFL ? 0 : 2;
}

static void ignored_signals_stay_ignored(void)
{
	signal(SIGUSR1, SIG_IGN);
	EXPECT_EXIT(run_role("ignored"), 0);
	signal(SIGUSR1, SIG_DFL);
}

static int role_blocked(int argc, char **argv)
{
	sigset_t set;

	(void)argc;
	(void)argv;
	sigprocmask(SIG_BLOCK, NULL, &set);
	return sigismember(&set, SIGTERM) ? 0 : 1;
}

static void the_signal_mask_is_kept(void)
{
	sigset_t set, old;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	EXPECT_OK(sigprocmask(SIG_BLOCK, &set, &old));
	EXPECT_EXIT(run_role("blocked"), 0);
	EXPECT_OK(sigprocmask(SIG_SETMASK, &old, NULL));
}

static int role_pid(int argc, char **argv)
{
	char path[64];

	(void)argc;
	(void)argv;
	snprintf(path, sizeof(path), "pid-%d", getpid());
	return unlink(path) ? 1 : 0;
}

static void pid_directory_and_umask_stay(void)
{
	char path[64];
	int status;
	pid_t child = fork();

	if (child == 0) {
		snprintf(path, sizeof(path), "pid-%d", getpid());
		close(open(path, O_CREAT | O_WRONLY, 0600));
		execl(ktap_program, "exec", "pid", (char *)NULL);
		_exit(99);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
}

static int role_fresh(int argc, char **argv)
{
	static int data = 5, zero;

	(void)argc;
	(void)argv;
	return data == 5 && zero == 0 ? 0 : 1;
}

static void memory_starts_fresh(void)
{
	EXPECT_EXIT(run_role("fresh"), 0);
}

static void execve_says_why_not(void)
{
	char *words[] = { (char *)"x", NULL };

	ktap_put_file("text", "just text\n");
	EXPECT_ERR(execve("none", words, no_environment), ENOENT);
	EXPECT_ERR(execve("text/x", words, no_environment), ENOTDIR);
	EXPECT_ERR(execve("text", words, no_environment), EACCES);
	EXPECT_ERR(execve(".", words, no_environment), EACCES);
	EXPECT_ERR(execve("/dev/null", words, no_environment), EACCES);
	EXPECT_ERR(execve("", words, no_environment), ENOENT);
	EXPECT_OK(chmod("text", 0755));
	EXPECT_ERR(execve("text", words, no_environment), ENOEXEC);
	unlink("text");
}

static void an_empty_file_is_not_executable(void)
{
	char *words[] = { (char *)"x", NULL };

	ktap_put_file("empty", "");
	EXPECT_OK(chmod("empty", 0755));
	EXPECT_ERR(execve("empty", words, no_environment), ENOEXEC);
	unlink("empty");
}

/* Copies the first bytes of this program, one of them changed. */
static void put_broken(long size, long at, int byte)
{
	static char image[100000];
	int from = open(ktap_program, O_RDONLY);
	int to = open("broken", O_WRONLY | O_CREAT | O_TRUNC, 0755);
	long count = read(from, image, size < (long)sizeof(image) ? size : (long)sizeof(image));

	if (at >= 0)
		image[at] = (char)byte;
	EXPECT_EQ(write(to, image, count), count);
	close(from);
	close(to);
}

static void a_damaged_program_is_refused(void)
{
	char *words[] = { (char *)"x", NULL };

	put_broken(20, -1, 0); /* half a header */
	EXPECT_ERR(execve("broken", words, no_environment), ENOEXEC);
	put_broken(100000, 0, 'X'); /* magic */
	EXPECT_ERR(execve("broken", words, no_environment), ENOEXEC);
	put_broken(100000, 16, 1); /* type: relocatable */
	EXPECT_ERR(execve("broken", words, no_environment), ENOEXEC);
	put_broken(100000, 18, 40); /* machine: ARM */
	EXPECT_ERR(execve("broken", words, no_environment), ENOEXEC);
	put_broken(100000, 42, 31); /* size of a program header */
	EXPECT_ERR(execve("broken", words, no_environment), ENOEXEC);
	put_broken(100000, 44, 0); /* no program headers */
	EXPECT_ERR(execve("broken", words, no_environment), ENOEXEC);
	unlink("broken");
}

/* A file shorter than its segments: refused, or dead at the first touch. */
static void a_program_cut_short_does_no_harm(void)
{
	char *words[] = { (char *)"x", (char *)"fresh", NULL };
	int status;

	put_broken(300, -1, 0);
	status = run("broken", words, no_environment);
	EXPECT(WIFSIGNALED(status) || WEXITSTATUS(status) == 99);
	unlink("broken");
}

static void put_script(const char *text)
{
	ktap_put_file("script", text);
	EXPECT_OK(chmod("script", 0755));
}

static char script[4200];

static void a_script_names_its_interpreter(void)
{
	char *words[] = { (char *)"ignored", (char *)"second argument", NULL };

	snprintf(script, sizeof(script), "#! %s  script  \nnot read\n", ktap_program);
	put_script(script);
	EXPECT_EXIT(run("script", words, no_environment), 0);
	unlink("script");
}

/* The interpreter gets: its name, the one word behind it, the script, the rest. */
static int role_script(int argc, char **argv)
{
	if (argc != 4 || strcmp(argv[0], ktap_program) || strcmp(argv[1], "script"))
		return 1;
	return strcmp(argv[2], "script") || strcmp(argv[3], "second argument") ? 2 : 0;
}

static void a_script_without_interpreter_is_refused(void)
{
	char *words[] = { (char *)"x", NULL };

	put_script("#!\n");
	EXPECT_ERR(execve("script", words, no_environment), ENOEXEC);
	put_script("#!/none/such\n");
	EXPECT_ERR(execve("script", words, no_environment), ENOENT);
	unlink("script");
}

static void scripts_that_call_themselves_end_in_eloop(void)
{
	char *words[] = { (char *)"x", NULL }, path[4096];

	EXPECT(getcwd(path, sizeof(path)) != NULL);
	snprintf(script, sizeof(script), "#!%s/script\n", path);
	put_script(script);
	EXPECT_ERR(execve("script", words, no_environment), ELOOP);
	unlink("script");
}

static int role_count(int argc, char **argv)
{
	(void)argv;
	return argc == 602 ? 0 : 1;
}

static void many_arguments_arrive(void)
{
	static char *words[603], argument[100];

	memset(argument, 'a', sizeof(argument) - 1);
	words[0] = (char *)"exec";
	words[1] = (char *)"count";
	for (int i = 2; i < 602; i++)
		words[i] = argument;
	EXPECT_EXIT(run(ktap_program, words, no_environment), 0);
}

static void too_much_gives_e2big(void)
{
	static char argument[200000];
	char *words[] = { (char *)"x", argument, NULL };

	memset(argument, 'a', sizeof(argument) - 1);
	EXPECT_ERR(execve(ktap_program, words, no_environment), E2BIG);
}

static void bad_pointers_give_efault(void)
{
	char *words[] = { (char *)"x", (char *)16, NULL };

	EXPECT_ERR(syscall(SYS_execve, 16, words, no_environment), EFAULT);
	EXPECT_ERR(syscall(SYS_execve, ktap_program, words, no_environment), EFAULT);
	EXPECT_ERR(syscall(SYS_execve, ktap_program, 16, no_environment), EFAULT);
	EXPECT_ERR(syscall(SYS_execve, ktap_program, words + 2, 16), EFAULT);
}

/* Waits for the end of file on descriptor 40. */
static int role_wait(int argc, char **argv)
{
	char c;

	(void)argc;
	(void)argv;
	return (int)read(40, &c, 1);
}

static void copy_program(const char *to)
{
	static char block[16384];
	int in = open(ktap_program, O_RDONLY), out = creat(to, 0755);
	long count;

	while ((count = read(in, block, sizeof(block))) > 0)
		EXPECT_EQ(write(out, block, count), count);
	close(in);
	close(out);
}

static void a_running_program_cannot_be_written(void)
{
	int gate[2], status, fd;
	pid_t child;

	copy_program("copy");
	EXPECT_OK(pipe2(gate, O_CLOEXEC));
	EXPECT_EQ(dup2(gate[0], 40), 40);
	child = vfork();
	if (child == 0) {
		execl("copy", "exec", "wait", (char *)NULL);
		_exit(99);
	}
	EXPECT_ERR(open("copy", O_WRONLY), ETXTBSY);
	EXPECT_ERR(truncate("copy", 0), ETXTBSY);
	close(gate[1]);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	fd = open("copy", O_WRONLY);
	EXPECT(fd >= 0);
	EXPECT_ERR(execve("copy", no_environment, no_environment), ETXTBSY);
	close(fd);
	close(gate[0]);
	close(40);
	unlink("copy");
}

static void vfork_and_exec_work_together(void)
{
	int status;
	pid_t child = vfork();

	if (child == 0) {
		execl(ktap_program, "exec", "fresh", (char *)NULL);
		_exit(99);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
}

static const struct ktap_test tests[] = {
	KTAP(arguments_and_environment_arrive),
	KTAP(the_auxiliary_vector_says_what_a_c_library_needs),
	KTAP(close_on_exec_descriptors_close_and_others_stay),
	KTAP(ignored_signals_stay_ignored),
	KTAP(the_signal_mask_is_kept),
	KTAP(pid_directory_and_umask_stay),
	KTAP(memory_starts_fresh),
	KTAP(execve_says_why_not),
	KTAP(an_empty_file_is_not_executable),
	KTAP(a_damaged_program_is_refused),
	KTAP(a_program_cut_short_does_no_harm),
	KTAP(a_script_names_its_interpreter),
	KTAP(a_script_without_interpreter_is_refused),
	KTAP(scripts_that_call_themselves_end_in_eloop),
	KTAP(many_arguments_arrive),
	KTAP(too_much_gives_e2big),
	KTAP(bad_pointers_give_efault),
	KTAP(a_running_program_cannot_be_written),
	KTAP(vfork_and_exec_work_together),
};

static const struct {
	const char *name;
	int (*play)(int argc, char **argv);
} roles[] = {
	{ "arguments", role_arguments },
	{ "auxv", role_auxv },
	{ "descriptors", role_descriptors },
	{ "ignored", role_ignored },
	{ "blocked", role_blocked },
	{ "pid", role_pid },
	{ "fresh", role_fresh },
	{ "wait", role_wait },
	{ "script", role_script },
	{ "count", role_count },
};

int main(int argc, char **argv)
{
	if (argc < 2)
		return ktap_main(argv[0], tests, sizeof(tests) / sizeof(tests[0]));
	ktap_program = argv[0];
	for (unsigned int i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (!strcmp(argv[1], roles[i].name))
			return roles[i].play(argc, argv);
	}
	return 98;
}
