/* SPDX-License-Identifier: MIT */
/* What /proc says of memory: smaps, smaps_rollup, statm and vmstat as on Linux; pagetable,
 * which only we have. */
#define _GNU_SOURCE
#include "slurp.h"

#include <sys/mman.h>
#include <sys/resource.h>

enum { PAGE = 4096, KIB_PER_PAGE = 4, PAGES = 20, RW = PROT_READ | PROT_WRITE };

/* The part of smaps about the region that holds the address, cut out of `text`; "" if none. */
static const char *region_of(const void *address)
{
	unsigned long from = 0, to = 0, at = (unsigned long)address;
	int skipped;

	EXPECT(slurp("/proc/self/smaps") > 0);
	for (char *line = text; line && *line; line = strchr(line, '\n'), line += line != NULL) {
		if (sscanf(line, "%lx-%lx %n", &from, &to, &skipped) != 2 || at < from || at >= to)
			continue;
		*strstr(line, "\nVmFlags:") = ' '; /* the next line is the end */
		*strchr(strstr(line, " VmFlags:"), '\n') = '\0';
		return line;
	}
	return "";
}

/* The number behind "\nKEY:" in such a part; -1: not there. */
static long field(const char *part, const char *key)
{
	char line[32];
	const char *at;

	snprintf(line, sizeof(line), "\n%s:", key);
	at = strstr(part, line);
	return at ? strtol(at + strlen(line), NULL, 10) : -1;
}

/* What smaps says of `key` for the region that holds the address, in pages. */
static long pages_of(const void *address, const char *key)
{
	return field(region_of(address), key) / KIB_PER_PAGE;
}

static int has_flag(const void *address, const char *two_letters)
{
	const char *flags = strstr(region_of(address), " VmFlags:");

	return flags && strstr(flags, two_letters) != NULL;
}

