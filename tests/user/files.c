/* SPDX-License-Identifier: MIT */
/* Regular files: opening, reading, writing, positions, sizes, holes. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sys/syscall.h>
#include <sys/uio.h>

static void open_without_creat_gives_enoent(void)
{
	EXPECT_ERR(open("none", O_RDONLY), ENOENT);
	EXPECT_ERR(open("none/file", O_RDWR | O_CREAT, 0600), ENOENT);
	EXPECT_ERR(open("", O_RDONLY), ENOENT);
}

static void creat_makes_an_empty_file(void)
{
	struct stat st;
	int fd = creat("file", 0640);

	EXPECT(fd >= 0);
	EXPECT_OK(fstat(fd, &st));
	EXPECT(S_ISREG(st.st_mode));
	EXPECT_EQ(st.st_mode & 07777, 0640);
	EXPECT_EQ(st.st_size, 0);
	EXPECT_EQ(st.st_nlink, 1);
	EXPECT_EQ(st.st_uid, geteuid());
	EXPECT_EQ(st.st_blocks, 0);
	close(fd);
	EXPECT_OK(unlink("file"));
}

static void open_excl_refuses_what_exists(void)
{
	ktap_put_file("file", "");
	EXPECT_ERR(open("file", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	EXPECT_OK(symlink("nowhere", "link"));
	EXPECT_ERR(open("link", O_RDWR | O_CREAT | O_EXCL, 0600), EEXIST);
	unlink("link");
	unlink("file");
}

static void open_trunc_empties_the_file(void)
{
	struct stat st;
	int fd;

	ktap_put_file("file", "text");
	fd = open("file", O_WRONLY | O_TRUNC);
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_size, 0);
	close(fd);
	unlink("file");
}

static void open_checks_for_directories(void)
{
	ktap_put_file("file", "");
	EXPECT_ERR(open("file", O_RDONLY | O_DIRECTORY), ENOTDIR);
	EXPECT_ERR(open("file/x", O_RDONLY), ENOTDIR);
	EXPECT_ERR(open("file/", O_RDONLY), ENOTDIR);
	EXPECT_ERR(open(".", O_WRONLY), EISDIR);
	EXPECT_ERR(open(".", O_RDWR), EISDIR);
	EXPECT_ERR(open(".", O_RDONLY | O_CREAT, 0600), EISDIR);
	EXPECT_ERR(open("new/", O_RDWR | O_CREAT, 0600), EISDIR);
	unlink("file");
}

static void reading_stops_at_the_end(void)
{
	char text[16];
	int fd;

	ktap_put_file("file", "hello");
	fd = open("file", O_RDONLY);
	EXPECT_EQ(read(fd, text, 3), 3);
	EXPECT_EQ(read(fd, text, sizeof(text)), 2);
	EXPECT_EQ(memcmp(text, "lo", 2), 0);
	EXPECT_EQ(read(fd, text, sizeof(text)), 0);
	close(fd);
	unlink("file");
}

/* As of a file with no holes, which one of ten bytes is anywhere. */
static void lseek_finds_data_and_the_hole_at_the_end(void)
{
	enum { DATA = 3, HOLE = 4 }; /* SEEK_DATA, SEEK_HOLE */
	int fd;

	ktap_put_file("file", "0123456789");
	fd = open("file", O_RDONLY);
	EXPECT_EQ(lseek(fd, 4, DATA), 4);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 4);
	EXPECT_EQ(lseek(fd, 4, HOLE), 10);
	EXPECT_ERR(lseek(fd, 10, DATA), ENXIO);
	EXPECT_ERR(lseek(fd, 10, HOLE), ENXIO);
	EXPECT_ERR(lseek(fd, -1, DATA), ENXIO);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 10);
	close(fd);
	unlink("file");
}

