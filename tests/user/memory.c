/* SPDX-License-Identifier: MIT */
/* Address spaces: the break, anonymous mappings, protection, copy on write,
 * the stack. */
#define _GNU_SOURCE
#include "ktap.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

enum { PAGE = 4096 };

static char *map(size_t pages, int prot)
{
	char *at = mmap(NULL, pages * PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(at != MAP_FAILED);
	return at;
}

/* What the helpers in children touch. */
static volatile char *target;

static void read_target(void)
{
	(void)*target;
}

static void write_target(void)
{
	*target = 1;
}

static void call_target(void)
{
	((void (*)(void))(unsigned long)target)();
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

static void the_break_moves_up_and_down(void)
{
	char *old = sbrk(0);

	EXPECT_EQ((long)sbrk(3 * PAGE), (long)old);
	old[0] = 1;
	old[3 * PAGE - 1] = 2;
	EXPECT_OK(brk(old));
	EXPECT_EQ((long)sbrk(0), (long)old);
}

static void the_break_gives_zeros_again_after_shrinking(void)
{
	char *old = sbrk(0);
	char *page = (char *)(((unsigned long)old + PAGE - 1) & ~(PAGE - 1UL));

	EXPECT_OK(brk(page + PAGE));
	EXPECT_EQ(page[5], 0);
	page[5] = 1;
	EXPECT_OK(brk(page));
	EXPECT_SIGNAL(when_read(page + 5), SIGSEGV);
	EXPECT_OK(brk(page + PAGE));
	EXPECT_EQ(page[5], 0);
	EXPECT_OK(brk(old));
}

static void brk_answers_with_the_break_when_it_cannot(void)
{
	long now = syscall(SYS_brk, 0);

	EXPECT_EQ(syscall(SYS_brk, 16), now);
	EXPECT_EQ(syscall(SYS_brk, 0xfffff000UL), now);
}

static void a_mapping_is_zero_and_writable(void)
{
	char *at = map(4, PROT_READ | PROT_WRITE);

	EXPECT_EQ((unsigned long)at % PAGE, 0);
	for (int i = 0; i < 4 * PAGE; i += 64)
		EXPECT_EQ(at[i], 0);
	at[3 * PAGE] = 'x';
	EXPECT_EQ(at[3 * PAGE], 'x');
	EXPECT_OK(munmap(at, 4 * PAGE));
}

static void unmapped_memory_is_sigsegv(void)
{
	char *at = map(3, PROT_READ | PROT_WRITE);

	at[0] = at[2 * PAGE] = 1;
	EXPECT_OK(munmap(at + PAGE, PAGE));
	EXPECT_SIGNAL(when_read(at + PAGE), SIGSEGV);
	EXPECT_EQ(at[0], 1);
	EXPECT_EQ(at[2 * PAGE], 1);
	EXPECT_OK(munmap(at, 3 * PAGE));
	EXPECT_OK(munmap(at, 3 * PAGE));
	EXPECT_SIGNAL(when_written(at), SIGSEGV);
}

static void mmap_and_munmap_say_why_not(void)
{
	char *at = map(1, PROT_READ);
	int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;

	EXPECT_ERR(mmap(NULL, 0, PROT_READ, anonymous, -1, 0), EINVAL);
	EXPECT_ERR(mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL);
	EXPECT_ERR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0), EBADF);
	EXPECT_ERR(mmap(at + 1, PAGE, PROT_READ, anonymous | MAP_FIXED, -1, 0), EINVAL);
	EXPECT_ERR(mmap(NULL, 0xf0000000UL, PROT_READ, anonymous, -1, 0), ENOMEM);
	EXPECT_ERR(munmap(at + 1, PAGE), EINVAL);
	EXPECT_ERR(munmap(at, 0), EINVAL);
	EXPECT_ERR(munmap((void *)0xfffff000UL, PAGE), EINVAL);
	EXPECT_OK(munmap(at, PAGE));
}

