/* SPDX-License-Identifier: MIT */
/* Bytes moved inside the kernel (sendfile, copy_file_range), space (fallocate), advice. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/syscall.h>

/* The file is on Linux's disk or ours: neither need know all modes of fallocate. */
enum { KIB = 1024, PAGE = 4096, BIG = 300 * KIB };

static int file_with(const char *path, const char *text)
{
	ktap_put_file(path, text);
	return open(path, O_RDWR);
}

static void sendfile_moves_to_anything(void)
{
	int in = file_with("in", "0123456789"), pipes[2];
	char got[16] = "";
	off_t at = 4;

	EXPECT_OK(pipe(pipes));
	EXPECT_EQ(sendfile(pipes[1], in, NULL, 3), 3);
	EXPECT_EQ(sendfile(pipes[1], in, &at, 2), 2);
	EXPECT_EQ(at, 6);
	EXPECT_EQ(lseek(in, 0, SEEK_CUR), 3);
	EXPECT_EQ(read(pipes[0], got, sizeof(got)), 5);
	EXPECT_STR(got, "01245");
	EXPECT_EQ(sendfile(pipes[1], in, NULL, 100), 7);
	EXPECT_EQ(syscall(SYS_sendfile64, pipes[1], in, NULL, 100), 0);
	at = 50;
	EXPECT_EQ(sendfile(pipes[1], in, &at, 100), 0);
	EXPECT_EQ(at, 50);
	close(pipes[0]);
	close(pipes[1]);
	close(in);
	unlink("in");
}

static void sendfile_refuses_what_has_no_pages(void)
{
	int in = file_with("in", "0123456789"), pipes[2];
	int append = open("out", O_WRONLY | O_APPEND | O_CREAT, 0600);
	int reader = open("in", O_RDONLY);
	off_t at = -1;

	EXPECT_OK(pipe(pipes));
	EXPECT_EQ(write(pipes[1], "x", 1), 1);
	EXPECT_ERR(sendfile(in, 99, NULL, 1), EBADF);
	EXPECT_ERR(sendfile(99, in, NULL, 1), EBADF);
	EXPECT_ERR(sendfile(reader, in, NULL, 1), EBADF);
	EXPECT_ERR(sendfile(append, in, NULL, 1), EINVAL);
	EXPECT_ERR(sendfile(pipes[1], in, &at, 1), EINVAL);
	at = 0;
	EXPECT_ERR(sendfile(in, pipes[0], &at, 1), ESPIPE);
	close(pipes[0]);
	close(pipes[1]);
	close(in);
	close(append);
	close(reader);
	unlink("in");
	unlink("out");
}

static void sendfile_copies_a_whole_file(void)
{
	static char block[BIG], copy[BIG];
	int in = file_with("in", ""), out = file_with("out", "");
	off_t at = 0;

	for (int i = 0; i < BIG; i++)
		block[i] = (char)(i * 7 + i / 1000);
	EXPECT_EQ(write(in, block, BIG), BIG);
	while (sendfile(out, in, &at, BIG) > 0)
		;
	EXPECT_EQ(at, BIG);
	EXPECT_EQ(pread(out, copy, BIG, 0), BIG);
	EXPECT(!memcmp(block, copy, BIG));
	close(in);
	close(out);
	unlink("in");
	unlink("out");
}

static long copy_range(int in, int64_t *in_at, int out, int64_t *out_at, size_t count,
		       unsigned int flags)
{
	return syscall(SYS_copy_file_range, in, in_at, out, out_at, count, flags);
}

