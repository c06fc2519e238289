/* SPDX-License-Identifier: MIT */
/* Waiting for one of many things: poll, select and their relatives; waitid; pause. */
#define _GNU_SOURCE
#include "ktap.h"

#include <poll.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <time.h>

enum { SOON_MS = 50, LONG_MS = 20000, PIPE_BYTES = 65536, MANY = 300 };

static long now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* What poll says of one file now. */
static int ready(int fd, int events)
{
	struct pollfd p = { .fd = fd, .events = (short)events };
	int count = poll(&p, 1, 0);

	EXPECT_EQ(count, p.revents != 0);
	return p.revents;
}

static void regular_files_are_always_ready(void)
{
	int fd;

	ktap_put_file("file", "");
	fd = open("file", O_RDONLY);
	EXPECT_EQ(ready(fd, POLLIN | POLLOUT | POLLPRI), POLLIN | POLLOUT);
	EXPECT_EQ(ready(fd, POLLRDNORM | POLLWRNORM), POLLRDNORM | POLLWRNORM);
	EXPECT_EQ(ready(fd, 0), 0);
	close(fd);
	fd = open("/dev/null", O_RDWR);
	EXPECT_EQ(ready(fd, POLLIN | POLLOUT), POLLIN | POLLOUT);
	close(fd);
	unlink("file");
}

static void a_pipe_is_readable_with_bytes_and_writable_with_room(void)
{
	static char bytes[PIPE_BYTES];
	int fds[2];

	EXPECT_OK(pipe(fds));
	EXPECT_EQ(ready(fds[0], POLLIN), 0);
	EXPECT_EQ(ready(fds[1], POLLOUT), POLLOUT);
	EXPECT_EQ(write(fds[1], bytes, PIPE_BYTES), PIPE_BYTES);
	EXPECT_EQ(ready(fds[0], POLLIN), POLLIN);
	EXPECT_EQ(ready(fds[1], POLLOUT), 0);
	EXPECT_EQ(read(fds[0], bytes, PIPE_BYTES), PIPE_BYTES);
	EXPECT_EQ(ready(fds[1], POLLOUT), POLLOUT);
	close(fds[0]);
	EXPECT_EQ(ready(fds[1], POLLOUT) & POLLERR, POLLERR);
	close(fds[1]);
}

static void the_end_of_a_pipe_is_a_hang_up(void)
{
	int fds[2];

	EXPECT_OK(pipe(fds));
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	close(fds[1]);
	EXPECT_EQ(ready(fds[0], POLLIN), POLLIN | POLLHUP);
	EXPECT_EQ(ready(fds[0], 0), POLLHUP);
	close(fds[0]);
	EXPECT_OK(mkfifo("fifo", 0600));
	fds[0] = open("fifo", O_RDONLY | O_NONBLOCK);
	EXPECT_EQ(ready(fds[0], POLLIN), 0);
	fds[1] = open("fifo", O_WRONLY);
	EXPECT_EQ(ready(fds[0], POLLIN), 0);
	close(fds[1]);
	EXPECT_EQ(ready(fds[0], POLLIN), POLLHUP);
	close(fds[0]);
	unlink("fifo");
}

/* Each reader that did not wait for a writer hears only of the end of later ones. */
static void a_fifo_ends_for_who_was_there_with_a_writer(void)
{
	int early, late, writer;

	EXPECT_OK(mkfifo("fifo", 0600));
	early = open("fifo", O_RDONLY | O_NONBLOCK);
	close(open("fifo", O_WRONLY));
	late = open("fifo", O_RDONLY | O_NONBLOCK);
	EXPECT_EQ(ready(early, POLLIN), POLLHUP);
	EXPECT_EQ(ready(late, POLLIN), 0);
	writer = open("fifo", O_WRONLY);
	EXPECT_EQ(ready(early, POLLIN), 0);
	close(writer);
	EXPECT_EQ(ready(late, POLLIN), POLLHUP);
	close(early);
	close(late);
	unlink("fifo");
}

static void poll_says_why_not(void)
{
	struct pollfd two[2] = { { .fd = 63, .events = POLLIN }, { .fd = -1, .events = POLLIN } };
	int fd = open(".", O_PATH);

	EXPECT_EQ(poll(two, 2, LONG_MS), 1);
	EXPECT_EQ(two[0].revents, POLLNVAL);
	EXPECT_EQ(two[1].revents, 0);
	EXPECT_EQ(ready(fd, POLLIN), POLLNVAL);
	close(fd);
	EXPECT_ERR(poll(NULL, 1, 0), EFAULT);
	EXPECT_ERR(poll(two, 0x7fffffff, 0), EINVAL);
}

