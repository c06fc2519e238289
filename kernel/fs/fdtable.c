/* SPDX-License-Identifier: MIT */
/* Descriptor tables. `used` says which numbers are taken; `files` holds the open
 * file, or NULL while the number is only reserved by an open in progress.
 * Invariant: every number below `low` is taken. Lock: t->lock (rank FDTABLE);
 * files are put after it is dropped.
 */
#include "fs/fdtable.h"

#include "fs/lock.h"
#include "fs/pipe.h"
#include "lib/bitmap.h"
#include "lib/errno.h"
#include "lib/string.h"
#include "mm/slab.h"

static struct slab_cache fdtable_cache = SLAB_CACHE("fdtable", struct fdtable);

struct fdtable *fdtable_create(void)
{
	struct fdtable *t = slab_alloc_zero(&fdtable_cache);

	if (!t)
		return NULL;
	atomic_set(&t->users, 1);
	spin_init(&t->lock, LOCK_FDTABLE);
	t->capacity = FDTABLE_FIRST;
	t->files = t->first_files;
	t->used = &t->first_bits[0];
	t->cloexec = &t->first_bits[1];
	return t;
}

/* One allocation holds the three arrays of a table that outgrew its struct. */
struct arrays {
	uint32_t capacity;
	struct file **files;
	uint32_t *used, *cloexec;
};

static int arrays_alloc(struct arrays *a, uint32_t capacity)
{
	uint32_t words = BITMAP_WORDS(capacity);
	uint8_t *mem = kzalloc(capacity * sizeof(struct file *) + 2 * words * sizeof(uint32_t));

	if (!mem)
		return -ENOMEM;
	a->capacity = capacity;
	a->files = (struct file **)mem;
	a->used = (uint32_t *)(mem + capacity * sizeof(struct file *));
	a->cloexec = a->used + words;
	return 0;
}

/* Copies t's arrays into a and makes a t's. Returns what to free. Caller holds t->lock. */
static void *arrays_install(struct fdtable *t, const struct arrays *a)
{
	void *old = t->files == t->first_files ? NULL : t->files;
	uint32_t bytes = BITMAP_WORDS(t->capacity) * sizeof(uint32_t);

	memcpy(a->files, t->files, t->capacity * sizeof(struct file *));
	memcpy(a->used, t->used, bytes);
	memcpy(a->cloexec, t->cloexec, bytes);
	t->files = a->files;
	t->used = a->used;
	t->cloexec = a->cloexec;
	t->capacity = a->capacity;
	return old;
}

/* Makes room for number fd. -ENOMEM. Nobody else may have grown it less than needed. */
static int fdtable_grow(struct fdtable *t, unsigned fd)
{
	uint32_t capacity = READ_ONCE(t->capacity);
	struct arrays a;
	void *unused;

	while (capacity <= fd)
		capacity *= 2;
	if (arrays_alloc(&a, capacity) != 0)
		return -ENOMEM;
	spin_lock(&t->lock);
	unused = t->capacity < a.capacity ? arrays_install(t, &a) : a.files;
	spin_unlock(&t->lock);
	kfree(unused);
	return 0;
}

/* Copies every open descriptor. Caller holds t->lock; copy has the room. */
static void table_copy(struct fdtable *copy, struct fdtable *t)
{
	for (uint32_t w = 0; w < BITMAP_WORDS(t->capacity); w++) {
		copy->cloexec[w] = t->cloexec[w];
		for (uint32_t used = t->used[w]; used; used &= used - 1) {
			unsigned fd = w * BITMAP_WORD_BITS + (unsigned)__builtin_ctz(used);
			struct file *f = t->files[fd];

			if (!f)
				continue; /* reserved by an open in another thread */
			file_get(f);
			copy->files[fd] = f;
			bitmap_set(copy->used, fd);
		}
	}
}

struct fdtable *fdtable_fork(struct fdtable *t)
{
	struct fdtable *copy = fdtable_create();

	if (!copy)
		return NULL;
	spin_lock(&t->lock);
	while (copy->capacity < t->capacity) {
		uint32_t capacity = t->capacity;

		spin_unlock(&t->lock);
		if (fdtable_grow(copy, capacity - 1) != 0) {
			fdtable_put(copy);
			return NULL;
		}
		spin_lock(&t->lock);
	}
	table_copy(copy, t);
	spin_unlock(&t->lock);
	return copy;
}

void fdtable_get(struct fdtable *t)
{
	atomic_inc(&t->users);
}

/* Takes fd out of the table. Returns its file or NULL. Caller holds t->lock. */
static struct file *table_clear(struct fdtable *t, unsigned fd)
{
	struct file *f = t->files[fd];

