/* SPDX-License-Identifier: MIT */
/* Signals: signal, source, disposition, blocked or not. Each case runs in a process of its own and
 * is one line that says what happened:
 *
 *     SIGUSR1 kill handler open: ran masked USER from self, still handler; exit 0
 *
 * tests/boot/test_signal_table.py compares the lines with those of Linux. No KTAP. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static const char *const names[] = {
#define SIGNAL(number, name, action, text) [number] = #name,
#include <signals.def>
#undef SIGNAL
};

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { TEXT = 240, STEP_US = 300, PATIENCE = 20000, VALUE = 77, CANNOT = 99 };

/* Shared with the process of the case, which may die. */
static struct {
	char text[TEXT];
	volatile int runs; /* of the handler */
} * seen;

static int number;   /* the signal of the case */
static pid_t self;   /* its process */
static int is_fault; /* its handler must not return to what faults */
static sigjmp_buf after_fault;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
	size_t length = strlen(seen->text);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(seen->text + length, TEXT - length, format, arguments);
	va_end(arguments);
}

static const char *name_of(int signal_number)
{
	static char text[16];

	if (signal_number < (int)LENGTH_OF(names))
		return names[signal_number];
	snprintf(text, sizeof(text), "SIG%d", signal_number);
	return text;
}

static sigset_t only(int signal_number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal_number);
	return set;
}

/* ---- dispositions ---- */

static void leave_handler(void)
{
	seen->runs++;
	if (is_fault)
		siglongjmp(after_fault, 1);
}

static void say_masked(int signal_number)
{
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	say(" ran %s%s", signal_number == number ? "" : "WRONG ",
	    sigismember(&now, number) ? "masked" : "unmasked");
}

static void plain(int signal_number)
{
	say_masked(signal_number);
	leave_handler();
}

static void with_info(int signal_number, siginfo_t *info, void *context)
{
	(void)context;
	say_masked(signal_number);
	say(" code %d", info->si_code);
	if (info->si_signo != signal_number || info->si_errno)
		say(" BAD");
	if (is_fault)
		say(" at %s", info->si_addr ? "address" : "0");
	else if (info->si_code == SI_QUEUE)
		say(" value %d", info->si_value.sival_int);
	if (!is_fault && info->si_code <= 0)
		say(" from %s", info->si_pid == self ? "self" : info->si_pid ? "other" : "0");
	if (signal_number == SIGCHLD && info->si_code > 0 && info->si_code != SI_KERNEL)
		say(" status %d", info->si_status);
	leave_handler();
}

static const struct disposition {
	const char *name;
	void (*handler)(int);
	unsigned int flags;
} dispositions[] = {
	{ "default", SIG_DFL, 0 },        { "ignore", SIG_IGN, 0 },
	{ "handler", plain, 0 },          { "siginfo", NULL, SA_SIGINFO },
	{ "restart", plain, SA_RESTART }, { "resethand", NULL, SA_SIGINFO | SA_RESETHAND },
	{ "nodefer", plain, SA_NODEFER }, { "onstack", NULL, SA_SIGINFO | SA_ONSTACK | SA_RESTART },
};

static void set_disposition(const struct disposition *d)
{
	static char stack[16384];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_flags = (int)d->flags };

	if (d->flags & SA_SIGINFO)
		action.sa_sigaction = with_info;
	else
		action.sa_handler = d->handler;
	if (d->flags & SA_ONSTACK)
		sigaltstack(&alternate, NULL);
	if (sigaction(number, &action, NULL))
		say(" sigaction %d", errno);
}

static void say_disposition(void)
{
	struct sigaction now;

	sigaction(number, NULL, &now);
	say(", still %s", now.sa_handler == SIG_DFL   ? "default"
			  : now.sa_handler == SIG_IGN ? "ignored"
						      : "caught");
}

/* ---- sources ---- */

static void by_kill(void)
{
	kill(self, number);
}

static void by_raise(void)
{
	raise(number);
}