static void mmap_beyond_the_largest_page_number_is_refused(void)
{
	int fd = open("file", O_RDWR | O_CREAT, 0600);
	off_t last = (off_t)UINT32_MAX * PAGE;

	EXPECT(fd >= 0);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, last) != MAP_FAILED);
	/* i386's answer; a 64-bit Linux has larger page numbers and maps it. */
	if (mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, last) == MAP_FAILED)
		EXPECT_EQ(errno, EOVERFLOW);
	else
		EXPECT(!ktap_is_gatehouse());
	EXPECT_OK(close(fd));
	EXPECT_OK(unlink("file"));
}

static void a_fixed_mapping_replaces_what_was_there(void)
{
	char *at = map(3, PROT_READ | PROT_WRITE);
	int fixed = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

	memset(at, 'x', 3 * PAGE);
	EXPECT(mmap(at + PAGE, PAGE, PROT_READ | PROT_WRITE, fixed, -1, 0) == at + PAGE);
	EXPECT_EQ(at[0], 'x');
	EXPECT_EQ(at[PAGE], 0);
	EXPECT_EQ(at[2 * PAGE], 'x');
	EXPECT_OK(munmap(at, 3 * PAGE));
}

static void a_hint_is_taken_when_it_is_free(void)
{
	char *at = map(2, PROT_READ), *again;

	EXPECT_OK(munmap(at, 2 * PAGE));
	again = mmap(at, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	EXPECT(again == at);
	EXPECT_OK(munmap(again, 2 * PAGE));
}

static void the_lowest_pages_cannot_be_mapped(void)
{
	int fixed = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	long result = (long)mmap(NULL, PAGE, PROT_READ, fixed, -1, 0);

	EXPECT(result == -1 && (errno == EPERM || errno == EACCES));
	EXPECT_SIGNAL(when_read(NULL), SIGSEGV);
}

static void protection_is_enforced(void)
{
	char *at = map(1, PROT_READ | PROT_WRITE);

	at[0] = 'x';
	EXPECT_OK(mprotect(at, PAGE, PROT_READ));
	EXPECT_EQ(at[0], 'x');
	EXPECT_SIGNAL(when_written(at), SIGSEGV);
	EXPECT_OK(mprotect(at, PAGE, PROT_NONE));
	EXPECT_SIGNAL(when_read(at), SIGSEGV);
	EXPECT_OK(mprotect(at, PAGE, PROT_READ | PROT_WRITE));
	EXPECT_EQ(at[0], 'x');
	EXPECT_EXIT(when_written(at), 0);
	EXPECT_OK(munmap(at, PAGE));
}

static void mprotect_splits_a_mapping(void)
{
	char *at = map(3, PROT_READ | PROT_WRITE);

	EXPECT_OK(mprotect(at + PAGE, PAGE, PROT_READ));
	EXPECT_EXIT(when_written(at), 0);
	EXPECT_SIGNAL(when_written(at + PAGE), SIGSEGV);
	EXPECT_EXIT(when_written(at + 2 * PAGE), 0);
	EXPECT_OK(mprotect(at, 3 * PAGE, PROT_READ | PROT_WRITE));
	EXPECT_EXIT(when_written(at + PAGE), 0);
	EXPECT_OK(munmap(at, 3 * PAGE));
}

static void mprotect_says_why_not(void)
{
	char *at = map(2, PROT_READ);

	EXPECT_ERR(mprotect(at + 1, PAGE, PROT_READ), EINVAL);
	EXPECT_ERR(mprotect(at, PAGE, 0x100), EINVAL);
	EXPECT_OK(mprotect(at, 0, PROT_READ));
	EXPECT_OK(munmap(at + PAGE, PAGE));
	EXPECT_ERR(mprotect(at, 2 * PAGE, PROT_READ), ENOMEM);
	EXPECT_OK(munmap(at, PAGE));
}

/* RET, put into memory that may or may not be executed. */
static void code_runs_only_where_it_may(void)
{
	enum { RET = 0xc3 };
	char *at = map(1, PROT_READ | PROT_WRITE);
	int status;

	at[0] = (char)RET;
	target = at;
	status = ktap_child(call_target);
	if (WIFEXITED(status)) {
		munmap(at, PAGE);
		SKIP("this processor has no NX");
	}
	EXPECT_SIGNAL(status, SIGSEGV);
	EXPECT_OK(mprotect(at, PAGE, PROT_READ | PROT_EXEC));
	EXPECT_EXIT(ktap_child(call_target), 0);
	EXPECT_OK(munmap(at, PAGE));
}

static void program_text_and_constants_are_read_only(void)
{
	static const char constant[] = "constant";

	EXPECT_SIGNAL(when_written((void *)(unsigned long)&code_runs_only_where_it_may), SIGSEGV);
	EXPECT_SIGNAL(when_written((void *)(unsigned long)&constant[0]), SIGSEGV);
}

static char *copied;

static void child_changes_copied(void)
{
	for (int i = 0; i < 16; i++) {
		EXPECT_EQ(copied[i * PAGE], 'p');
		copied[i * PAGE] = 'c';
	}
}

static void fork_child_sees_cow_copy(void)
{
	copied = map(16, PROT_READ | PROT_WRITE);
	memset(copied, 'p', 16 * PAGE);
	EXPECT_EXIT(ktap_child(child_changes_copied), 0);
	for (int i = 0; i < 16; i++)
		EXPECT_EQ(copied[i * PAGE], 'p');
	EXPECT_OK(munmap(copied, 16 * PAGE));
}

static void parent_changes_stay_hidden_from_the_child(void)
{
	int gate[2], status;
	pid_t child;
	char c;

	copied = map(1, PROT_READ | PROT_WRITE);
	copied[0] = 'p';
	EXPECT_OK(pipe(gate));
	child = fork();
	if (child == 0) {
		read(gate[0], &c, 1);
		_exit(copied[0]);
	}
	copied[0] = 'q';
	EXPECT_EQ(write(gate[1], "x", 1), 1);
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 'p');
	close(gate[0]);
	close(gate[1]);
	EXPECT_OK(munmap(copied, PAGE));
}

