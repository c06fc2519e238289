/* SPDX-License-Identifier: MIT */
/* rename: what replaces what, and what may not. */
#define _GNU_SOURCE
#include "ktap.h"

static ino_t inode_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? 0 : st.st_ino;
}

static void a_file_gets_a_new_name(void)
{
	ino_t inode;

	ktap_put_file("a", "text");
	inode = inode_of("a");
	EXPECT_OK(rename("a", "b"));
	EXPECT(!ktap_exists("a"));
	EXPECT_EQ(inode_of("b"), inode);
	ktap_expect_file("b", "text");
	unlink("b");
}

static void a_file_replaces_a_file(void)
{
	struct stat st;
	int fd;

	ktap_put_file("a", "new");
	ktap_put_file("b", "old");
	fd = open("b", O_RDONLY);
	EXPECT_OK(rename("a", "b"));
	EXPECT(!ktap_exists("a"));
	ktap_expect_file("b", "new");
	EXPECT_OK(fstat(fd, &st));
	EXPECT_EQ(st.st_nlink, 0);
	close(fd);
	unlink("b");
}

static void two_names_of_one_file_both_stay(void)
{
	ktap_put_file("a", "same");
	EXPECT_OK(link("a", "b"));
	EXPECT_OK(rename("a", "b"));
	EXPECT(ktap_exists("a"));
	EXPECT(ktap_exists("b"));
	EXPECT_OK(rename("a", "a"));
	unlink("a");
	unlink("b");
}

static void a_file_moves_to_another_directory(void)
{
	EXPECT_OK(mkdir("dir", 0777));
	ktap_put_file("a", "moved");
	EXPECT_OK(rename("a", "dir/b"));
	ktap_expect_file("dir/b", "moved");
	EXPECT_OK(rename("dir/b", "c"));
	ktap_expect_file("c", "moved");
	unlink("c");
	EXPECT_OK(rmdir("dir"));
}

static void a_directory_gets_a_new_name(void)
{
	EXPECT_OK(mkdir("a", 0777));
	ktap_put_file("a/file", "inside");
	EXPECT_OK(rename("a", "b"));
	ktap_expect_file("b/file", "inside");
	EXPECT(!ktap_exists("a"));
	unlink("b/file");
	EXPECT_OK(rmdir("b"));
}

static void a_moved_directory_knows_its_new_parent(void)
{
	struct stat before, after;

	EXPECT_OK(mkdir("from", 0777));
	EXPECT_OK(mkdir("to", 0777));
	EXPECT_OK(mkdir("from/dir", 0777));
	EXPECT_OK(stat("to", &before));
	EXPECT_OK(rename("from/dir", "to/dir"));
	EXPECT_EQ(inode_of("to/dir/.."), inode_of("to"));
	EXPECT_OK(stat("to", &after));
	if (before.st_nlink == 2)
		EXPECT_EQ(after.st_nlink, 3);
	EXPECT_OK(rmdir("from"));
	EXPECT_OK(rmdir("to/dir"));
	EXPECT_OK(rmdir("to"));
}

static void a_directory_replaces_an_empty_one_only(void)
{
	ino_t inode;

	EXPECT_OK(mkdir("a", 0777));
	EXPECT_OK(mkdir("b", 0777));
	ktap_put_file("b/file", "");
	EXPECT_ERR(rename("a", "b"), ENOTEMPTY);
	unlink("b/file");
	inode = inode_of("a");
	EXPECT_OK(rename("a", "b"));
	EXPECT_EQ(inode_of("b"), inode);
	EXPECT(!ktap_exists("a"));
	EXPECT_OK(rmdir("b"));
}

static void file_and_directory_do_not_replace_each_other(void)
{
	ktap_put_file("file", "");
	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_ERR(rename("file", "dir"), EISDIR);
	EXPECT_ERR(rename("dir", "file"), ENOTDIR);
	unlink("file");
	EXPECT_OK(rmdir("dir"));
}

static void a_directory_cannot_go_into_itself(void)
{
	EXPECT_OK(mkdir("a", 0777));
	EXPECT_OK(mkdir("a/b", 0777));
	EXPECT_ERR(rename("a", "a/c"), EINVAL);
	EXPECT_ERR(rename("a", "a/b/c"), EINVAL);
	EXPECT_ERR(rename("a", "a/b"), EINVAL);
	EXPECT_ERR(rename("a/b", "a"), ENOTEMPTY);
	EXPECT_OK(rmdir("a/b"));
	EXPECT_OK(rmdir("a"));
}

static void dot_and_dot_dot_cannot_be_renamed(void)
{
	EXPECT_OK(mkdir("a", 0777));
	EXPECT_ERR(rename("a/.", "b"), EBUSY);
	EXPECT_ERR(rename("a/..", "b"), EBUSY);
	EXPECT_ERR(rename("a", "."), EBUSY);
	EXPECT_ERR(rename("a", ".."), EBUSY);
	EXPECT_OK(rmdir("a"));
}