static void by_queue(void)
{
	sigqueue(self, number, (union sigval){ VALUE });
}

static void by_other(void)
{
	pid_t child = fork();

	if (child == 0) {
		kill(self, number);
		_exit(0);
	}
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

/* True if the process sleeps or has ended. */
static int sleeps(pid_t pid)
{
	char path[32], stat[512], *state;
	ssize_t count;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return 1;
	count = read(fd, stat, sizeof(stat) - 1);
	close(fd);
	stat[count > 0 ? count : 0] = '\0';
	state = strrchr(stat, ')');
	return !state || strchr("STZX", state[2]);
}

static void wait_until_sleeps(pid_t pid)
{
	for (int i = 0; i < PATIENCE && !sleeps(pid); i++)
		usleep(STEP_US);
}

/* Another sends it while the process reads; later there is something to read. */
static void while_reading(void)
{
	int fds[2], before = seen->runs;
	ssize_t count;
	pid_t child;
	char c;

	if (pipe(fds))
		_exit(CANNOT);
	child = fork();
	if (child == 0) {
		wait_until_sleeps(self);
		kill(self, number);
		for (int i = 0; i < 10 && seen->runs == before; i++)
			usleep(STEP_US);
		wait_until_sleeps(self);
		write(fds[1], "x", 1);
		_exit(0);
	}
	count = read(fds[0], &c, 1);
	say(count < 0 ? " read EINTR" : " read %d", (int)count);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	close(fds[0]);
	close(fds[1]);
}

static volatile int *volatile nowhere = (int *)16;

/* A page of a file that has none. */
static void touch_nothing(void)
{
	char path[] = "/tmp/table-XXXXXX";
	int fd = mkstemp(path);
	volatile char *page = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);

	unlink(path);
	(void)*page;
}

static void by_fault(void)
{
	if (sigsetjmp(after_fault, 1))
		return;
	if (number == SIGSEGV)
		*nowhere = 1;
	else if (number == SIGBUS)
		touch_nothing();
	else if (number == SIGFPE)
		asm volatile("xorl %%edx, %%edx; xorl %%ecx, %%ecx; divl %%ecx" ::
				     : "eax", "ecx", "edx");
	else if (number == SIGILL)
		asm volatile("ud2");
	else
		asm volatile("int3");
}

static void by_timer(void)
{
	static const struct itimerval soon = { .it_value = { .tv_usec = 1000 } };
	int which = number == SIGALRM     ? ITIMER_REAL
		    : number == SIGVTALRM ? ITIMER_VIRTUAL
					  : ITIMER_PROF;
	struct itimerval left;

	setitimer(which, &soon, NULL);
	do
		getitimer(which, &left);
	while (left.it_value.tv_sec || left.it_value.tv_usec);
	usleep(STEP_US);
}

static void by_end_of_child(void)
{
	pid_t child = fork();
	int result;

	if (child == 0)
		_exit(7);
	do
		result = waitpid(child, NULL, 0);
	while (result < 0 && errno == EINTR);
	say(result < 0 ? " wait %d" : " waited", errno);
}

static void by_pipe(void)
{
	int fds[2];

	if (pipe(fds))
		_exit(CANNOT);
	close(fds[0]);
	if (write(fds[1], "x", 1) < 0)
		say(" write %d", errno);
	close(fds[1]);
}

/* What is typed behind the key arrives when the key has been looked at. */
static void press(int master, int slave, const char *keys)
{
	struct pollfd typed = { .fd = slave, .events = POLLIN };

	write(master, keys, strlen(keys));
	while (poll(&typed, 1, PATIENCE) < 0 && errno == EINTR)
		;
}