static void a_time_out_ends_the_wait(void)
{
	struct timespec soon = { .tv_nsec = SOON_MS * 1000000L };
	struct timeval soon_too = { .tv_usec = SOON_MS * 1000L };
	long before = now_ms();
	int fds[2];
	struct pollfd p;
	fd_set set;

	EXPECT_OK(pipe(fds));
	p = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	EXPECT_EQ(poll(&p, 1, SOON_MS), 0);
	EXPECT(now_ms() - before >= SOON_MS);
	EXPECT_EQ(poll(NULL, 0, SOON_MS), 0);
	EXPECT(now_ms() - before >= 2 * SOON_MS);
	EXPECT_EQ(ppoll(&p, 1, &soon, NULL), 0);
	EXPECT(now_ms() - before >= 3 * SOON_MS);
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	EXPECT_EQ(select(fds[0] + 1, &set, NULL, NULL, &soon_too), 0);
	EXPECT(now_ms() - before >= 4 * SOON_MS);
	EXPECT(!FD_ISSET(fds[0], &set));
	EXPECT_EQ(soon_too.tv_usec, 0);
	close(fds[0]);
	close(fds[1]);
}

/* A child does something after a while; ours is to notice. */
static pid_t later(void (*act)(int), int fd)
{
	pid_t child = fork();

	if (child == 0) {
		usleep(SOON_MS * 1000);
		act(fd);
		_exit(0);
	}
	return child;
}

static void write_byte(int fd)
{
	if (write(fd, "x", 1) != 1)
		_exit(1);
}

static void read_all(int fd)
{
	static char bytes[PIPE_BYTES];

	if (read(fd, bytes, PIPE_BYTES) != PIPE_BYTES)
		_exit(1);
}

static void what_becomes_ready_ends_the_wait(void)
{
	static char bytes[PIPE_BYTES];
	struct pollfd p[2];
	int a[2], b[2];

	EXPECT_OK(pipe(a) | pipe(b));
	p[0] = (struct pollfd){ .fd = a[0], .events = POLLIN };
	p[1] = (struct pollfd){ .fd = b[0], .events = POLLIN };
	later(write_byte, b[1]);
	EXPECT_EQ(poll(p, 2, LONG_MS), 1);
	EXPECT_EQ(p[0].revents, 0);
	EXPECT_EQ(p[1].revents, POLLIN);
	EXPECT(wait(NULL) > 0);
	EXPECT_EQ(write(a[1], bytes, PIPE_BYTES), PIPE_BYTES);
	p[0] = (struct pollfd){ .fd = a[1], .events = POLLOUT };
	later(read_all, a[0]);
	EXPECT_EQ(poll(p, 1, LONG_MS), 1);
	EXPECT_EQ(p[0].revents, POLLOUT);
	EXPECT(wait(NULL) > 0);
	close(a[0]);
	close(a[1]);
	close(b[0]);
	close(b[1]);
}

static void nothing(int fd)
{
	(void)fd;
}

static void the_last_writer_leaving_ends_the_wait(void)
{
	struct pollfd p;
	int fds[2];

	EXPECT_OK(pipe(fds));
	later(nothing, 0); /* and closes all it has */
	close(fds[1]);
	p = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	EXPECT_EQ(poll(&p, 1, LONG_MS), 1);
	EXPECT_EQ(p.revents, POLLHUP);
	EXPECT(wait(NULL) > 0);
	close(fds[0]);
}

static void many_files_are_waited_for(void)
{
	static struct pollfd p[MANY];
	int fds[2];

	EXPECT_OK(pipe(fds));
	for (int i = 0; i < MANY; i++)
		p[i] = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	EXPECT_EQ(poll(p, MANY, 1), 0);
	later(write_byte, fds[1]);
	EXPECT_EQ(poll(p, MANY, LONG_MS), MANY);
	EXPECT_EQ(p[MANY - 1].revents, POLLIN);
	EXPECT(wait(NULL) > 0);
	close(fds[0]);
	close(fds[1]);
}