static void missing_parts_give_enoent(void)
{
	ktap_put_file("file", "");
	EXPECT_ERR(rename("none", "b"), ENOENT);
	EXPECT_ERR(rename("none/a", "b"), ENOENT);
	EXPECT_ERR(rename("file", "none/b"), ENOENT);
	EXPECT_ERR(rename("", "b"), ENOENT);
	EXPECT_ERR(rename("file", ""), ENOENT);
	EXPECT_ERR(rename("file/a", "b"), ENOTDIR);
	EXPECT_ERR(rename("file", "file/b"), ENOTDIR);
	unlink("file");
}

static void a_slash_at_the_end_asks_for_a_directory(void)
{
	ktap_put_file("file", "");
	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_ERR(rename("file/", "b"), ENOTDIR);
	EXPECT_ERR(rename("file", "b/"), ENOTDIR);
	EXPECT_OK(rename("dir/", "new/"));
	unlink("file");
	EXPECT_OK(rmdir("new"));
}

static void a_symbolic_link_itself_is_renamed(void)
{
	char text[8];

	EXPECT_OK(symlink("target", "a"));
	EXPECT_OK(rename("a", "b"));
	EXPECT_EQ(readlink("b", text, sizeof(text)), 6);
	ktap_put_file("file", "x");
	EXPECT_OK(rename("file", "b"));
	ktap_expect_file("b", "x");
	EXPECT(!ktap_exists("target"));
	unlink("b");
}

static void another_file_system_gives_exdev(void)
{
	ktap_put_file("file", "");
	EXPECT_ERR(rename("file", "/dev/ktap-file"), EXDEV);
	unlink("file");
}

static void renameat_starts_where_it_is_told(void)
{
	int dir;

	EXPECT_OK(mkdir("dir", 0777));
	dir = open("dir", O_RDONLY | O_DIRECTORY);
	ktap_put_file("dir/a", "x");
	EXPECT_OK(renameat(dir, "a", AT_FDCWD, "b"));
	EXPECT_OK(renameat(AT_FDCWD, "b", dir, "c"));
	ktap_expect_file("dir/c", "x");
	EXPECT_ERR(renameat(63, "a", AT_FDCWD, "b"), EBADF);
	unlink("dir/c");
	close(dir);
	EXPECT_OK(rmdir("dir"));
}

static void renameat2_can_refuse_to_replace(void)
{
	ktap_put_file("a", "a");
	ktap_put_file("b", "b");
	EXPECT_OK(renameat2(AT_FDCWD, "a", AT_FDCWD, "c", RENAME_NOREPLACE));
	EXPECT_ERR(renameat2(AT_FDCWD, "c", AT_FDCWD, "b", RENAME_NOREPLACE), EEXIST);
	EXPECT_ERR(renameat2(AT_FDCWD, "c", AT_FDCWD, "b", 1U << 20), EINVAL);
	ktap_expect_file("b", "b");
	EXPECT_OK(renameat2(AT_FDCWD, "c", AT_FDCWD, "b", 0));
	ktap_expect_file("b", "a");
	unlink("b");
}

/* Anyone who looks sees the old file or the new, never none. */
static void a_replaced_name_is_never_missing(void)
{
	pid_t child;
	int missing = 0;

	ktap_put_file("name", "");
	child = fork();
	if (child == 0) {
		for (int i = 0; i < 300; i++) {
			ktap_put_file("other", "");
			rename("other", "name");
		}
		_exit(0);
	}
	while (waitpid(child, NULL, WNOHANG) == 0)
		missing += !ktap_exists("name");
	EXPECT_EQ(missing, 0);
	unlink("name");
}

static const struct ktap_test tests[] = {
	KTAP(a_file_gets_a_new_name),
	KTAP(a_file_replaces_a_file),
	KTAP(two_names_of_one_file_both_stay),
	KTAP(a_file_moves_to_another_directory),
	KTAP(a_directory_gets_a_new_name),
	KTAP(a_moved_directory_knows_its_new_parent),
	KTAP(a_directory_replaces_an_empty_one_only),
	KTAP(file_and_directory_do_not_replace_each_other),
	KTAP(a_directory_cannot_go_into_itself),
	KTAP(dot_and_dot_dot_cannot_be_renamed),
	KTAP(missing_parts_give_enoent),
	KTAP(a_slash_at_the_end_asks_for_a_directory),
	KTAP(a_symbolic_link_itself_is_renamed),
	KTAP(another_file_system_gives_exdev),
	KTAP(renameat_starts_where_it_is_told),
	KTAP(renameat2_can_refuse_to_replace),
	KTAP(a_replaced_name_is_never_missing),
};

KTAP_MAIN(tests)
