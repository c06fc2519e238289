/* SPDX-License-Identifier: MIT */
/* Mappings of files, shared and private; shared memory; mremap, msync, madvise,
 * mincore, mlock. */
#define _GNU_SOURCE
#include "ktap.h"

#include <signal.h>
#include <sys/mman.h>

enum { PAGE = 4096, RW = PROT_READ | PROT_WRITE };

static volatile char *target;

static void write_target(void)
{
	*target = 'w';
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

static int when_written(void *at)
{
	target = at;
	return ktap_child(write_target);
}

static char *map_anonymous(size_t pages, int type)
{
	char *at = mmap(NULL, pages * PAGE, RW, type | MAP_ANONYMOUS, -1, 0);

	EXPECT(at != MAP_FAILED);
	return at;
}

/* A new file of that size, "file"; it is gone with unmake(). */
static int make(off_t size)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);

	EXPECT(fd >= 0);
	EXPECT_OK(ftruncate(fd, size));
	return fd;
}

static void unmake(int fd)
{
	EXPECT_OK(close(fd));
	EXPECT_OK(unlink("file"));
}

static char *map_file(int fd, size_t pages, int type)
{
	char *at = mmap(NULL, pages * PAGE, RW, type, fd, 0);

	EXPECT(at != MAP_FAILED);
	return at;
}

static char byte_at(int fd, off_t offset)
{
	char byte = 0;

	EXPECT_EQ(pread(fd, &byte, 1, offset), 1);
	return byte;
}

static void shared_file_is_coherent_with_read_and_write(void)
{
	int fd = make(3 * PAGE);
	char *at = map_file(fd, 3, MAP_SHARED);

	EXPECT_EQ(at[PAGE], 0);
	at[PAGE] = 'm';
	EXPECT_EQ(byte_at(fd, PAGE), 'm');
	EXPECT_EQ(pwrite(fd, "rw", 2, 2 * PAGE), 2);
	EXPECT_EQ(at[2 * PAGE + 1], 'w');
	at[2 * PAGE] = 'x';
	EXPECT_EQ(byte_at(fd, 2 * PAGE), 'x');
	EXPECT_OK(munmap(at, 3 * PAGE));
	EXPECT_EQ(byte_at(fd, PAGE), 'm');
	unmake(fd);
}

static void private_file_keeps_its_changes_to_itself(void)
{
	int fd = make(PAGE);
	char *at = map_file(fd, 1, MAP_PRIVATE);

	at[0] = 'p';
	EXPECT_EQ(byte_at(fd, 0), 0);
	EXPECT_EQ(pwrite(fd, "f", 1, 1), 1);
	EXPECT_EQ(at[0], 'p');
	EXPECT_OK(munmap(at, PAGE));
	unmake(fd);
}

static void shared_file_goes_on_being_written_after_msync(void)
{
	int fd = make(PAGE);
	char *at = map_file(fd, 1, MAP_SHARED);

	for (char c = 'a'; c <= 'e'; c++) {
		at[c - 'a'] = c;
		EXPECT_OK(msync(at, PAGE, MS_SYNC));
		EXPECT_EQ(byte_at(fd, c - 'a'), c);
	}
	EXPECT_OK(munmap(at, PAGE));
	ktap_expect(byte_at(fd, 4) == 'e', __FILE__, __LINE__, "the last byte");
	unmake(fd);
}

static void parent_and_child_share_a_file_mapping(void)
{
	int fd = make(PAGE);
	char *at = map_file(fd, 1, MAP_SHARED);

	EXPECT_EXIT(when_written(at + 7), 0);
	EXPECT_EQ(at[7], 'w');
	EXPECT_EQ(byte_at(fd, 7), 'w');
	EXPECT_OK(munmap(at, PAGE));
	unmake(fd);
}

static void parent_and_child_share_anonymous_memory(void)
{
	char *at = map_anonymous(4, MAP_SHARED), *alone = map_anonymous(1, MAP_PRIVATE);

	at[0] = 'p';
	EXPECT_EXIT(when_written(at + 3 * PAGE), 0);
	EXPECT_EQ(at[3 * PAGE], 'w');
	EXPECT_EXIT(when_written(alone), 0);
	EXPECT_EQ(alone[0], 0);
	EXPECT_OK(munmap(at + PAGE, PAGE));
	EXPECT_EQ(at[0], 'p');
	EXPECT_OK(munmap(at, 4 * PAGE));
	EXPECT_OK(munmap(alone, PAGE));
}