static void select_counts_bits_and_clears_the_others(void)
{
	struct timeval none = { 0 };
	fd_set reads, writes, others;
	int fds[2];

	EXPECT_OK(pipe(fds));
	FD_ZERO(&reads);
	FD_ZERO(&others);
	FD_SET(fds[0], &reads);
	FD_SET(fds[0], &others);
	FD_ZERO(&writes);
	FD_SET(fds[1], &writes);
	EXPECT_EQ(select(fds[1] + 1, &reads, &writes, &others, &none), 1);
	EXPECT(!FD_ISSET(fds[0], &reads) && FD_ISSET(fds[1], &writes));
	EXPECT(!FD_ISSET(fds[0], &others));
	write_byte(fds[1]);
	FD_SET(fds[0], &reads);
	EXPECT_EQ(select(fds[1] + 1, &reads, &writes, NULL, NULL), 2);
	EXPECT(FD_ISSET(fds[0], &reads) && FD_ISSET(fds[1], &writes));
	close(fds[0]);
	FD_ZERO(&writes);
	EXPECT_ERR(select(fds[1] + 1, &reads, NULL, NULL, &none), EBADF);
	EXPECT_ERR(select(-1, NULL, NULL, NULL, &none), EINVAL);
	close(fds[1]);
}

static void sleep_in_poll(void)
{
	poll(NULL, 0, -1);
}

static void sleep_in_pause(void)
{
	syscall(SYS_pause);
}

static void sleepers_are_killed(void)
{
	void (*const sleeps[])(void) = { sleep_in_poll, sleep_in_pause };
	int status;

	for (int i = 0; i < 2; i++) {
		pid_t child = fork();

		if (child == 0) {
			sleeps[i]();
			_exit(0);
		}
		usleep(SOON_MS * 1000);
		kill(child, SIGTERM);
		EXPECT_EQ(waitpid(child, &status, 0), child);
		EXPECT_SIGNAL(status, SIGTERM);
	}
}

static void stop_and_continue_do_not_end_poll(void)
{
	long before = now_ms();
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(poll(NULL, 0, 4 * SOON_MS) != 0);
	usleep(SOON_MS * 1000);
	kill(child, SIGSTOP);
	usleep(SOON_MS * 1000);
	kill(child, SIGCONT);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	EXPECT(now_ms() - before >= 4 * SOON_MS);
}

/* SIGTERM is blocked but for the time of the call. */
static void wait_with_a_mask(void)
{
	unsigned long long term = 1ull << (SIGTERM - 1), none = 0;
	struct timespec nothing = { 0 };

	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &term, NULL, sizeof(term));
	raise(SIGTERM);
	EXPECT_EQ(poll(NULL, 0, 1), 0);
	EXPECT_EQ(ppoll(NULL, 0, &nothing, NULL), 0);
	syscall(SYS_ppoll_time64, NULL, 0, NULL, &none, sizeof(none));
}

static void ppoll_takes_a_mask(void)
{
	EXPECT_SIGNAL(ktap_child(wait_with_a_mask), SIGTERM);
	EXPECT_ERR(syscall(SYS_ppoll, NULL, 0, NULL, "12345678", 4), EINVAL);
}

static volatile int signals_seen;

static void see_signal(int number)
{
	(void)number;
	signals_seen++;
}

/* A signal that waits comes in even if there is no time to wait; but what is ready goes before
 * it, and then the mask of before holds again.
 */
static void a_mask_lets_in_a_signal_unless_something_is_ready(void)
{
	struct timespec nothing = { 0 };
	sigset_t none, usr1, old;
	int fds[2];
	struct pollfd p;

	signal(SIGUSR1, see_signal);
	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	EXPECT_OK(sigprocmask(SIG_BLOCK, &usr1, &old));
	raise(SIGUSR1);
	EXPECT_ERR(ppoll(NULL, 0, &nothing, &none), EINTR);
	EXPECT_EQ(signals_seen, 1);
	raise(SIGUSR1);
	EXPECT_ERR(pselect(0, NULL, NULL, NULL, &nothing, &none), EINTR);
	EXPECT_EQ(signals_seen, 2);
	EXPECT_OK(pipe(fds));
	write_byte(fds[1]);
	p = (struct pollfd){ .fd = fds[0], .events = POLLIN };
	raise(SIGUSR1);
	EXPECT_EQ(ppoll(&p, 1, NULL, &none), 1);
	EXPECT_EQ(signals_seen, 2);
	EXPECT_OK(sigprocmask(SIG_SETMASK, &old, NULL));
	EXPECT_EQ(signals_seen, 3);
	signal(SIGUSR1, SIG_DFL);
	close(fds[0]);
	close(fds[1]);
}

