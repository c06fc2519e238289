/* SPDX-License-Identifier: MIT */
/* Several processes make, rename, link and remove in the same directories at the
 * same time. No call may fail in a way it must not, nothing may be lost or left,
 * and the machine must not stand still. */
#define _GNU_SOURCE
#include "ktap.h"

#include <dirent.h>

enum { PROCESSES = 4, STEPS = 1500, NAMES = 8, DIRS = 3 };

static unsigned int seed;

static unsigned int random_below(unsigned int limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 17;
	seed ^= seed << 5;
	return seed % limit;
}

/* Paths like "d1/n5" or "d0/n2/n7": names are used for files and directories. */
static const char *random_path(void)
{
	static char paths[2][32];
	static int which;
	char *path = paths[which ^= 1];

	if (random_below(3))
		sprintf(path, "d%u/n%u", random_below(DIRS), random_below(NAMES));
	else
		sprintf(path, "d%u/n%u/n%u", random_below(DIRS), random_below(NAMES),
			random_below(NAMES));
	return path;
}

static int do_create(void)
{
	int fd = open(random_path(), O_RDWR | O_CREAT, 0600);

	if (fd < 0)
		return -1;
	if (write(fd, "text", 4) != 4)
		return -1;
	return close(fd);
}

static int do_mkdir(void)
{
	return mkdir(random_path(), 0700);
}

static int do_unlink(void)
{
	return unlink(random_path());
}

static int do_rmdir(void)
{
	return rmdir(random_path());
}

static int do_rename(void)
{
	const char *from = random_path();

	return rename(from, random_path());
}

static int do_link(void)
{
	const char *from = random_path();

	return link(from, random_path());
}

static int do_symlink(void)
{
	return symlink("../d0/n0", random_path());
}

static int do_list(void)
{
	struct dirent *entry;
	char path[8];
	DIR *dir;
	int dots = 0;

	sprintf(path, "d%u", random_below(DIRS));
	dir = opendir(path);
	if (!dir)
		return -1;
	while ((entry = readdir(dir)))
		dots += entry->d_name[0] == '.';
	closedir(dir);
	if (dots == 2)
		return 0;
	errno = EIO; /* not one of those expected */
	return -1;
}

static int do_stat(void)
{
	struct stat st;

	return stat(random_path(), &st);
}

static int (*const actions[])(void) = {
	do_create, do_create, do_mkdir,  do_mkdir, do_unlink,  do_unlink, do_rmdir,
	do_rename, do_rename, do_rename, do_link,  do_symlink, do_list,   do_stat,
};

/* What others may have done in the meantime. */
static int expected(int error)
{
	static const int errors[] = { ENOENT, EEXIST, ENOTDIR, EISDIR, ENOTEMPTY,
				      EINVAL, ELOOP,  EPERM,   ENOSPC, EMLINK };

	for (unsigned int i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (error == errors[i])
			return 1;
	}
	return 0;
}

static void act(int process)
{
	seed = 77 + process * 1000 + ktap_seed() * 7919;
	for (int i = 0; i < STEPS; i++) {
		unsigned int which = random_below(sizeof(actions) / sizeof(actions[0]));

		errno = 0;
		if (actions[which]() == 0 || expected(errno))
			continue;
		printf("# process %d step %d: action %u gives %s\n", process, i, which,
		       strerror(errno));
		ktap_failures++;
	}
	fflush(stdout);
	_exit(ktap_failures != 0);
}

/* Removes all below path, and counts: files with as many links as names? */
static void remove_tree(const char *path)
{
	struct dirent *entry;
	struct stat st;
	char inner[300];
	DIR *dir = opendir(path);

	EXPECT(dir != NULL);
	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
		EXPECT_OK(lstat(inner, &st));
		EXPECT(st.st_nlink >= 1);
		if (S_ISDIR(st.st_mode))
			remove_tree(inner);
		else
			EXPECT_OK(unlink(inner));
		rewinddir(dir);
	}
	if (dir)
		closedir(dir);
	EXPECT_OK(lstat(path, &st));
	EXPECT(st.st_nlink == 2 || st.st_nlink == 1); /* 1: a file system that does not count */
	EXPECT_OK(rmdir(path));
}

