/* SPDX-License-Identifier: MIT */
/* Hard and symbolic links. */
#define _GNU_SOURCE
#include "ktap.h"

#include <limits.h>

static void a_hard_link_is_the_same_file(void)
{
	struct stat a, b;

	ktap_put_file("a", "text");
	EXPECT_OK(link("a", "b"));
	EXPECT_OK(stat("a", &a));
	EXPECT_OK(stat("b", &b));
	EXPECT_EQ(a.st_ino, b.st_ino);
	EXPECT_EQ(a.st_nlink, 2);
	EXPECT_OK(unlink("a"));
	ktap_expect_file("b", "text");
	EXPECT_OK(stat("b", &b));
	EXPECT_EQ(b.st_nlink, 1);
	EXPECT_OK(unlink("b"));
}

static void link_says_why_not(void)
{
	ktap_put_file("a", "");
	ktap_put_file("b", "");
	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_ERR(link("a", "b"), EEXIST);
	EXPECT_ERR(link("none", "c"), ENOENT);
	EXPECT_ERR(link("a", "none/c"), ENOENT);
	EXPECT_ERR(link("a", "b/c"), ENOTDIR);
	EXPECT_ERR(link("dir", "c"), EPERM);
	EXPECT_ERR(link("a", "dir"), EEXIST);
	unlink("a");
	unlink("b");
	EXPECT_OK(rmdir("dir"));
}

static void linkat_follows_only_when_told(void)
{
	struct stat st;

	ktap_put_file("file", "x");
	EXPECT_OK(symlink("file", "link"));
	EXPECT_OK(linkat(AT_FDCWD, "link", AT_FDCWD, "same", 0));
	EXPECT_OK(lstat("same", &st));
	EXPECT(S_ISLNK(st.st_mode));
	EXPECT_OK(linkat(AT_FDCWD, "link", AT_FDCWD, "target", AT_SYMLINK_FOLLOW));
	EXPECT_OK(lstat("target", &st));
	EXPECT(S_ISREG(st.st_mode));
	EXPECT_ERR(linkat(AT_FDCWD, "link", AT_FDCWD, "other", 1), EINVAL);
	unlink("file");
	unlink("link");
	unlink("same");
	unlink("target");
}

static void unlink_of_nothing_gives_enoent(void)
{
	EXPECT_ERR(unlink("none"), ENOENT);
	EXPECT_ERR(unlink(""), ENOENT);
	ktap_put_file("file", "");
	EXPECT_ERR(unlink("file/"), ENOTDIR);
	EXPECT_ERR(unlink("file/x"), ENOTDIR);
	EXPECT_OK(unlink("file"));
}

static void a_symbolic_link_keeps_its_text(void)
{
	char text[32];
	struct stat st;

	memset(text, 'z', sizeof(text));
	EXPECT_OK(symlink("some/where", "link"));
	EXPECT_EQ(readlink("link", text, sizeof(text)), 10);
	EXPECT_EQ(memcmp(text, "some/wherez", 11), 0); /* no zero is added */
	EXPECT_EQ(readlink("link", text, 4), 4);
	EXPECT_OK(lstat("link", &st));
	EXPECT(S_ISLNK(st.st_mode));
	EXPECT_EQ(st.st_size, 10);
	EXPECT_ERR(stat("link", &st), ENOENT);
	EXPECT_OK(unlink("link"));
}

/* Longer than fits in the inode of ext2 (59 bytes). */
static void a_long_symbolic_link_works_too(void)
{
	static char target[1000], text[1001];

	memset(target, '/', sizeof(target) - 1);
	memcpy(target + 990, "dev/null", 9);
	EXPECT_OK(symlink(target, "link"));
	EXPECT_EQ(readlink("link", text, sizeof(text)), 998);
	EXPECT_EQ(memcmp(text, target, 998), 0);
	EXPECT_OK(access("link", R_OK));
	EXPECT_OK(unlink("link"));
}

static void symlink_says_why_not(void)
{
	static char target[PATH_MAX + 1];

	EXPECT_OK(symlink("x", "link"));
	EXPECT_ERR(symlink("y", "link"), EEXIST);
	EXPECT_ERR(symlink("", "other"), ENOENT);
	EXPECT_ERR(symlink("x", "none/link"), ENOENT);
	memset(target, 'a', PATH_MAX);
	EXPECT_ERR(symlink(target, "other"), ENAMETOOLONG);
	EXPECT_OK(unlink("link"));
}

