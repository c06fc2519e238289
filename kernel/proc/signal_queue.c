/* SPDX-License-Identifier: MIT */
/* Pending signals: a set, and a queue of records that tell why each came. A standard
 * signal is pending at most once, with the first record; a real-time signal as often as it
 * was sent. Without memory a record is lost, never the signal. Lock: process->lock.
 */
#include "lib/errno.h"
#include "mm/slab.h"
#include "proc/process.h"
#include "proc/signal.h"

struct record {
	struct list link;
	struct abi_siginfo info;
};

static struct slab_cache record_cache = SLAB_CACHE("queued_signals", struct record);
static atomic_t record_count;

/* Faults of the program itself go before all others (SIGKILL is not kept waiting either:
 * whoever takes anything takes it first).
 */
#define SIGNALS_FIRST \
	(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSEGV) | SIGNAL_BIT(SIGBUS) | SIGNAL_BIT(SIGILL) | \
	 SIGNAL_BIT(SIGTRAP) | SIGNAL_BIT(SIGFPE) | SIGNAL_BIT(SIGSYS))

/* Records of all processes of that user. Caller holds proctree_lock. */
static unsigned queued_for_user(uid_t uid)
{
	const struct process *p;
	unsigned count = 0;

	assert_held(&proctree_lock);
	list_for_each_entry(p, &process_all, all_link)
		if (p->cred.uid == uid)
			count += READ_ONCE(p->signals.queued);
	return count;
}

/* RLIMIT_SIGPENDING holds for what programs queue, and mostly there are fewer records in all. */
static bool may_queue(const struct process *p, const struct abi_siginfo *info)
{
	uint64_t limit = p->limits[RLIMIT_SIGPENDING].rlim_cur;

	if (info->si_signo < ABI_SIGRTMIN && info->si_code >= 0)
		return true;
	return (unsigned)atomic_read(&record_count) < limit || queued_for_user(p->cred.uid) < limit;
}

int signal_pend(struct process *p, struct signal_pending *to, const struct abi_siginfo *info)
{
	sigset_t bit = SIGNAL_BIT(info->si_signo);
	struct record *r = NULL;

	assert_held(&p->lock);
	if (info->si_signo < ABI_SIGRTMIN && (to->set & bit))
		return 0;
	if (may_queue(p, info))
		r = slab_alloc(&record_cache);
	if (!r && info->si_signo >= ABI_SIGRTMIN && info->si_code != SI_USER)
		return -EAGAIN;
	to->set |= bit;
	if (!r)
		return 0;
	r->info = *info;
	list_add_tail(&to->queue, &r->link);
	p->signals.queued++;
	atomic_inc(&record_count);
	return 0;
}

static void record_free(struct process *p, struct record *r)
{
	list_remove(&r->link);
	p->signals.queued--;
	atomic_dec(&record_count);
	slab_free(&record_cache, r);
}

void signal_unpend(struct process *p, struct signal_pending *from, int sig,
		   struct abi_siginfo *info)
{
	struct record *r, *oldest = NULL;
	bool more = false;

	list_for_each_entry(r, &from->queue, link) {
		if (r->info.si_signo != sig)
			continue;
		more = oldest;
		if (more)
			break;
		oldest = r;
	}
	if (!more)
		from->set &= ~SIGNAL_BIT(sig);
	if (!oldest) {
		*info = (struct abi_siginfo){ .si_signo = sig, .si_code = SI_USER };
		return;
	}
	*info = oldest->info;
	record_free(p, oldest);
}

void signal_forget(struct process *p, struct signal_pending *from, sigset_t set)
{
	struct record *r, *next;

	if (!(from->set & set))
		return;
	from->set &= ~set;
	list_for_each_entry_safe(r, next, &from->queue, link)
		if (set & SIGNAL_BIT(r->info.si_signo))
			record_free(p, r);
}

void process_forget_signals(struct process *p, sigset_t set)
{
	struct thread *t;

	signal_forget(p, &p->signals.pending, set);
	list_for_each_entry(t, &p->threads, process_link)
		signal_forget(p, &t->sig_pending, set);
}

static int signal_lowest(sigset_t set)
{
	uint32_t low = (uint32_t)set;

	return low ? __builtin_ctz(low) + 1 : __builtin_ctz((uint32_t)(set >> 32)) + 33;
}

int signal_take(struct process *p, struct thread *t, sigset_t set, struct abi_siginfo *info)
{
	struct signal_pending *from = &t->sig_pending;
	sigset_t found = from->set & set;
	int sig;

	if (!found) {
		from = &p->signals.pending;
		found = from->set & set;
	}
	if (!found)
		return 0;
	sig = signal_lowest(found & SIGNALS_FIRST ? found & SIGNALS_FIRST : found);
	signal_unpend(p, from, sig, info);
	return sig;
}
