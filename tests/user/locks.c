/* SPDX-License-Identifier: MIT */
/* Advisory locks: ranges of processes and of open files (fcntl), whole files (flock). */
#define _GNU_SOURCE
#include "ktap.h"

#include <signal.h>
#include <sys/file.h>
#include <time.h>

enum { TURN_MS = 50 }; /* long enough for a child to fall asleep */

static void nap(void)
{
	struct timespec t = { 0, TURN_MS * 1000000L };

	nanosleep(&t, NULL);
}

static int file_open(void)
{
	return open("file", O_RDWR | O_CREAT, 0644);
}

/* One request; errno is left as the call set it. */
static int range(int fd, int command, int type, off_t start, off_t length)
{
	struct flock lk = { .l_type = (short)type, .l_start = start, .l_len = length };

	errno = 0;
	return fcntl(fd, command, &lk);
}

/* What another process, which opens the file itself, would find in the way of a lock: "w 2+3",
 * "-" for nothing.
 */
static char seen[32];

static void look(int pipe_fd, int type, off_t start, off_t length)
{
	struct flock lk = { .l_type = (short)type, .l_start = start, .l_len = length };
	int fd = file_open();
	int count = 1;

	seen[0] = '-';
	if (fcntl(fd, F_GETLK, &lk) != 0)
		count = snprintf(seen, sizeof(seen), "error %d", errno);
	else if (lk.l_type != F_UNLCK)
		count = snprintf(seen, sizeof(seen), "%c %lld+%lld",
				 lk.l_type == F_WRLCK ? 'w' : 'r', (long long)lk.l_start,
				 (long long)lk.l_len);
	_exit(write(pipe_fd, seen, (size_t)count) != count);
}

static const char *other_sees(int type, off_t start, off_t length)
{
	int pipes[2], status;
	ssize_t count;

	EXPECT_OK(pipe(pipes));
	if (fork() == 0)
		look(pipes[1], type, start, length);
	close(pipes[1]);
	count = read(pipes[0], seen, sizeof(seen) - 1);
	close(pipes[0]);
	wait(&status);
	seen[count > 0 ? count : 0] = '\0';
	return seen;
}

static void a_write_lock_keeps_others_out_of_its_range(void)
{
	int fd = file_open();

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 10, 5));
	EXPECT_STR(other_sees(F_RDLCK, 0, 0), "w 10+5");
	EXPECT_STR(other_sees(F_WRLCK, 14, 1), "w 10+5");
	EXPECT_STR(other_sees(F_WRLCK, 15, 0), "-");
	EXPECT_STR(other_sees(F_WRLCK, 0, 10), "-");
	close(fd);
	unlink("file");
}

static void read_locks_share(void)
{
	int fd = file_open();

	EXPECT_OK(range(fd, F_SETLK, F_RDLCK, 0, 0));
	EXPECT_STR(other_sees(F_RDLCK, 0, 0), "-");
	EXPECT_STR(other_sees(F_WRLCK, 100, 1), "r 0+0");
	close(fd);
	unlink("file");
}

static void an_owner_never_meets_itself(void)
{
	struct flock lk = { .l_type = F_WRLCK };
	int fd = file_open();
	int second = file_open();

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 0));
	EXPECT_OK(range(second, F_SETLK, F_RDLCK, 0, 0));
	EXPECT_OK(fcntl(fd, F_GETLK, &lk));
	EXPECT_EQ(lk.l_type, F_UNLCK);
	close(fd);
	close(second);
	unlink("file");
}

static void a_later_lock_replaces_the_parts_it_covers(void)
{
	int fd = file_open();

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 100));
	EXPECT_OK(range(fd, F_SETLK, F_RDLCK, 40, 20));
	EXPECT_STR(other_sees(F_WRLCK, 0, 10), "w 0+40");
	EXPECT_STR(other_sees(F_WRLCK, 40, 10), "r 40+20");
	EXPECT_STR(other_sees(F_WRLCK, 60, 10), "w 60+40");
	EXPECT_OK(range(fd, F_SETLK, F_UNLCK, 30, 40));
	EXPECT_STR(other_sees(F_WRLCK, 30, 40), "-");
	EXPECT_STR(other_sees(F_WRLCK, 30, 41), "w 70+30");
	close(fd);
	unlink("file");
}

