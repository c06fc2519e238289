/* SPDX-License-Identifier: MIT */
/* Sets of files to wait for: man 7 epoll, man 2 epoll_ctl, man 2 epoll_wait. */
#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/mman.h>

#include "pty_pair.h"

enum { MANY = 200 };

static int set;

/* Adds fd, with its number as the data. */
static void add(int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	EXPECT_OK(epoll_ctl(set, EPOLL_CTL_ADD, fd, &e));
}

static void change(int fd, uint32_t events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	EXPECT_OK(epoll_ctl(set, EPOLL_CTL_MOD, fd, &e));
}

/* What one look says of fd, if of any file; 0: of none. */
static int told(int fd)
{
	struct epoll_event e[4];
	int n = epoll_wait(set, e, 4, 0);

	EXPECT(n == 0 || (n == 1 && e[0].data.fd == fd));
	return n == 1 ? (int)e[0].events : 0;
}

static void empty(int fd)
{
	char buf[64];

	EXPECT(read(fd, buf, sizeof(buf)) > 0);
}

static void a_set_is_checked(void)
{
	struct epoll_event e = { .events = EPOLLIN };
	struct epoll_event *volatile nowhere = (void *)16;
	int fds[2], file, path = open(".", O_PATH);

	EXPECT_ERR(epoll_create(0), EINVAL);
	EXPECT_ERR(epoll_create1(1), EINVAL);
	set = epoll_create1(EPOLL_CLOEXEC);
	EXPECT_EQ(fcntl(set, F_GETFD), FD_CLOEXEC);
	EXPECT_OK(pipe(fds));
	ktap_put_file("file", "");
	file = open("file", O_RDONLY);
	EXPECT_ERR(epoll_ctl(set, EPOLL_CTL_ADD, file, &e), EPERM);
	EXPECT_ERR(epoll_ctl(set, EPOLL_CTL_ADD, 99, &e), EBADF);
	EXPECT_ERR(epoll_ctl(99, EPOLL_CTL_ADD, fds[0], &e), EBADF);
	EXPECT_ERR(epoll_ctl(set, EPOLL_CTL_ADD, path, &e), EBADF);
	EXPECT_ERR(epoll_wait(path, &e, 1, 0), EBADF);
	EXPECT_ERR(epoll_ctl(fds[0], EPOLL_CTL_ADD, fds[1], &e), EINVAL);
	EXPECT_ERR(epoll_ctl(set, EPOLL_CTL_ADD, set, &e), EINVAL);
	EXPECT_ERR(epoll_ctl(set, EPOLL_CTL_MOD, fds[0], &e), ENOENT);
	EXPECT_ERR(epoll_ctl(set, EPOLL_CTL_DEL, fds[0], NULL), ENOENT);
	EXPECT_ERR(epoll_ctl(set, 7, fds[0], &e), EINVAL);
	EXPECT_ERR(epoll_ctl(set, EPOLL_CTL_ADD, fds[0], NULL), EFAULT);
	add(fds[0], EPOLLIN);
	EXPECT_ERR(epoll_ctl(set, EPOLL_CTL_ADD, fds[0], &e), EEXIST);
	EXPECT_ERR(epoll_wait(set, &e, 0, 0), EINVAL);
	EXPECT_ERR(epoll_wait(fds[0], &e, 1, 0), EINVAL);
	EXPECT_ERR(epoll_wait(99, &e, 1, 0), EBADF);
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	EXPECT_ERR(epoll_wait(set, nowhere, 1, 0), EFAULT);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	EXPECT_ERR(read(set, &e, sizeof(e)), EINVAL);
	close(set);
	close(file);
	close(path);
	close(fds[0]);
	close(fds[1]);
	unlink("file");
}

static void level_triggered_tells_as_long_as_it_is_so(void)
{
	int fds[2];

	set = epoll_create1(0);
	EXPECT_OK(pipe(fds));
	add(fds[0], EPOLLIN);
	EXPECT_EQ(told(fds[0]), 0);
	EXPECT_EQ(write(fds[1], "xy", 2), 2);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	empty(fds[0]);
	EXPECT_EQ(told(fds[0]), 0);
	close(fds[1]);
	EXPECT_EQ(told(fds[0]), EPOLLHUP);
	close(fds[0]);
	close(set);
}

static void edge_triggered_tells_once(void)
{
	int fds[2];

	set = epoll_create1(0);
	EXPECT_OK(pipe(fds));
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	add(fds[0], EPOLLIN | EPOLLET);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	EXPECT_EQ(told(fds[0]), 0);
	EXPECT_EQ(write(fds[1], "y", 1), 1);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	EXPECT_EQ(told(fds[0]), 0);
	change(fds[0], EPOLLIN | EPOLLET);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	close(fds[1]);
	EXPECT_EQ(told(fds[0]), EPOLLIN | EPOLLHUP);
	EXPECT_EQ(told(fds[0]), 0);
	close(fds[0]);
	close(set);
}

