/* SPDX-License-Identifier: MIT */
#include "sched/cputime.h"
#include "lib/div64.h"

void cputime_split(uint64_t total_ns, struct cpu_ticks ticks, struct cputime *told)
{
	uint32_t all = ticks.user + ticks.kernel;
	uint64_t user = all ? div_u64(total_ns, all, NULL) * ticks.user : total_ns;
	uint64_t kernel = total_ns - user;

	if (total_ns < told->user_ns + told->kernel_ns)
		return; /* two readers, the later one first */
	if (kernel < told->kernel_ns)
		kernel = told->kernel_ns;
	if (total_ns - kernel < told->user_ns)
		kernel = total_ns - told->user_ns;
	told->kernel_ns = kernel;
	told->user_ns = total_ns - kernel;
}
