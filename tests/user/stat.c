/* SPDX-License-Identifier: MIT */
/* What a file is: the stat family, modes, owners, times, nodes, file systems. */
#define _GNU_SOURCE
#include "ktap.h"

#include <abi/stat.h>
#include <abi/time.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <utime.h>

static void all_stat_calls_agree(void)
{
	struct abi_stat64 a, b, c, d;
	struct abi_statx x;
	int fd;

	ktap_put_file("file", "four");
	fd = open("file", O_RDONLY);
	EXPECT_OK(syscall(SYS_stat64, "file", &a));
	EXPECT_OK(syscall(SYS_lstat64, "file", &b));
	EXPECT_OK(syscall(SYS_fstat64, fd, &c));
	EXPECT_OK(syscall(SYS_fstatat64, AT_FDCWD, "file", &d, 0));
	EXPECT_OK(syscall(SYS_statx, AT_FDCWD, "file", 0, STATX_BASIC_STATS, &x));
	EXPECT_EQ(memcmp(&a, &b, sizeof(a)), 0);
	EXPECT_EQ(memcmp(&a, &c, sizeof(a)), 0);
	EXPECT_EQ(a.st_ino, d.st_ino);
	EXPECT_EQ(a.st_size, d.st_size);
	EXPECT_EQ(a.st_ino, x.stx_ino);
	EXPECT_EQ(a.ino_low, (uint32_t)x.stx_ino);
	EXPECT_EQ(a.st_mode, x.stx_mode);
	EXPECT_EQ(a.st_nlink, x.stx_nlink);
	EXPECT_EQ(a.st_size, 4);
	EXPECT_EQ(x.stx_size, 4);
	EXPECT_EQ(a.st_blocks, x.stx_blocks);
	EXPECT_EQ(a.st_blksize, x.stx_blksize);
	EXPECT_EQ(a.st_mtime_sec, x.stx_mtime.tv_sec);
	EXPECT_EQ(a.st_mtime_nsec, x.stx_mtime.tv_nsec);
	EXPECT_EQ(a.st_dev, makedev(x.stx_dev_major, x.stx_dev_minor));
	EXPECT_EQ(x.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	close(fd);
	unlink("file");
}

static void stat_calls_say_why_not(void)
{
	struct abi_stat64 st;
	struct abi_statx x;

	EXPECT_ERR(syscall(SYS_stat64, "none", &st), ENOENT);
	EXPECT_ERR(syscall(SYS_lstat64, "", &st), ENOENT);
	EXPECT_ERR(syscall(SYS_fstat64, 63, &st), EBADF);
	EXPECT_ERR(syscall(SYS_fstatat64, 63, "x", &st, 0), EBADF);
	EXPECT_ERR(syscall(SYS_fstatat64, AT_FDCWD, ".", &st, 1), EINVAL);
	EXPECT_ERR(syscall(SYS_statx, AT_FDCWD, ".", 1, STATX_BASIC_STATS, &x), EINVAL);
	EXPECT_ERR(syscall(SYS_statx, AT_FDCWD, ".", 0, STATX_RESERVED, &x), EINVAL);
	EXPECT_OK(syscall(SYS_statx, AT_FDCWD, "", AT_EMPTY_PATH, STATX_TYPE, &x));
	EXPECT(S_ISDIR(x.stx_mode));
}

static void lstat_and_nofollow_look_at_the_link(void)
{
	struct abi_stat64 st;

	EXPECT_OK(symlink("none", "link"));
	EXPECT_OK(syscall(SYS_lstat64, "link", &st));
	EXPECT(S_ISLNK(st.st_mode));
	EXPECT_EQ(st.st_size, 4);
	EXPECT_OK(syscall(SYS_fstatat64, AT_FDCWD, "link", &st, AT_SYMLINK_NOFOLLOW));
	EXPECT(S_ISLNK(st.st_mode));
	EXPECT_ERR(syscall(SYS_stat64, "link", &st), ENOENT);
	unlink("link");
}

static void blocks_are_counted_in_512_bytes(void)
{
	static char data[8192];
	struct stat st;
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_EQ(write(fd, data, sizeof(data)), sizeof(data));
	EXPECT_OK(fsync(fd));
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_blocks, 16);
	close(fd);
	unlink("file");
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	EXPECT_OK(lstat(path, &st));
	return st.st_mode & 07777;
}

