/* SPDX-License-Identifier: MIT */
/* The kernel log. Lock: log_lock (rank LOG) guards the ring and the sinks; a
 * line of one kprintf() is never mixed with another's.
 */
#include "core/log.h"
#include "core/spinlock.h"
#include "lib/fmt.h"
#include "lib/kprintf.h"

enum { LOG_SIZE = 32 * 1024, LINE_SIZE = 256 };

static struct spinlock log_lock = SPINLOCK_INIT(LOCK_LOG);
static char log_text[LOG_SIZE]; /* [log_lock] */
static size_t log_written;      /* [log_lock] bytes ever; newest at (written - 1) % SIZE */
static struct list log_sinks = LIST_INIT(log_sinks); /* [log_lock] */
static bool log_lock_off;                            /* set once, by a dying machine */

/* What has been formatted and not yet handed on. */
static struct {
	char text[LINE_SIZE];
	size_t n;
} line; /* [log_lock] */

static void flush(void)
{
	struct log_sink *sink;

	list_for_each_entry(sink, &log_sinks, link)
		sink->write(line.text, line.n);
	line.n = 0;
}

static void append(void *ctx, const char *text, size_t n)
{
	size_t at;

	(void)ctx;
	for (size_t i = 0; i < n; i++) {
		log_text[log_written++ % LOG_SIZE] = text[i];
		/* Never beyond the end, even when a dump interrupts us here. */
		at = line.n;
		if (at >= LINE_SIZE) {
			flush();
			at = 0;
		}
		line.text[at] = text[i];
		line.n = at + 1;
	}
}

void kprintf(const char *fmt, ...)
{
	bool locked = !log_lock_off;
	va_list ap;

	if (locked)
		spin_lock(&log_lock);
	va_start(ap, fmt);
	fmt_vprint(append, NULL, fmt, ap);
	va_end(ap);
	flush();
	if (locked)
		spin_unlock(&log_lock);
}

bool log_is_unlocked(void)
{
	return log_lock_off;
}

void log_set_unlocked(bool unlocked)
{
	log_lock_off = unlocked;
}

/* The kept text in its two pieces: up to the end of the ring, and from its start. */
static void log_replay(struct log_sink *sink)
{
	size_t size = log_size(), from = (log_written - size) % LOG_SIZE;
	size_t first = MIN(size, LOG_SIZE - from);

	sink->write(log_text + from, first);
	sink->write(log_text, size - first);
}

void log_add_sink(struct log_sink *sink, bool replay)
{
	spin_lock(&log_lock);
	if (replay)
		log_replay(sink);
	list_add_tail(&log_sinks, &sink->link);
	spin_unlock(&log_lock);
}

void log_remove_sink(struct log_sink *sink)
{
	spin_lock(&log_lock);
	list_remove(&sink->link);
	spin_unlock(&log_lock);
}

size_t log_size(void)
{
	return MIN(log_written, (size_t)LOG_SIZE);
}

size_t log_read(char *buf, size_t off, size_t n)
{
	size_t size, first;

	spin_lock(&log_lock);
	size = log_size();
	first = log_written - size;
	n = off < size ? MIN(n, size - off) : 0;
	for (size_t i = 0; i < n; i++)
		buf[i] = log_text[(first + off + i) % LOG_SIZE];
	spin_unlock(&log_lock);
	return n;
}
