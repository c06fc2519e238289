/* SPDX-License-Identifier: MIT */
/* Shared memory. System V: keys and numbers, attaching, permissions, removal; POSIX: names. */
#define _GNU_SOURCE
#include "ktap.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>

enum { PAGE = 4096, KEY = 0x6a7e, IPC_SHMAT = 21, IPC_SHMDT = 22, IPC_SHMGET = 23 };

static char *memory;

static char *attach(int id, int flags)
{
	char *at = shmat(id, NULL, flags);

	EXPECT(at != (char *)-1);
	return at;
}

static int users(int id)
{
	struct shmid_ds status;

	EXPECT_OK(shmctl(id, IPC_STAT, &status));
	return (int)status.shm_nattch;
}

static void write_memory(void)
{
	memory[0] = 'c';
	memory[PAGE + 1] = 'd';
}

static void processes_share_a_segment(void)
{
	int id = shmget(IPC_PRIVATE, 2 * PAGE, IPC_CREAT | 0600);
	char *twin;

	EXPECT(id >= 0);
	memory = attach(id, 0);
	EXPECT_EQ(memory[0], 0);
	EXPECT_EXIT(ktap_child(write_memory), 0);
	EXPECT_EQ(memory[0], 'c');
	twin = attach(id, SHM_RDONLY);
	EXPECT_EQ(twin[PAGE + 1], 'd');
	EXPECT_EQ(users(id), 2);
	EXPECT_OK(shmdt(twin));
	EXPECT_EQ(users(id), 1);
	EXPECT_OK(shmdt(memory));
	EXPECT_EQ(users(id), 0);
	memory = attach(id, 0); /* it is still there */
	EXPECT_EQ(memory[0], 'c');
	EXPECT_OK(shmdt(memory));
	EXPECT_OK(shmctl(id, IPC_RMID, NULL));
}

static void a_key_names_one_segment(void)
{
	int id = shmget(KEY, 100, IPC_CREAT | IPC_EXCL | 0600);

	EXPECT(id >= 0);
	EXPECT_EQ(shmget(KEY, 0, 0), id);
	EXPECT_EQ(shmget(KEY, 100, IPC_CREAT | 0600), id);
	EXPECT_ERR(shmget(KEY, 100, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	EXPECT_ERR(shmget(KEY, 101, 0), EINVAL);
	EXPECT_OK(shmctl(id, IPC_RMID, NULL));
	EXPECT_ERR(shmget(KEY, 100, 0), ENOENT);
}

static void a_removed_segment_lives_until_its_last_user(void)
{
	int id = shmget(KEY, PAGE, IPC_CREAT | 0600);

	memory = attach(id, 0);
	memory[5] = 'x';
	EXPECT_OK(shmctl(id, IPC_RMID, NULL));
	EXPECT_EQ(memory[5], 'x');
	EXPECT_EQ(users(id), 1);
	EXPECT_OK(shmdt(memory));
	EXPECT_ERR(shmctl(id, IPC_STAT, &(struct shmid_ds){ 0 }), EINVAL);
}

static void the_end_of_a_process_detaches(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	pid_t child = fork();

	if (child == 0) {
		memory = shmat(id, NULL, 0);
		shmctl(id, IPC_RMID, NULL);
		_exit(0);
	}
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_ERR(shmat(id, NULL, 0) == (void *)-1 ? -1 : 0, EINVAL);
}

static void the_status_tells_what_was_done(void)
{
	int id = shmget(KEY, 5000, IPC_CREAT | 0640);
	struct shmid_ds status;

	EXPECT_OK(shmctl(id, IPC_STAT, &status));
	EXPECT_EQ(status.shm_segsz, 5000);
	EXPECT_EQ(status.shm_perm.mode & 0777, 0640);
	EXPECT_EQ(status.shm_perm.uid, geteuid());
	EXPECT_EQ(status.shm_cpid, getpid());
	EXPECT_EQ(status.shm_lpid, 0);
	memory = attach(id, 0);
	EXPECT_OK(shmctl(id, IPC_STAT, &status));
	EXPECT_EQ(status.shm_lpid, getpid());
	EXPECT(status.shm_atime > 0);
	status.shm_perm.mode = 0600;
	EXPECT_OK(shmctl(id, IPC_SET, &status));
	EXPECT_OK(shmctl(id, IPC_STAT, &status));
	EXPECT_EQ(status.shm_perm.mode & 0777, 0600);
	EXPECT_OK(shmdt(memory));
	EXPECT_OK(shmctl(id, IPC_RMID, NULL));
}

static void places_are_chosen_or_asked_for(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);
	char *free_place = mmap(NULL, 4 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT_ERR((long)shmat(id, free_place, 0), EINVAL);
	EXPECT(shmat(id, free_place, SHM_REMAP) == free_place);
	EXPECT_OK(shmdt(free_place));
	EXPECT_OK(munmap(free_place, 4 * PAGE));
	EXPECT_ERR((long)shmat(id, free_place + 1, 0), EINVAL);
	EXPECT(shmat(id, free_place + 1, SHM_RND) == free_place);
	EXPECT_ERR(shmdt(free_place + 1), EINVAL);
	EXPECT_OK(shmdt(free_place));
	EXPECT_ERR(shmdt(free_place), EINVAL);
	EXPECT_OK(shmctl(id, IPC_RMID, NULL));
}

static void write_read_only(void)
{
	memory[0] = 'x';
}

static void read_only_is_read_only(void)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0600);

	memory = attach(id, SHM_RDONLY);
	EXPECT_SIGNAL(ktap_child(write_read_only), SIGSEGV);
	EXPECT_ERR(mprotect(memory, PAGE, PROT_READ | PROT_WRITE), EACCES);
	EXPECT_OK(shmdt(memory));
	EXPECT_OK(shmctl(id, IPC_RMID, NULL));
}

