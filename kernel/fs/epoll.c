/* SPDX-License-Identifier: MIT */
/* epoll. An item is a file in a set. It sits in the queues of its file all the time (by a
 * multiwait); whoever wakes one of them puts the item on the ready list. A wait takes the
 * items from the list, asks each file again and tells what is true: an item that is level
 * triggered goes back to the end of the list, so that the next wait asks again.
 *
 *   file's queue --notify--> ready list --wait--> poll of the file --> event
 *
 * Items have no reference on their file, whose last close removes them (epoll_forget); who
 * looks at one takes a reference, if there is one left to take.
 * Locks: ep->lock (rank EPOLL) guards the set, the list and the items; ep->change (mutex) is
 * held over an epoll_ctl; watch_lock the lists of items of files.
 */
#include "fs/epoll.h"

#include "fs/poll.h"
#include "lib/errno.h"
#include "lib/rbtree.h"
#include "mm/slab.h"
#include "sched/multiwait.h"

enum {
	ALWAYS = EPOLLERR | EPOLLHUP, /* told whether asked for or not */
	EXCLUSIVE_MAY = EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP,
};
#define MODES ((uint32_t)(EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLONESHOT | EPOLLET))

struct epoll {
	struct spinlock lock;
	struct mutex change;
	struct rbtree items;  /* [lock] by file and descriptor */
	struct list ready;    /* [lock] items by ready_link */
	unsigned ready_count; /* [lock] */
	struct waitq waiters; /* [lock] */
	atomic_t refs;        /* its file, its items */
};

struct epoll_item {
	struct rbnode node;           /* [ep->lock] */
	struct list ready_link;       /* [ep->lock] */
	bool is_ready;                /* [ep->lock] on the list */
	bool removed;                 /* [ep->lock] no more in the set */
	unsigned refs;                /* [ep->lock] the set's, and waits that look at it */
	struct abi_epoll_event event; /* [ep->lock] what is asked for; 0: off after ONESHOT */
	struct epoll *ep;             /* [I] referenced */
	struct file *file;            /* [I] */
	int fd;                       /* [I] */
	struct epoll_item *next;      /* [watch_lock] of the same file */
	struct multiwait wait;        /* [ep->change] */
};

static struct slab_cache epoll_cache = SLAB_CACHE("epoll", struct epoll);
static struct slab_cache item_cache = SLAB_CACHE("epoll_item", struct epoll_item);
static struct spinlock watch_lock = SPINLOCK_INIT(LOCK_OBJECT);
static const struct file_ops epoll_file_ops;

static void epoll_put(struct epoll *ep)
{
	if (atomic_dec_and_test(&ep->refs))
		slab_free(&epoll_cache, ep);
}

/* ---- the ready list; caller holds ep->lock ---- */

static void item_make_ready(struct epoll_item *item)
{
	struct epoll *ep = item->ep;

	if (item->removed || item->is_ready || !(item->event.events & ~MODES))
		return;
	item->is_ready = true;
	list_add_tail(&ep->ready, &item->ready_link);
	ep->ready_count++;
	waitq_wake_one(&ep->waiters);
}

static void item_leave_list(struct epoll_item *item)
{
	if (!item->is_ready)
		return;
	item->is_ready = false;
	list_remove(&item->ready_link);
	item->ep->ready_count--;
}

static void item_drop(struct epoll_item *item)
{
	if (--item->refs == 0)
		slab_free(&item_cache, item);
}

/* A queue of the item's file was woken; its lock is held. */
static void item_notify(struct multiwait *m)
{
	struct epoll_item *item = container_of(m, struct epoll_item, wait);

	spin_lock(&item->ep->lock);
	item_make_ready(item);
	spin_unlock(&item->ep->lock);
}

/* ---- the set ---- */

static int compare(const struct epoll_item *a, const struct file *f, int fd)
{
	if (a->file != f)
		return (uintptr_t)a->file < (uintptr_t)f ? -1 : 1;
	return (a->fd > fd) - (a->fd < fd);
}

static bool item_less(const struct rbnode *a, const struct rbnode *b)
{
	const struct epoll_item *other = rb_entry(b, struct epoll_item, node);

	return compare(rb_entry(a, struct epoll_item, node), other->file, other->fd) < 0;
}

/* Caller holds ep->lock. NULL: not in the set. */
static struct epoll_item *item_find(struct epoll *ep, const struct file *f, int fd)
{
	struct rbnode *node = ep->items.root;

	while (node) {
		struct epoll_item *item = rb_entry(node, struct epoll_item, node);
		int order = compare(item, f, fd);

		if (order == 0)
			return item;
		node = node->child[order < 0];
	}
	return NULL;
}