static void neighbours_become_one(void)
{
	int fd = file_open();

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 10));
	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 20, 10));
	EXPECT_STR(other_sees(F_WRLCK, 0, 0), "w 0+10");
	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 10, 10));
	EXPECT_STR(other_sees(F_WRLCK, 25, 1), "w 0+30");
	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 30, 0));
	EXPECT_STR(other_sees(F_WRLCK, 1000000, 1), "w 0+0");
	close(fd);
	unlink("file");
}

static void ranges_may_be_named_from_the_position_the_end_and_backwards(void)
{
	struct flock lk = { .l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = 2, .l_len = 3 };
	int fd = file_open();

	EXPECT_EQ(write(fd, "0123456789", 10), 10);
	lseek(fd, 4, SEEK_SET);
	EXPECT_OK(fcntl(fd, F_SETLK, &lk));
	EXPECT_STR(other_sees(F_WRLCK, 0, 0), "w 6+3");
	EXPECT_OK(range(fd, F_SETLK, F_UNLCK, 0, 0));
	lk = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_END, .l_len = -4 };
	EXPECT_OK(fcntl(fd, F_SETLK, &lk));
	EXPECT_STR(other_sees(F_WRLCK, 0, 0), "w 6+4");
	close(fd);
	unlink("file");
}

static void bad_requests_are_refused(void)
{
	struct flock lk = { .l_type = F_WRLCK, .l_whence = 7 };
	int fd = file_open();
	int reader = open("file", O_RDONLY);
	int writer = open("file", O_WRONLY);

	EXPECT_ERR(fcntl(fd, F_SETLK, &lk), EINVAL);
	EXPECT_ERR(range(fd, F_SETLK, 5, 0, 0), EINVAL);
	EXPECT_ERR(range(fd, F_SETLK, F_WRLCK, -1, 1), EINVAL);
	EXPECT_ERR(range(fd, F_SETLK, F_WRLCK, 5, -6), EINVAL);
	EXPECT_ERR(range(fd, F_SETLK, F_WRLCK, INT64_MAX, 2), EOVERFLOW);
	EXPECT_ERR(range(fd, F_GETLK, F_UNLCK, 0, 0), EINVAL);
	EXPECT_ERR(range(reader, F_SETLK, F_WRLCK, 0, 0), EBADF);
	EXPECT_ERR(range(writer, F_SETLK, F_RDLCK, 0, 0), EBADF);
	EXPECT_ERR(range(99, F_SETLK, F_RDLCK, 0, 0), EBADF);
	EXPECT_ERR(fcntl(fd, F_SETLK, NULL), EFAULT);
	close(fd);
	close(reader);
	close(writer);
	unlink("file");
}

static void any_close_of_the_file_gives_up_all_ranges(void)
{
	int fd = file_open();

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 0));
	close(open("file", O_RDONLY));
	EXPECT_STR(other_sees(F_WRLCK, 0, 0), "-");
	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 0));
	close(dup(fd));
	EXPECT_STR(other_sees(F_WRLCK, 0, 0), "-");
	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 0));
	EXPECT_EQ(dup2(0, dup(fd)) >= 0, 1);
	EXPECT_STR(other_sees(F_WRLCK, 0, 0), "-");
	close(fd + 1);
	close(fd);
	unlink("file");
}

static void try_to_lock(void)
{
	int fd = file_open();

	EXPECT_ERR(range(fd, F_SETLK, F_WRLCK, 0, 0), EAGAIN);
	EXPECT_OK(range(fd, F_SETLK, F_RDLCK, 5, 0));
}

static void a_child_inherits_no_range_and_its_exit_gives_up_its_own(void)
{
	int fd = file_open();

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 5));
	EXPECT_EXIT(ktap_child(try_to_lock), 0);
	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 0));
	close(fd);
	unlink("file");
}

static void wait_for_lock(void)
{
	int fd = file_open();

	EXPECT_OK(range(fd, F_SETLKW, F_WRLCK, 0, 0));
	EXPECT_OK(write(fd, "got", 3) != 3);
}

/* A child that waits for the lock of all of fd. */
static pid_t start_waiter(int fd)
{
	pid_t child;

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 0));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		wait_for_lock();
		_exit(0);
	}
	nap();
	return child;
}

