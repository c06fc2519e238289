/* SPDX-License-Identifier: MIT */
/* Directories: making, removing, reading, the current one, the *at calls. */
#define _GNU_SOURCE
#include "ktap.h"

#include <dirent.h>
#include <limits.h>
#include <sys/syscall.h>

static void mkdir_makes_an_empty_directory(void)
{
	struct stat st;
	mode_t old = umask(022);

	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_OK(stat("dir", &st));
	EXPECT(S_ISDIR(st.st_mode));
	EXPECT_EQ(st.st_mode & 07777, 0755);
	EXPECT_OK(rmdir("dir"));
	umask(old);
}

static void mkdir_says_why_not(void)
{
	ktap_put_file("file", "");
	EXPECT_ERR(mkdir(".", 0777), EEXIST);
	EXPECT_ERR(mkdir("/", 0777), EEXIST);
	EXPECT_ERR(mkdir("file", 0777), EEXIST);
	EXPECT_ERR(mkdir("none/dir", 0777), ENOENT);
	EXPECT_ERR(mkdir("file/dir", 0777), ENOTDIR);
	EXPECT_ERR(mkdir("", 0777), ENOENT);
	unlink("file");
	EXPECT_OK(mkdir("slash/", 0777));
	EXPECT_OK(rmdir("slash/"));
}

static void rmdir_says_why_not(void)
{
	EXPECT_OK(mkdir("dir", 0777));
	ktap_put_file("dir/file", "");
	EXPECT_ERR(rmdir("dir"), ENOTEMPTY);
	EXPECT_ERR(rmdir("dir/file"), ENOTDIR);
	EXPECT_ERR(rmdir("dir/."), EINVAL);
	EXPECT_ERR(rmdir("dir/.."), ENOTEMPTY);
	EXPECT_ERR(rmdir("none"), ENOENT);
	EXPECT_ERR(rmdir("/"), EBUSY);
	unlink("dir/file");
	EXPECT_OK(rmdir("dir"));
}

static void links_of_directories_are_counted(void)
{
	struct stat before, st;

	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_OK(stat("dir", &before));
	if (before.st_nlink != 2) {
		rmdir("dir");
		SKIP("this file system does not count");
	}
	EXPECT_OK(mkdir("dir/a", 0777));
	EXPECT_OK(mkdir("dir/b", 0777));
	EXPECT_OK(stat("dir", &st));
	EXPECT_EQ(st.st_nlink, 4);
	EXPECT_OK(rmdir("dir/a"));
	EXPECT_OK(rmdir("dir/b"));
	EXPECT_OK(stat("dir", &st));
	EXPECT_EQ(st.st_nlink, 2);
	EXPECT_OK(rmdir("dir"));
}

static void unlink_refuses_directories(void)
{
	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_ERR(unlink("dir"), EISDIR);
	EXPECT_OK(rmdir("dir"));
}

static int has_entry(const char *dir_name, const char *name, int type)
{
	struct dirent *entry;
	DIR *dir = opendir(dir_name);
	int found = 0;

	EXPECT(dir != NULL);
	while (dir && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, name))
			continue;
		found++;
		EXPECT(entry->d_type == type || entry->d_type == DT_UNKNOWN);
	}
	if (dir)
		closedir(dir);
	return found;
}

static void reading_gives_each_entry_once(void)
{
	EXPECT_OK(mkdir("dir", 0777));
	ktap_put_file("dir/file", "");
	EXPECT_OK(mkdir("dir/sub", 0777));
	EXPECT_OK(symlink("file", "dir/link"));
	EXPECT_EQ(has_entry("dir", ".", DT_DIR), 1);
	EXPECT_EQ(has_entry("dir", "..", DT_DIR), 1);
	EXPECT_EQ(has_entry("dir", "file", DT_REG), 1);
	EXPECT_EQ(has_entry("dir", "sub", DT_DIR), 1);
	EXPECT_EQ(has_entry("dir", "link", DT_LNK), 1);
	EXPECT_EQ(has_entry("dir", "none", 0), 0);
	unlink("dir/link");
	unlink("dir/file");
	EXPECT_EQ(has_entry("dir", "file", DT_REG), 0);
	EXPECT_OK(rmdir("dir/sub"));
	EXPECT_OK(rmdir("dir"));
}