static void copy_file_range_copies_between_positions(void)
{
	int in = file_with("in", "0123456789"), out = file_with("out", "abcdefghij");
	int64_t from = 2, to = 5;

	EXPECT_EQ(copy_range(in, &from, out, &to, 3, 0), 3);
	EXPECT_EQ(from, 5);
	EXPECT_EQ(to, 8);
	ktap_expect_file("out", "abcde234ij");
	EXPECT_EQ(copy_range(in, NULL, out, NULL, 100, 0), 10);
	EXPECT_EQ(lseek(in, 0, SEEK_CUR), 10);
	EXPECT_EQ(lseek(out, 0, SEEK_CUR), 10);
	ktap_expect_file("out", "0123456789");
	EXPECT_EQ(copy_range(in, NULL, out, NULL, 100, 0), 0);
	from = 0;
	to = 5;
	EXPECT_EQ(copy_range(in, &from, in, &to, 5, 0), 5);
	ktap_expect_file("in", "0123401234");
	close(in);
	close(out);
	unlink("in");
	unlink("out");
}

static void copy_file_range_is_for_regular_files(void)
{
	int in = file_with("in", "0123456789"), pipes[2];
	int directory = open(".", O_RDONLY);
	int append = open("out", O_WRONLY | O_APPEND | O_CREAT, 0600);
	int64_t from = 0, to = 3;

	EXPECT_OK(pipe(pipes));
	EXPECT_ERR(copy_range(in, &from, in, &to, 5, 0), EINVAL);
	EXPECT_ERR(copy_range(in, NULL, pipes[1], NULL, 5, 0), EINVAL);
	EXPECT_ERR(copy_range(directory, NULL, in, NULL, 5, 0), EISDIR);
	EXPECT_ERR(copy_range(in, NULL, append, NULL, 5, 0), EBADF);
	EXPECT_ERR(copy_range(in, NULL, in, NULL, 5, 1), EINVAL);
	EXPECT_ERR(copy_range(in, NULL, 99, NULL, 5, 0), EBADF);
	close(pipes[0]);
	close(pipes[1]);
	close(in);
	close(directory);
	close(append);
	unlink("in");
	unlink("out");
}

static volatile int told;

static void tell(int number)
{
	told = number;
}

static void copy_beyond_the_limit(void)
{
	const struct rlimit limit = { 10, 10 };
	int in = open("in", O_RDWR), out = open("out", O_RDWR);

	signal(SIGXFSZ, tell);
	EXPECT_OK(setrlimit(RLIMIT_FSIZE, &limit));
	EXPECT_EQ(lseek(out, 10, SEEK_SET), 10);
	EXPECT_ERR(sendfile(out, in, NULL, 5), EFBIG);
	EXPECT_EQ(told, SIGXFSZ);
	told = 0;
	EXPECT_ERR(copy_range(in, NULL, out, NULL, 5, 0), EFBIG);
	EXPECT_EQ(told, SIGXFSZ);
}

static void the_largest_size_of_a_file_holds_for_copies(void)
{
	close(file_with("in", "0123456789"));
	close(file_with("out", ""));
	EXPECT_EXIT(ktap_child(copy_beyond_the_limit), 0);
	unlink("in");
	unlink("out");
}

static void fallocate_makes_space_and_length(void)
{
	int fd = file_with("file", "text");
	char last[2] = "xx";
	struct stat st;

	EXPECT_OK(posix_fallocate(fd, 1, 5 * PAGE));
	fstat(fd, &st);
	EXPECT_EQ(st.st_size, 5 * PAGE + 1);
	EXPECT(st.st_blocks * 512 >= 5 * PAGE + 1);
	EXPECT_EQ(pread(fd, last, 2, 0), 2);
	EXPECT(!memcmp(last, "te", 2));
	EXPECT_EQ(pread(fd, last, 2, 5 * PAGE - 1), 2);
	EXPECT(!memcmp(last, "\0\0", 2));
	EXPECT_OK(posix_fallocate(fd, 0, 10));
	fstat(fd, &st);
	EXPECT_EQ(st.st_size, 5 * PAGE + 1);
	close(fd);
	unlink("file");
}

enum { ROUNDS = 100 };

static void write_in_each_round(int fd, volatile int *rounds)
{
	static char block[16 * PAGE];

	for (int i = 1; i <= ROUNDS; i++) {
		while (rounds[0] != i)
			sched_yield();
		(void)!pwrite(fd, block, sizeof(block), 0);
		rounds[1] = i;
	}
	_exit(0);
}

