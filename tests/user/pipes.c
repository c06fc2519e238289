/* SPDX-License-Identifier: MIT */
/* Pipes: order, end of file, EPIPE, atomic writes, non-blocking ends. */
#define _GNU_SOURCE
#include "ktap.h"

#include <limits.h>
#include <signal.h>
#include <sys/ioctl.h>

static int fds[2];

static void close_both(void)
{
	close(fds[0]);
	close(fds[1]);
}

static void what_goes_in_comes_out_in_order(void)
{
	char text[8] = "";

	EXPECT_OK(pipe(fds));
	EXPECT_EQ(write(fds[1], "abc", 3), 3);
	EXPECT_EQ(write(fds[1], "def", 3), 3);
	EXPECT_EQ(read(fds[0], text, 2), 2);
	EXPECT_STR(text, "ab");
	EXPECT_EQ(read(fds[0], text, sizeof(text)), 4);
	EXPECT_EQ(memcmp(text, "cdef", 4), 0);
	close_both();
}

static void read_gives_0_when_all_writers_closed(void)
{
	char c;

	EXPECT_OK(pipe(fds));
	EXPECT_EQ(write(fds[1], "x", 1), 1);
	close(fds[1]);
	EXPECT_EQ(read(fds[0], &c, 1), 1);
	EXPECT_EQ(read(fds[0], &c, 1), 0);
	EXPECT_EQ(read(fds[0], &c, 1), 0);
	close(fds[0]);
}

/* Runs function in a child while nobody has the reading end. */
static int without_reader(void (*function)(void))
{
	int status;

	EXPECT_OK(pipe(fds));
	close(fds[0]);
	status = ktap_child(function);
	close(fds[1]);
	return status;
}

static void write_one(void)
{
	write(fds[1], "x", 1);
}

static void write_one_ignoring_sigpipe(void)
{
	signal(SIGPIPE, SIG_IGN);
	EXPECT_ERR(write(fds[1], "x", 1), EPIPE);
}

static void write_without_a_reader_kills_by_sigpipe(void)
{
	EXPECT_SIGNAL(without_reader(write_one), SIGPIPE);
}

static void write_without_a_reader_gives_epipe_when_ignored(void)
{
	EXPECT_EXIT(without_reader(write_one_ignoring_sigpipe), 0);
}

static void the_wrong_end_gives_ebadf(void)
{
	char c = 0;

	EXPECT_OK(pipe(fds));
	EXPECT_ERR(write(fds[0], &c, 1), EBADF);
	EXPECT_ERR(read(fds[1], &c, 1), EBADF);
	close_both();
}

static void seeking_gives_espipe(void)
{
	char c;

	EXPECT_OK(pipe(fds));
	EXPECT_ERR(lseek(fds[0], 0, SEEK_CUR), ESPIPE);
	EXPECT_ERR(pread(fds[0], &c, 1, 0), ESPIPE);
	EXPECT_ERR(pwrite(fds[1], &c, 1, 0), ESPIPE);
	close_both();
}

static void a_non_blocking_read_gives_eagain(void)
{
	char c;

	EXPECT_OK(pipe2(fds, O_NONBLOCK));
	EXPECT_ERR(read(fds[0], &c, 1), EAGAIN);
	close(fds[1]);
	EXPECT_EQ(read(fds[0], &c, 1), 0);
	close(fds[0]);
}

static void a_non_blocking_write_fills_the_pipe_then_gives_eagain(void)
{
	static char page[4096];
	long total = 0, done;

	EXPECT_OK(pipe2(fds, O_NONBLOCK));
	while ((done = write(fds[1], page, sizeof(page))) > 0)
		total += done;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_EQ(total, 65536);
	EXPECT_EQ(read(fds[0], page, sizeof(page)), sizeof(page));
	EXPECT_EQ(write(fds[1], page, sizeof(page)), sizeof(page));
	close_both();
}

/* Up to PIPE_BUF it is all or nothing; beyond, what fits. */
static void a_non_blocking_write_of_pipe_buf_is_not_split(void)
{
	static char page[3 * 4096];

	EXPECT_OK(pipe2(fds, O_NONBLOCK));
	for (int i = 0; i < 15; i++)
		EXPECT_EQ(write(fds[1], page, 4096), 4096);
	EXPECT_EQ(write(fds[1], page, 100), 100);
	EXPECT_ERR(write(fds[1], page, 4096), EAGAIN);
	close_both();
	EXPECT_OK(pipe2(fds, O_NONBLOCK));
	for (int i = 0; i < 15; i++)
		EXPECT_EQ(write(fds[1], page, 4096), 4096);
	EXPECT_EQ(write(fds[1], page, sizeof(page)), 4096);
	close_both();
}

