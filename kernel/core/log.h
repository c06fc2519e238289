/* SPDX-License-Identifier: MIT */
/* The kernel log: kprintf() appends to a ring that keeps the newest text, and
 * hands it to the sinks (consoles).
 */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include "lib/list.h"

/* A console. write() gets a whole kprintf() at once (but for very long ones), with
 * irqs off, from any context: it polls.
 */
struct log_sink {
	struct list link;
	void (*write)(const char *s, size_t n);
};

/* replay: the sink first gets what was said before it came. */
void log_add_sink(struct log_sink *sink, bool replay);
void log_remove_sink(struct log_sink *sink);

/* Copies up to n bytes of the kept text from `off` bytes after its oldest one. */
size_t log_read(char *buf, size_t off, size_t n);
size_t log_size(void);

/* The log's lock is not taken from now on: for panics, and during NMI dumps. */
void log_set_unlocked(bool unlocked);
bool log_is_unlocked(void); /* a sink takes no lock of its own either */

#endif
