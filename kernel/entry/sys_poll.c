/* SPDX-License-Identifier: MIT */
/* System calls: poll and select. Both become a list of files and of what is wanted
 * of each. What was left of a time-out goes back to the program (but for poll), so
 * that a call which a signal interrupted can be made again.
 */
#include "entry/decode.h"
#include "entry/poll_args.h"
#include "entry/timespec.h"
#include "fs/poll.h"
#include "lib/string.h"
#include "mm/slab.h"

enum {
	FD_SET_BITS = 32,
	SETS = 3, /* to read, to write, exceptional */
	/* What select calls ready. */
	SELECT_READ = POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR,
	SELECT_WRITE = POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR,
	SELECT_EXCEPT = POLLPRI,
};

static const unsigned select_events[SETS] = { SELECT_READ, SELECT_WRITE, SELECT_EXCEPT };

/* ---- time-outs ---- */

int deadline_from_user(ktime_t *out, uaddr_t ts, bool wide)
{
	ktime_t span;
	int err;

	*out = KTIME_NEVER;
	if (!ts)
		return 0;
	err = timespec_from_user(&span, ts, wide);
	if (!err)
		*out = deadline_after(span);
	return err;
}

static ktime_t time_left(ktime_t deadline)
{
	return deadline ? MAX(deadline - ktime_now(), (ktime_t)0) : 0;
}

/* Back to the program. That it cannot be told is no reason to lose the result. */
static void time_left_to_user(uaddr_t ts, ktime_t deadline, bool wide)
{
	int err = 0;

	if (ts && deadline != KTIME_NEVER)
		err = timespec_to_user(ts, time_left(deadline), wide);
	(void)err;
}

/* ---- the mask of ppoll and pselect6 ---- */

/* set 0: none is asked for. -EINVAL, -EFAULT. */
int mask_begin(uaddr_t set, uint32_t size)
{
	sigset_t mask;
	int err;

	if (!set)
		return 0;
	if (size != sizeof(mask))
		return -EINVAL;
	err = copy_from_user(&mask, set, sizeof(mask));
	if (!err)
		signal_set_blocked_for_call(mask);
	return err;
}

static int32_t mask_end(int32_t result)
{
	signal_end_call(result == -EINTR);
	return result == -EINTR ? -ERESTARTNOHAND : result;
}

/* ---- poll ---- */

struct poll_call {
	struct abi_pollfd *fds;
	struct poll_item *items;
	unsigned n;
};

static int poll_begin(struct poll_call *c, uaddr_t fds, uint32_t n)
{
	int err;

	if (n > current_fd_limit())
		return -EINVAL;
	c->n = n;
	c->items = kzalloc(n * (sizeof(*c->items) + sizeof(*c->fds)) + 1);
	if (!c->items)
		return -ENOMEM;
	c->fds = (struct abi_pollfd *)(c->items + n);
	err = copy_from_user(c->fds, fds, n * sizeof(*c->fds));
	if (err)
		kfree(c->items);
	return err;
}

/* Finds the files. The number of those that are none. */
static int poll_find(struct poll_call *c)
{
	int invalid = 0;

	for (unsigned i = 0; i < c->n; i++) {
		struct abi_pollfd *p = &c->fds[i];

		p->revents = 0;
		if (p->fd < 0)
			continue;
		c->items[i].wanted = (uint16_t)p->events | POLLERR | POLLHUP;
		c->items[i].file = fd_get_open(current_files(), p->fd);
		if (!c->items[i].file) {
			p->revents = POLLNVAL;
			invalid++;
		}
	}
	return invalid;
}

/* Only the results go back, and the files. */
static int32_t poll_end(struct poll_call *c, uaddr_t fds, int32_t result)
{
	int err = 0;

	for (unsigned i = 0; i < c->n; i++) {
		uaddr_t to = fds +
			     (uaddr_t)(i * sizeof(*c->fds) + offsetof(struct abi_pollfd, revents));

		if (c->items[i].file) {
			c->fds[i].revents = (int16_t)c->items[i].ready;
			file_put(c->items[i].file);
		}
		if (!err && result >= 0)
			err = copy_to_user(to, &c->fds[i].revents, sizeof(c->fds[i].revents));
	}
	kfree(c->items);
	return err ? err : result;
}

