/* SPDX-License-Identifier: MIT */
/* Free memory to the page, for tests of what must leave none behind. */
#pragma once

#include "ktap.h"

#include <sys/sysinfo.h>

enum { FREE_TRIES = 100, FREE_TRY_US = 10000 };

static int drop_fd = -1; /* /proc/sys/vm/drop_caches, if the test has opened it */

KTAP_UNUSED static void drop_caches(void)
{
	if (drop_fd >= 0)
		EXPECT_EQ(pwrite(drop_fd, "3", 1, 0), 1);
}

KTAP_UNUSED static unsigned long free_kib(void)
{
	struct sysinfo info;

	sync();
	drop_caches();
	EXPECT_OK(sysinfo(&info));
	return (unsigned long)((unsigned long long)info.freeram * info.mem_unit / 1024);
}

/* What a process had last goes after its parent heard of its end: waits for it. */
KTAP_UNUSED static unsigned long free_kib_once_all_ended(unsigned long expected)
{
	unsigned long now = free_kib();

	for (int i = 0; now < expected && i < FREE_TRIES; i++) {
		usleep(FREE_TRY_US);
		now = free_kib();
	}
	return now;
}