static void pipe2_sets_close_on_exec(void)
{
	EXPECT_OK(pipe2(fds, O_CLOEXEC));
	EXPECT_EQ(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(fds[1], F_GETFD), FD_CLOEXEC);
	EXPECT_EQ(fcntl(fds[0], F_GETFL) & O_ACCMODE, O_RDONLY);
	EXPECT_EQ(fcntl(fds[1], F_GETFL) & O_ACCMODE, O_WRONLY);
	close_both();
}

static void pipe2_refuses_unknown_flags(void)
{
	EXPECT_ERR(pipe2(fds, O_TRUNC), EINVAL);
}

static void fstat_says_fifo(void)
{
	struct stat st;

	EXPECT_OK(pipe(fds));
	EXPECT_OK(fstat(fds[0], &st));
	EXPECT(S_ISFIFO(st.st_mode));
	EXPECT_EQ(st.st_nlink, 1);
	close_both();
}

static void fionread_counts_what_waits(void)
{
	int waiting = -1;

	EXPECT_OK(pipe(fds));
	EXPECT_EQ(write(fds[1], "12345", 5), 5);
	EXPECT_OK(ioctl(fds[0], FIONREAD, &waiting));
	EXPECT_EQ(waiting, 5);
	close_both();
}

/* Gatehouse has no packets, and must say so. */
static void packets_stay_apart_or_are_refused(void)
{
	char buffer[8];

	if (pipe2(fds, O_DIRECT)) {
		EXPECT_EQ(errno, EINVAL);
		return;
	}
	EXPECT_EQ(write(fds[1], "abc", 3), 3);
	EXPECT_EQ(write(fds[1], "de", 2), 2);
	EXPECT_EQ(read(fds[0], buffer, sizeof(buffer)), 3);
	close_both();
}

static void a_reader_sleeps_until_there_is_something(void)
{
	pid_t child;
	char c = 0;

	EXPECT_OK(pipe(fds));
	child = fork();
	if (child == 0) {
		usleep(50000);
		write(fds[1], "z", 1);
		_exit(0);
	}
	EXPECT_EQ(read(fds[0], &c, 1), 1);
	EXPECT_EQ(c, 'z');
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	close_both();
}

enum { BULK = 1 << 20 };

static void write_bulk(int fd)
{
	static unsigned char block[10000];

	for (int done = 0; done < BULK;) {
		int part = BULK - done < (int)sizeof(block) ? BULK - done : (int)sizeof(block);

		for (int i = 0; i < part; i++)
			block[i] = (unsigned char)((done + i) * 7 >> 3);
		if (write(fd, block, part) != part)
			_exit(1);
		done += part;
	}
	_exit(0);
}

static void a_megabyte_passes_unchanged(void)
{
	static unsigned char block[7001];
	int total = 0, bad = 0, status;
	pid_t child;
	long done;

	EXPECT_OK(pipe(fds));
	child = fork();
	if (child == 0)
		write_bulk(fds[1]);
	close(fds[1]);
	while ((done = read(fds[0], block, sizeof(block))) > 0) {
		for (int i = 0; i < done; i++)
			bad += block[i] != (unsigned char)((total + i) * 7 >> 3);
		total += done;
	}
	EXPECT_EQ(bad, 0);
	EXPECT_EQ(total, BULK);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	close(fds[0]);
}

enum { RECORD = PIPE_BUF, WRITERS = 4, RECORDS = 40 };

static void write_records(char mark)
{
	static char record[RECORD];

	memset(record, mark, sizeof(record));
	for (int i = 0; i < RECORDS; i++) {
		if (write(fds[1], record, sizeof(record)) != RECORD)
			_exit(1);
	}
	_exit(0);
}

static int read_whole(int fd, char *to, int count)
{
	int done = 0;

	while (done < count) {
		long part = read(fd, to + done, count - done);

		if (part <= 0)
			break;
		done += part;
	}
	return done;
}

static void writes_of_pipe_buf_never_mix(void)
{
	static char record[RECORD];
	int mixed = 0, count = 0, status;

	EXPECT_OK(pipe(fds));
	for (int i = 0; i < WRITERS; i++) {
		if (fork() == 0)
			write_records((char)('a' + i));
	}
	close(fds[1]);
	while (read_whole(fds[0], record, RECORD) == RECORD) {
		count++;
		for (int i = 1; i < RECORD; i++)
			mixed += record[i] != record[0];
	}
	EXPECT_EQ(mixed, 0);
	EXPECT_EQ(count, WRITERS * RECORDS);
	for (int i = 0; i < WRITERS; i++) {
		EXPECT(wait(&status) > 0);
		EXPECT_EXIT(status, 0);
	}
	close(fds[0]);
}

