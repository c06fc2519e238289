/* SPDX-License-Identifier: MIT */
/* System calls: futex and the lists of robust locks. */
#include <abi/futex.h>

#include "core/time.h"
#include "entry/decode.h"
#include "entry/timespec.h"
#include "proc/futex.h"

enum { OP_FLAGS = FUTEX_PRIVATE_FLAG | FUTEX_CLOCK_REALTIME };

/* What a wait goes on with after a signal: restart.arg */
enum { RESTART_ADDR, RESTART_SHARED, RESTART_VALUE, RESTART_BITSET };

static int32_t wait_until(struct futex_word word, uint32_t value, ktime_t deadline,
			  uint32_t bitset);

static int wait_restart(struct restart_block *r)
{
	struct futex_word word = { .addr = r->arg[RESTART_ADDR], .shared = r->arg[RESTART_SHARED] };

	return wait_until(word, r->arg[RESTART_VALUE], r->deadline, r->arg[RESTART_BITSET]);
}

/* A wait that will end by itself gives EINTR after a handler ran. */
static int32_t wait_until(struct futex_word word, uint32_t value, ktime_t deadline, uint32_t bitset)
{
	struct restart_block *r = &current->restart;
	int err = futex_wait(word, value, deadline, bitset);

	if (err != -EINTR || deadline == KTIME_NEVER)
		return syscall_restartable(err);
	r->fn = wait_restart;
	r->deadline = deadline;
	r->arg[RESTART_ADDR] = word.addr;
	r->arg[RESTART_SHARED] = word.shared;
	r->arg[RESTART_VALUE] = value;
	r->arg[RESTART_BITSET] = bitset;
	return -ERESTART_RESTARTBLOCK;
}

/* FUTEX_WAIT has a span, FUTEX_WAIT_BITSET a point in time of the clock it names. */
static int32_t wait_common(struct futex_word word, uint32_t op, uint32_t value, uaddr_t timeout,
			   uint32_t bitset, bool wide)
{
	ktime_t deadline = KTIME_NEVER;
	int err = 0;

	if (timeout && (op & ~(uint32_t)OP_FLAGS) == FUTEX_WAIT)
		err = deadline_from_user(&deadline, timeout, wide);
	else if (timeout)
		err = timespec_from_user(&deadline, timeout, wide);
	if (err)
		return err;
	if (timeout && (op & FUTEX_CLOCK_REALTIME))
		deadline -= ktime_real() - ktime_now();
	return wait_until(word, value, deadline, bitset);
}

static int32_t futex_common(uaddr_t addr, int32_t op, uint32_t value, uint32_t timeout,
			    uaddr_t addr2, uint32_t value3, bool wide)
{
	struct futex_word word = { addr, !(op & FUTEX_PRIVATE_FLAG) };
	struct futex_word word2 = { addr2, word.shared };
	uint32_t cmd = (uint32_t)op & ~(uint32_t)OP_FLAGS;

	if ((op & FUTEX_CLOCK_REALTIME) && cmd != FUTEX_WAIT_BITSET)
		return -ENOSYS;
	switch (cmd) {
	case FUTEX_WAIT:
		value3 = FUTEX_BITSET_MATCH_ANY;
		__attribute__((fallthrough));
	case FUTEX_WAIT_BITSET:
		return wait_common(word, (uint32_t)op, value, timeout, value3, wide);
	case FUTEX_WAKE:
		value3 = FUTEX_BITSET_MATCH_ANY;
		__attribute__((fallthrough));
	case FUTEX_WAKE_BITSET:
		return futex_wake(word, (int)value, value3);
	case FUTEX_REQUEUE:
		return futex_requeue(word, word2, (int)value, (int)timeout, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(word, word2, (int)value, (int)timeout, &value3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(word, word2, (int)value, (int)timeout, value3);
	default:
		return -ENOSYS;
	}
}

SYSCALL_ABI int32_t sys_futex(uaddr_t word, int32_t op, uint32_t value, uaddr_t timeout,
			      uaddr_t word2, uint32_t value3)
{
	return futex_common(word, op, value, timeout, word2, value3, false);
}

SYSCALL_ABI int32_t sys_futex_time64(uaddr_t word, int32_t op, uint32_t value, uaddr_t timeout,
				     uaddr_t word2, uint32_t value3)
{
	return futex_common(word, op, value, timeout, word2, value3, true);
}

SYSCALL_ABI int32_t sys_set_robust_list(uaddr_t head, uint32_t size)
{
	if (size != sizeof(struct abi_robust_list_head))
		return -EINVAL;
	current->robust_list = head;
	return 0;
}

SYSCALL_ABI int32_t sys_get_robust_list(int32_t tid, uaddr_t head, uaddr_t size)
{
	uaddr_t list;
	int err = robust_list_of(tid, &list);

	if (!err)
		err = put_user32(size, sizeof(struct abi_robust_list_head));
	return err ? err : put_user32(head, list);
}