/* The foreground of a terminal, where somebody presses a key, changes the size, or goes. */
static void by_terminal(void)
{
	static const struct winsize size = { .ws_row = 7, .ws_col = 7 };
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), slave, unlock = 0, which = 0;
	char path[32];

	if (master < 0 || ioctl(master, TIOCSPTLCK, &unlock) || ioctl(master, TIOCGPTN, &which))
		_exit(CANNOT);
	snprintf(path, sizeof(path), "/dev/pts/%d", which);
	slave = open(path, O_RDWR | O_NOCTTY);
	ioctl(slave, TIOCSCTTY, 0);
	if (number == SIGWINCH)
		ioctl(master, TIOCSWINSZ, &size);
	else if (number == SIGHUP)
		close(master);
	else
		press(master, slave,
		      number == SIGINT    ? "\003x\n"
		      : number == SIGQUIT ? "\034x\n"
					  : "\032x\n");
	signal(SIGHUP, number == SIGHUP ? SIG_DFL : SIG_IGN); /* of the end of the session */
}

static const int all[] = { 1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18,
			   19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 34, 50, 64, 0 };
static const int some[] = { SIGHUP,  SIGINT,  SIGKILL, SIGUSR1,  SIGURG, SIGCONT,
			    SIGSTOP, SIGTSTP, SIGTTIN, SIGWINCH, 34,     0 };
static const int faults[] = { SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGSEGV, 0 };
static const int timers[] = { SIGALRM, SIGVTALRM, SIGPROF, 0 };
static const int of_terminals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGWINCH, 0 };

static const struct source {
	const char *name;
	void (*send)(void);
	const int *signals;
	int twice; /* two of them: do they queue? */
} sources[] = {
	{ "kill", by_kill, all, 1 },
	{ "raise", by_raise, all, 1 },
	{ "sigqueue", by_queue, all, 1 },
	{ "another", by_other, some, 1 },
	{ "reading", while_reading, some, 0 },
	{ "fault", by_fault, faults, 0 },
	{ "timer", by_timer, timers, 0 },
	{ "child", by_end_of_child, (const int[]){ SIGCHLD, 0 }, 0 },
	{ "pipe", by_pipe, (const int[]){ SIGPIPE, 0 }, 0 },
	{ "terminal", by_terminal, of_terminals, 0 },
};

/* ---- a case ---- */

static void run(const struct source *source, const struct disposition *d, int blocked)
{
	sigset_t set = only(number), pending;

	self = getpid();
	is_fault = source->send == by_fault;
	if (source->send == by_terminal)
		setsid();
	else
		setpgid(0, 0); /* a group that the keys may stop */
	set_disposition(d);
	if (blocked)
		sigprocmask(SIG_BLOCK, &set, NULL);
	source->send();
	if (source->twice)
		source->send();
	if (blocked) {
		sigpending(&pending);
		say(sigismember(&pending, number) ? " pending" : " none");
		sigprocmask(SIG_UNBLOCK, &set, NULL);
	}
	say_disposition();
	_exit(0);
}

/* Ends the case if it stopped. */
static void watch(pid_t child)
{
	int status;

	while (waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status)) {
		say("; stopped %s", name_of(WSTOPSIG(status)));
		kill(child, SIGCONT);
	}
	if (WIFSIGNALED(status))
		say("; killed %s", name_of(WTERMSIG(status)));
	else
		say("; exit %d", WEXITSTATUS(status));
}

static void try(const struct source *source, const struct disposition *d, int blocked)
{
	pid_t child;

	memset(seen, 0, sizeof(*seen));
	child = fork();
	if (child == 0)
		run(source, d, blocked);
	watch(child);
	printf("%s %s %s %s:%s\n", name_of(number), source->name, d->name,
	       blocked ? "blocked" : "open", seen->text);
	fflush(stdout);
}

int main(void)
{
	int cases = 0;

	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (unsigned int s = 0; s < LENGTH_OF(sources); s++) {
		for (const int *n = sources[s].signals; *n; n++) {
			number = *n;
			for (unsigned int d = 0; d < 2 * LENGTH_OF(dispositions); d++, cases++)
				try(&sources[s], &dispositions[d / 2], d % 2);
		}
	}
	printf("# %d cases\n", cases);
	return 0;
}
