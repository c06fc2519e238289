/* SPDX-License-Identifier: MIT */
/* Robust locks: a thread keeps a list of those it holds in its own memory, which the kernel
 * walks when it ends. Nothing in that memory is to be believed: it may be unmapped, a ring
 * without end, or somebody else's words.
 */
#include <abi/futex.h>

#include "lib/errno.h"
#include "proc/futex.h"
#include "proc/process.h"

enum { ENTRY_PI = 1 }; /* in an entry's address */

/* The lock whose word is there: if the current thread holds it, it is marked and one waiter
 * woken. `pending`: the thread was about to take it or to give it up. -EFAULT: no good memory.
 */
static int robust_word_end(uaddr_t addr, bool pi, bool pending)
{
	struct futex_word word = { .addr = addr, .shared = true };
	uint32_t old, seen;
	int err;

	if (!IS_ALIGNED(addr, sizeof(uint32_t)))
		return -EFAULT;
	err = get_user32(&old, addr);
	if (!err && pending && !pi && !old) {
		futex_wake(word, 1, FUTEX_BITSET_MATCH_ANY); /* given up, and not told yet */
		return 0;
	}
	while (!err && (old & FUTEX_TID_MASK) == (uint32_t)current->tid) {
		seen = old;
		err = cmpxchg_user32(addr, &seen, (old & FUTEX_WAITERS) | FUTEX_OWNER_DIED);
		if (!err && seen == old) {
			if (!pi && (old & FUTEX_WAITERS))
				futex_wake(word, 1, FUTEX_BITSET_MATCH_ANY);
			return 0;
		}
		old = seen;
	}
	return err;
}

void robust_list_end(void)
{
	uaddr_t head = current->robust_list;
	struct abi_robust_list_head list;
	uint32_t entry, next;
	int err = 0;

	current->robust_list = 0;
	if (!head || copy_from_user(&list, head, sizeof(list)))
		return;
	entry = list.next;
	for (int i = 0; !err && i < ABI_ROBUST_LIST_MAX; i++) {
		uaddr_t at = entry & ~(uint32_t)ENTRY_PI;

		if (at == head)
			break;
		err = get_user32(&next, at); /* before another may have the lock */
		if (at != (list.pending & ~(uint32_t)ENTRY_PI) &&
		    robust_word_end(at + (uint32_t)list.offset, entry & ENTRY_PI, false))
			return;
		entry = next;
		sched_point();
	}
	entry = list.pending & ~(uint32_t)ENTRY_PI;
	if (entry)
		err = robust_word_end(entry + (uint32_t)list.offset, list.pending & ENTRY_PI, true);
}

int robust_list_of(int tid, uaddr_t *head)
{
	const struct cred *me = &process_current()->cred, *c;
	struct thread *t;
	int err = 0;

	spin_lock(&proctree_lock);
	t = tid ? thread_find(0, tid) : current;
	if (!t) {
		err = -ESRCH;
	} else {
		c = &t->process->cred;
		if (t->process != process_current() && me->euid != 0 &&
		    (me->uid != c->uid || me->uid != c->euid || me->uid != c->suid))
			err = -EPERM;
		*head = t->robust_list;
	}
	spin_unlock(&proctree_lock);
	return err;
}