static int32_t poll_common(uaddr_t fds, uint32_t n, ktime_t deadline)
{
	struct poll_call c;
	int32_t result, invalid;
	int err = poll_begin(&c, fds, n);

	if (err)
		return err;
	invalid = poll_find(&c);
	result = poll_files(c.items, c.n, invalid ? 0 : deadline);
	if (result >= 0)
		result += invalid;
	return poll_end(&c, fds, result);
}

enum { RESTART_FDS, RESTART_COUNT }; /* restart.arg of poll */

static int poll_restart(struct restart_block *r);

static int poll_until(uaddr_t fds, uint32_t n, ktime_t deadline)
{
	struct restart_block *r = &current->restart;
	int32_t result = poll_common(fds, n, deadline);

	if (result != -EINTR)
		return result;
	r->fn = poll_restart;
	r->deadline = deadline;
	r->arg[RESTART_FDS] = fds;
	r->arg[RESTART_COUNT] = n;
	return -ERESTART_RESTARTBLOCK;
}

static int poll_restart(struct restart_block *r)
{
	return poll_until(r->arg[RESTART_FDS], r->arg[RESTART_COUNT], r->deadline);
}

/* timeout in milliseconds, negative: none. */
SYSCALL_ABI int32_t sys_poll(uaddr_t fds, uint32_t nfds, int32_t timeout)
{
	ktime_t deadline = timeout < 0 ? KTIME_NEVER : deadline_after(timeout * NSEC_PER_MS);

	return poll_until(fds, nfds, deadline);
}

static int32_t ppoll_common(uaddr_t fds, uint32_t nfds, uaddr_t timeout, uaddr_t sigmask,
			    uint32_t size, bool wide)
{
	ktime_t deadline;
	int32_t result;
	int err = deadline_from_user(&deadline, timeout, wide);

	if (!err)
		err = mask_begin(sigmask, size);
	if (err)
		return err;
	result = poll_common(fds, nfds, deadline);
	time_left_to_user(timeout, deadline, wide);
	return mask_end(result);
}

SYSCALL_ABI int32_t sys_ppoll(uaddr_t fds, uint32_t nfds, uaddr_t timeout, uaddr_t sigmask,
			      uint32_t sigset_size)
{
	return ppoll_common(fds, nfds, timeout, sigmask, sigset_size, false);
}

SYSCALL_ABI int32_t sys_ppoll_time64(uaddr_t fds, uint32_t nfds, uaddr_t timeout, uaddr_t sigmask,
				     uint32_t sigset_size)
{
	return ppoll_common(fds, nfds, timeout, sigmask, sigset_size, true);
}

/* ---- select ---- */

struct select_call {
	uaddr_t set[SETS]; /* where they are; 0: not given */
	uint32_t *bits;    /* of all three, one after the other */
	unsigned words;    /* of each */
	struct poll_item *items;
	unsigned n;
};

static uint32_t *select_word(const struct select_call *c, unsigned set, unsigned fd)
{
	return &c->bits[set * c->words + fd / FD_SET_BITS];
}

/* Numbers above all that the table holds name nothing and are not looked at. */
static int select_begin(struct select_call *c, int32_t nfds)
{
	int err = 0;

	if (nfds < 0)
		return -EINVAL;
	c->n = MIN((unsigned)nfds, READ_ONCE(current_files()->capacity));
	c->words = DIV_ROUND_UP(c->n, FD_SET_BITS);
	c->items = kzalloc(c->n * sizeof(*c->items) + SETS * c->words * sizeof(uint32_t) + 1);
	if (!c->items)
		return -ENOMEM;
	c->bits = (uint32_t *)(c->items + c->n);
	for (unsigned s = 0; s < SETS && !err; s++)
		if (c->set[s])
			err = copy_from_user(select_word(c, s, 0), c->set[s],
					     c->words * sizeof(uint32_t));
	if (err)
		kfree(c->items);
	return err;
}

/* -EBADF: a number that is asked for is no open file. */
static int select_find(struct select_call *c)
{
	for (unsigned fd = 0; fd < c->n; fd++) {
		uint32_t bit = 1u << fd % FD_SET_BITS;

		for (unsigned s = 0; s < SETS; s++)
			if (*select_word(c, s, fd) & bit)
				c->items[fd].wanted |= select_events[s];
		if (!c->items[fd].wanted)
			continue;
		c->items[fd].file = fd_get_open(current_files(), (int)fd);
		if (!c->items[fd].file)
			return -EBADF;
	}
	return 0;
}