static void lseek_finds_holes(void)
{
	enum { DATA = 3, HOLE = 4, PAGE = 4096, FAR = 64 * PAGE, END = 128 * PAGE };
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_EQ(pwrite(fd, "a", 1, 0), 1);
	EXPECT_EQ(pwrite(fd, "b", 1, FAR), 1);
	EXPECT_OK(ftruncate(fd, END));
	if (!ktap_is_gatehouse() && lseek(fd, 0, HOLE) == END) {
		close(fd);
		unlink("file");
		SKIP("this file system does not know its holes");
	}
	EXPECT_EQ(lseek(fd, 0, DATA), 0);
	EXPECT_EQ(lseek(fd, 1, HOLE), PAGE);
	EXPECT_EQ(lseek(fd, PAGE + 7, HOLE), PAGE + 7);
	EXPECT_EQ(lseek(fd, PAGE, DATA), FAR);
	EXPECT_EQ(lseek(fd, FAR + 5, DATA), FAR + 5);
	EXPECT_EQ(lseek(fd, FAR, HOLE), FAR + PAGE);
	EXPECT_ERR(lseek(fd, FAR + PAGE, DATA), ENXIO);
	close(fd);
	unlink("file");
}

static void lseek_moves_and_checks(void)
{
	int fd;

	ktap_put_file("file", "0123456789");
	fd = open("file", O_RDONLY);
	EXPECT_EQ(lseek(fd, 4, SEEK_SET), 4);
	EXPECT_EQ(lseek(fd, 2, SEEK_CUR), 6);
	EXPECT_EQ(lseek(fd, -3, SEEK_END), 7);
	EXPECT_EQ(lseek(fd, 100, SEEK_END), 110);
	EXPECT_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
	EXPECT_ERR(lseek(fd, 0, 99), EINVAL);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 110);
	EXPECT_EQ(lseek(fd, 1LL << 33, SEEK_SET), 1LL << 33);
	close(fd);
	EXPECT_ERR(lseek(fd, 0, SEEK_SET), EBADF);
	unlink("file");
}

static void short_lseek_refuses_what_does_not_fit(void)
{
	int fd;

	ktap_put_file("file", "0123456789");
	fd = open("file", O_RDONLY);
	EXPECT_EQ(syscall(SYS_lseek, fd, 3, SEEK_SET), 3);
	EXPECT_EQ(lseek(fd, 1LL << 31, SEEK_SET), 1LL << 31);
	/* EOVERFLOW on i386; a 64-bit Linux hands out the low 32 bits instead. */
	EXPECT(syscall(SYS_lseek, fd, 0, SEEK_CUR) < 0 || sizeof(long) == 8);
	close(fd);
	unlink("file");
}

static void pread_and_pwrite_leave_the_position(void)
{
	char text[8] = "";
	int fd;

	ktap_put_file("file", "0123456789");
	fd = open("file", O_RDWR);
	EXPECT_EQ(pread(fd, text, 3, 5), 3);
	EXPECT_STR(text, "567");
	EXPECT_EQ(pwrite(fd, "ab", 2, 8), 2);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 0);
	EXPECT_EQ(pread(fd, text, 1, 100), 0);
	EXPECT_ERR(pread(fd, text, 1, -1), EINVAL);
	EXPECT_ERR(pwrite(fd, text, 1, -1), EINVAL);
	close(fd);
	ktap_expect_file("file", "01234567ab");
	unlink("file");
}

/* As a C library makes them: offsets in two halves, the low one first except in _llseek. */
static void offsets_have_64_bits_in_the_raw_calls(void)
{
	struct stat st;
	long long at = -1;
	char c = 'x';
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_OK(syscall(SYS__llseek, fd, 1, 5, &at, SEEK_SET));
	EXPECT_EQ(at, (1LL << 32) + 5);
	EXPECT_OK(syscall(SYS_ftruncate64, fd, 7, 1));
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_size, (1LL << 32) + 7);
	EXPECT_EQ(syscall(SYS_pread64, fd, &c, 1, 6, 1), 1);
	EXPECT_EQ(c, 0);
	EXPECT_EQ(syscall(SYS_pread64, fd, &c, 1, 7, 1), 0);
	EXPECT_EQ(syscall(SYS_pwrite64, fd, "y", 1, 3, 0), 1);
	EXPECT_OK(syscall(SYS_truncate64, "file", 4, 0));
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_size, 4);
	EXPECT_EQ(syscall(SYS_fcntl64, fd, F_GETFD, 0), 0);
	close(fd);
	unlink("file");
}

