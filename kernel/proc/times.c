/* SPDX-License-Identifier: MIT */
/* Accounting. The time is exact (taken at switches); which part of it was the
 * program's own is known by sampling at the tick only, as in Linux.
 */
#include "proc/times.h"

#include "lib/div64.h"
#include "lib/string.h"
#include "vm/space.h"

enum { KIB_PER_PAGE = PAGE_SIZE / 1024 };

void accounting_add(struct accounting *a, const struct accounting *b)
{
	a->run_ns += b->run_ns;
	a->user_ns += b->user_ns;
	a->kernel_ns += b->kernel_ns;
	a->minor_faults += b->minor_faults;
	a->major_faults += b->major_faults;
	a->max_pages = MAX(a->max_pages, b->max_pages);
	a->voluntary += b->voluntary;
	a->involuntary += b->involuntary;
}

void accounting_add_thread(struct accounting *a, struct thread *t)
{
	a->run_ns += thread_run_ns(t);
	a->user_ns += t->user_ns;
	a->kernel_ns += t->kernel_ns;
}

void accounting_add_space(struct accounting *a, const struct space *s)
{
	a->minor_faults += s->minor_faults;
	a->major_faults += s->major_faults;
	a->max_pages = MAX(a->max_pages, s->mapped_pages);
}

void accounting_of_current(struct accounting *out)
{
	struct process *p = process_current();
	struct thread *t;

	spin_lock(&p->lock);
	*out = p->used;
	list_for_each_entry(t, &p->threads, process_link)
		accounting_add_thread(out, t);
	spin_unlock(&p->lock);
	accounting_add_space(out, p->space);
}

void accounting_of_children(struct accounting *out)
{
	spin_lock(&proctree_lock);
	*out = process_current()->children_used;
	spin_unlock(&proctree_lock);
}

void accounting_split(const struct accounting *a, uint64_t *user_ns, uint64_t *kernel_ns)
{
	uint32_t user = (uint32_t)div_u64(a->user_ns, TICK_NS, NULL);
	uint32_t kernel = (uint32_t)div_u64(a->kernel_ns, TICK_NS, NULL);

	*user_ns = a->run_ns;
	if (user + kernel)
		*user_ns = div_u64(a->run_ns, user + kernel, NULL) * user;
	*kernel_ns = a->run_ns - *user_ns;
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
	uint64_t user_ns, kernel_ns;

	accounting_split(a, &user_ns, &kernel_ns);
	memset(out, 0, sizeof(*out));
	out->ru_utime = timeval_of(user_ns);
	out->ru_stime = timeval_of(kernel_ns);
	out->ru_maxrss = (int32_t)(a->max_pages * KIB_PER_PAGE);
	out->ru_minflt = (int32_t)a->minor_faults;
	out->ru_majflt = (int32_t)a->major_faults;
	out->ru_nvcsw = (int32_t)a->voluntary;
	out->ru_nivcsw = (int32_t)a->involuntary;
}