/* What was asked for and is ready stays set. How many bits that are. */
static int32_t select_collect(struct select_call *c)
{
	int32_t count = 0;

	for (unsigned fd = 0; fd < c->n; fd++) {
		uint32_t bit = 1u << fd % FD_SET_BITS;

		for (unsigned s = 0; s < SETS; s++) {
			uint32_t *word = select_word(c, s, fd);

			if (!(*word & bit))
				continue;
			if (c->items[fd].ready & select_events[s])
				count++;
			else
				*word &= ~bit;
		}
	}
	return count;
}

static int32_t select_end(struct select_call *c, int32_t result)
{
	int err = 0;

	for (unsigned fd = 0; fd < c->n; fd++)
		if (c->items[fd].file)
			file_put(c->items[fd].file);
	for (unsigned s = 0; s < SETS && !err && result >= 0; s++)
		if (c->set[s])
			err = copy_to_user(c->set[s], select_word(c, s, 0),
					   c->words * sizeof(uint32_t));
	kfree(c->items);
	return err ? err : result;
}

static int32_t select_common(struct select_call *c, int32_t nfds, ktime_t deadline)
{
	int32_t result;
	int err = select_begin(c, nfds);

	if (err)
		return err;
	result = select_find(c);
	if (!result)
		result = poll_files(c->items, c->n, deadline);
	if (result >= 0)
		result = select_collect(c);
	return select_end(c, result);
}

SYSCALL_ABI int32_t sys__newselect(int32_t nfds, uaddr_t readfds, uaddr_t writefds,
				   uaddr_t exceptfds, uaddr_t timeout)
{
	struct select_call c = { .set = { readfds, writefds, exceptfds } };
	struct abi_timeval32 tv;
	ktime_t deadline = KTIME_NEVER;
	int32_t result, nsec;
	int err = 0;

	if (timeout) {
		err = copy_from_user(&tv, timeout, sizeof(tv));
		if (err)
			return err;
		if (tv.tv_sec < 0 || tv.tv_usec < 0)
			return -EINVAL;
		deadline = deadline_after(ktime_from_timespec(tv.tv_sec, 0) +
					  (ktime_t)tv.tv_usec * NSEC_PER_US);
	}
	result = select_common(&c, nfds, deadline);
	if (timeout) {
		tv.tv_sec = (int32_t)ktime_to_timespec(time_left(deadline), &nsec);
		tv.tv_usec = nsec / (int32_t)NSEC_PER_US;
		err = copy_to_user(timeout, &tv, sizeof(tv)); /* no reason to lose the result */
	}
	return result == -EINTR ? -ERESTARTNOHAND : result;
}

SYSCALL_ABI int32_t sys_select(uaddr_t args)
{
	struct abi_select_args a;
	int err = copy_from_user(&a, args, sizeof(a));

	return err ? err
		   : sys__newselect((int32_t)a.nfds, a.readfds, a.writefds, a.exceptfds, a.timeout);
}

static int32_t pselect_common(struct select_call *c, int32_t nfds, uaddr_t timeout, uaddr_t sigmask,
			      bool wide)
{
	struct abi_sigset_arg mask = { 0, 0 };
	ktime_t deadline;
	int32_t result;
	int err = sigmask ? copy_from_user(&mask, sigmask, sizeof(mask)) : 0;

	if (!err)
		err = deadline_from_user(&deadline, timeout, wide);
	if (!err)
		err = mask_begin(mask.set, mask.size);
	if (err)
		return err;
	result = select_common(c, nfds, deadline);
	time_left_to_user(timeout, deadline, wide);
	return mask_end(result);
}

SYSCALL_ABI int32_t sys_pselect6(int32_t nfds, uaddr_t readfds, uaddr_t writefds, uaddr_t exceptfds,
				 uaddr_t timeout, uaddr_t sigmask)
{
	struct select_call c = { .set = { readfds, writefds, exceptfds } };

	return pselect_common(&c, nfds, timeout, sigmask, false);
}

SYSCALL_ABI int32_t sys_pselect6_time64(int32_t nfds, uaddr_t readfds, uaddr_t writefds,
					uaddr_t exceptfds, uaddr_t timeout, uaddr_t sigmask)
{
	struct select_call c = { .set = { readfds, writefds, exceptfds } };

	return pselect_common(&c, nfds, timeout, sigmask, true);
}
