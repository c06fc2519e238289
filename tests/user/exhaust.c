/* SPDX-License-Identifier: MIT */
/* Using up what there is: descriptors, processes, disk, memory. Each ends in an
 * error or in the death of who asked for too much, never in more; and all comes
 * back. Only on a machine of our own: Linux would be slow to run out. */
#define _GNU_SOURCE
#include "ktap.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>

enum { MEBIBYTE = 1 << 20, FORKS_MAX = 10000 };

static void use_up_descriptors(void)
{
	int first = dup(0), last = first, fd;

	while ((fd = dup(0)) >= 0)
		last = fd;
	EXPECT_EQ(errno, EMFILE);
	EXPECT(last > 60);
	EXPECT_ERR(open("/dev/null", O_RDONLY), EMFILE);
	EXPECT_ERR(pipe((int[2]){ 0 }), EMFILE);
	EXPECT_OK(close(last));
	EXPECT_ERR(pipe((int[2]){ 0 }), EMFILE); /* one is not enough */
	EXPECT_EQ(dup(0), last);
	for (fd = first; fd <= last; fd++)
		EXPECT_OK(close(fd));
}

static void descriptors_run_out_with_emfile(void)
{
	EXPECT_EXIT(ktap_child(use_up_descriptors), 0);
}

/* Forks until there is no more. Memory runs out first; then either fork() fails, or a write to a
 * page shared with a child finds no copy, and this process is killed. The children end with it:
 * they wait for the end of file of a pipe only we can write. */
static void fork_until_it_fails(void)
{
	int gate[2], count = 0;
	pid_t child = 0;
	char c;

	EXPECT_OK(pipe(gate));
	while (count < FORKS_MAX && (child = fork()) >= 0) {
		if (child == 0) {
			close(gate[1]);
			read(gate[0], &c, 1);
			_exit(0);
		}
		count++;
	}
	if (child < 0)
		EXPECT(errno == EAGAIN || errno == ENOMEM);
	EXPECT(count > 100);
	close(gate[0]);
	close(gate[1]);
	while (wait(NULL) > 0)
		count--;
	EXPECT_EQ(count, 0);
}

static int process_count(void)
{
	struct sysinfo info;

	EXPECT_OK(sysinfo(&info));
	return info.procs;
}

static void processes_run_out_and_come_back(void)
{
	int before = process_count(), status;

	if (!ktap_is_gatehouse())
		SKIP("only on a machine of our own");
	status = ktap_child(fork_until_it_fails);
	EXPECT(status == 0 || status == SIGKILL);
	for (int i = 0; i < 500 && process_count() > before; i++)
		usleep(10000);
	EXPECT_EQ(process_count(), before);
}

static unsigned long long free_blocks(void)
{
	struct statfs fs;

	EXPECT_OK(statfs(".", &fs));
	return fs.f_bfree;
}

static void the_disk_runs_out_with_enospc(void)
{
	static char block[65536];
	unsigned long long before, total = 0;
	long done;
	int fd;

	if (!ktap_is_gatehouse())
		SKIP("only on a machine of our own");
	sync();
	before = free_blocks();
	fd = open("file", O_WRONLY | O_CREAT, 0600);
	while ((done = write(fd, block, sizeof(block))) > 0)
		total += done;
	EXPECT_EQ(done, -1);
	EXPECT_EQ(errno, ENOSPC);
	printf("# %llu KiB written\n", total / 1024);
	EXPECT_ERR(mkdir("dir", 0700), ENOSPC);
	close(fd);
	EXPECT_OK(unlink("file"));
	sync();
	EXPECT_EQ(free_blocks(), before);
	ktap_put_file("file", "room again");
	ktap_expect_file("file", "room again");
	unlink("file");
}

static void fill_as_a_user(void)
{
	static char block[4096];
	int fd = open("file", O_WRONLY);

	EXPECT_OK(setuid(1000));
	while (write(fd, block, sizeof(block)) > 0)
		;
	EXPECT_EQ(errno, ENOSPC);
	close(fd);
}

