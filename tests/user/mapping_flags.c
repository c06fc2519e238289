/* SPDX-License-Identifier: MIT */
/* The rarer flags of mmap, mremap and madvise; limits of an address space; what counts as a
 * writer of a file. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/syscall.h>

enum {
	PAGE = 4096,
	MIB = 1 << 20,
	RW = PROT_READ | PROT_WRITE,
	ANONYMOUS = MAP_PRIVATE | MAP_ANONYMOUS,
	UNKNOWN_FLAG = 0x00400000,
};

static volatile char *target;

static void write_target(void)
{
	*target = 'w';
}

static int when_written(void *at)
{
	target = at;
	return ktap_child(write_target);
}

static void read_target(void)
{
	(void)*target;
}

static int when_read(void *at)
{
	target = at;
	return ktap_child(read_target);
}

static char *map(size_t bytes, int flags)
{
	char *at = mmap(NULL, bytes, RW, flags, -1, 0);

	EXPECT(at != MAP_FAILED);
	return at;
}

static int make(const char *name, size_t size, mode_t mode)
{
	int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, mode);

	EXPECT(fd >= 0);
	EXPECT_OK(ftruncate(fd, (off_t)size));
	return fd;
}

static void shared_validate_takes_known_flags_only(void)
{
	int fd = make("file", PAGE, 0600);
	char *at = mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | MAP_NORESERVE, fd, 0);

	EXPECT(at != MAP_FAILED);
	at[0] = 's';
	EXPECT_EQ(pread(fd, &at[1], 1, 0), 1);
	EXPECT_EQ(at[1], 's');
	EXPECT_OK(munmap(at, PAGE));
	EXPECT_ERR(mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | UNKNOWN_FLAG, fd, 0), EOPNOTSUPP);
	EXPECT_ERR(mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | MAP_SYNC, fd, 0), EOPNOTSUPP);
	EXPECT_ERR(mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0), EINVAL);
	at = mmap(NULL, PAGE, RW, MAP_SHARED | UNKNOWN_FLAG, fd, 0);
	EXPECT(at != MAP_FAILED);
	EXPECT_OK(munmap(at, PAGE));
	EXPECT_OK(close(fd));
	EXPECT_OK(unlink("file"));
}

static void growing_down_is_for_private_memory(void)
{
	int fd = make("file", PAGE, 0600);
	char *at = map(PAGE, ANONYMOUS | MAP_GROWSDOWN);

	at[0] = 'x';
	EXPECT_OK(munmap(at, PAGE));
	EXPECT_ERR(mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1, 0), EINVAL);
	EXPECT_ERR(mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_GROWSDOWN, fd, 0), EINVAL);
	EXPECT_ERR(mmap(NULL, PAGE, RW, MAP_SHARED | MAP_GROWSDOWN, fd, 0), EINVAL);
	EXPECT_ERR(mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_HUGETLB, fd, 0), EINVAL);
	EXPECT_OK(close(fd));
	EXPECT_OK(unlink("file"));
}

/* From the start of a mapping down to the next. */
static void a_region_that_grows_down_grows_when_touched(void)
{
	char *area = map(8 * MIB, ANONYMOUS), *at = area + 6 * MIB;

	EXPECT_OK(munmap(area + MIB, 5 * MIB));
	EXPECT(mmap(at, PAGE, RW, ANONYMOUS | MAP_FIXED | MAP_GROWSDOWN, -1, 0) == at);
	EXPECT_EXIT(when_written(at - PAGE), 0);
	EXPECT_EXIT(when_written(at - 3 * MIB), 0);
	/* Not into the gap above what is mapped below. */
	EXPECT_SIGNAL(when_written(area + MIB + 4 * PAGE), SIGSEGV);
	EXPECT_OK(munmap(area, 8 * MIB));
}