/* Alone between two pages that cannot be touched, so that it is a region of its own. */
static char *map(int pages, int type)
{
	char *at = mmap(NULL, (size_t)(pages + 2) * PAGE, PROT_NONE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	EXPECT(at != MAP_FAILED);
	EXPECT(mmap(at + PAGE, (size_t)pages * PAGE, RW, type | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
	       at + PAGE);
	return at + PAGE;
}

static void unmap(char *at, int pages)
{
	EXPECT_OK(munmap(at - PAGE, (size_t)(pages + 2) * PAGE));
}

static void touch(char *at, int pages)
{
	for (int i = 0; i < pages; i++)
		((volatile char *)at)[i * PAGE]++;
}

static void smaps_counts_pages_that_were_touched(void)
{
	char *at = map(PAGES, MAP_PRIVATE);

	EXPECT_EQ(pages_of(at, "Size"), PAGES);
	EXPECT_EQ(pages_of(at, "Rss"), 0);
	touch(at, PAGES / 2);
	EXPECT_EQ(pages_of(at, "Rss"), PAGES / 2);
	EXPECT_EQ(pages_of(at, "Pss"), PAGES / 2);
	EXPECT_EQ(pages_of(at, "Private_Dirty"), PAGES / 2);
	EXPECT_EQ(pages_of(at, "Shared_Dirty"), 0);
	EXPECT_EQ(pages_of(at, "Anonymous"), PAGES / 2);
	EXPECT_OK(madvise(at, PAGE, MADV_DONTNEED));
	EXPECT_EQ(pages_of(at, "Rss"), PAGES / 2 - 1);
	unmap(at, PAGES);
}

static char *shown;

static void child_looks_and_writes(void)
{
	EXPECT_EQ(pages_of(shown, "Shared_Dirty"), PAGES);
	EXPECT_EQ(pages_of(shown, "Pss"), PAGES / 2);
	touch(shown, 4);
	EXPECT_EQ(pages_of(shown, "Shared_Dirty"), PAGES - 4);
	EXPECT_EQ(pages_of(shown, "Private_Dirty"), 4);
	EXPECT_EQ(pages_of(shown, "Rss"), PAGES);
}

static void smaps_shows_what_fork_shares_and_a_write_copies(void)
{
	shown = map(PAGES, MAP_PRIVATE);
	touch(shown, PAGES);
	EXPECT_EXIT(ktap_child(child_looks_and_writes), 0);
	EXPECT_EQ(pages_of(shown, "Private_Dirty"), PAGES);
	unmap(shown, PAGES);
}

static void child_reads_shared_memory(void)
{
	touch(shown, PAGES);
	EXPECT_EQ(pages_of(shown, "Rss"), PAGES);
	EXPECT_EQ(pages_of(shown, "Pss"), PAGES / 2);
	EXPECT_EQ(pages_of(shown, "Anonymous"), 0);
	EXPECT(has_flag(shown, " sh"));
}

static void smaps_divides_shared_memory_among_its_users(void)
{
	shown = map(PAGES, MAP_SHARED);
	touch(shown, PAGES);
	EXPECT_EXIT(ktap_child(child_reads_shared_memory), 0);
	EXPECT_EQ(pages_of(shown, "Pss"), PAGES);
	unmap(shown, PAGES);
}

static void smaps_knows_locked_memory(void)
{
	char *at = map(4, MAP_PRIVATE);

	EXPECT(!has_flag(at, " lo"));
	EXPECT_OK(mlock(at, 4 * PAGE));
	EXPECT(has_flag(at, " lo"));
	EXPECT_EQ(pages_of(at, "Locked"), 4);
	EXPECT_OK(munlock(at, 4 * PAGE));
	EXPECT(!has_flag(at, " lo"));
	EXPECT_EQ(pages_of(at, "Rss"), 4);
	unmap(at, 4);
}

static void each_region_adds_up(void)
{
	long regions = 0;

	EXPECT(slurp("/proc/self/smaps") > 0);
	for (char *at = text; (at = strstr(at, "\nSize:")) != NULL; at++, regions++) {
		long rss = field(at, "Rss");

		EXPECT(field(at, "Size") >= rss && rss >= field(at, "Pss"));
		EXPECT_EQ(field(at, "Shared_Clean") + field(at, "Shared_Dirty") +
				  field(at, "Private_Clean") + field(at, "Private_Dirty"),
			  rss);
		EXPECT(field(at, "Anonymous") <= rss);
	}
	EXPECT(regions >= 4);
	EXPECT(slurp("/proc/self/maps") > 0);
	for (char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		regions--;
	EXPECT_EQ(regions, 0);
}

static void rollup_is_the_sum_of_all(void)
{
	static const char *const keys[] = { "Rss", "Private_Dirty", "Anonymous" };
	long sum[3] = { 0 };

	touch(text, TEXT / PAGE);
	EXPECT(slurp("/proc/self/smaps") > 0);
	for (int i = 0; i < 3; i++)
		for (char *at = text; (at = strstr(at, "\nSize:")) != NULL; at++)
			sum[i] += field(at, keys[i]);
	EXPECT(slurp("/proc/self/smaps_rollup") > 0);
	EXPECT(strstr(text, " ---p 00000000 00:00 0 ") && strstr(text, " [rollup]\n"));
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(field(text, keys[i]), sum[i]);
}

/* Field n of statm, from 0. */
static long statm(int n)
{
	long value[7];

	EXPECT(slurp("/proc/self/statm") > 0);
	EXPECT_EQ(sscanf(text, "%ld %ld %ld %ld %ld %ld %ld\n", &value[0], &value[1], &value[2],
			 &value[3], &value[4], &value[5], &value[6]),
		  7);
	return value[n];
}

/* Pages of the regions with these permissions ('.' matches all), the stack's grow by itself. */
static long pages_with(const char *permissions)
{
	unsigned long from, to;
	long pages = 0;
	char perms[8];

	EXPECT(slurp("/proc/self/maps") > 0);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		int match = sscanf(line, "%lx-%lx %7s", &from, &to, perms) == 3 &&
			    from < 0xffffe000UL; /* Linux's gate is not counted */

		for (int i = 0; match && i < 4; i++)
			match = permissions[i] == '.' || permissions[i] == perms[i];
		pages += match ? (long)((to - from) / PAGE) : 0;
	}
	return pages;
}

static void statm_says_the_same_as_maps(void)
{
	char *at = map(PAGES, MAP_PRIVATE);
	long data = statm(5);

	EXPECT_EQ(statm(0), pages_with("...."));
	EXPECT_EQ(statm(5), pages_with(".w.p"));
	EXPECT(statm(3) > 0 && statm(3) <= pages_with("..x.") + 1);
	EXPECT_EQ(statm(4), 0);
	EXPECT(statm(2) > 0 && statm(2) < statm(1));
	unmap(at, PAGES);
	EXPECT_EQ(statm(5), data - PAGES);
}

static long vmstat(const char *key)
{
	text[0] = '\n';
	text[1] = '\0';
	EXPECT(slurp("/proc/vmstat") > 0);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ' ')
			return strtol(line + strlen(key), NULL, 10);
	return -1;
}

static void vmstat_counts_faults(void)
{
	long before = vmstat("pgfault");
	char *at = map(PAGES, MAP_PRIVATE);

	EXPECT(before > 0);
	EXPECT(vmstat("pgmajfault") >= 0);
	touch(at, PAGES);
	EXPECT(vmstat("pgfault") >= before + PAGES);
	unmap(at, PAGES);
}

static void usage_counts_minor_faults_apart_from_major_ones(void)
{
	struct rusage before, after;
	char *at = map(PAGES, MAP_PRIVATE);

	EXPECT_OK(getrusage(RUSAGE_SELF, &before));
	touch(at, PAGES);
	EXPECT_OK(getrusage(RUSAGE_SELF, &after));
	EXPECT(after.ru_minflt >= before.ru_minflt + PAGES);
	EXPECT_EQ(after.ru_majflt, before.ru_majflt);
	unmap(at, PAGES);
}

static void child_copies_all(void)
{
	touch(shown, PAGES);
}

static void vmstat_counts_zeros_copies_and_flushes(void)
{
	long zeros, copies, singles;

	if (!ktap_is_gatehouse())
		SKIP("our own counters");
	zeros = vmstat("pgzero");
	shown = map(PAGES, MAP_PRIVATE);
	touch(shown, PAGES);
	EXPECT(vmstat("pgzero") >= zeros + PAGES);
	copies = vmstat("pgcopy");
	EXPECT_EXIT(ktap_child(child_copies_all), 0);
	EXPECT(vmstat("pgcopy") >= copies + PAGES);
	singles = vmstat("nr_tlb_local_flush_one");
	EXPECT_OK(mprotect(shown, PAGE, PROT_READ));
	EXPECT(vmstat("nr_tlb_local_flush_one") > singles);
	EXPECT(vmstat("nr_tlb_local_flush_all") > 0);
	EXPECT(vmstat("cr3_loads") > 0);
	EXPECT(vmstat("nr_tlb_remote_flush") >= 0);
	EXPECT(vmstat("nr_tlb_remote_flush_received") >= 0);
	unmap(shown, PAGES);
}

/* The words of the page's line in /proc/self/pagetable: its entry and letters; 0: none. */
static int entry_of(const void *address, unsigned long long *entry, char letters[8])
{
	char start[32];
	const char *line;

	snprintf(start, sizeof(start), "\npage  %08lx ", (unsigned long)address);
	EXPECT(slurp("/proc/self/pagetable") > 0);
	line = strstr(text, start);
	return line && sscanf(line, " page %*x %llx %7s", entry, letters) == 2;
}

static void pagetable_shows_entries(void)
{
	enum { PRESENT = 1, WRITE = 2, USER = 4 };
	unsigned long long entry = 0;
	char letters[8] = "", *at;

	if (!ktap_is_gatehouse())
		SKIP("a file of ours");
	at = map(2, MAP_PRIVATE);
	touch(at, 1);
	EXPECT(entry_of(at, &entry, letters));
	EXPECT_EQ(entry & (PRESENT | WRITE | USER), PRESENT | WRITE | USER);
	EXPECT_STR(letters, "--d-");
	EXPECT(!entry_of(at + PAGE, &entry, letters));
	EXPECT_OK(mprotect(at, PAGE, PROT_READ));
	EXPECT(entry_of(at, &entry, letters));
	EXPECT_EQ(entry & (PRESENT | WRITE | USER), PRESENT | USER);
	EXPECT_OK(mprotect(at, PAGE, PROT_NONE));
	EXPECT(entry_of(at, &entry, letters));
	EXPECT_EQ(entry & PRESENT, 0);
	unmap(at, 2);
	EXPECT(!strncmp(text, "cr3   ", 6) && strstr(text, "\npdpt  00000000 ") &&
	       strstr(text, "\ntable 08000000 "));
}

static const struct ktap_test tests[] = {
	KTAP(smaps_counts_pages_that_were_touched),
	KTAP(smaps_shows_what_fork_shares_and_a_write_copies),
	KTAP(smaps_divides_shared_memory_among_its_users),
	KTAP(smaps_knows_locked_memory),
	KTAP(each_region_adds_up),
	KTAP(rollup_is_the_sum_of_all),
	KTAP(statm_says_the_same_as_maps),
	KTAP(vmstat_counts_faults),
	KTAP(usage_counts_minor_faults_apart_from_major_ones),
	KTAP(vmstat_counts_zeros_copies_and_flushes),
	KTAP(pagetable_shows_entries),
};

KTAP_MAIN(tests)