	t->files[fd] = NULL;
	bitmap_clear(t->used, fd);
	bitmap_clear(t->cloexec, fd);
	if (fd < t->low)
		t->low = fd;
	return f;
}

/* One descriptor of f in t is no more. May sleep. */
static void file_close(struct fdtable *t, struct file *f)
{
	lock_table_closes(t, f);
	file_put(f);
}

void fdtable_put(struct fdtable *t)
{
	if (!atomic_dec_and_test(&t->users))
		return;
	for (uint32_t w = 0; w < BITMAP_WORDS(t->capacity); w++) {
		for (uint32_t used = t->used[w]; used; used &= used - 1) {
			struct file *f =
				t->files[w * BITMAP_WORD_BITS + (unsigned)__builtin_ctz(used)];

			if (f)
				file_close(t, f);
		}
	}
	if (t->files != t->first_files)
		kfree(t->files);
	slab_free(&fdtable_cache, t);
}

void fdtable_close_on_exec(struct fdtable *t)
{
	for (uint32_t w = 0; w < BITMAP_WORDS(t->capacity); w++) {
		for (uint32_t bits = t->cloexec[w]; bits; bits &= bits - 1) {
			unsigned fd = w * BITMAP_WORD_BITS + (unsigned)__builtin_ctz(bits);
			struct file *f;

			spin_lock(&t->lock); /* for who looks at it from outside */
			f = table_clear(t, fd);
			spin_unlock(&t->lock);
			if (f)
				file_close(t, f);
		}
	}
}

struct file *fd_get_shared(struct fdtable *t, unsigned fd)
{
	struct file *f = NULL;

	spin_lock(&t->lock);
	if (fd < t->capacity)
		f = t->files[fd];
	if (f)
		file_get(f);
	spin_unlock(&t->lock);
	return f;
}

struct file *fd_get_open(struct fdtable *t, int fd)
{
	struct file *f = fd_get(t, fd);

	if (!f || !(f->flags & O_PATH))
		return f;
	file_put(f);
	return NULL;
}

/* Marks fd taken. Caller holds t->lock. */
static void table_take(struct fdtable *t, unsigned fd, bool cloexec)
{
	bitmap_set(t->used, fd);
	if (cloexec)
		bitmap_set(t->cloexec, fd);
	else
		bitmap_clear(t->cloexec, fd);
	if (fd == t->low)
		t->low = fd + 1;
}

int fd_reserve(struct fdtable *t, unsigned min, unsigned limit, bool cloexec)
{
	limit = MIN(limit, (unsigned)FDTABLE_MAX);
	if (min >= limit)
		return min == 0 ? -EMFILE : -EINVAL;
	for (;;) {
		unsigned fd;
		bool room;

		spin_lock(&t->lock);
		fd = bitmap_find_first_zero(t->used, MAX(min, t->low), t->capacity);
		fd = MAX(fd, min);
		room = fd < t->capacity;
		if (room && fd < limit)
			table_take(t, fd, cloexec);
		spin_unlock(&t->lock);
		if (fd >= limit)
			return -EMFILE;
		if (room)
			return (int)fd;
		if (fdtable_grow(t, fd) != 0)
			return -ENOMEM;
	}
}

void fd_install(struct fdtable *t, int fd, struct file *f)
{
	spin_lock(&t->lock);
	assert(bitmap_test(t->used, (unsigned)fd) && !t->files[fd]);
	t->files[fd] = f;
	spin_unlock(&t->lock);
}

void fd_cancel(struct fdtable *t, int fd)
{
	spin_lock(&t->lock);
	assert(!t->files[fd]);
	table_clear(t, (unsigned)fd);
	spin_unlock(&t->lock);
}

int fd_close(struct fdtable *t, int fd)
{
	struct file *f = NULL;

	spin_lock(&t->lock);
	if ((unsigned)fd < t->capacity && t->files[fd])
		f = table_clear(t, (unsigned)fd);
	spin_unlock(&t->lock);
	if (!f)
		return -EBADF;
	file_close(t, f);
	return 0;
}

int fd_dup(struct fdtable *t, int fd, unsigned min, unsigned limit, bool cloexec)
{
	struct file *f = fd_get(t, fd);
	int new_fd;

	if (!f)
		return -EBADF;
	new_fd = fd_reserve(t, min, limit, cloexec);
	if (new_fd < 0)
		file_put(f);
	else
		fd_install(t, new_fd, f);
	return new_fd;
}

/* Puts f at new_fd and returns what was there. -EBUSY: just being opened. Caller
 * holds t->lock and has made room.
 */