static void a_stack_keeps_its_distance(void)
{
	char here = 0;
	char *top = (char *)((unsigned long)&here & ~(unsigned long)(PAGE - 1));
	char *below = top - 4 * MIB;

	EXPECT(mmap(below, PAGE, RW, ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == below);
	EXPECT_EXIT(when_written(top - 2 * MIB), 0);
	EXPECT_SIGNAL(when_written(below + 4 * PAGE), SIGSEGV);
	EXPECT_OK(munmap(below, PAGE));
}

static void the_zero_device_maps_zeros(void)
{
	int fd = open("/dev/zero", O_RDWR);
	char *own = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0);
	char *shared = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0);

	EXPECT(own != MAP_FAILED && shared != MAP_FAILED);
	EXPECT_OK(close(fd));
	EXPECT_EQ(own[PAGE], 0);
	EXPECT_EQ(shared[PAGE], 0);
	own[0] = 'o';
	EXPECT_EXIT(when_written(own + PAGE), 0);
	EXPECT_EXIT(when_written(shared + PAGE), 0);
	EXPECT_EQ(own[PAGE], 0);
	EXPECT_EQ(shared[PAGE], 'w');
	EXPECT_OK(munmap(own, 2 * PAGE));
	EXPECT_OK(munmap(shared, 2 * PAGE));
	fd = open("/dev/null", O_RDWR);
	EXPECT_ERR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), ENODEV);
	EXPECT_OK(close(fd));
}

/* mmap() of old: one argument that points to six. */
static void the_old_call_takes_its_arguments_from_memory(void)
{
	int fd = make("file", 2 * PAGE, 0600);
	unsigned int args[6] = { 0, PAGE, PROT_READ, MAP_PRIVATE, (unsigned int)fd, PAGE };
	long at;

	EXPECT_EQ(pwrite(fd, "second", 6, PAGE), 6);
	at = syscall(SYS_mmap, args);
	EXPECT(at != -1 && !memcmp((char *)at, "second", 6));
	EXPECT_OK(munmap((void *)at, PAGE));
	args[5] = 100;
	EXPECT_ERR(syscall(SYS_mmap, args), EINVAL);
	EXPECT_ERR(syscall(SYS_mmap, NULL), EFAULT);
	EXPECT_OK(close(fd));
	EXPECT_OK(unlink("file"));
}

static void mremap_can_leave_an_empty_mapping_behind(void)
{
	char *at = map(2 * PAGE, ANONYMOUS), *to;

	memset(at, 'm', 2 * PAGE);
	to = mremap(at, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
	EXPECT(to != MAP_FAILED && to != at);
	EXPECT_EQ(to[PAGE], 'm');
	EXPECT_EQ(at[PAGE], 0);
	at[0] = 'a';
	EXPECT_EQ(to[0], 'm');
	EXPECT_ERR(mremap(at, PAGE, PAGE, MREMAP_DONTUNMAP), EINVAL);
	EXPECT_ERR(mremap(at, PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP), EINVAL);
	EXPECT_OK(munmap(at, 2 * PAGE));
	EXPECT_OK(munmap(to, 2 * PAGE));
}

static char *wiped;

static void child_finds_it_empty(void)
{
	EXPECT_EQ(wiped[0], 0);
	EXPECT_EQ(wiped[PAGE], 'k');
	wiped[0] = 'c';
}

static void memory_can_be_kept_from_children_as_zeros(void)
{
	int fd = make("file", PAGE, 0600);
	char *file = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);

	wiped = map(2 * PAGE, ANONYMOUS);
	memset(wiped, 'k', 2 * PAGE);
	EXPECT_OK(madvise(wiped, PAGE, MADV_WIPEONFORK));
	EXPECT_EXIT(ktap_child(child_finds_it_empty), 0);
	EXPECT_EQ(wiped[0], 'k');
	EXPECT_OK(madvise(wiped, PAGE, MADV_KEEPONFORK));
	EXPECT_EXIT(when_read(wiped), 0);
	EXPECT_ERR(madvise(file, PAGE, MADV_WIPEONFORK), EINVAL);
	EXPECT_OK(munmap(file, PAGE));
	EXPECT_OK(munmap(wiped, 2 * PAGE));
	EXPECT_OK(close(fd));
	EXPECT_OK(unlink("file"));
}

static void pages_can_be_asked_for(void)
{
	unsigned char present[3] = { 0 };
	char *at = map(3 * PAGE, ANONYMOUS);

	EXPECT_OK(madvise(at, 2 * PAGE, MADV_POPULATE_WRITE));
	EXPECT_OK(mincore(at, 3 * PAGE, present));
	EXPECT_EQ(present[0] & present[1] & 1, 1);
	EXPECT_EQ(present[2] & 1, 0);
	EXPECT_OK(madvise(at, 3 * PAGE, MADV_POPULATE_READ));
	EXPECT_OK(mprotect(at, PAGE, PROT_READ));
	EXPECT_ERR(madvise(at, PAGE, MADV_POPULATE_WRITE), EINVAL);
	EXPECT_OK(munmap(at + PAGE, PAGE));
	EXPECT_ERR(madvise(at, 3 * PAGE, MADV_POPULATE_READ), ENOMEM);
	EXPECT_OK(munmap(at, 3 * PAGE));
}

