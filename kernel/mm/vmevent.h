/* SPDX-License-Identifier: MIT */
/* Events of memory management, counted on the CPU where they happen and summed up when
 * somebody asks. No lock: the kernel is not preempted, and a number is only ever one CPU's.
 */
#ifndef MM_VMEVENT_H
#define MM_VMEVENT_H

#include "core/percpu.h"

enum vmevent {
#define VMEVENT(name, what) VMEVENT_##name,
#include "mm/vmevent.def"
#undef VMEVENT
	VMEVENT_COUNT
};

struct vmevent_row {
	uint32_t count[VMEVENT_COUNT]; /* [c] wraps */
} __aligned(64);

extern struct vmevent_row vmevent_rows[MAX_CPUS];
extern const char *const vmevent_names[VMEVENT_COUNT];

static inline void vmevent_add(enum vmevent event, uint32_t n)
{
	vmevent_rows[this_cpu()->id].count[event] += n;
}

static inline void vmevent_count(enum vmevent event)
{
	vmevent_add(event, 1);
}

static inline void vmevent_uncount(enum vmevent event)
{
	vmevent_add(event, UINT32_MAX);
}

/* Of all CPUs; not exact while others count. */
uint32_t vmevent_sum(enum vmevent event);

#endif