static void chmod_sets_the_bits(void)
{
	int fd;

	ktap_put_file("file", "");
	EXPECT_OK(chmod("file", 04751));
	EXPECT_EQ(mode_of("file"), 04751);
	fd = open("file", O_RDONLY);
	EXPECT_OK(fchmod(fd, 0600));
	EXPECT_EQ(mode_of("file"), 0600);
	close(fd);
	EXPECT_OK(fchmodat(AT_FDCWD, "file", 0644, 0));
	EXPECT_EQ(mode_of("file"), 0644);
	EXPECT_OK(symlink("file", "link"));
	EXPECT_OK(chmod("link", 0640));
	EXPECT_EQ(mode_of("file"), 0640);
	EXPECT_EQ(mode_of("link"), 0777);
	EXPECT_ERR(chmod("none", 0), ENOENT);
	EXPECT_ERR(fchmod(63, 0), EBADF);
	unlink("link");
	unlink("file");
}

static void chown_to_oneself_is_always_allowed(void)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	struct stat st;
	int fd;

	ktap_put_file("file", "");
	fd = open("file", O_RDONLY);
	EXPECT_OK(syscall(SYS_chown32, "file", uid, gid));
	EXPECT_OK(syscall(SYS_lchown32, "file", uid, -1));
	EXPECT_OK(syscall(SYS_fchown32, fd, -1, gid));
	EXPECT_OK(fchownat(AT_FDCWD, "file", uid, gid, AT_SYMLINK_NOFOLLOW));
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_uid, uid);
	EXPECT_EQ(st.st_gid, gid);
	EXPECT_ERR(chown("none", uid, gid), ENOENT);
	EXPECT_ERR(lchown("none", uid, gid), ENOENT);
	EXPECT_ERR(fchown(63, uid, gid), EBADF);
	EXPECT_ERR(fchownat(AT_FDCWD, "file", uid, gid, 1), EINVAL);
	close(fd);
	unlink("file");
}

static void root_gives_files_away_and_others_cannot(void)
{
	struct stat st;

	ktap_put_file("file", "");
	if (geteuid() != 0) {
		EXPECT_ERR(chown("file", 1234, (gid_t)-1), EPERM);
	} else {
		EXPECT_OK(chown("file", 1234, 70000));
		EXPECT_OK(stat("file", &st));
		EXPECT_EQ(st.st_uid, 1234);
		EXPECT_EQ(st.st_gid, 70000);
		EXPECT_OK(symlink("file", "link"));
		EXPECT_OK(lchown("link", 5, 6));
		EXPECT_OK(lstat("link", &st));
		EXPECT_EQ(st.st_uid, 5);
		EXPECT_OK(unlink("link"));
	}
	EXPECT_OK(unlink("file"));
}

static void chown_takes_set_id_bits_away(void)
{
	ktap_put_file("file", "");
	EXPECT_OK(chmod("file", 06755));
	EXPECT_OK(chown("file", geteuid(), getegid()));
	EXPECT_EQ(mode_of("file"), 0755);
	unlink("file");
}

static void append_to_file(void)
{
	int fd = open("file", O_WRONLY | O_APPEND);

	EXPECT_EQ(write(fd, "x", 1), 1);
	close(fd);
}

static void stranger_appends(void)
{
	EXPECT_OK(setuid(1000));
	append_to_file();
}

static void writing_takes_set_id_bits_away_but_not_from_root(void)
{
	ktap_put_file("file", "");
	EXPECT_OK(chmod("file", 06777));
	append_to_file();
	EXPECT_EQ(mode_of("file"), geteuid() == 0 ? 06777 : 0777);
	if (geteuid() == 0) {
		EXPECT_OK(chmod(".", 0755));
		EXPECT_EXIT(ktap_child(stranger_appends), 0);
		EXPECT_EQ(mode_of("file"), 0777);
	}
	unlink("file");
}