static void advice_that_changes_nothing_is_taken(void)
{
	char *at = map(PAGE, ANONYMOUS);

	at[0] = 'x';
	EXPECT_OK(madvise(at, PAGE, MADV_DONTDUMP));
	EXPECT_OK(madvise(at, PAGE, MADV_DODUMP));
	EXPECT_OK(madvise(at, PAGE, MADV_COLD));
	EXPECT_OK(madvise(at, PAGE, MADV_PAGEOUT));
	EXPECT_EQ(at[0], 'x');
	EXPECT_OK(mlock(at, PAGE));
	EXPECT_ERR(madvise(at, PAGE, MADV_DONTNEED), EINVAL);
	EXPECT_OK(madvise(at, PAGE, MADV_DONTNEED_LOCKED));
	EXPECT_EQ(at[0], 0);
	EXPECT_OK(munmap(at, PAGE));
}

static int limit(int resource, rlim_t bytes)
{
	struct rlimit to = { bytes, RLIM_INFINITY };

	getrlimit(resource, &to);
	to.rlim_cur = bytes;
	return setrlimit(resource, &to);
}

static void within_an_address_space_of_64_mib(void)
{
	char *at;

	EXPECT_OK(limit(RLIMIT_AS, 64 * MIB));
	EXPECT_ERR(mmap(NULL, 64 * MIB, PROT_NONE, ANONYMOUS, -1, 0), ENOMEM);
	at = mmap(NULL, 32 * MIB, PROT_READ, ANONYMOUS, -1, 0);
	EXPECT(at != MAP_FAILED);
	EXPECT_ERR(mmap(NULL, 32 * MIB, PROT_READ, ANONYMOUS, -1, 0), ENOMEM);
	EXPECT(mmap(at, 32 * MIB, RW, ANONYMOUS | MAP_FIXED, -1, 0) == at); /* in its place */
	EXPECT_ERR(mremap(at, 32 * MIB, 64 * MIB, MREMAP_MAYMOVE), ENOMEM);
	EXPECT(sbrk(32 * MIB) == (void *)-1);
	EXPECT_OK(munmap(at, 32 * MIB));
	EXPECT(sbrk(32 * MIB) != (void *)-1);
}

static void an_address_space_has_its_limit(void)
{
	EXPECT_EXIT(ktap_child(within_an_address_space_of_64_mib), 0);
}