static int table_replace(struct fdtable *t, unsigned new_fd, struct file *f, bool cloexec,
			 struct file **old)
{
	*old = t->files[new_fd];
	if (!*old && bitmap_test(t->used, new_fd))
		return -EBUSY;
	table_take(t, new_fd, cloexec);
	t->files[new_fd] = f;
	return 0;
}

int fd_dup_to(struct fdtable *t, int old_fd, int new_fd, unsigned limit, bool cloexec)
{
	struct file *f, *replaced = NULL;
	int err = 0;

	if ((unsigned)new_fd >= MIN(limit, (unsigned)FDTABLE_MAX))
		return -EBADF;
	f = fd_get(t, old_fd);
	if (!f)
		return -EBADF;
	if ((unsigned)new_fd >= t->capacity)
		err = fdtable_grow(t, (unsigned)new_fd);
	if (!err) {
		spin_lock(&t->lock);
		err = table_replace(t, (unsigned)new_fd, f, cloexec, &replaced);
		spin_unlock(&t->lock);
	}
	if (err)
		file_put(f);
	else if (replaced)
		file_close(t, replaced);
	return err ? err : new_fd;
}

static int fd_set_cloexec(struct fdtable *t, unsigned fd, bool on)
{
	int err = -EBADF;

	spin_lock(&t->lock);
	if (fd < t->capacity && t->files[fd]) {
		if (on)
			bitmap_set(t->cloexec, fd);
		else
			bitmap_clear(t->cloexec, fd);
		err = 0;
	}
	spin_unlock(&t->lock);
	return err;
}

/* F_SETFL changes these alone. O_APPEND and O_NONBLOCK have an effect here. */
enum { SETFL_MASK = O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME };

static int file_fcntl(struct file *f, unsigned cmd, uint32_t arg)
{
	switch (cmd) {
	case F_GETFL:
		return (int)f->flags;
	case F_SETFL:
		if (f->flags & O_PATH)
			return -EBADF;
		f->flags = (f->flags & ~(uint32_t)SETFL_MASK) | (arg & SETFL_MASK);
		return 0;
	default:
		return -EINVAL;
	}
}

int fd_fcntl(struct fdtable *t, int fd, unsigned cmd, uint32_t arg, unsigned limit)
{
	struct file *f = fd_get(t, fd);
	int result;

	if (!f)
		return -EBADF;
	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		result = fd_dup(t, fd, arg, limit, cmd == F_DUPFD_CLOEXEC);
		break;
	case F_GETFD:
		spin_lock(&t->lock);
		result = bitmap_test(t->cloexec, (unsigned)fd) ? FD_CLOEXEC : 0;
		spin_unlock(&t->lock);
		break;
	case F_SETFD:
		result = fd_set_cloexec(t, (unsigned)fd, arg & FD_CLOEXEC);
		break;
	default:
		result = file_fcntl(f, cmd, arg);
	}
	file_put(f);
	return result;
}

uint32_t fdtable_pages(struct fdtable *t)
{
	uint32_t pages = 0, files = 0;

	spin_lock(&t->lock);
	for (uint32_t fd = 0; fd < t->capacity; fd++) {
		if (!t->files[fd])
			continue;
		files++;
		pages += pipe_pages(t->files[fd]) / 2;
	}
	spin_unlock(&t->lock);
	return pages + files / FILES_PER_PAGE;
}

unsigned fdtable_open_count(struct fdtable *t)
{
	unsigned n = 0;

	spin_lock(&t->lock);
	for (uint32_t fd = 0; fd < t->capacity; fd++)
		n += t->files[fd] != NULL;
	spin_unlock(&t->lock);
	return n;
}

/* Not referenced. Caller holds t->lock. */
static struct file *find_next(struct fdtable *t, unsigned *fd)
{
	struct file *f = NULL;

	for (uint32_t n = *fd; !f && n < t->capacity; n++) {
		n = bitmap_find_first_set(t->used, n, t->capacity);
		f = n < t->capacity ? t->files[n] : NULL; /* NULL: only reserved */
		*fd = n;
	}
	return f;
}

bool fd_next_number(struct fdtable *t, unsigned *fd)
{
	bool found;

	spin_lock(&t->lock);
	found = find_next(t, fd) != NULL;
	spin_unlock(&t->lock);
	return found;
}

struct file *fd_next(struct fdtable *t, unsigned *fd)
{
	struct file *f;

	spin_lock(&t->lock);
	f = find_next(t, fd);
	if (f)
		file_get(f);
	spin_unlock(&t->lock);
	return f;
}