/* Joins the queues of the file for what is asked, and looks once. Caller holds ep->change. */
static void item_join(struct epoll_item *item)
{
	struct file *f = item->file;
	unsigned ready;

	multiwait_init(&item->wait);
	item->wait.notify = item_notify;
	item->wait.wanted = item->event.events | ALWAYS;
	ready = f->ops->poll(f, &item->wait);
	spin_lock(&item->ep->lock);
	if (ready & item->event.events)
		item_make_ready(item);
	spin_unlock(&item->ep->lock);
}

static void watch(struct epoll_item *item)
{
	spin_lock(&watch_lock);
	item->next = item->file->watchers;
	item->file->watchers = item;
	spin_unlock(&watch_lock);
}

static void unwatch(struct epoll_item *item)
{
	struct epoll_item **link = &item->file->watchers;

	spin_lock(&watch_lock);
	while (*link != item)
		link = &(*link)->next;
	*link = item->next;
	spin_unlock(&watch_lock);
}

/* Out of the set and of all queues. The caller has a reference on the file, or ends it. */
static void item_remove(struct epoll_item *item)
{
	struct epoll *ep = item->ep;

	multiwait_end(&item->wait);
	unwatch(item);
	spin_lock(&ep->lock);
	rb_remove(&ep->items, &item->node);
	item_leave_list(item);
	item->removed = true;
	item_drop(item);
	spin_unlock(&ep->lock);
	epoll_put(ep);
}

/* Caller holds ep->change and a reference on f. */
static int item_add(struct epoll *ep, int fd, struct file *f, const struct abi_epoll_event *event)
{
	struct epoll_item *item = slab_alloc(&item_cache);

	if (!item)
		return -ENOMEM;
	*item = (struct epoll_item){ .refs = 1, .event = *event, .ep = ep, .file = f, .fd = fd };
	atomic_inc(&ep->refs);
	spin_lock(&ep->lock);
	rb_insert(&ep->items, &item->node, item_less);
	spin_unlock(&ep->lock);
	watch(item);
	item_join(item);
	return 0;
}

static int item_change(struct epoll_item *item, const struct abi_epoll_event *event)
{
	if ((item->event.events | event->events) & EPOLLEXCLUSIVE)
		return -EINVAL;
	multiwait_end(&item->wait);
	spin_lock(&item->ep->lock);
	item->event = *event;
	spin_unlock(&item->ep->lock);
	item_join(item);
	return 0;
}

/* Caller holds ep->change. */
static int change(struct epoll *ep, int op, int fd, struct file *f,
		  const struct abi_epoll_event *event)
{
	struct epoll_item *item;

	spin_lock(&ep->lock);
	item = item_find(ep, f, fd);
	spin_unlock(&ep->lock);
	if (op == EPOLL_CTL_ADD)
		return item ? -EEXIST : item_add(ep, fd, f, event);
	if (!item)
		return -ENOENT;
	if (op == EPOLL_CTL_MOD)
		return item_change(item, event);
	item_remove(item);
	return 0;
}

int epoll_control(struct file *epf, int op, int fd, struct file *f,
		  const struct abi_epoll_event *event)
{
	struct abi_epoll_event asked = *event;
	struct epoll *ep = epf->data;
	int err;

	if (!f->ops->poll)
		return -EPERM;
	if (!file_is_epoll(epf) || file_is_epoll(f))
		return -EINVAL;
	if (op != EPOLL_CTL_ADD && op != EPOLL_CTL_DEL && op != EPOLL_CTL_MOD)
		return -EINVAL;
	if (op == EPOLL_CTL_ADD && (asked.events & EPOLLEXCLUSIVE) &&
	    (asked.events & ~(EXCLUSIVE_MAY | EPOLLEXCLUSIVE | EPOLLWAKEUP | EPOLLET)))
		return -EINVAL;
	asked.events |= ALWAYS;
	mutex_lock(&ep->change);
	err = change(ep, op, fd, f, &asked);
	mutex_unlock(&ep->change);
	return err;
}

void epoll_forget(struct file *f)
{
	while (f->watchers)
		item_remove(f->watchers);
}

/* ---- waiting ---- */

/* The first item whose file is still there, off the list, with a reference on both; NULL: none. */
static struct epoll_item *item_take(struct epoll *ep)
{
	struct epoll_item *taken = NULL;

	spin_lock(&ep->lock);
	while (!taken && !list_is_empty(&ep->ready)) {
		struct epoll_item *item = list_first_entry(&ep->ready, struct epoll_item,
							   ready_link);

		item_leave_list(item);
		if (!atomic_inc_not_zero(&item->file->refs))
			continue;
		item->refs++;
		taken = item;
	}
	spin_unlock(&ep->lock);
	return taken;
}

