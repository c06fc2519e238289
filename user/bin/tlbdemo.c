/* SPDX-License-Identifier: MIT */
/* tlbdemo: shows a stale entry of the TLB. Two pages of this program are exchanged in its page
 * table, with the flush that belongs to it and without. Without it the processor goes on reading
 * the old page, until something makes it forget: so the kernel flushes after every change. */

#include <fcntl.h>
#include <sys/mman.h>

#include "pages.h"

enum { ROUNDS = 1000, COMMAND = 64 };

static const char gate[] = "/proc/sys/vm/swap_pages";
static volatile char *first, *second;
static int gate_fd;

/* Exchanges the pages in the page table. */
static void swap(const char *how)
{
	char words[COMMAND];
	int length = snprintf(words, sizeof(words), "%lx %lx %s\n", (unsigned long)first,
			      (unsigned long)second, how);

	if (pwrite(gate_fd, words, (size_t)length, 0) != length)
		prog_die(gate);
}

static char *map_page(char letter)
{
	char *page = mmap(NULL, PAGES_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);

	if (page == MAP_FAILED)
		prog_die("mmap");
	memset(page, letter, PAGES_BYTES);
	return page;
}

static unsigned long long frame_of(volatile char *page)
{
	FILE *table = pages_open(NULL, "pagetable");
	unsigned long long frame = 0;
	struct page_line line;

	while (pages_next(table, &line)) {
		if (pages_is_page(&line) && line.address == (unsigned long)page)
			frame = line.entry & PAGES_FRAME;
	}
	fclose(table);
	return frame;
}

/* How often the old page is still read after an exchange. */
static int old_reads(const char *how)
{
	int old = 0;

	for (int i = 0; i < ROUNDS; i++) {
		char before = *first, after; /* now the TLB has it */

		swap(how);
		after = *first;
		old += after == before;
		swap("flush"); /* back, and all is true again */
	}
	return old;
}

static void show(void)
{
	printf("page table: %08lx -> physical %08llx, %08lx -> physical %08llx\n",
	       (unsigned long)first, frame_of(first), (unsigned long)second, frame_of(second));
}

int main(int argc, char **argv)
{
	prog_begin("tlbdemo", "\n  needs a kernel that was started with the word tlbdemo", argc,
		   argv);
	if (argc > 1)
		prog_usage(1);
	gate_fd = open(gate, O_WRONLY);
	if (gate_fd < 0)
		prog_die(gate);
	first = map_page('A');
	second = map_page('B');
	show();
	printf("%08lx holds %c. Exchanging the two entries.\n", (unsigned long)first, *first);
	swap("flush");
	show();
	printf("%08lx holds %c. And back.\n", (unsigned long)first, *first);
	swap("flush");
	printf("%d exchanges without a flush: the old page was read %d times.\n", ROUNDS,
	       old_reads("noflush"));
	printf("%d exchanges with a flush:    the old page was read %d times.\n", ROUNDS,
	       old_reads("flush"));
	return prog_finish(0);
}