/* The kernel's own writes break the sharing as well. */
static void child_reads_into_copied(void)
{
	int fd = open("/dev/zero", O_RDONLY);

	EXPECT_EQ(read(fd, copied, 100), 100);
	EXPECT_EQ(copied[99], 0);
	close(fd);
}

static void a_system_call_into_a_shared_page_copies_it(void)
{
	copied = map(1, PROT_READ | PROT_WRITE);
	memset(copied, 'p', PAGE);
	EXPECT_EXIT(ktap_child(child_reads_into_copied), 0);
	EXPECT_EQ(copied[0], 'p');
	EXPECT_EQ(copied[99], 'p');
	EXPECT_OK(munmap(copied, PAGE));
}

static void grandchildren_copy_too(void)
{
	int status;
	pid_t child;

	copied = map(1, PROT_READ | PROT_WRITE);
	copied[0] = 1;
	fflush(stdout);
	child = fork();
	if (child == 0) {
		copied[0] = 2;
		EXPECT_EXIT(when_written(copied), 0);
		_exit(copied[0]);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 2);
	EXPECT_EQ(copied[0], 1);
	EXPECT_OK(munmap(copied, PAGE));
}

/* One kilobyte a level; each looks at the one above, so none can be left out. */
static int depth(int levels, volatile char *above)
{
	volatile char frame[1024];

	frame[0] = above[0];
	return levels ? depth(levels - 1, frame) + frame[0] : above[0];
}

static void the_stack_grows_by_itself(void)
{
	volatile char top = 1;

	EXPECT_EQ(depth(2000, &top), 2001); /* two megabytes */
}

static volatile int deep = 1 << 30;

static void recurse_for_ever(void)
{
	struct rlimit limit = { 1 << 20, 1 << 20 };
	volatile char top = 1;

	setrlimit(RLIMIT_STACK, &limit);
	depth(deep, &top);
}