static void a_waiter_gets_the_lock_when_it_is_given_up(void)
{
	int fd = file_open(), status;
	pid_t child = start_waiter(fd);

	EXPECT_EQ(waitpid(child, &status, WNOHANG), 0);
	ktap_expect_file("file", ""); /* its close gives the range up */
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	ktap_expect_file("file", "got");
	close(fd);
	unlink("file");
}

static void a_waiter_can_be_killed(void)
{
	int fd = file_open(), status;
	pid_t child = start_waiter(fd);

	kill(child, SIGTERM);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_SIGNAL(status, SIGTERM);
	close(fd);
	unlink("file");
}

/* Two processes, each with a byte, each asking for the other's. */
static void ask_for_the_other(void)
{
	int fd = file_open();

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 1, 1));
	EXPECT_EQ(write(fd, "", 1), 1);
	EXPECT_OK(range(fd, F_SETLKW, F_WRLCK, 0, 1)); /* waits until the parent has met the ring */
}

static void a_ring_of_waiters_is_refused(void)
{
	struct stat st;
	int fd = file_open(), status;
	pid_t child;

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 0, 1));
	fflush(stdout);
	child = fork();
	if (child == 0) {
		ktap_failures = 0;
		ask_for_the_other();
		_exit(ktap_failures);
	}
	do {
		nap();
		fstat(fd, &st);
	} while (st.st_size == 0);
	nap();
	EXPECT_ERR(range(fd, F_SETLKW, F_WRLCK, 1, 1), EDEADLK);
	close(fd);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	unlink("file");
}

static void the_holder_is_named(void)
{
	struct flock lk = { .l_type = F_WRLCK };
	int fd = file_open(), status;
	pid_t child, parent = getpid();

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 3, 4));
	child = fork();
	if (child == 0)
		_exit(fcntl(fd, F_GETLK, &lk) || lk.l_pid != parent || lk.l_whence != SEEK_SET);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	close(fd);
	unlink("file");
}

static void ranges_of_open_files_go_with_the_last_descriptor(void)
{
	struct flock lk = { .l_type = F_WRLCK };
	int fd = file_open();
	int second = file_open();
	int copy = dup(fd);

	EXPECT_OK(range(fd, F_OFD_SETLK, F_WRLCK, 0, 10));
	EXPECT_ERR(range(second, F_OFD_SETLK, F_RDLCK, 5, 1), EAGAIN);
	EXPECT_ERR(range(second, F_SETLK, F_RDLCK, 5, 1), EAGAIN);
	EXPECT_OK(fcntl(second, F_OFD_GETLK, &lk));
	EXPECT_EQ(lk.l_pid, -1);
	EXPECT_EQ(lk.l_len, 10);
	lk.l_pid = 1;
	EXPECT_ERR(fcntl(second, F_OFD_SETLK, &lk), EINVAL);
	close(fd);
	EXPECT_ERR(range(second, F_OFD_SETLK, F_RDLCK, 5, 1), EAGAIN);
	close(copy);
	EXPECT_OK(range(second, F_OFD_SETLK, F_RDLCK, 5, 1));
	close(second);
	unlink("file");
}

static void flock_is_of_the_open_file(void)
{
	int fd = file_open();
	int second = file_open();
	int copy = dup(fd);

	EXPECT_OK(flock(fd, LOCK_EX));
	EXPECT_OK(flock(copy, LOCK_EX | LOCK_NB));
	EXPECT_ERR(flock(second, LOCK_SH | LOCK_NB), EAGAIN);
	EXPECT_OK(range(second, F_SETLK, F_WRLCK, 0, 0)); /* another kind of lock */
	EXPECT_OK(flock(copy, LOCK_SH));
	EXPECT_OK(flock(second, LOCK_SH | LOCK_NB));
	EXPECT_ERR(flock(fd, LOCK_EX | LOCK_NB), EAGAIN); /* and the shared one is lost */
	EXPECT_OK(flock(second, LOCK_EX | LOCK_NB));
	EXPECT_OK(flock(second, LOCK_UN));
	EXPECT_OK(flock(fd, LOCK_EX));
	close(fd);
	EXPECT_ERR(flock(second, LOCK_SH | LOCK_NB), EAGAIN);
	close(copy);
	EXPECT_OK(flock(second, LOCK_SH | LOCK_NB));
	EXPECT_ERR(flock(second, LOCK_SH | LOCK_EX), EINVAL);
	EXPECT_ERR(flock(second, 0), EINVAL);
	EXPECT_ERR(flock(99, LOCK_SH), EBADF);
	close(second);
	unlink("file");
}