/* The item was asked: `told` of `events`, if any. Gives both references back. */
static void item_done(struct epoll_item *item, uint32_t events, bool told)
{
	struct epoll *ep = item->ep;
	struct file *f = item->file;

	spin_lock(&ep->lock);
	if (events && told && (item->event.events & EPOLLONESHOT))
		item->event.events &= MODES;
	else if (events && (!told || !(item->event.events & EPOLLET)))
		item_make_ready(item);
	item_drop(item);
	spin_unlock(&ep->lock);
	file_put(f);
}

static uint32_t item_ask(const struct epoll_item *item, struct abi_epoll_event *event)
{
	struct file *f = item->file;

	spin_lock(&item->ep->lock);
	*event = item->event;
	spin_unlock(&item->ep->lock);
	event->events &= f->ops->poll(f, NULL);
	return event->events;
}

/* Tells of what is ready now; each item at most once. How many, or -EFAULT. */
static int tell_ready(struct epoll *ep, uaddr_t to, int max)
{
	unsigned left;
	int told = 0, err = 0;

	spin_lock(&ep->lock);
	left = ep->ready_count;
	spin_unlock(&ep->lock);
	for (; left > 0 && told < max && !err; left--) {
		struct epoll_item *item = item_take(ep);
		struct abi_epoll_event event;

		if (!item)
			break;
		if (item_ask(item, &event)) {
			uaddr_t at = to + (uaddr_t)told * sizeof(event);

			err = copy_to_user(at, &event, sizeof(event));
			told += !err;
		}
		item_done(item, event.events, !err);
	}
	return told > 0 ? told : err;
}

int epoll_wait_events(struct file *epf, uaddr_t events, int max, ktime_t deadline)
{
	struct epoll *ep = epf->data;
	int err = 0;

	if (!file_is_epoll(epf) || max <= 0 ||
	    max > INT32_MAX / (int)sizeof(struct abi_epoll_event))
		return -EINVAL;
	for (;;) {
		int n = tell_ready(ep, events, max);

		if (n || err || !deadline)
			return n || err != -EINTR ? n : err;
		spin_lock(&ep->lock);
		while (list_is_empty(&ep->ready) && !err)
			err = waitq_wait(&ep->waiters, &ep->lock, WAIT_INTERRUPTIBLE, deadline);
		spin_unlock(&ep->lock);
	}
}

/* Is any item ready in truth? Those that are not leave the list. */
static bool has_event(struct epoll *ep)
{
	struct abi_epoll_event event;
	struct epoll_item *item;
	bool found = false;

	while (!found && (item = item_take(ep))) {
		found = item_ask(item, &event);
		item_done(item, event.events, false);
	}
	return found;
}

static unsigned epoll_poll(struct file *f, struct multiwait *m)
{
	struct epoll *ep = f->data;

	spin_lock(&ep->lock);
	multiwait_add(m, &ep->waiters, &ep->lock, POLL_READERS);
	spin_unlock(&ep->lock);
	return has_event(ep) ? POLLIN | POLLRDNORM : 0;
}

/* ---- life ---- */

/* Nobody waits any more. Items whose files are being closed go with them: who does that has
 * found them there, and keeps ep.
 */
static void epoll_release(struct file *f)
{
	struct epoll *ep = f->data;
	struct rbnode *node, *next;

	spin_lock(&ep->lock);
	for (node = rb_first(&ep->items); node; node = next) {
		struct epoll_item *item = rb_entry(node, struct epoll_item, node);
		struct file *watched = item->file;

		next = rb_next(node);
		if (!atomic_inc_not_zero(&watched->refs))
			continue;
		spin_unlock(&ep->lock);
		item_remove(item);
		file_put(watched);
		spin_lock(&ep->lock);
		next = rb_first(&ep->items);
	}
	spin_unlock(&ep->lock);
	epoll_put(ep);
}

static const struct file_ops epoll_file_ops = {
	.anonymous = "anon_inode:[eventpoll]",
	.poll = epoll_poll,
	.release = epoll_release,
};

bool file_is_epoll(const struct file *f)
{
	return f->ops == &epoll_file_ops;
}

int epoll_create(struct file **out)
{
	struct epoll *ep = slab_alloc_zero(&epoll_cache);

	if (!ep)
		return -ENOMEM;
	*out = file_alloc(&epoll_file_ops, NULL, O_RDWR);
	if (!*out) {
		slab_free(&epoll_cache, ep);
		return -ENOMEM;
	}
	spin_init(&ep->lock, LOCK_EPOLL);
	mutex_init(&ep->change, LOCK_EPOLL_CHANGE);
	rb_init(&ep->items);
	list_init(&ep->ready);
	waitq_init(&ep->waiters);
	atomic_set(&ep->refs, 1);
	(*out)->data = ep;
	return 0;
}