static void the_reserve_of_the_disk_is_for_root(void)
{
	static char block[4096];
	struct statfs fs;
	int fd;

	EXPECT_OK(statfs(".", &fs));
	if (!ktap_is_gatehouse() || fs.f_bavail == fs.f_bfree)
		SKIP("this disk has no reserve");
	fd = open("file", O_WRONLY | O_CREAT | O_APPEND, 0666);
	EXPECT_EXIT(ktap_child(fill_as_a_user), 0);
	EXPECT_OK(statfs(".", &fs));
	EXPECT_EQ(fs.f_bavail, 0);
	EXPECT(fs.f_bfree > 0);
	EXPECT_EQ(write(fd, block, sizeof(block)), sizeof(block));
	close(fd);
	unlink("file");
}

static void inodes_run_out_with_enospc(void)
{
	struct statfs before, after;
	char name[16];
	int count = 0, fd = 0;

	if (!ktap_is_gatehouse())
		SKIP("only on a machine of our own");
	EXPECT_OK(statfs(".", &before));
	while (count < 20000 && fd >= 0) {
		snprintf(name, sizeof(name), "n%d", count);
		fd = open(name, O_WRONLY | O_CREAT, 0600);
		if (fd >= 0) {
			close(fd);
			count++;
		}
	}
	EXPECT_EQ(errno, ENOSPC);
	printf("# %d files\n", count);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		EXPECT_OK(unlink(name));
	}
	EXPECT_OK(statfs(".", &after));
	EXPECT_EQ(after.f_ffree, before.f_ffree);
}

/* Ends by a signal, or when mmap() says there is no more. */
static void touch_all_memory(void)
{
	for (;;) {
		char *at = mmap(NULL, MEBIBYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
				-1, 0);

		if (at == MAP_FAILED)
			_exit(errno == ENOMEM ? 33 : 34);
		for (long i = 0; i < MEBIBYTE; i += 4096)
			at[i] = 1;
	}
}

static unsigned long free_kib(void)
{
	struct sysinfo info;

	EXPECT_OK(sysinfo(&info));
	return (unsigned long)((unsigned long long)info.freeram * info.mem_unit / 1024);
}

static void memory_runs_out_for_one_process_only(void)
{
	unsigned long before;
	int status;

	if (!ktap_is_gatehouse())
		SKIP("only on a machine of our own");
	status = ktap_child(touch_all_memory); /* the caches give way the first time */
	before = free_kib();
	status = ktap_child(touch_all_memory);
	EXPECT(WIFSIGNALED(status) || WEXITSTATUS(status) == 33);
	printf("# ended with %#x\n", status);
	EXPECT(free_kib() + 256 >= before);
}

static void several_run_out_of_memory_at_once(void)
{
	unsigned long before;
	int status, started = 0;

	if (!ktap_is_gatehouse())
		SKIP("only on a machine of our own");
	before = free_kib();
	for (int i = 0; i < 4; i++) {
		pid_t child = fork();

		if (child == 0)
			touch_all_memory();
		started += child > 0; /* the others may have left nothing to start with */
	}
	for (int i = 0; i < started; i++) {
		EXPECT(wait(&status) > 0);
		EXPECT(WIFSIGNALED(status) || WEXITSTATUS(status) == 33);
	}
	EXPECT(free_kib() + 256 >= before);
}

static void pipes_run_out_and_come_back(void)
{
	enum { COUNT = 200 };
	static int fds[COUNT][2];
	static char block[65536];
	int count = 0;

	while (count < COUNT && pipe2(fds[count], O_NONBLOCK) == 0) {
		write(fds[count][1], block, sizeof(block));
		count++;
	}
	EXPECT(count > 10);
	while (count--) {
		EXPECT_OK(close(fds[count][0]));
		EXPECT_OK(close(fds[count][1]));
	}
}

static const struct ktap_test tests[] = {
	KTAP(descriptors_run_out_with_emfile),   KTAP(processes_run_out_and_come_back),
	KTAP(the_disk_runs_out_with_enospc),     KTAP(the_reserve_of_the_disk_is_for_root),
	KTAP(inodes_run_out_with_enospc),        KTAP(memory_runs_out_for_one_process_only),
	KTAP(several_run_out_of_memory_at_once), KTAP(pipes_run_out_and_come_back),
};

KTAP_MAIN(tests)