static void take_turns(void)
{
	for (int i = 0; i < 50; i++) {
		int fd = file_open();
		char c = 0;

		EXPECT_OK(flock(fd, LOCK_EX));
		EXPECT(pread(fd, &c, 1, 0) >= 0);
		c++;
		EXPECT_EQ(pwrite(fd, &c, 1, 0), 1);
		close(fd);
	}
}

static void flock_lets_one_in_at_a_time(void)
{
	char c = 0;
	int fd;

	fflush(stdout);
	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			ktap_failures = 0;
			take_turns();
			fflush(stdout);
			_exit(ktap_failures);
		}
	}
	for (int i = 0; i < 4; i++) {
		int status;

		EXPECT(wait(&status) > 0);
		EXPECT_EXIT(status, 0);
	}
	fd = file_open();
	EXPECT_EQ(read(fd, &c, 1), 1);
	EXPECT_EQ((unsigned char)c, 200);
	close(fd);
	unlink("file");
}

static void pipes_and_directories_can_be_locked(void)
{
	int pipes[2];
	int directory = open(".", O_RDONLY);

	EXPECT_OK(pipe(pipes));
	EXPECT_OK(flock(pipes[0], LOCK_EX));
	EXPECT_ERR(flock(pipes[1], LOCK_EX | LOCK_NB), EAGAIN);
	EXPECT_OK(flock(directory, LOCK_EX | LOCK_NB));
	close(pipes[0]);
	EXPECT_OK(flock(pipes[1], LOCK_EX | LOCK_NB));
	close(pipes[1]);
	close(directory);
}

/* Whether /proc/locks has a line about the file that ends so; others have locks there, too. */
static int is_listed(int fd, const char *kind, const char *range)
{
	char line[128], file[32];
	FILE *locks = fopen("/proc/locks", "r");
	struct stat st;
	int found = 0;

	fstat(fd, &st);
	snprintf(file, sizeof(file), ":%llu %s\n", (unsigned long long)st.st_ino, range);
	while (fgets(line, sizeof(line), locks)) {
		char *end = strstr(line, file);

		found += end && !strcmp(end, file) && strstr(line, kind);
	}
	fclose(locks);
	return found;
}

static void locks_are_listed(void)
{
	int fd = file_open();
	int second = open("second", O_RDWR | O_CREAT, 0644);

	EXPECT_OK(range(fd, F_SETLK, F_WRLCK, 5, 10));
	EXPECT_OK(flock(second, LOCK_SH));
	EXPECT_EQ(is_listed(fd, "POSIX  ADVISORY  WRITE ", "5 14"), 1);
	EXPECT_EQ(is_listed(second, "FLOCK  ADVISORY  READ ", "0 EOF"), 1);
	EXPECT_OK(range(fd, F_SETLK, F_UNLCK, 0, 0));
	EXPECT_EQ(is_listed(fd, "POSIX", "5 14"), 0);
	close(fd);
	close(second);
	unlink("file");
	unlink("second");
}

static const struct ktap_test tests[] = {
	KTAP(a_write_lock_keeps_others_out_of_its_range),
	KTAP(read_locks_share),
	KTAP(an_owner_never_meets_itself),
	KTAP(a_later_lock_replaces_the_parts_it_covers),
	KTAP(neighbours_become_one),
	KTAP(ranges_may_be_named_from_the_position_the_end_and_backwards),
	KTAP(bad_requests_are_refused),
	KTAP(any_close_of_the_file_gives_up_all_ranges),
	KTAP(a_child_inherits_no_range_and_its_exit_gives_up_its_own),
	KTAP(a_waiter_gets_the_lock_when_it_is_given_up),
	KTAP(a_waiter_can_be_killed),
	KTAP(a_ring_of_waiters_is_refused),
	KTAP(the_holder_is_named),
	KTAP(ranges_of_open_files_go_with_the_last_descriptor),
	KTAP(flock_is_of_the_open_file),
	KTAP(flock_lets_one_in_at_a_time),
	KTAP(pipes_and_directories_can_be_locked),
	KTAP(locks_are_listed),
};
KTAP_MAIN(tests)