static void within_16_mib_of_data(void)
{
	char *at;

	EXPECT_OK(limit(RLIMIT_DATA, 16 * MIB));
	EXPECT(mmap(NULL, 32 * MIB, PROT_READ, ANONYMOUS, -1, 0) != MAP_FAILED);
	EXPECT(mmap(NULL, 32 * MIB, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
	at = mmap(NULL, 8 * MIB, RW, ANONYMOUS, -1, 0);
	EXPECT(at != MAP_FAILED);
	EXPECT_ERR(mmap(NULL, 8 * MIB, RW, ANONYMOUS, -1, 0), ENOMEM);
	EXPECT(sbrk(8 * MIB) == (void *)-1);
	EXPECT_OK(munmap(at, 8 * MIB));
	EXPECT(sbrk(8 * MIB) != (void *)-1);
}

static void data_has_its_limit(void)
{
	EXPECT_EXIT(ktap_child(within_16_mib_of_data), 0);
}

static void without_locked_memory(void)
{
	char *at = map(PAGE, ANONYMOUS);

	EXPECT_OK(limit(RLIMIT_MEMLOCK, 0));
	if (getuid() == 0)
		EXPECT_OK(setuid(65533));
	EXPECT_ERR(mlock(at, PAGE), EPERM);
	EXPECT_ERR(mlockall(MCL_CURRENT), EPERM);
	EXPECT_ERR(mmap(NULL, PAGE, RW, ANONYMOUS | MAP_LOCKED, -1, 0), EPERM);
}

static void locked_memory_has_its_limit(void)
{
	EXPECT_EXIT(ktap_child(without_locked_memory), 0);
}

/* Linux says so only where it is told to use its judgement. */
static int overcommit_is_a_matter_of_judgement(void)
{
	char mode = '0';
	int fd = open("/proc/sys/vm/overcommit_memory", O_RDONLY);

	if (fd >= 0 && read(fd, &mode, 1) != 1)
		mode = '?';
	if (fd >= 0)
		close(fd);
	return mode == '0';
}

static void what_can_never_be_there_is_refused(void)
{
	struct sysinfo memory;
	unsigned long long more;
	char *at;

	EXPECT_OK(sysinfo(&memory));
	more = (unsigned long long)(memory.totalram + memory.totalswap) * memory.mem_unit;
	more += 64 * MIB;
	if (!overcommit_is_a_matter_of_judgement() || more > 0xa0000000ULL)
		SKIP("more memory than address space, or another policy");
	EXPECT_ERR(mmap(NULL, (size_t)more, RW, ANONYMOUS, -1, 0), ENOMEM);
	EXPECT_ERR(mmap(NULL, (size_t)more, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0), ENOMEM);
	at = mmap(NULL, (size_t)more, RW, ANONYMOUS | MAP_NORESERVE, -1, 0);
	EXPECT(at != MAP_FAILED);
	EXPECT_OK(munmap(at, (size_t)more));
	at = mmap(NULL, (size_t)more, PROT_READ, ANONYMOUS, -1, 0);
	EXPECT(at != MAP_FAILED);
	EXPECT_OK(munmap(at, (size_t)more));
}

/* A program file: a copy of this one. */
static void copy_program(void)
{
	static char bulk[65536];
	int from = open(ktap_program, O_RDONLY), to = make("program", 0, 0700);
	ssize_t n;

	EXPECT(from >= 0);
	while ((n = read(from, bulk, sizeof(bulk))) > 0)
		EXPECT_EQ(write(to, bulk, (size_t)n), n);
	EXPECT_OK(close(from));
	EXPECT_OK(close(to));
}

static void start_the_copy(void)
{
	execl("program", "program", "end", (char *)NULL);
	EXPECT_EQ(errno, ETXTBSY);
	_exit(errno == ETXTBSY ? 26 : 1);
}

/* Maps the copy through a descriptor that is closed again: does it run? */
static int status_while_mapped(int open_flags, int prot, int map_flags)
{
	int fd = open("program", open_flags), status;
	char *at = mmap(NULL, PAGE, prot, map_flags, fd, 0);

	EXPECT(fd >= 0 && at != MAP_FAILED);
	EXPECT_OK(close(fd));
	status = ktap_child(start_the_copy);
	EXPECT_OK(munmap(at, PAGE));
	return status;
}

static void who_may_write_through_a_mapping_counts_as_a_writer(void)
{
	enum { BUSY = 26 };

	copy_program();
	EXPECT_EXIT(ktap_child(start_the_copy), 0);
	EXPECT_EXIT(status_while_mapped(O_RDWR, RW, MAP_SHARED), BUSY);
	EXPECT_EXIT(status_while_mapped(O_RDWR, PROT_READ, MAP_SHARED), BUSY);
	EXPECT_EXIT(status_while_mapped(O_RDWR, RW, MAP_PRIVATE), BUSY);
	EXPECT_EXIT(status_while_mapped(O_RDONLY, PROT_READ, MAP_SHARED), 0);
	EXPECT_EXIT(status_while_mapped(O_RDONLY, RW, MAP_PRIVATE), 0);
	EXPECT_EXIT(ktap_child(start_the_copy), 0);
	EXPECT_OK(unlink("program"));
}

static const struct ktap_test tests[] = {
	KTAP(shared_validate_takes_known_flags_only),
	KTAP(growing_down_is_for_private_memory),
	KTAP(a_region_that_grows_down_grows_when_touched),
	KTAP(a_stack_keeps_its_distance),
	KTAP(the_zero_device_maps_zeros),
	KTAP(the_old_call_takes_its_arguments_from_memory),
	KTAP(mremap_can_leave_an_empty_mapping_behind),
	KTAP(memory_can_be_kept_from_children_as_zeros),
	KTAP(pages_can_be_asked_for),
	KTAP(advice_that_changes_nothing_is_taken),
	KTAP(an_address_space_has_its_limit),
	KTAP(data_has_its_limit),
	KTAP(locked_memory_has_its_limit),
	KTAP(what_can_never_be_there_is_refused),
	KTAP(who_may_write_through_a_mapping_counts_as_a_writer),
};

int main(int argc, char **argv)
{
	if (argc > 1)
		return 0; /* the copy that was started */
	return ktap_main(argv[0], tests, sizeof(tests) / sizeof(tests[0]));
}