static void readlink_says_why_not(void)
{
	char text[8];

	ktap_put_file("file", "");
	EXPECT_ERR(readlink("file", text, sizeof(text)), EINVAL);
	EXPECT_ERR(readlink("none", text, sizeof(text)), ENOENT);
	EXPECT_ERR(readlink(".", text, sizeof(text)), EINVAL);
	EXPECT_OK(symlink("x", "link"));
	EXPECT_ERR(readlink("link", text, 0), EINVAL);
	unlink("link");
	unlink("file");
}

static void opening_follows_links(void)
{
	ktap_put_file("file", "through");
	EXPECT_OK(symlink("file", "one"));
	EXPECT_OK(symlink("one", "two"));
	ktap_expect_file("two", "through");
	EXPECT_ERR(open("two", O_RDONLY | O_NOFOLLOW), ELOOP);
	EXPECT_OK(unlink("two"));
	EXPECT_OK(unlink("one"));
	ktap_expect_file("file", "through");
	EXPECT_OK(unlink("file"));
}

static void creating_through_a_dangling_link_makes_its_target(void)
{
	EXPECT_OK(symlink("made", "link"));
	ktap_put_file("link", "x");
	ktap_expect_file("made", "x");
	unlink("made");
	unlink("link");
}

static void links_lead_through_directories(void)
{
	EXPECT_OK(mkdir("dir", 0777));
	EXPECT_OK(mkdir("dir/sub", 0777));
	ktap_put_file("dir/file", "found");
	EXPECT_OK(symlink("dir/sub", "link"));
	ktap_expect_file("link/../file", "found");
	EXPECT_OK(symlink("../file", "dir/sub/up"));
	ktap_expect_file("link/up", "found");
	EXPECT_ERR(rmdir("link"), ENOTDIR);
	unlink("dir/sub/up");
	unlink("link");
	unlink("dir/file");
	EXPECT_OK(rmdir("dir/sub"));
	EXPECT_OK(rmdir("dir"));
}

static void a_circle_gives_eloop(void)
{
	struct stat st;

	EXPECT_OK(symlink("b", "a"));
	EXPECT_OK(symlink("a", "b"));
	EXPECT_ERR(open("a", O_RDONLY), ELOOP);
	EXPECT_ERR(stat("a/x", &st), ELOOP);
	EXPECT_OK(lstat("a", &st));
	unlink("a");
	unlink("b");
}

/* Linux follows 40 and no more. */
static void forty_links_are_followed_one_more_is_not(void)
{
	char name[16], target[16] = "file";

	ktap_put_file("file", "");
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "link%d", i);
		EXPECT_OK(symlink(target, name));
		strcpy(target, name);
	}
	EXPECT_OK(access("link40", F_OK));
	EXPECT_ERR(access("link41", F_OK), ELOOP);
	for (int i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "link%d", i);
		EXPECT_OK(unlink(name));
	}
	unlink("file");
}

static void at_calls_make_and_read_links(void)
{
	char text[8];
	int dir;

	EXPECT_OK(mkdir("dir", 0777));
	dir = open("dir", O_RDONLY | O_DIRECTORY);
	EXPECT_OK(symlinkat("target", dir, "link"));
	EXPECT_EQ(readlinkat(dir, "link", text, sizeof(text)), 6);
	EXPECT_EQ(memcmp(text, "target", 6), 0);
	EXPECT_OK(linkat(dir, "link", AT_FDCWD, "copy", 0));
	EXPECT_OK(unlink("copy"));
	EXPECT_OK(unlinkat(dir, "link", 0));
	close(dir);
	EXPECT_OK(rmdir("dir"));
}

static const struct ktap_test tests[] = {
	KTAP(a_hard_link_is_the_same_file),
	KTAP(link_says_why_not),
	KTAP(linkat_follows_only_when_told),
	KTAP(unlink_of_nothing_gives_enoent),
	KTAP(a_symbolic_link_keeps_its_text),
	KTAP(a_long_symbolic_link_works_too),
	KTAP(symlink_says_why_not),
	KTAP(readlink_says_why_not),
	KTAP(opening_follows_links),
	KTAP(creating_through_a_dangling_link_makes_its_target),
	KTAP(links_lead_through_directories),
	KTAP(a_circle_gives_eloop),
	KTAP(forty_links_are_followed_one_more_is_not),
	KTAP(at_calls_make_and_read_links),
};

KTAP_MAIN(tests)