static void stranger_changes_no_owner(void)
{
	struct stat st;

	EXPECT_OK(setuid(1000));
	EXPECT_ERR(chown("file", (uid_t)-1, (gid_t)-1), EPERM);
	EXPECT_OK(stat("file", &st));
	EXPECT_EQ(st.st_mode & 07777, 06755);
}

static void others_cannot_take_set_id_bits_away(void)
{
	if (geteuid() != 0)
		SKIP("only root can become somebody else");
	EXPECT_OK(chmod(".", 0755));
	ktap_put_file("file", "");
	EXPECT_OK(chmod("file", 06755));
	EXPECT_EXIT(ktap_child(stranger_changes_no_owner), 0);
	unlink("file");
}

static void utimensat_sets_times_to_the_nanosecond_or_second(void)
{
	struct timespec times[2] = { { .tv_sec = 1000000000, .tv_nsec = 0 },
				     { .tv_sec = 1100000000, .tv_nsec = 0 } };
	struct stat st;
	int fd;

	ktap_put_file("file", "");
	EXPECT_OK(utimensat(AT_FDCWD, "file", times, 0));
	EXPECT_OK(stat("file", &st));
	EXPECT_EQ(st.st_atime, 1000000000);
	EXPECT_EQ(st.st_mtime, 1100000000);
	EXPECT(st.st_ctime > 1100000000);
	times[0].tv_nsec = UTIME_OMIT;
	times[1].tv_nsec = UTIME_NOW;
	fd = open("file", O_RDONLY);
	EXPECT_OK(futimens(fd, times));
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_atime, 1000000000);
	EXPECT(st.st_mtime > 1100000000);
	times[0].tv_nsec = 1000000000;
	EXPECT_ERR(futimens(fd, times), EINVAL);
	close(fd);
	EXPECT_ERR(utimensat(AT_FDCWD, "none", NULL, 0), ENOENT);
	EXPECT_OK(utimensat(AT_FDCWD, "file", NULL, 0));
	unlink("file");
}

/* Seconds beyond 32 bits must neither be cut nor take long to tell. */
static void a_time_after_2106_is_kept(void)
{
	struct abi_timespec64_pair far = { { { .tv_sec = 1LL << 33 }, { .tv_sec = 1LL << 33 } } };
	struct abi_statx x;
	struct timespec start, end;

	ktap_put_file("file", "");
	EXPECT_OK(syscall(SYS_utimensat_time64, AT_FDCWD, "file", &far, 0));
	clock_gettime(CLOCK_MONOTONIC, &start);
	EXPECT_OK(syscall(SYS_statx, AT_FDCWD, "file", 0, STATX_BASIC_STATS, &x));
	clock_gettime(CLOCK_MONOTONIC, &end);
	EXPECT(end.tv_sec - start.tv_sec < 3);
	unlink("file");
	if (x.stx_mtime.tv_sec == INT32_MAX || x.stx_mtime.tv_sec == UINT32_MAX)
		SKIP("the file system has 32 bits for a time");
	EXPECT_EQ(x.stx_mtime.tv_sec, 1LL << 33);
}

/* A file system keeps what it can of these; nobody may stumble over them. */
static void times_of_other_ages_do_no_harm(void)
{
	static const long long seconds[] = {
		4102444800LL, 1LL << 33,     1LL << 40,    1LL << 62,
		-1,           -4102444800LL, -(1LL << 40), -(1LL << 62)
	};
	struct timespec times[2] = { { .tv_nsec = 999999999 }, { .tv_nsec = 1 } };
	struct abi_stat64 raw;
	struct stat st;

	ktap_put_file("file", "");
	for (unsigned int i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		times[0].tv_sec = times[1].tv_sec = seconds[i];
		EXPECT_OK(utimensat(AT_FDCWD, "file", times, 0));
		EXPECT_OK(stat("file", &st));
		EXPECT(st.st_mtim.tv_nsec >= 0 && st.st_mtim.tv_nsec < 1000000000);
		EXPECT((st.st_mtime < 0) == (seconds[i] < 0) || st.st_mtime == 0);
		EXPECT_OK(syscall(SYS_stat64, "file", &raw));
	}
	unlink("file");
}

