/* SPDX-License-Identifier: MIT */
/* System calls: fcntl64 and flock. A range that a program names is made absolute here. */
#include "entry/decode.h"
#include "fs/lock.h"
#include "fs/vfs.h"

/* struct flock of all commands, in the form of the largest; *narrow: it was the small one. */
static int flock_get(struct abi_flock64 *lk, uaddr_t arg, bool narrow)
{
	struct abi_flock32 small;
	int err;

	if (!narrow)
		return copy_from_user(lk, arg, sizeof(*lk));
	err = copy_from_user(&small, arg, sizeof(small));
	*lk = (struct abi_flock64){ small.l_type, small.l_whence, small.l_start, small.l_len,
				    small.l_pid };
	return err;
}

static int flock_put(const struct abi_flock64 *lk, uaddr_t arg, bool narrow)
{
	struct abi_flock32 small = { lk->l_type, lk->l_whence, (int32_t)lk->l_start,
				     (int32_t)lk->l_len, lk->l_pid };

	if (!narrow)
		return copy_to_user(arg, lk, sizeof(*lk));
	if (lk->l_start > INT32_MAX || lk->l_len > INT32_MAX)
		return -EOVERFLOW;
	return copy_to_user(arg, &small, sizeof(small));
}

/* Where a range begins and ends (fcntl(2)): -EINVAL before the file's begin, -EOVERFLOW. */
static int range_from_user(struct file *f, const struct abi_flock64 *lk, struct lock_range *r)
{
	int64_t base = 0;

	switch (lk->l_whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = (int64_t)f->pos;
		break;
	case SEEK_END:
		base = f->vnode ? (int64_t)f->vnode->size : 0;
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, lk->l_start, &r->start))
		return -EOVERFLOW;
	if (r->start < 0)
		return -EINVAL;
	r->last = LOCK_TO_END;
	if (lk->l_len > 0 && __builtin_add_overflow(r->start, lk->l_len - 1, &r->last))
		return -EOVERFLOW;
	if (lk->l_len < 0) {
		r->last = r->start - 1;
		r->start += lk->l_len;
		if (r->start < 0)
			return -EINVAL;
	}
	r->type = lk->l_type;
	return r->type < F_RDLCK || r->type > F_UNLCK ? -EINVAL : 0;
}

static int get_lock(struct file *f, struct abi_flock64 *lk, struct lock_range *r)
{
	if (r->type == F_UNLCK)
		return -EINVAL;
	lock_find(f, r);
	lk->l_type = (int16_t)r->type;
	if (r->type == F_UNLCK)
		return 0; /* the rest of *lk stays as it is */
	lk->l_whence = SEEK_SET;
	lk->l_start = r->start;
	lk->l_len = r->last == LOCK_TO_END ? 0 : r->last - r->start + 1;
	lk->l_pid = r->pid;
	return 0;
}

/* The descriptor may have been closed meanwhile: its close saw no lock. */
static int set_lock(struct file *f, int32_t fd, const struct lock_range *r, bool wait)
{
	struct file *now;
	int err;

	if ((r->type == F_RDLCK && !file_readable(f)) || (r->type == F_WRLCK && !file_writable(f)))
		return -EBADF;
	err = lock_set(f, r, wait);
	if (err || r->type == F_UNLCK || r->owner == f)
		return syscall_restartable(err);
	now = fd_get(current_files(), fd);
	if (now != f) {
		lock_table_closes(current_files(), f);
		err = -EBADF;
	}
	if (now)
		file_put(now);
	return err;
}

static int lock_command(struct file *f, int32_t fd, uint32_t cmd, uaddr_t arg)
{
	bool narrow = cmd <= F_SETLKW, open_file = cmd >= F_OFD_GETLK;
	bool get = cmd == F_GETLK || cmd == F_GETLK64 || cmd == F_OFD_GETLK;
	bool wait = cmd == F_SETLKW || cmd == F_SETLKW64 || cmd == F_OFD_SETLKW;
	struct lock_range r = { .owner = current_files(), .pid = process_current()->id };
	struct abi_flock64 lk;
	int err = flock_get(&lk, arg, narrow);

	if (err)
		return err;
	if (open_file) {
		r.owner = f;
		r.pid = -1;
		if (lk.l_pid != 0)
			return -EINVAL;
	}
	err = range_from_user(f, &lk, &r);
	if (err)
		return err;
	if (!get)
		return set_lock(f, fd, &r, wait);
	err = get_lock(f, &lk, &r);
	return err ? err : flock_put(&lk, arg, narrow);
}

SYSCALL_ABI int32_t sys_fcntl64(int32_t fd, uint32_t cmd, uaddr_t arg)
{
	struct file *f;
	int32_t result;

	switch (cmd) {
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_GETLK64:
	case F_SETLK64:
	case F_SETLKW64:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		break;
	default:
		return fd_fcntl(current_files(), fd, cmd, arg, current_fd_limit());
	}
	f = fd_get_open(current_files(), fd);
	if (!f)
		return -EBADF;
	result = lock_command(f, fd, cmd, arg);
	file_put(f);
	return result;
}

SYSCALL_ABI int32_t sys_flock(int32_t fd, uint32_t operation)
{
	static const int types[] = {
		[LOCK_SH] = F_RDLCK, [LOCK_EX] = F_WRLCK, [LOCK_UN] = F_UNLCK
	};
	uint32_t kind = operation & ~(uint32_t)LOCK_NB;
	struct lock_range r = { .whole = true, .last = LOCK_TO_END, .pid = process_current()->id };
	struct file *f;
	int32_t result;

	if (kind != LOCK_SH && kind != LOCK_EX && kind != LOCK_UN)
		return -EINVAL;
	f = fd_get_open(current_files(), fd);
	if (!f)
		return -EBADF;
	r.owner = f;
	r.type = types[kind];
	result = lock_set(f, &r, !(operation & LOCK_NB));
	file_put(f);
	return syscall_restartable(result);
}