static void bad_arguments_have_their_errors(void)
{
	EXPECT_ERR(shmget(IPC_PRIVATE, 0, IPC_CREAT | 0600), EINVAL);
	EXPECT_ERR(shmctl(-1, IPC_STAT, NULL), EINVAL);
	EXPECT_ERR(shmctl(12345678, IPC_RMID, NULL), EINVAL);
	EXPECT_ERR((long)shmat(12345678, NULL, 0), EINVAL);
}

/* Programs of other libraries come through ipc(). */
static void the_old_gate_does_the_same(void)
{
	unsigned long at = 0;
	long id = syscall(SYS_ipc, IPC_SHMGET, IPC_PRIVATE, PAGE, IPC_CREAT | 0600, 0, 0);

	EXPECT(id >= 0);
	EXPECT_OK(syscall(SYS_ipc, IPC_SHMAT, id, 0, &at, 0, 0));
	*(char *)at = 'x';
	EXPECT_EQ(users((int)id), 1);
	EXPECT_OK(syscall(SYS_ipc, IPC_SHMDT, 0, 0, 0, at, 0));
	EXPECT_OK(shmctl((int)id, IPC_RMID, NULL));
	EXPECT_ERR(syscall(SYS_ipc, 9999, 0, 0, 0, 0, 0), ENOSYS);
}

static void names_lead_to_shared_memory(void)
{
	int fd = shm_open("/ktap-shm", O_RDWR | O_CREAT | O_EXCL, 0600), again;

	if (fd < 0 && errno == ENOENT)
		SKIP("no /dev/shm");
	EXPECT(fd >= 0);
	EXPECT_OK(ftruncate(fd, 2 * PAGE));
	memory = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	EXPECT(memory != MAP_FAILED);
	EXPECT_EXIT(ktap_child(write_memory), 0);
	EXPECT_EQ(memory[PAGE + 1], 'd');
	again = shm_open("/ktap-shm", O_RDONLY, 0);
	EXPECT(again >= 0);
	EXPECT_OK(shm_unlink("/ktap-shm"));
	EXPECT_ERR(shm_open("/ktap-shm", O_RDONLY, 0), ENOENT);
	EXPECT_ERR(shm_open("/a/b", O_RDONLY, 0), EINVAL);
	EXPECT_OK(munmap(memory, 2 * PAGE));
	EXPECT_OK(close(again));
	EXPECT_OK(close(fd));
}

static const struct ktap_test tests[] = {
	KTAP(processes_share_a_segment),
	KTAP(a_key_names_one_segment),
	KTAP(a_removed_segment_lives_until_its_last_user),
	KTAP(the_end_of_a_process_detaches),
	KTAP(the_status_tells_what_was_done),
	KTAP(places_are_chosen_or_asked_for),
	KTAP(read_only_is_read_only),
	KTAP(bad_arguments_have_their_errors),
	KTAP(the_old_gate_does_the_same),
	KTAP(names_lead_to_shared_memory),
};

KTAP_MAIN(tests)