static void append_always_writes_at_the_end(void)
{
	int fd;

	ktap_put_file("file", "one");
	fd = open("file", O_WRONLY | O_APPEND);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	EXPECT_EQ(write(fd, "two", 3), 3);
	EXPECT_EQ(lseek(fd, 0, SEEK_CUR), 6);
	close(fd);
	ktap_expect_file("file", "onetwo");
	unlink("file");
}

static void a_hole_reads_as_zeros(void)
{
	struct stat st;
	char text[6];
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_EQ(pwrite(fd, "end", 3, 1000000), 3);
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_size, 1000003);
	EXPECT(st.st_blocks * 512 < 100000);
	EXPECT_EQ(pread(fd, text, 6, 999997), 6);
	EXPECT_EQ(memcmp(text, "\0\0\0end", 6), 0);
	close(fd);
	unlink("file");
}

static void truncate_cuts_and_extends(void)
{
	char text[8];
	int fd;

	ktap_put_file("file", "abcdef");
	EXPECT_OK(truncate("file", 3));
	ktap_expect_file("file", "abc");
	fd = open("file", O_RDWR);
	EXPECT_OK(ftruncate(fd, 6));
	EXPECT_EQ(pread(fd, text, 8, 0), 6);
	EXPECT_EQ(memcmp(text, "abc\0\0\0", 6), 0);
	EXPECT_OK(ftruncate(fd, 100000));
	EXPECT_OK(ftruncate(fd, 0));
	EXPECT_ERR(ftruncate(fd, -1), EINVAL);
	close(fd);
	EXPECT_ERR(truncate("none", 0), ENOENT);
	EXPECT_ERR(truncate(".", 0), EISDIR);
	EXPECT_ERR(ftruncate(fd, 0), EBADF);
	unlink("file");
}

static void short_truncate_calls_work(void)
{
	int fd;

	ktap_put_file("file", "abcdef");
	EXPECT_OK(syscall(SYS_truncate, "file", 4));
	ktap_expect_file("file", "abcd");
	fd = open("file", O_RDWR);
	EXPECT_OK(syscall(SYS_ftruncate, fd, 2));
	close(fd);
	ktap_expect_file("file", "ab");
	EXPECT_ERR(syscall(SYS_truncate, "file", -1), EINVAL);
	unlink("file");
}

static void data_beyond_a_cut_does_not_come_back(void)
{
	char text[12];
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_EQ(write(fd, "secretsecret", 12), 12);
	EXPECT_OK(ftruncate(fd, 3));
	EXPECT_OK(ftruncate(fd, 12));
	EXPECT_EQ(pread(fd, text, 12, 0), 12);
	EXPECT_EQ(memcmp(text, "sec\0\0\0\0\0\0\0\0\0", 12), 0);
	close(fd);
	unlink("file");
}

enum { LONG_FILE = 3 << 20 };

static unsigned char pattern(long at)
{
	return (unsigned char)(at * 13 + (at >> 9));
}

/* Reaches doubly indirect blocks with any block size, trebly with 1 KiB. */
static void a_long_file_keeps_its_contents(void)
{
	static unsigned char block[8192];
	int fd = open("file", O_RDWR | O_CREAT, 0600), bad = 0;

	for (long at = 0; at < LONG_FILE; at += sizeof(block)) {
		for (unsigned int i = 0; i < sizeof(block); i++)
			block[i] = pattern(at + i);
		if (write(fd, block, sizeof(block)) != sizeof(block)) {
			close(fd);
			unlink("file");
			SKIP("no room");
		}
	}
	EXPECT_OK(fsync(fd));
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	for (long at = 0; at < LONG_FILE; at += sizeof(block)) {
		EXPECT_EQ(read(fd, block, sizeof(block)), sizeof(block));
		for (unsigned int i = 0; i < sizeof(block); i++)
			bad += block[i] != pattern(at + i);
	}
	EXPECT_EQ(bad, 0);
	close(fd);
	unlink("file");
}