static void many_processes_change_one_tree(void)
{
	char path[8];
	int status;

	for (int i = 0; i < DIRS; i++) {
		sprintf(path, "d%d", i);
		EXPECT_OK(mkdir(path, 0700));
	}
	fflush(stdout);
	for (int i = 0; i < PROCESSES; i++) {
		if (fork() == 0)
			act(i);
	}
	for (int i = 0; i < PROCESSES; i++) {
		EXPECT(wait(&status) > 0);
		EXPECT_EXIT(status, 0);
	}
	for (int i = 0; i < DIRS; i++) {
		sprintf(path, "d%d", i);
		remove_tree(path);
	}
}

/* Each process makes and removes names of its own in one directory. */
static void own_names(int process)
{
	char name[32];

	for (int i = 0; i < 300; i++) {
		sprintf(name, "shared/p%d-%d", process, i % 20);
		if (i % 40 < 20)
			ktap_put_file(name, "x");
		else
			EXPECT_OK(unlink(name));
	}
	fflush(stdout);
	_exit(ktap_failures != 0);
}

static void names_of_different_processes_do_not_disturb_each_other(void)
{
	int status, left = 0;
	char name[32];

	EXPECT_OK(mkdir("shared", 0700));
	fflush(stdout);
	for (int i = 0; i < PROCESSES; i++) {
		if (fork() == 0)
			own_names(i);
	}
	for (int i = 0; i < PROCESSES; i++) {
		EXPECT(wait(&status) > 0);
		EXPECT_EXIT(status, 0);
	}
	for (int i = 0; i < PROCESSES; i++) {
		for (int k = 0; k < 20; k++) {
			sprintf(name, "shared/p%d-%d", i, k);
			left += unlink(name) == 0;
		}
	}
	EXPECT_EQ(left, PROCESSES * 20);
	EXPECT_OK(rmdir("shared"));
}

/* One process moves a directory back and forth while others go through it. */
static void a_directory_moves_while_others_walk_through_it(void)
{
	struct stat st;
	pid_t walkers[3];
	int status, fd;

	EXPECT_OK(mkdir("a", 0700));
	EXPECT_OK(mkdir("b", 0700));
	EXPECT_OK(mkdir("a/moved", 0700));
	ktap_put_file("a/moved/file", "x");
	for (int i = 0; i < 3; i++) {
		walkers[i] = fork();
		if (walkers[i] == 0) {
			for (int k = 0; k < 2000; k++) {
				if (stat("a/moved/../moved/file", &st) && errno != ENOENT)
					_exit(1);
				fd = open("b/moved/file", O_RDONLY);
				if (fd < 0 && errno != ENOENT)
					_exit(2);
				close(fd);
			}
			_exit(0);
		}
	}
	for (int i = 0; i < 500; i++) {
		EXPECT_OK(rename("a/moved", "b/moved"));
		EXPECT_OK(rename("b/moved", "a/moved"));
	}
	for (int i = 0; i < 3; i++) {
		EXPECT_EQ(waitpid(walkers[i], &status, 0), walkers[i]);
		EXPECT_EXIT(status, 0);
	}
	EXPECT_OK(unlink("a/moved/file"));
	EXPECT_OK(rmdir("a/moved"));
	EXPECT_OK(rmdir("a"));
	EXPECT_OK(rmdir("b"));
}

static const struct ktap_test tests[] = {
	KTAP(many_processes_change_one_tree),
	KTAP(names_of_different_processes_do_not_disturb_each_other),
	KTAP(a_directory_moves_while_others_walk_through_it),
};

KTAP_MAIN(tests)
