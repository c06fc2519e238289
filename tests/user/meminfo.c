/* SPDX-License-Identifier: MIT */
/* What /proc says of the machine's memory: Linux's names, and numbers that move as they should. */
#define _GNU_SOURCE
#include "slurp.h"

#include <sys/mman.h>

/* Each word of `names`, separated by blanks, begins a line of the file. */
static void expect_lines(const char *path, const char *names)
{
	char word[64], line[66];

	EXPECT(slurp(path) > 0);
	for (int n; sscanf(names, "%63s%n", word, &n) == 1; names += n) {
		snprintf(line, sizeof(line), "\n%s", word);
		if (strncmp(text, word, strlen(word)) && !strstr(text, line)) {
			printf("# %s lacks %s\n", path, word);
			EXPECT(0);
		}
	}
}

static void files_have_their_lines(void)
{
	expect_lines("/proc/meminfo",
		     "Buffers: Cached: SwapTotal: SwapFree: Dirty: Writeback: AnonPages: "
		     "Shmem: KReclaimable: Slab: SReclaimable: SUnreclaim: "
		     "KernelStack: PageTables: ");
	expect_lines(
		"/proc/vmstat",
		"nr_free_pages nr_anon_pages nr_file_pages nr_dirty nr_writeback nr_shmem "
		"nr_slab_reclaimable nr_slab_unreclaimable nr_kernel_stack nr_page_table_pages "
		"pgalloc_normal pgfree pgfault pgmajfault pgscan_file pgsteal_file "
		"pgsteal_kswapd pgsteal_direct pageoutrun drop_pagecache drop_slab oom_kill ");
	EXPECT(slurp("/proc/buddyinfo") > 0);
	EXPECT(!strncmp(text, "Node 0, zone ", 13));
	EXPECT(slurp("/proc/sys/vm/min_free_kbytes") > 0 && atoi(text) > 0);
}

static long long vmstat(const char *name)
{
	char line[64];
	const char *at;

	snprintf(line, sizeof(line), "\n%s ", name);
	at = slurp("/proc/vmstat") > 0 ? strstr(text, line) : NULL; /* not the first line */
	EXPECT(at != NULL);
	return at ? atoll(at + strlen(line)) : -1;
}

static void vmstat_counts_faults_and_pages(void)
{
	enum { PAGES = 100 };
	long long faults = vmstat("pgfault"), freed = vmstat("pgfree"),
		  anon = vmstat("nr_anon_pages");
	char *at = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	for (int i = 0; i < PAGES; i++)
		at[i * 4096] = 1;
	EXPECT(vmstat("pgfault") >= faults + PAGES);
	if (ktap_is_gatehouse())
		EXPECT(vmstat("nr_anon_pages") >= anon + PAGES);
	EXPECT_OK(munmap(at, PAGES * 4096));
	EXPECT(vmstat("pgfree") >= freed + PAGES / 2); /* Linux frees some of them later */
}

/* Columns 1 to 5 of a slab cache: what it is, how much of it. */
static void slabinfo_counts_objects(void)
{
	unsigned long used, all, size, per_slab, pages, slabs;
	char name[32], *line;
	int lines = 0;

	if (slurp("/proc/slabinfo") < 0 && errno == EACCES)
		SKIP("only for root");
	EXPECT(!strncmp(text, "slabinfo - version: 2.1\n# name ", 31));
	line = strchr(strchr(text, '\n') + 1, '\n') + 1;
	for (; line[0] && strchr(line, '\n'); line = strchr(line, '\n') + 1, lines++) {
		EXPECT_EQ(
			sscanf(line,
			       "%31s %lu %lu %lu %lu %lu : tunables %*u %*u %*u : slabdata %*u %lu",
			       name, &used, &all, &size, &per_slab, &pages, &slabs),
			7);
		EXPECT(used <= all && all <= slabs * per_slab && size * per_slab <= pages * 4096);
	}
	EXPECT(lines > 10);
}

static const struct ktap_test tests[] = {
	KTAP(files_have_their_lines),
	KTAP(vmstat_counts_faults_and_pages),
	KTAP(slabinfo_counts_objects),
};

KTAP_MAIN(tests)