static void beyond_the_end_of_a_file_is_sigbus(void)
{
	int fd = make(PAGE + 100);
	char *at = map_file(fd, 3, MAP_SHARED);

	EXPECT_EQ(at[PAGE + 200], 0);
	EXPECT_SIGNAL(when_read(at + 2 * PAGE), SIGBUS);
	EXPECT_SIGNAL(when_written(at + 2 * PAGE), SIGBUS);
	at[PAGE] = 'x';
	EXPECT_OK(ftruncate(fd, PAGE));
	EXPECT_SIGNAL(when_read(at + PAGE), SIGBUS);
	EXPECT_OK(ftruncate(fd, 3 * PAGE));
	EXPECT_EQ(at[PAGE], 0);
	at[2 * PAGE] = 'y';
	EXPECT_EQ(byte_at(fd, 2 * PAGE), 'y');
	EXPECT_OK(munmap(at, 3 * PAGE));
	unmake(fd);
}

static void what_is_stored_behind_the_end_does_not_reach_the_file(void)
{
	int fd = make(100);
	char *at = map_file(fd, 1, MAP_SHARED);

	at[99] = 'a';
	at[100] = 'b';
	EXPECT_EQ(pwrite(fd, "c", 1, 3000), 1);
	EXPECT_EQ(byte_at(fd, 99), 'a');
	EXPECT_EQ(byte_at(fd, 100), 0);
	EXPECT_EQ(byte_at(fd, 3000), 'c');
	at[1500] = 'd';
	EXPECT_OK(msync(at, PAGE, MS_SYNC));
	EXPECT_EQ(byte_at(fd, 1500), 'd');
	EXPECT_OK(munmap(at, PAGE));
	unmake(fd);
}

/* ... not even when nothing maps the file any more. */
static void what_was_stored_behind_the_end_is_gone_when_the_file_grows(void)
{
	int fd = make(100);
	char *at = map_file(fd, 1, MAP_SHARED);

	at[200] = 'x';
	EXPECT_OK(munmap(at, PAGE));
	EXPECT_OK(fsync(fd));
	EXPECT_OK(ftruncate(fd, 1000));
	EXPECT_EQ(byte_at(fd, 200), 0);
	unmake(fd);
}

static void a_file_not_open_for_writing_is_not_written_through_a_mapping(void)
{
	int fd = make(PAGE), reader = open("file", O_RDONLY), writer = open("file", O_WRONLY);
	char *at;

	EXPECT_ERR(mmap(NULL, PAGE, RW, MAP_SHARED, reader, 0), EACCES);
	EXPECT_ERR(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, writer, 0), EACCES);
	EXPECT_ERR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, writer, 0), EACCES);
	at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, reader, 0);
	EXPECT(at != MAP_FAILED);
	EXPECT_ERR(mprotect(at, PAGE, RW), EACCES);
	EXPECT_OK(munmap(at, PAGE));
	at = mmap(NULL, PAGE, RW, MAP_PRIVATE, reader, 0);
	EXPECT(at != MAP_FAILED);
	at[0] = 'x';
	EXPECT_OK(munmap(at, PAGE));
	EXPECT_OK(close(reader));
	EXPECT_OK(close(writer));
	unmake(fd);
}

static void mremap_shrinks_and_grows_in_place(void)
{
	char *at = map_anonymous(8, MAP_PRIVATE);

	at[0] = 'a';
	at[7 * PAGE] = 'b';
	EXPECT(mremap(at, 8 * PAGE, 2 * PAGE, 0) == at);
	EXPECT_SIGNAL(when_read(at + 2 * PAGE), SIGSEGV);
	EXPECT(mremap(at, 2 * PAGE, 4 * PAGE, 0) == at);
	EXPECT_EQ(at[0], 'a');
	EXPECT_EQ(at[3 * PAGE], 0);
	EXPECT_OK(munmap(at, 4 * PAGE));
}

