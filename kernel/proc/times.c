/* SPDX-License-Identifier: MIT */
/* Accounting. The time is exact (taken at switches); which part of it was the
 * program's own is known by sampling at the tick only, as in Linux.
 */
#include "proc/times.h"

#include <abi/time.h>

#include "lib/div64.h"
#include "lib/string.h"
#include "vm/space.h"

enum { KIB_PER_PAGE = PAGE_SIZE / 1024 };

void accounting_add(struct accounting *a, const struct accounting *b)
{
	a->run_ns += b->run_ns;
	a->time.user_ns += b->time.user_ns;
	a->time.kernel_ns += b->time.kernel_ns;
	a->minor_faults += b->minor_faults;
	a->major_faults += b->major_faults;
	a->max_pages = MAX(a->max_pages, b->max_pages);
	a->voluntary += b->voluntary;
	a->involuntary += b->involuntary;
}

void accounting_add_thread(struct accounting *a, struct thread *t)
{
	a->run_ns += thread_run_ns(t);
	a->ticks.user += t->ticks.user;
	a->ticks.kernel += t->ticks.kernel;
	a->voluntary += t->voluntary;
	a->involuntary += t->involuntary;
}

void accounting_add_space(struct accounting *a, const struct space *s)
{
	a->minor_faults += s->minor_faults;
	a->major_faults += s->major_faults;
	a->max_pages = MAX(a->max_pages, s->mapped_pages);
}

void accounting_divide(struct accounting *a)
{
	cputime_split(a->run_ns, a->ticks, &a->time);
}

void accounting_of_process(struct process *p, struct accounting *out)
{
	struct thread *t;

	assert_held(&p->lock);
	*out = p->used;
	list_for_each_entry(t, &p->threads, process_link)
		accounting_add_thread(out, t);
	if (p->space)
		accounting_add_space(out, p->space);
	accounting_divide(out);
	p->used.time = out->time;
}

void accounting_of_thread(struct thread *t, struct accounting *out)
{
	memset(out, 0, sizeof(*out));
	accounting_add_thread(out, t);
	cputime_split(out->run_ns, out->ticks, &t->told);
	out->time = t->told;
}

void accounting_of_current(struct accounting *out)
{
	struct process *p = process_current();

	spin_lock(&p->lock);
	accounting_of_process(p, out);
	spin_unlock(&p->lock);
}

void accounting_of_children(struct accounting *out)
{
	spin_lock(&proctree_lock);
	*out = process_current()->children_used;
	spin_unlock(&proctree_lock);
}

void accounting_to_siginfo(const struct accounting *a, struct abi_siginfo *info)
{
	const uint32_t tick = (uint32_t)(NSEC_PER_SEC / ABI_USER_HZ);

	info->si_utime = (int32_t)div_u64(a->time.user_ns, tick, NULL);
	info->si_stime = (int32_t)div_u64(a->time.kernel_ns, tick, NULL);
}

static struct abi_timeval32 timeval_of(uint64_t ns)
{
	struct abi_timeval32 tv;
	uint32_t rest;

	tv.tv_sec = (int32_t)div_u64(ns, NSEC_PER_SEC, &rest);
	tv.tv_usec = (int32_t)(rest / NSEC_PER_US);
	return tv;
}

void accounting_to_rusage(const struct accounting *a, struct abi_rusage *out)
{
	memset(out, 0, sizeof(*out));
	out->ru_utime = timeval_of(a->time.user_ns);
	out->ru_stime = timeval_of(a->time.kernel_ns);
	out->ru_maxrss = (int32_t)(a->max_pages * KIB_PER_PAGE);
	out->ru_minflt = (int32_t)a->minor_faults;
	out->ru_majflt = (int32_t)a->major_faults;
	out->ru_nvcsw = (int32_t)a->voluntary;
	out->ru_nivcsw = (int32_t)a->involuntary;
}