/* A block size of 1, 2 or 4 KiB needs its trebly indirect block for some of these. */
static void a_sparse_file_of_gigabytes(void)
{
	static const off_t at[] = { 5000, 300000, 70 << 20, 1LL << 30, 5LL << 30 };
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	char c;

	for (unsigned int i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		c = (char)('a' + i);
		if (pwrite(fd, &c, 1, at[i]) != 1) {
			EXPECT_EQ(errno, EFBIG);
			break;
		}
		EXPECT_EQ(pread(fd, &c, 1, at[i]), 1);
		EXPECT_EQ(c, 'a' + i);
		EXPECT_EQ(pread(fd, &c, 1, at[i] - 1), 1);
		EXPECT_EQ(c, 0);
	}
	close(fd);
	EXPECT_OK(unlink("file"));
}

static void an_unlinked_file_lives_until_it_is_closed(void)
{
	struct stat st;
	char text[4];
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_OK(unlink("file"));
	EXPECT(!ktap_exists("file"));
	EXPECT_EQ(write(fd, "data", 4), 4);
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_nlink, 0);
	EXPECT_EQ(pread(fd, text, 4, 0), 4);
	EXPECT_EQ(memcmp(text, "data", 4), 0);
	close(fd);
}

static void writev_and_readv_go_through_all_parts(void)
{
	char a[3], b[5];
	struct iovec out[3] = { { "ab", 2 }, { "", 0 }, { "cdefg", 5 } };
	struct iovec in[2] = { { a, sizeof(a) }, { b, sizeof(b) } };
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_EQ(writev(fd, out, 3), 7);
	EXPECT_EQ(lseek(fd, 0, SEEK_SET), 0);
	EXPECT_EQ(readv(fd, in, 2), 7);
	EXPECT_EQ(memcmp(a, "abc", 3), 0);
	EXPECT_EQ(memcmp(b, "defg", 4), 0);
	EXPECT_EQ(writev(fd, out, 0), 0);
	EXPECT_ERR(writev(fd, out, -1), EINVAL);
	EXPECT_ERR(readv(fd, in, 1025), EINVAL);
	in[0].iov_len = (size_t)-1;
	EXPECT_ERR(readv(fd, in, 2), EINVAL);
	close(fd);
	unlink("file");
}

static void sync_calls_succeed(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_EQ(write(fd, "x", 1), 1);
	EXPECT_OK(fsync(fd));
	EXPECT_OK(fdatasync(fd));
	EXPECT_OK(syncfs(fd));
	sync();
	close(fd);
	EXPECT_ERR(fsync(fd), EBADF);
	EXPECT_ERR(fdatasync(fd), EBADF);
	unlink("file");
}

static void a_path_too_long_gives_enametoolong(void)
{
	static char name[300], path[5000];

	memset(name, 'n', 256);
	EXPECT_ERR(open(name, O_RDONLY), ENAMETOOLONG);
	for (int i = 0; i < 4998; i++)
		path[i] = i % 2 ? '/' : '.';
	EXPECT_ERR(open(path, O_RDONLY), ENAMETOOLONG);
	name[255] = '\0';
	EXPECT_ERR(open(name, O_RDONLY), ENOENT);
}

static const struct ktap_test tests[] = {
	KTAP(open_without_creat_gives_enoent),
	KTAP(creat_makes_an_empty_file),
	KTAP(open_excl_refuses_what_exists),
	KTAP(open_trunc_empties_the_file),
	KTAP(open_checks_for_directories),
	KTAP(reading_stops_at_the_end),
	KTAP(lseek_finds_holes),
	KTAP(lseek_moves_and_checks),
	KTAP(lseek_finds_data_and_the_hole_at_the_end),
	KTAP(short_lseek_refuses_what_does_not_fit),
	KTAP(pread_and_pwrite_leave_the_position),
	KTAP(offsets_have_64_bits_in_the_raw_calls),
	KTAP(append_always_writes_at_the_end),
	KTAP(a_hole_reads_as_zeros),
	KTAP(truncate_cuts_and_extends),
	KTAP(short_truncate_calls_work),
	KTAP(data_beyond_a_cut_does_not_come_back),
	KTAP(a_long_file_keeps_its_contents),
	KTAP(a_sparse_file_of_gigabytes),
	KTAP(an_unlinked_file_lives_until_it_is_closed),
	KTAP(writev_and_readv_go_through_all_parts),
	KTAP(sync_calls_succeed),
	KTAP(a_path_too_long_gives_enametoolong),
};

KTAP_MAIN(tests)