static void mremap_moves_when_it_has_to(void)
{
	char *at = map_anonymous(3, MAP_PRIVATE), *to;

	at[0] = 'a';
	at[PAGE] = 'b';
	EXPECT_OK(mprotect(at + 2 * PAGE, PAGE, PROT_READ)); /* in the way */
	EXPECT_ERR(mremap(at, 2 * PAGE, 5 * PAGE, 0), ENOMEM);
	to = mremap(at, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE);
	EXPECT(to != MAP_FAILED && to != at);
	EXPECT_EQ(to[0], 'a');
	EXPECT_EQ(to[PAGE], 'b');
	EXPECT_EQ(to[4 * PAGE], 0);
	EXPECT_SIGNAL(when_read(at), SIGSEGV);
	EXPECT_EXIT(when_read(at + 2 * PAGE), 0);
	EXPECT_OK(munmap(to, 5 * PAGE));
	EXPECT_OK(munmap(at + 2 * PAGE, PAGE));
}

static void mremap_to_a_fixed_place_replaces_what_is_there(void)
{
	char *at = map_anonymous(2, MAP_PRIVATE), *to = map_anonymous(3, MAP_PRIVATE);

	at[PAGE] = 'b';
	to[0] = 'o';
	to[2 * PAGE] = 'k';
	EXPECT(mremap(at, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	EXPECT_EQ(to[0], 0);
	EXPECT_EQ(to[PAGE], 'b');
	EXPECT_EQ(to[2 * PAGE], 'k');
	EXPECT_SIGNAL(when_read(at), SIGSEGV);
	EXPECT_OK(munmap(to, 3 * PAGE));
}

static void mremap_of_a_shared_file_keeps_it_shared(void)
{
	int fd = make(4 * PAGE);
	char *at = map_file(fd, 2, MAP_SHARED), *to, *twin;

	at[PAGE] = 'a';
	to = mremap(at, 2 * PAGE, 4 * PAGE, MREMAP_MAYMOVE);
	EXPECT(to != MAP_FAILED);
	to[PAGE + 1] = 'b';
	to[3 * PAGE] = 'c';
	EXPECT_EQ(byte_at(fd, PAGE), 'a');
	EXPECT_EQ(byte_at(fd, PAGE + 1), 'b');
	EXPECT_EQ(byte_at(fd, 3 * PAGE), 'c');
	twin = mremap(to, 0, PAGE, MREMAP_MAYMOVE);
	EXPECT(twin != MAP_FAILED && twin != to);
	twin[5] = 'd';
	EXPECT_EQ(to[5], 'd');
	EXPECT_OK(munmap(twin, PAGE));
	EXPECT_OK(munmap(to, 4 * PAGE));
	unmake(fd);
}

static void mremap_says_why_not(void)
{
	char *at = map_anonymous(2, MAP_PRIVATE);
	int fixed = MREMAP_MAYMOVE | MREMAP_FIXED;

	EXPECT_ERR(mremap(at + 1, PAGE, PAGE, 0), EINVAL);
	EXPECT_ERR(mremap(at, PAGE, 0, 0), EINVAL);
	EXPECT_ERR(mremap(at, PAGE, PAGE, 64), EINVAL);
	EXPECT_ERR(mremap(at, PAGE, PAGE, MREMAP_FIXED, at + 64 * PAGE), EINVAL);
	EXPECT_ERR(mremap(at, 2 * PAGE, PAGE, fixed, at + PAGE), EINVAL);
	EXPECT_ERR(mremap(at, 0, PAGE, MREMAP_MAYMOVE), EINVAL);
	EXPECT_OK(munmap(at, 2 * PAGE));
	at = map_anonymous(2, MAP_SHARED);
	EXPECT(mremap(at, 0, PAGE, fixed, at) == MAP_FAILED); /* onto its own source */
	EXPECT_OK(munmap(at, 2 * PAGE));
	EXPECT_ERR(mremap(at, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
}

static void dontneed_forgets_private_pages(void)
{
	int fd = make(PAGE);
	char *at = map_anonymous(3, MAP_PRIVATE), *file = map_file(fd, 1, MAP_PRIVATE);

	memset(at, 'x', 3 * PAGE);
	EXPECT_OK(madvise(at + PAGE, PAGE, MADV_DONTNEED));
	EXPECT_EQ(at[PAGE - 1], 'x');
	EXPECT_EQ(at[PAGE], 0);
	EXPECT_EQ(at[2 * PAGE], 'x');
	file[0] = 'p';
	EXPECT_EQ(pwrite(fd, "f", 1, 0), 1);
	EXPECT_OK(madvise(file, PAGE, MADV_DONTNEED));
	EXPECT_EQ(file[0], 'f');
	EXPECT_OK(munmap(at, 3 * PAGE));
	EXPECT_OK(munmap(file, PAGE));
	unmake(fd);
}

static void dontfork_keeps_memory_from_a_child(void)
{
	char *at = map_anonymous(2, MAP_PRIVATE);

	EXPECT_OK(madvise(at, PAGE, MADV_DONTFORK));
	EXPECT_SIGNAL(when_read(at), SIGSEGV);
	EXPECT_EXIT(when_read(at + PAGE), 0);
	EXPECT_OK(madvise(at, PAGE, MADV_DOFORK));
	EXPECT_EXIT(when_read(at), 0);
	EXPECT_OK(munmap(at, 2 * PAGE));
}

static void advice_has_its_errors(void)
{
	char *at = map_anonymous(3, MAP_PRIVATE);

	EXPECT_OK(madvise(at, 3 * PAGE, MADV_SEQUENTIAL));
	EXPECT_OK(madvise(at, 3 * PAGE, MADV_WILLNEED));
	EXPECT_OK(madvise(at, 0, MADV_DONTNEED));
	EXPECT_ERR(madvise(at + 1, PAGE, MADV_DONTNEED), EINVAL);
	EXPECT_ERR(madvise(at, PAGE, 12345), EINVAL);
	EXPECT_OK(munmap(at + PAGE, PAGE));
	at[0] = at[2 * PAGE] = 'x';
	EXPECT_ERR(madvise(at, 3 * PAGE, MADV_DONTNEED), ENOMEM);
	EXPECT_EQ(at[0], 0);
	EXPECT_EQ(at[2 * PAGE], 0);
	EXPECT_OK(munmap(at, 3 * PAGE));
}

static void msync_has_its_errors(void)
{
	char *at = map_anonymous(2, MAP_PRIVATE);

	EXPECT_OK(msync(at, 2 * PAGE, MS_SYNC));
	EXPECT_OK(msync(at, 2 * PAGE, MS_ASYNC | MS_INVALIDATE));
	EXPECT_ERR(msync(at + 1, PAGE, MS_SYNC), EINVAL);
	EXPECT_ERR(msync(at, PAGE, MS_SYNC | MS_ASYNC), EINVAL);
	EXPECT_ERR(msync(at, PAGE, 64), EINVAL);
	EXPECT_OK(munmap(at + PAGE, PAGE));
	EXPECT_ERR(msync(at, 2 * PAGE, MS_SYNC), ENOMEM);
	EXPECT_OK(munmap(at, PAGE));
}

static void mincore_tells_what_is_in_memory(void)
{
	char *at = map_anonymous(4, MAP_PRIVATE);
	unsigned char present[4];

	at[0] = at[2 * PAGE] = 'x';
	EXPECT_OK(mincore(at, 4 * PAGE, present));
	EXPECT_EQ(present[0] & 1, 1);
	EXPECT_EQ(present[1] & 1, 0);
	EXPECT_EQ(present[2] & 1, 1);
	EXPECT_ERR(mincore(at + 1, PAGE, present), EINVAL);
	EXPECT_OK(munmap(at + 3 * PAGE, PAGE));
	EXPECT_ERR(mincore(at, 4 * PAGE, present), ENOMEM);
	EXPECT_OK(munmap(at, 3 * PAGE));
}

static void locked_memory_is_there_and_stays(void)
{
	char *at = map_anonymous(3, MAP_PRIVATE);
	unsigned char present[2];

	EXPECT_OK(mlock(at + 100, PAGE));
	EXPECT_OK(mincore(at, 2 * PAGE, present));
	EXPECT_EQ(present[0] & present[1] & 1, 1);
	EXPECT_ERR(madvise(at, PAGE, MADV_DONTNEED), EINVAL);
	EXPECT_OK(munlock(at, 2 * PAGE));
	EXPECT_OK(mlock2(at, PAGE, MLOCK_ONFAULT));
	EXPECT_ERR(mlock2(at, PAGE, 64), EINVAL);
	EXPECT_OK(munlock(at, PAGE));
	EXPECT_OK(madvise(at, PAGE, MADV_DONTNEED));
	EXPECT_OK(munmap(at + 2 * PAGE, PAGE));
	EXPECT_ERR(mlock(at, 3 * PAGE), ENOMEM);
	EXPECT_OK(munlock(at, PAGE));
	EXPECT_ERR(mlockall(0), EINVAL);
	EXPECT_ERR(mlockall(64), EINVAL);
	EXPECT_OK(munlockall());
	EXPECT_OK(munmap(at, 2 * PAGE));
}

static void populate_brings_pages_in(void)
{
	unsigned char present[3];
	char *at = mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	EXPECT(at != MAP_FAILED);
	EXPECT_OK(mincore(at, 3 * PAGE, present));
	EXPECT_EQ(present[0] & present[1] & present[2] & 1, 1);
	EXPECT_OK(munmap(at, 3 * PAGE));
}

static const unsigned char give_42[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; /* mov eax, 42; ret */

static int run(void *code)
{
	return ((int (*)(void))(unsigned long)code)();
}

static void memory_may_be_written_and_executed_in_turn(void)
{
	unsigned char *at = mmap(NULL, PAGE, RW | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(at != MAP_FAILED);
	for (unsigned char n = 1; n < 5; n++) {
		memcpy(at, give_42, sizeof(give_42));
		at[1] = n;
		EXPECT_EQ(run(at), n);
	}
	EXPECT_OK(munmap(at, PAGE));
}

static void many_writers_share_one_counter(void)
{
	enum { CHILDREN = 4, ROUNDS = 2000 };
	int *counter = (int *)(void *)map_anonymous(1, MAP_SHARED);

	for (int i = 0; i < CHILDREN; i++) {
		if (fork() == 0) {
			for (int n = 0; n < ROUNDS; n++)
				__atomic_fetch_add(counter, 1, __ATOMIC_SEQ_CST);
			_exit(0);
		}
	}
	for (int i = 0; i < CHILDREN; i++)
		EXPECT(wait(NULL) > 0);
	EXPECT_EQ(*counter, CHILDREN * ROUNDS);
	EXPECT_OK(munmap(counter, PAGE));
}

static const struct ktap_test tests[] = {
	KTAP(shared_file_is_coherent_with_read_and_write),
	KTAP(private_file_keeps_its_changes_to_itself),
	KTAP(shared_file_goes_on_being_written_after_msync),
	KTAP(parent_and_child_share_a_file_mapping),
	KTAP(parent_and_child_share_anonymous_memory),
	KTAP(beyond_the_end_of_a_file_is_sigbus),
	KTAP(what_is_stored_behind_the_end_does_not_reach_the_file),
	KTAP(what_was_stored_behind_the_end_is_gone_when_the_file_grows),
	KTAP(a_file_not_open_for_writing_is_not_written_through_a_mapping),
	KTAP(mremap_shrinks_and_grows_in_place),
	KTAP(mremap_moves_when_it_has_to),
	KTAP(mremap_to_a_fixed_place_replaces_what_is_there),
	KTAP(mremap_of_a_shared_file_keeps_it_shared),
	KTAP(mremap_says_why_not),
	KTAP(dontneed_forgets_private_pages),
	KTAP(dontfork_keeps_memory_from_a_child),
	KTAP(advice_has_its_errors),
	KTAP(msync_has_its_errors),
	KTAP(mincore_tells_what_is_in_memory),
	KTAP(locked_memory_is_there_and_stays),
	KTAP(populate_brings_pages_in),
	KTAP(memory_may_be_written_and_executed_in_turn),
	KTAP(many_writers_share_one_counter),
};

KTAP_MAIN(tests)
