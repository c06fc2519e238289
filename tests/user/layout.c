/* SPDX-License-Identifier: MIT */
/* Where a program's stack, mappings and heap are: nobody can guess. Started with an
 * argument, this program tells its own. */
#define _GNU_SOURCE
#include "ktap.h"

#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>

struct places {
	unsigned long stack, mapping, heap;
};

/* Writes where its memory is to descriptor 40. */
static int tell_places(void)
{
	struct places p = { .heap = (unsigned long)sbrk(0) };

	p.stack = (unsigned long)&p;
	p.mapping = (unsigned long)mmap(NULL, 1, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return write(40, &p, sizeof(p)) != sizeof(p);
}

/* Starts this program with that personality: where is its memory? */
static struct places places_under(unsigned long personality)
{
	struct places p = { 0, 0, 0 };
	int ends[2], status;
	pid_t child;

	EXPECT_OK(pipe2(ends, O_CLOEXEC));
	child = fork();
	if (child == 0) {
		dup2(ends[1], 40);
		syscall(SYS_personality, personality);
		execl(ktap_program, "layout", "places", (char *)NULL);
		_exit(99);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 0);
	EXPECT_EQ(read(ends[0], &p, sizeof(p)), sizeof(p));
	close(ends[0]);
	close(ends[1]);
	return p;
}

static void addresses_are_random_unless_asked(void)
{
	struct places first = places_under(0), again;
	int stack = 0, mapping = 0, heap = 0;

	for (int i = 0; i < 8; i++) {
		again = places_under(0);
		stack |= again.stack != first.stack;
		mapping |= again.mapping != first.mapping;
		heap |= again.heap != first.heap;
	}
	EXPECT(stack);
	EXPECT(mapping);
	EXPECT(heap);
	first = places_under(ADDR_NO_RANDOMIZE);
	again = places_under(ADDR_NO_RANDOMIZE);
	EXPECT_EQ(memcmp(&first, &again, sizeof(first)), 0);
}

static const struct ktap_test tests[] = { KTAP(addresses_are_random_unless_asked) };

int main(int argc, char **argv)
{
	return argc < 2 ? ktap_main(argv[0], tests, 1) : tell_places();
}