static void all_calls_that_set_times_work(void)
{
	struct abi_timespec32_pair spec32 = { { { 1, 0 }, { 2, 0 } } };
	struct abi_timespec64_pair spec64 = { { { .tv_sec = 3 }, { .tv_sec = 4 } } };
	struct abi_timeval32_pair value = { { { 5, 0 }, { 6, 0 } } };
	struct abi_utimbuf whole = { 7, 8 };
	struct stat st;

	ktap_put_file("file", "");
	EXPECT_OK(syscall(SYS_utimensat, AT_FDCWD, "file", &spec32, 0));
	EXPECT_OK(stat("file", &st));
	EXPECT_EQ(st.st_mtime, 2);
	EXPECT_OK(syscall(SYS_utimensat_time64, AT_FDCWD, "file", &spec64, 0));
	EXPECT_OK(stat("file", &st));
	EXPECT_EQ(st.st_mtime, 4);
	EXPECT_OK(syscall(SYS_utimes, "file", &value));
	EXPECT_OK(stat("file", &st));
	EXPECT_EQ(st.st_mtime, 6);
	EXPECT_OK(syscall(SYS_utime, "file", &whole));
	EXPECT_OK(stat("file", &st));
	EXPECT_EQ(st.st_atime, 7);
	EXPECT_EQ(st.st_mtime, 8);
	unlink("file");
}