static void numbered(char *name, int number)
{
	snprintf(name, 40, "dir/entry-with-a-longer-name-%d", number);
}

static void a_large_directory_is_read_whole(void)
{
	enum { COUNT = 300 };
	static char seen[COUNT];
	struct dirent *entry;
	char name[40];
	int number, total = 0;
	DIR *dir;

	memset(seen, 0, sizeof(seen));
	EXPECT_OK(mkdir("dir", 0777));
	for (int i = 0; i < COUNT; i++) {
		numbered(name, i);
		ktap_put_file(name, "");
	}
	dir = opendir("dir");
	while ((entry = readdir(dir))) {
		if (sscanf(entry->d_name, "entry-with-a-longer-name-%d", &number) == 1)
			seen[number]++;
	}
	closedir(dir);
	for (int i = 0; i < COUNT; i++) {
		total += seen[i] == 1;
		numbered(name, i);
		EXPECT_OK(unlink(name));
	}
	EXPECT_EQ(total, COUNT);
	EXPECT_OK(rmdir("dir"));
}

static void rewinddir_starts_over(void)
{
	int first = 0, second = 0;
	DIR *dir = opendir(".");

	while (readdir(dir))
		first++;
	rewinddir(dir);
	while (readdir(dir))
		second++;
	EXPECT_EQ(first, second);
	EXPECT(first >= 2);
	closedir(dir);
}

static void getdents64_checks_its_arguments(void)
{
	char buffer[64];
	int fd = open(".", O_RDONLY | O_DIRECTORY);
	int file = open("/dev/null", O_RDONLY);

	EXPECT_ERR(syscall(SYS_getdents64, fd, buffer, 4), EINVAL);
	EXPECT_ERR(syscall(SYS_getdents64, file, buffer, sizeof(buffer)), ENOTDIR);
	EXPECT_ERR(syscall(SYS_getdents64, -1, buffer, sizeof(buffer)), EBADF);
	EXPECT_ERR(read(fd, buffer, sizeof(buffer)), EISDIR);
	close(file);
	close(fd);
}

static void chdir_and_getcwd_agree(void)
{
	char before[PATH_MAX], after[PATH_MAX];

	EXPECT(getcwd(before, sizeof(before)) == before);
	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_OK(chdir("dir"));
	EXPECT(getcwd(after, sizeof(after)) == after);
	EXPECT_STR(after + strlen(before), "/dir");
	EXPECT_OK(chdir(".."));
	EXPECT(getcwd(after, sizeof(after)) == after);
	EXPECT_STR(after, before);
	EXPECT_OK(rmdir("dir"));
	EXPECT_OK(chdir("/"));
	EXPECT(getcwd(after, sizeof(after)) == after);
	EXPECT_STR(after, "/");
	EXPECT_OK(chdir(before));
}

static void getcwd_counts_the_zero_and_checks_the_size(void)
{
	char path[PATH_MAX];
	long count = syscall(SYS_getcwd, path, sizeof(path));

	EXPECT_EQ(count, strlen(path) + 1);
	EXPECT_ERR(syscall(SYS_getcwd, path, 2), ERANGE);
}

static void chdir_says_why_not(void)
{
	ktap_put_file("file", "");
	EXPECT_ERR(chdir("none"), ENOENT);
	EXPECT_ERR(chdir("file"), ENOTDIR);
	EXPECT_ERR(fchdir(63), EBADF);
	unlink("file");
}

static void fchdir_goes_to_an_open_directory(void)
{
	int here = open(".", O_RDONLY | O_DIRECTORY), file = open("/dev/null", O_RDONLY);
	char before[PATH_MAX], after[PATH_MAX];

	EXPECT(getcwd(before, sizeof(before)) != NULL);
	EXPECT_OK(chdir("/"));
	EXPECT_OK(fchdir(here));
	EXPECT(getcwd(after, sizeof(after)) != NULL);
	EXPECT_STR(after, before);
	EXPECT_ERR(fchdir(file), ENOTDIR);
	close(file);
	close(here);
}

