/* SPDX-License-Identifier: MIT */
/* Counters of memory management: one row per CPU. */
#include "mm/vmevent.h"

struct vmevent_row vmevent_rows[MAX_CPUS];

const char *const vmevent_names[VMEVENT_COUNT] = {
#define VMEVENT(name, what) #name,
#include "mm/vmevent.def"
#undef VMEVENT
};

uint32_t vmevent_sum(enum vmevent event)
{
	uint32_t sum = 0;

	for (unsigned cpu = 0; cpu < cpu_count; cpu++)
		sum += vmevent_rows[cpu].count[event];
	return sum;
}