static void waitid_tells_how_a_child_ended(void)
{
	siginfo_t info;
	pid_t child = fork();

	if (child == 0)
		_exit(7);
	EXPECT_OK(waitid(P_PID, child, &info, WEXITED | WNOWAIT));
	EXPECT_EQ(info.si_signo, SIGCHLD);
	EXPECT_EQ(info.si_code, CLD_EXITED);
	EXPECT_EQ(info.si_pid, child);
	EXPECT_EQ(info.si_uid, getuid());
	EXPECT_EQ(info.si_status, 7);
	info.si_pid = 0;
	EXPECT_OK(waitid(P_ALL, 0, &info, WEXITED));
	EXPECT_EQ(info.si_pid, child);
	EXPECT_ERR(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
	EXPECT_ERR(waitid(P_ALL, 0, &info, 0), EINVAL);
	EXPECT_ERR(waitid(P_PID, 0, &info, WEXITED), EINVAL);
	EXPECT_ERR(waitid(99, 1, &info, WEXITED), EINVAL);
}

static void waitid_tells_of_stop_and_continue(void)
{
	siginfo_t info;
	pid_t child = fork();

	if (child == 0) {
		poll(NULL, 0, -1);
		_exit(0);
	}
	setpgid(child, child);
	info.si_pid = 1;
	EXPECT_OK(waitid(P_PGID, child, &info, WEXITED | WNOHANG));
	EXPECT_EQ(info.si_pid, 0);
	kill(child, SIGSTOP);
	EXPECT_OK(waitid(P_PGID, child, &info, WSTOPPED));
	EXPECT_EQ(info.si_code, CLD_STOPPED);
	EXPECT_EQ(info.si_status, SIGSTOP);
	kill(child, SIGCONT);
	EXPECT_OK(waitid(P_PID, child, &info, WCONTINUED));
	EXPECT_EQ(info.si_code, CLD_CONTINUED);
	EXPECT_EQ(info.si_status, SIGCONT);
	kill(child, SIGKILL);
	EXPECT_OK(waitid(P_PID, child, &info, WEXITED));
	EXPECT_EQ(info.si_code, CLD_KILLED);
	EXPECT_EQ(info.si_status, SIGKILL);
}

/* As a C library of another kind would call them. */
static void the_calls_behind_select_agree(void)
{
	int times32[2] = { 0, 0 }, ends[2];
	long long times64[2] = { 0, 0 };
	fd_set set;

	EXPECT_OK(pipe(ends));
	EXPECT_EQ(write(ends[1], "x", 1), 1);
	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	EXPECT_EQ(syscall(SYS__newselect, ends[0] + 1, &set, NULL, NULL, times32), 1);
	EXPECT_EQ(syscall(SYS_pselect6, ends[0] + 1, &set, NULL, NULL, times32, NULL), 1);
	EXPECT_EQ(syscall(SYS_pselect6_time64, ends[0] + 1, &set, NULL, NULL, times64, NULL), 1);
	EXPECT(FD_ISSET(ends[0], &set));
	EXPECT_OK(close(ends[0]));
	EXPECT_OK(close(ends[1]));
}

static const struct ktap_test tests[] = {
	KTAP(regular_files_are_always_ready),
	KTAP(a_pipe_is_readable_with_bytes_and_writable_with_room),
	KTAP(the_end_of_a_pipe_is_a_hang_up),
	KTAP(a_fifo_ends_for_who_was_there_with_a_writer),
	KTAP(poll_says_why_not),
	KTAP(a_time_out_ends_the_wait),
	KTAP(what_becomes_ready_ends_the_wait),
	KTAP(the_last_writer_leaving_ends_the_wait),
	KTAP(many_files_are_waited_for),
	KTAP(select_counts_bits_and_clears_the_others),
	KTAP(sleepers_are_killed),
	KTAP(stop_and_continue_do_not_end_poll),
	KTAP(ppoll_takes_a_mask),
	KTAP(a_mask_lets_in_a_signal_unless_something_is_ready),
	KTAP(waitid_tells_how_a_child_ended),
	KTAP(waitid_tells_of_stop_and_continue),
	KTAP(the_calls_behind_select_agree),
};

KTAP_MAIN(tests)