static void fallocate_never_cuts_what_others_write(void)
{
	volatile int *rounds = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
				    -1, 0);
	int fd = file_with("file", ""), cut = 0;
	pid_t child = fork();
	struct stat st;

	if (child == 0)
		write_in_each_round(fd, rounds);
	for (int i = 1; i <= ROUNDS; i++) {
		EXPECT_OK(ftruncate(fd, 0));
		rounds[0] = i;
		for (volatile int wait = i * 40; wait > 0; wait--)
			;
		EXPECT_EQ(posix_fallocate(fd, 0, PAGE), 0);
		while (rounds[1] != i)
			sched_yield();
		fstat(fd, &st);
		cut += st.st_size != 16 * PAGE;
	}
	EXPECT_EQ(cut, 0);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_OK(munmap((void *)rounds, PAGE));
	close(fd);
	unlink("file");
}

static void fallocate_refuses(void)
{
	int fd = file_with("file", ""), pipes[2];
	int reader = open("file", O_RDONLY);

	EXPECT_OK(pipe(pipes));
	EXPECT_EQ(posix_fallocate(fd, 0, 0), EINVAL);
	EXPECT_EQ(posix_fallocate(fd, -1, 1), EINVAL);
	EXPECT_EQ(posix_fallocate(reader, 0, 1), EBADF);
	EXPECT_EQ(posix_fallocate(99, 0, 1), EBADF);
	EXPECT_EQ(posix_fallocate(pipes[1], 0, 1), ESPIPE);
	EXPECT_EQ(posix_fallocate(fd, INT64_MAX, 1), EFBIG);
	EXPECT_ERR(syscall(SYS_fallocate, fd, 0x1000, 0, 0, 1, 0), EOPNOTSUPP);
	close(pipes[0]);
	close(pipes[1]);
	close(fd);
	close(reader);
	unlink("file");
}

static void advice_changes_nothing_that_is_seen(void)
{
	int fd = file_with("file", "0123456789"), pipes[2];

	EXPECT_OK(pipe(pipes));
	for (int advice = POSIX_FADV_NORMAL; advice <= POSIX_FADV_NOREUSE; advice++)
		EXPECT_EQ(posix_fadvise(fd, 0, 5, advice), 0);
	EXPECT_EQ(posix_fadvise(fd, 0, 5, 77), EINVAL);
	EXPECT_EQ(posix_fadvise(fd, 0, -5, POSIX_FADV_NORMAL), EINVAL);
	EXPECT_EQ(posix_fadvise(99, 0, 5, POSIX_FADV_NORMAL), EBADF);
	EXPECT_EQ(posix_fadvise(pipes[0], 0, 5, POSIX_FADV_NORMAL), ESPIPE);
	EXPECT_OK(syscall(SYS_fadvise64_64, fd, 0, 0, 0, 0, POSIX_FADV_DONTNEED));
	EXPECT_OK(syscall(SYS_fadvise64, fd, 0, 0, 10, POSIX_FADV_WILLNEED));
	EXPECT_OK(readahead(fd, 0, 100));
	EXPECT_OK(readahead(fd, 1000, 100));
	EXPECT_ERR(readahead(pipes[0], 0, 100), EINVAL);
	EXPECT_ERR(readahead(99, 0, 100), EBADF);
	ktap_expect_file("file", "0123456789");
	close(pipes[0]);
	close(pipes[1]);
	close(fd);
	unlink("file");
}

static const struct ktap_test tests[] = {
	KTAP(sendfile_moves_to_anything),
	KTAP(sendfile_refuses_what_has_no_pages),
	KTAP(sendfile_copies_a_whole_file),
	KTAP(copy_file_range_copies_between_positions),
	KTAP(copy_file_range_is_for_regular_files),
	KTAP(the_largest_size_of_a_file_holds_for_copies),
	KTAP(fallocate_makes_space_and_length),
	KTAP(fallocate_never_cuts_what_others_write),
	KTAP(fallocate_refuses),
	KTAP(advice_changes_nothing_that_is_seen),
};
KTAP_MAIN(tests)