static void a_writer_asleep_learns_that_the_reader_left(void)
{
	static char bulk[100000];
	int status;
	pid_t child;

	EXPECT_OK(pipe(fds));
	child = fork();
	if (child == 0) {
		close(fds[0]);
		write(fds[1], bulk, sizeof(bulk));
		_exit(0);
	}
	close(fds[1]);
	usleep(50000);
	close(fds[0]);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_SIGNAL(status, SIGPIPE);
}

static void a_write_of_nothing_gives_0(void)
{
	EXPECT_OK(pipe(fds));
	EXPECT_EQ(write(fds[1], "", 0), 0);
	EXPECT_EQ(read(fds[0], fds, 0), 0);
	close_both();
}

static void a_named_pipe_joins_two_processes(void)
{
	char c = 0;
	pid_t child;
	int fd;

	if (mkfifo("fifo", 0600))
		SKIP("no named pipes");
	child = fork();
	if (child == 0) {
		fd = open("fifo", O_WRONLY);
		write(fd, "f", 1);
		_exit(0);
	}
	fd = open("fifo", O_RDONLY);
	EXPECT_EQ(read(fd, &c, 1), 1);
	EXPECT_EQ(c, 'f');
	EXPECT_EQ(read(fd, &c, 1), 0);
	close(fd);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_ERR(open("fifo", O_WRONLY | O_NONBLOCK), ENXIO);
	unlink("fifo");
}

/* The writer may come, write and leave while the reader is still on its way. */
static void a_reader_does_not_miss_a_quick_writer(void)
{
	if (mkfifo("fifo", 0600))
		SKIP("no named pipes");
	for (int i = 0; i < 100; i++) {
		pid_t child = fork();
		char c = 'f';
		int fd = open("fifo", child ? O_RDONLY : O_WRONLY);

		if (child == 0)
			_exit(write(fd, &c, 1) != 1);
		EXPECT_EQ(read(fd, &c, 1), 1);
		EXPECT_EQ(read(fd, &c, 1), 0);
		close(fd);
		EXPECT_EQ(waitpid(child, NULL, 0), child);
	}
	unlink("fifo");
}

/* The writer may be gone again before the reader, who came second, looks for it. */
static void a_writer_that_was_there_and_left_is_not_waited_for(void)
{
	pid_t child;
	char c = 0;
	int fd;

	if (mkfifo("fifo", 0600))
		SKIP("no named pipes");
	for (int i = 0; i < 500; i++) {
		child = fork();
		if (child == 0) {
			fd = open("fifo", O_WRONLY);
			_exit(write(fd, "f", 1) != 1);
		}
		fd = open("fifo", O_RDONLY);
		EXPECT_EQ(read(fd, &c, 1), 1);
		close(fd);
		EXPECT_EQ(waitpid(child, NULL, 0), child);
	}
	unlink("fifo");
}

static const struct ktap_test tests[] = {
	KTAP(what_goes_in_comes_out_in_order),
	KTAP(read_gives_0_when_all_writers_closed),
	KTAP(write_without_a_reader_kills_by_sigpipe),
	KTAP(write_without_a_reader_gives_epipe_when_ignored),
	KTAP(the_wrong_end_gives_ebadf),
	KTAP(seeking_gives_espipe),
	KTAP(a_non_blocking_read_gives_eagain),
	KTAP(a_non_blocking_write_fills_the_pipe_then_gives_eagain),
	KTAP(a_non_blocking_write_of_pipe_buf_is_not_split),
	KTAP(pipe2_sets_close_on_exec),
	KTAP(pipe2_refuses_unknown_flags),
	KTAP(fstat_says_fifo),
	KTAP(fionread_counts_what_waits),
	KTAP(packets_stay_apart_or_are_refused),
	KTAP(a_reader_sleeps_until_there_is_something),
	KTAP(a_megabyte_passes_unchanged),
	KTAP(writes_of_pipe_buf_never_mix),
	KTAP(a_writer_asleep_learns_that_the_reader_left),
	KTAP(a_write_of_nothing_gives_0),
	KTAP(a_named_pipe_joins_two_processes),
	KTAP(a_writer_that_was_there_and_left_is_not_waited_for),
	KTAP(a_reader_does_not_miss_a_quick_writer),
};

KTAP_MAIN(tests)
