/* SPDX-License-Identifier: MIT */
/* What tty.c (programs' side) and tty_input.c (the device's side) share. The
 * caller holds t->lock.
 */
#ifndef DEV_TTY_IMPL_H
#define DEV_TTY_IMPL_H

#include "dev/tty.h"

enum { TTY_OUTPUT_MAX = 2 }; /* bytes that one byte of output becomes at most */

static inline bool tty_local(const struct tty *t, uint32_t flag)
{
	return t->termios.c_lflag & flag;
}

static inline bool tty_in(const struct tty *t, uint32_t flag)
{
	return t->termios.c_iflag & flag;
}

/* c after output processing into out; the column follows. Number of bytes. */
unsigned tty_output_byte(struct tty *t, uint8_t c, char out[TTY_OUTPUT_MAX]);

static inline uint32_t tty_place(uint32_t pos)
{
	return pos % TTY_INPUT;
}

/* Drops all input. */
void tty_flush_input(struct tty *t);

/* Canonical mode was switched on or off: what is in input counts as a line or not. */
void tty_mode_changed(struct tty *t, bool canonical);

#endif