static void a_removed_directory_stays_usable_but_empty(void)
{
	char path[PATH_MAX];
	int here = open(".", O_RDONLY | O_DIRECTORY);

	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_OK(chdir("dir"));
	EXPECT_OK(rmdir("../dir"));
	EXPECT_ERR(syscall(SYS_getcwd, path, sizeof(path)), ENOENT);
	EXPECT_ERR(open("file", O_RDWR | O_CREAT, 0600), ENOENT);
	EXPECT_ERR(mkdir("sub", 0777), ENOENT);
	EXPECT_OK(fchdir(here));
	close(here);
}

static void the_parent_of_the_root_is_the_root(void)
{
	struct stat root, parent;

	EXPECT_OK(stat("/", &root));
	EXPECT_OK(stat("/..", &parent));
	EXPECT_EQ(root.st_ino, parent.st_ino);
	EXPECT_OK(stat("//../.././/", &parent));
	EXPECT_EQ(root.st_ino, parent.st_ino);
}

static void at_calls_start_where_they_are_told(void)
{
	int dir, fd;

	EXPECT_OK(mkdir("dir", 0777));
	dir = open("dir", O_RDONLY | O_DIRECTORY);
	EXPECT_OK(mkdirat(dir, "sub", 0777));
	fd = openat(dir, "sub/file", O_WRONLY | O_CREAT, 0600);
	EXPECT(fd >= 0);
	close(fd);
	EXPECT(ktap_exists("dir/sub/file"));
	EXPECT_OK(faccessat(dir, "sub/file", F_OK, 0));
	EXPECT_ERR(unlinkat(dir, "sub", 0), EISDIR);
	EXPECT_ERR(unlinkat(dir, "sub/file", AT_REMOVEDIR), ENOTDIR);
	EXPECT_ERR(unlinkat(dir, "sub", 1), EINVAL);
	EXPECT_OK(unlinkat(dir, "sub/file", 0));
	EXPECT_OK(unlinkat(dir, "sub", AT_REMOVEDIR));
	EXPECT_ERR(openat(63, "x", O_RDONLY), EBADF);
	fd = openat(63, "/dev/null", O_RDONLY);
	EXPECT(fd >= 0);
	EXPECT_ERR(openat(fd, "x", O_RDONLY), ENOTDIR);
	close(fd);
	close(dir);
	EXPECT_OK(rmdir("dir"));
}

static void umask_takes_bits_away(void)
{
	mode_t old = umask(027);
	struct stat st;

	ktap_put_file("file", "");
	EXPECT_OK(stat("file", &st));
	EXPECT_EQ(st.st_mode & 0777, 0640);
	EXPECT_EQ(umask(07777), 027);
	EXPECT_EQ(umask(old), 0777);
	unlink("file");
}

static const struct ktap_test tests[] = {
	KTAP(mkdir_makes_an_empty_directory),
	KTAP(mkdir_says_why_not),
	KTAP(rmdir_says_why_not),
	KTAP(links_of_directories_are_counted),
	KTAP(unlink_refuses_directories),
	KTAP(reading_gives_each_entry_once),
	KTAP(a_large_directory_is_read_whole),
	KTAP(rewinddir_starts_over),
	KTAP(getdents64_checks_its_arguments),
	KTAP(chdir_and_getcwd_agree),
	KTAP(getcwd_counts_the_zero_and_checks_the_size),
	KTAP(chdir_says_why_not),
	KTAP(fchdir_goes_to_an_open_directory),
	KTAP(a_removed_directory_stays_usable_but_empty),
	KTAP(the_parent_of_the_root_is_the_root),
	KTAP(at_calls_start_where_they_are_told),
	KTAP(umask_takes_bits_away),
};

KTAP_MAIN(tests)
