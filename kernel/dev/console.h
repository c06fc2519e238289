/* SPDX-License-Identifier: MIT */
/* Which devices are consoles: the log's sinks and /dev/console. */
#ifndef DEV_CONSOLE_H
#define DEV_CONSOLE_H

#include "core/log.h"

/* Starts the terminals this machine has (serial port; screen and keyboard), and sends
 * the log to those that `wanted` names (console= of the command line: words as ttyS0 or
 * ttyS0,115200, tty0, tty1; empty: all). The last one there is is /dev/console. `early`,
 * the log's polled writer, goes when there is another console. Interrupts are on.
 */
void console_init(const char *wanted, struct log_sink *early);

/* All that was written leaves the machine, before it is turned off. Polls, no locks held. */
void console_flush(void);

#endif
