/* SPDX-License-Identifier: MIT */
/* tmpfs: the tests of files run in one; filling it; ending it. Needs the super-user. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>

enum { PAGE = 4096, CHUNK = 65536, SLACK_KIB = 256 };

static int mounted(void)
{
	EXPECT_OK(mkdir("m", 0755));
	if (mount("none", "m", "tmpfs", 0, NULL) == 0)
		return 1;
	EXPECT_EQ(errno, EPERM);
	EXPECT_OK(rmdir("m"));
	return 0;
}

static void unmounted(void)
{
	EXPECT_OK(umount("m"));
	EXPECT_OK(rmdir("m"));
}

static unsigned long free_kib(void)
{
	struct sysinfo info;

	EXPECT_OK(sysinfo(&info));
	return info.freeram / 1024 * info.mem_unit;
}

/* Runs one of the other programs in the file system; 0: all its tests passed. */
static int run_inside(const char *program)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);

		if (chdir("m") < 0 || dup2(null, 1) < 0)
			_exit(98);
		close(null);
		execl(program, program, (char *)NULL);
		_exit(99);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	return status;
}

static void the_tests_of_files_pass_in_it(void)
{
	static const char *const programs[] = { "/tests/files",    "/tests/dirs",
						"/tests/links",    "/tests/rename",
						"/tests/mappings", "/tests/file_model",
						"/tests/stat",     "/tests/tree_stress" };

	if (!ktap_is_gatehouse())
		SKIP("the programs are not installed here");
	if (!mounted())
		SKIP("not the super-user");
	for (unsigned int i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		int status = run_inside(programs[i]);

		if (status)
			printf("# %s: status %#x\n", programs[i], (unsigned int)status);
		EXPECT_EQ(status, 0);
	}
	unmounted();
}

static void it_can_be_full_and_says_so(void)
{
	static char chunk[CHUNK];
	struct statfs before, full;
	ssize_t count;
	int fd;

	if (!mounted())
		SKIP("not the super-user");
	EXPECT_OK(statfs("m", &before));
	EXPECT(before.f_bfree > 0 && before.f_bfree <= before.f_blocks);
	fd = open("m/big", O_RDWR | O_CREAT, 0600);
	do
		count = write(fd, chunk, sizeof(chunk));
	while (count == sizeof(chunk));
	EXPECT(count > 0 || errno == ENOSPC);
	EXPECT_ERR(write(fd, chunk, sizeof(chunk)), ENOSPC);
	EXPECT_OK(statfs("m", &full));
	EXPECT_EQ(full.f_bfree, 0);
	EXPECT_OK(ftruncate(fd, 0));
	EXPECT_EQ(write(fd, chunk, sizeof(chunk)), sizeof(chunk));
	EXPECT_ERR(umount("m"), EBUSY);
	EXPECT_OK(close(fd));
	unmounted();
}

/* Holes that are read take memory, too: there is an end to it. */
static void a_large_file_of_holes_does_not_eat_all_memory(void)
{
	static char chunk[CHUNK];
	struct statfs st;
	ssize_t count;
	char byte = 0;
	int fd;

	if (!ktap_is_gatehouse())
		SKIP("Linux reads holes without memory");
	if (!mounted())
		SKIP("not the super-user");
	fd = open("m/holes", O_RDWR | O_CREAT, 0600);
	EXPECT_EQ(write(fd, "x", 1), 1);
	EXPECT_OK(ftruncate(fd, (1LL << 44) - PAGE));
	EXPECT_EQ(pread(fd, &byte, 1, 0), 1);
	EXPECT_EQ(byte, 'x');
	while ((count = read(fd, chunk, sizeof(chunk))) > 0)
		continue;
	EXPECT(count < 0);
	EXPECT_EQ(errno, ENOSPC);
	EXPECT_OK(statfs("m", &st));
	EXPECT(st.f_bfree <= 1);
	EXPECT_OK(close(fd));
	unmounted();
}

static void its_end_gives_the_memory_back(void)
{
	static char chunk[CHUNK];
	unsigned long before, after;
	char path[64] = "m";

	if (!mounted())
		SKIP("not the super-user");
	unmounted();
	before = free_kib();
	EXPECT(mounted());
	for (int depth = 0; depth < 20; depth++) {
		char file[80];
		int fd;

		snprintf(path + 1 + 2 * depth, 3, "/d");
		EXPECT_OK(mkdir(path, 0700));
		snprintf(file, sizeof(file), "%s/f", path);
		fd = open(file, O_WRONLY | O_CREAT, 0600);
		EXPECT_EQ(write(fd, chunk, sizeof(chunk)), sizeof(chunk));
		EXPECT_OK(close(fd));
	}
	EXPECT_EQ(symlink("nowhere", "m/link"), 0);
	EXPECT_OK(umount("m"));
	after = free_kib();
	EXPECT_OK(rmdir("m"));
	EXPECT(after + SLACK_KIB >= before);
}

static void shared_mappings_are_its_files(void)
{
	char *at, byte = 0;
	int fd;

	if (!mounted())
		SKIP("not the super-user");
	fd = open("m/f", O_RDWR | O_CREAT, 0600);
	EXPECT_OK(ftruncate(fd, 2 * PAGE));
	at = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	EXPECT(at != MAP_FAILED);
	at[PAGE] = 'x';
	EXPECT_OK(close(fd));
	EXPECT_ERR(umount("m"), EBUSY);
	EXPECT_OK(munmap(at, 2 * PAGE));
	fd = open("m/f", O_RDONLY);
	EXPECT_EQ(pread(fd, &byte, 1, PAGE), 1);
	EXPECT_EQ(byte, 'x');
	EXPECT_OK(close(fd));
	unmounted();
}

static const struct ktap_test tests[] = {
	KTAP(the_tests_of_files_pass_in_it),
	KTAP(it_can_be_full_and_says_so),
	KTAP(a_large_file_of_holes_does_not_eat_all_memory),
	KTAP(its_end_gives_the_memory_back),
	KTAP(shared_mappings_are_its_files),
};

KTAP_MAIN(tests)