static void writing_moves_mtime_and_linking_moves_ctime(void)
{
	struct timespec times[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	struct stat before, after;
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_OK(futimens(fd, times));
	EXPECT_EQ(write(fd, "x", 1), 1);
	EXPECT_OK(fstat(fd, &before));
	EXPECT(before.st_mtime > 1);
	EXPECT_EQ(before.st_atime, 1);
	usleep(30000);
	EXPECT_OK(link("file", "name"));
	EXPECT_OK(fstat(fd, &after));
	EXPECT(after.st_ctim.tv_sec >= before.st_ctim.tv_sec);
	EXPECT_EQ(after.st_mtime, before.st_mtime);
	close(fd);
	unlink("name");
	unlink("file");
}

static void access_asks_for_the_real_user(void)
{
	ktap_put_file("file", "");
	EXPECT_OK(chmod("file", 0400));
	EXPECT_OK(access("file", F_OK));
	EXPECT_OK(access("file", R_OK));
	EXPECT_ERR(access("file", X_OK), EACCES); /* even for root */
	EXPECT_ERR(access("none", F_OK), ENOENT);
	EXPECT_ERR(access("file", 8), EINVAL);
	EXPECT_OK(faccessat(AT_FDCWD, "file", R_OK, 0));
	EXPECT_OK(faccessat(AT_FDCWD, "file", R_OK, AT_EACCESS));
	EXPECT_ERR(syscall(SYS_faccessat2, AT_FDCWD, "file", R_OK, 1), EINVAL);
	EXPECT_OK(chmod("file", 0500));
	EXPECT_OK(access("file", X_OK));
	unlink("file");
}

static void mknod_makes_files_and_pipes(void)
{
	struct stat st;

	EXPECT_OK(mknod("plain", S_IFREG | 0600, 0));
	EXPECT_OK(stat("plain", &st));
	EXPECT(S_ISREG(st.st_mode));
	EXPECT_OK(mknod("untyped", 0600, 0));
	EXPECT_OK(stat("untyped", &st));
	EXPECT(S_ISREG(st.st_mode));
	EXPECT_OK(mknodat(AT_FDCWD, "fifo", S_IFIFO | 0600, 0));
	EXPECT_OK(stat("fifo", &st));
	EXPECT(S_ISFIFO(st.st_mode));
	EXPECT_ERR(mknod("plain", S_IFREG | 0600, 0), EEXIST);
	EXPECT_ERR(mknod("dir", S_IFDIR | 0700, 0), EPERM);
	EXPECT_ERR(mknod("bad", S_IFMT | 0700, 0), EINVAL);
	unlink("plain");
	unlink("untyped");
	unlink("fifo");
}

static void a_device_node_leads_to_its_device(void)
{
	struct stat st;
	char c;
	int fd;

	if (mknod("null", S_IFCHR | 0600, makedev(1, 3)))
		SKIP("not allowed to make devices");
	EXPECT_OK(stat("null", &st));
	EXPECT(S_ISCHR(st.st_mode));
	EXPECT_EQ(major(st.st_rdev), 1);
	EXPECT_EQ(minor(st.st_rdev), 3);
	fd = open("null", O_RDWR);
	if (fd >= 0) { /* else mounted nodev */
		EXPECT_EQ(read(fd, &c, 1), 0);
		close(fd);
	}
	unlink("null");
}

static void standard_devices_have_linux_numbers(void)
{
	static const struct {
		const char *name;
		unsigned int minor;
	} devices[] = { { "/dev/null", 3 },
			{ "/dev/zero", 5 },
			{ "/dev/full", 7 },
			{ "/dev/random", 8 },
			{ "/dev/urandom", 9 } };
	struct stat st;

	for (int i = 0; i < 5; i++) {
		EXPECT_OK(stat(devices[i].name, &st));
		EXPECT(S_ISCHR(st.st_mode));
		EXPECT_EQ(major(st.st_rdev), 1);
		EXPECT_EQ(minor(st.st_rdev), devices[i].minor);
	}
}

static void statfs_describes_the_file_system(void)
{
	struct statfs path, file;
	int fd = open(".", O_RDONLY | O_DIRECTORY);

	EXPECT_OK(statfs(".", &path));
	EXPECT_OK(fstatfs(fd, &file));
	EXPECT_EQ(path.f_type, file.f_type);
	EXPECT_EQ(path.f_bsize, file.f_bsize);
	EXPECT(path.f_bsize >= 512);
	EXPECT(path.f_blocks >= path.f_bfree);
	EXPECT(path.f_bfree >= path.f_bavail);
	EXPECT_EQ(path.f_namelen, 255);
	EXPECT_ERR(statfs("none", &path), ENOENT);
	EXPECT_ERR(fstatfs(63, &path), EBADF);
	close(fd);
}

static void statfs64_checks_the_size(void)
{
	char buffer[256];

	EXPECT_OK(syscall(SYS_statfs64, ".", 84, buffer));
	EXPECT_ERR(syscall(SYS_statfs64, ".", 80, buffer), EINVAL);
	EXPECT_ERR(syscall(SYS_fstatfs64, 0, 100, buffer), EINVAL);
}

static const struct ktap_test tests[] = {
	KTAP(all_stat_calls_agree),
	KTAP(stat_calls_say_why_not),
	KTAP(lstat_and_nofollow_look_at_the_link),
	KTAP(blocks_are_counted_in_512_bytes),
	KTAP(chmod_sets_the_bits),
	KTAP(chown_to_oneself_is_always_allowed),
	KTAP(root_gives_files_away_and_others_cannot),
	KTAP(chown_takes_set_id_bits_away),
	KTAP(writing_takes_set_id_bits_away_but_not_from_root),
	KTAP(others_cannot_take_set_id_bits_away),
	KTAP(utimensat_sets_times_to_the_nanosecond_or_second),
	KTAP(a_time_after_2106_is_kept),
	KTAP(times_of_other_ages_do_no_harm),
	KTAP(all_calls_that_set_times_work),
	KTAP(writing_moves_mtime_and_linking_moves_ctime),
	KTAP(access_asks_for_the_real_user),
	KTAP(mknod_makes_files_and_pipes),
	KTAP(a_device_node_leads_to_its_device),
	KTAP(standard_devices_have_linux_numbers),
	KTAP(statfs_describes_the_file_system),
	KTAP(statfs64_checks_the_size),
};

KTAP_MAIN(tests)