static void one_shot_tells_until_it_is_set_again(void)
{
	int fds[2];

	set = epoll_create1(0);
	EXPECT_OK(pipe(fds));
	add(fds[0], EPOLLIN | EPOLLONESHOT);
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	EXPECT_EQ(told(fds[0]), 0);
	change(fds[0], EPOLLIN | EPOLLONESHOT);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	EXPECT_EQ(told(fds[0]), 0);
	close(fds[1]);
	EXPECT_EQ(told(fds[0]), 0);
	close(fds[0]);
	close(set);
}

static void both_sides_of_a_pipe(void)
{
	static char bytes[65536];
	struct epoll_event e[4];
	int fds[2];

	set = epoll_create1(0);
	EXPECT_OK(pipe(fds));
	add(fds[0], EPOLLIN);
	add(fds[1], EPOLLOUT);
	EXPECT_EQ(told(fds[1]), EPOLLOUT);
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	EXPECT_EQ(epoll_wait(set, e, 4, 0), 2);
	EXPECT_EQ(epoll_wait(set, e, 1, 0), 1);
	EXPECT_EQ(epoll_wait(set, e + 1, 1, 0), 1);
	EXPECT(e[0].data.fd != e[1].data.fd); /* they take turns */
	empty(fds[0]);
	EXPECT_EQ(write(fds[1], bytes, sizeof(bytes)), sizeof(bytes));
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	change(fds[0], 0);
	EXPECT_EQ(told(fds[0]), 0);
	close(fds[0]);
	EXPECT_EQ(told(fds[1]), EPOLLERR); /* it is full */
	close(fds[1]);
	close(set);
}

static void closed_files_leave_the_set(void)
{
	int fds[2], copy;

	set = epoll_create1(0);
	EXPECT_OK(pipe(fds));
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	add(fds[0], EPOLLIN);
	copy = dup(fds[0]);
	add(copy, EPOLLIN); /* the same file, by another number */
	EXPECT_OK(epoll_ctl(set, EPOLL_CTL_DEL, copy, NULL));
	close(fds[0]);
	EXPECT_EQ(told(fds[0]), EPOLLIN); /* its file is open still */
	close(copy);
	EXPECT_EQ(told(fds[0]), 0);
	close(fds[1]);
	EXPECT_OK(pipe(fds));
	add(fds[0], EPOLLIN);
	EXPECT_EQ(told(fds[0]), 0);
	close(set);
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	close(fds[0]);
	close(fds[1]);
}

static void terminals_are_waited_for(void)
{
	int master, slave;

	set = epoll_create1(0);
	if (!open_pair(&master, &slave, true))
		return;
	add(master, EPOLLIN);
	add(slave, EPOLLIN | EPOLLET);
	EXPECT_EQ(told(master), 0);
	put(slave, "x");
	poll(&(struct pollfd){ master, POLLIN, 0 }, 1, LONG_MS);
	EXPECT_EQ(told(master), EPOLLIN);
	empty(master);
	put(master, "y");
	poll(&(struct pollfd){ slave, POLLIN, 0 }, 1, LONG_MS);
	EXPECT_EQ(told(slave), EPOLLIN);
	EXPECT_EQ(told(slave), 0);
	empty(slave);
	close(master);
	EXPECT_EQ(told(slave) & (EPOLLIN | EPOLLHUP), EPOLLIN | EPOLLHUP);
	close(slave);
	close(set);
}

static void a_wait_sleeps_until_something_happens(void)
{
	struct epoll_event e;
	int fds[2], status;
	pid_t child;

	set = epoll_create1(0);
	EXPECT_OK(pipe(fds));
	add(fds[0], EPOLLIN);
	EXPECT_EQ(epoll_wait(set, &e, 1, SOON_MS), 0);
	EXPECT_EQ(epoll_pwait2(set, &e, 1, &(struct timespec){ .tv_nsec = 1000 }, NULL), 0);
	fflush(stdout);
	child = fork();
	if (child == 0) {
		poll(NULL, 0, SOON_MS);
		_exit(write(fds[1], "x", 1) == 1 ? 0 : 1);
	}
	EXPECT_EQ(epoll_wait(set, &e, 1, LONG_MS), 1);
	EXPECT_EQ(e.data.fd, fds[0]);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	close(fds[0]);
	close(fds[1]);
	close(set);
}