static void a_stack_over_its_limit_is_sigsegv(void)
{
	EXPECT_SIGNAL(ktap_child(recurse_for_ever), SIGSEGV);
}

static void bad_addresses_in_system_calls_are_efault(void)
{
	char *at = map(2, PROT_READ | PROT_WRITE);
	int zero = open("/dev/zero", O_RDWR), fds[2];

	EXPECT_OK(munmap(at + PAGE, PAGE));
	EXPECT_ERR(read(zero, at + PAGE, 1), EFAULT);
	EXPECT_OK(pipe(fds));
	EXPECT_ERR(write(fds[1], at + PAGE, 1), EFAULT);
	EXPECT_OK(mprotect(at, PAGE, PROT_READ));
	EXPECT_ERR(read(zero, at, 1), EFAULT);
	EXPECT_EQ(write(fds[1], at, 1), 1);
	EXPECT_OK(mprotect(at, PAGE, PROT_NONE));
	EXPECT_ERR(write(fds[1], at, 1), EFAULT);
	close(fds[0]);
	close(fds[1]);
	close(zero);
	EXPECT_OK(munmap(at, PAGE));
}

/* A read that runs off the end of the mapping gives what it could put. */
static void a_transfer_stops_at_the_end_of_the_mapping(void)
{
	char *at = map(2, PROT_READ | PROT_WRITE);
	int fd = open("file", O_RDWR | O_CREAT, 0600);

	EXPECT_EQ(write(fd, at, 2 * PAGE), 2 * PAGE);
	EXPECT_OK(munmap(at + PAGE, PAGE));
	EXPECT_EQ(pread(fd, at + PAGE - 100, 200, 0), 100);
	EXPECT_ERR(pread(fd, at + PAGE, 200, 0), EFAULT);
	EXPECT_EQ(pwrite(fd, at + PAGE - 10, 20, 0), 10);
	close(fd);
	unlink("file");
	EXPECT_OK(munmap(at, PAGE));
}

static void many_mappings_come_and_go(void)
{
	enum { COUNT = 200 };
	static char *list[COUNT];

	for (int i = 0; i < COUNT; i++) {
		list[i] = map(1 + i % 3, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE);
		if (i % 2 == 0)
			list[i][0] = (char)i;
	}
	for (int i = 0; i < COUNT; i += 2)
		EXPECT_EQ(list[i][0], (char)i);
	for (int i = 0; i < COUNT; i++)
		EXPECT_OK(munmap(list[(i * 7) % COUNT], (1 + (i * 7) % COUNT % 3) * PAGE));
}

static const struct ktap_test tests[] = {
	KTAP(the_break_moves_up_and_down),
	KTAP(the_break_gives_zeros_again_after_shrinking),
	KTAP(brk_answers_with_the_break_when_it_cannot),
	KTAP(a_mapping_is_zero_and_writable),
	KTAP(unmapped_memory_is_sigsegv),
	KTAP(mmap_and_munmap_say_why_not),
	KTAP(mmap_beyond_the_largest_page_number_is_refused),
	KTAP(a_fixed_mapping_replaces_what_was_there),
	KTAP(a_hint_is_taken_when_it_is_free),
	KTAP(the_lowest_pages_cannot_be_mapped),
	KTAP(protection_is_enforced),
	KTAP(mprotect_splits_a_mapping),
	KTAP(mprotect_says_why_not),
	KTAP(code_runs_only_where_it_may),
	KTAP(program_text_and_constants_are_read_only),
	KTAP(fork_child_sees_cow_copy),
	KTAP(parent_changes_stay_hidden_from_the_child),
	KTAP(a_system_call_into_a_shared_page_copies_it),
	KTAP(grandchildren_copy_too),
	KTAP(the_stack_grows_by_itself),
	KTAP(a_stack_over_its_limit_is_sigsegv),
	KTAP(bad_addresses_in_system_calls_are_efault),
	KTAP(a_transfer_stops_at_the_end_of_the_mapping),
	KTAP(many_mappings_come_and_go),
};

KTAP_MAIN(tests)