static volatile sig_atomic_t caught;

static void count_signal(int number)
{
	caught += number == SIGUSR1;
}

static void a_wait_ends_with_a_signal_that_its_mask_lets_in(void)
{
	struct epoll_event e;
	sigset_t blocked, none;

	set = epoll_create1(0);
	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	signal(SIGUSR1, count_signal);
	EXPECT_OK(sigprocmask(SIG_BLOCK, &blocked, NULL));
	raise(SIGUSR1);
	EXPECT_EQ(epoll_wait(set, &e, 1, 0), 0);
	EXPECT_EQ(caught, 0);
	EXPECT_ERR(epoll_pwait(set, &e, 1, LONG_MS, &none), EINTR);
	EXPECT_EQ(caught, 1);
	raise(SIGUSR1);
	EXPECT_EQ(caught, 1); /* the old mask is back */
	EXPECT_ERR(epoll_pwait2(set, &e, 1, NULL, &none), EINTR);
	EXPECT_EQ(caught, 2);
	EXPECT_OK(sigprocmask(SIG_UNBLOCK, &blocked, NULL));
	signal(SIGUSR1, SIG_DFL);
	close(set);
}

static void a_set_is_a_file_to_poll(void)
{
	struct pollfd p = { .events = POLLIN };
	int fds[2];

	p.fd = set = epoll_create1(0);
	EXPECT_OK(pipe(fds));
	EXPECT_EQ(poll(&p, 1, 0), 0);
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	add(fds[0], EPOLLIN);
	EXPECT_EQ(poll(&p, 1, 0), 1);
	EXPECT_EQ(p.revents, POLLIN);
	EXPECT_EQ(told(fds[0]), EPOLLIN);
	empty(fds[0]);
	EXPECT_EQ(poll(&p, 1, 0), 0);
	close(fds[0]);
	close(fds[1]);
	close(set);
}

static void many_files_in_one_set(void)
{
	struct epoll_event e[MANY];
	int fds[MANY][2];
	char seen[MANY * 2 + 16] = "";

	set = epoll_create1(0);
	for (int i = 0; i < MANY; i++) {
		EXPECT_OK(pipe(fds[i]));
		add(fds[i][0], EPOLLIN);
		if (i % 2)
			EXPECT_EQ(write(fds[i][1], "x", 1), 1);
	}
	EXPECT_EQ(epoll_wait(set, e, MANY, 0), MANY / 2);
	for (int i = 0; i < MANY / 2; i++)
		seen[e[i].data.fd]++;
	for (int i = 0; i < MANY; i++) {
		EXPECT_EQ(seen[fds[i][0]], i % 2);
		close(fds[i][0]);
		close(fds[i][1]);
	}
	EXPECT_EQ(epoll_wait(set, e, MANY, 0), 0);
	close(set);
}

/* A child writes and closes while the parent waits, adds and takes away. */
static void sets_survive_what_happens_meanwhile(void)
{
	struct epoll_event e[8];
	int status;

	set = epoll_create1(0);
	for (int round = 0; round < MANY; round++) {
		int fds[2];
		pid_t child;

		EXPECT_OK(pipe(fds));
		fflush(stdout);
		child = fork();
		if (child == 0) {
			close(fds[0]);
			_exit(write(fds[1], "x", 1) == 1 ? 0 : 1);
		}
		close(fds[1]);
		add(fds[0], EPOLLIN | (round % 2 ? EPOLLET : 0));
		while (epoll_wait(set, e, 8, LONG_MS) == 1 && !(e[0].events & EPOLLHUP))
			;
		EXPECT(e[0].events & EPOLLHUP);
		if (round % 3)
			EXPECT_OK(epoll_ctl(set, EPOLL_CTL_DEL, fds[0], NULL));
		close(fds[0]);
		EXPECT_EQ(waitpid(child, &status, 0), child);
		EXPECT_EXIT(status, 0);
	}
	close(set);
}

static const struct ktap_test tests[] = {
	KTAP(a_set_is_checked),
	KTAP(level_triggered_tells_as_long_as_it_is_so),
	KTAP(edge_triggered_tells_once),
	KTAP(one_shot_tells_until_it_is_set_again),
	KTAP(both_sides_of_a_pipe),
	KTAP(closed_files_leave_the_set),
	KTAP(terminals_are_waited_for),
	KTAP(a_wait_sleeps_until_something_happens),
	KTAP(a_wait_ends_with_a_signal_that_its_mask_lets_in),
	KTAP(a_set_is_a_file_to_poll),
	KTAP(many_files_in_one_set),
	KTAP(sets_survive_what_happens_meanwhile),
};
KTAP_MAIN(tests)
