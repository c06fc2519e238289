/* SPDX-License-Identifier: MIT */
/* Virtual consoles: the terminals tty1 to tty5, one screen and keyboard for all. */
#ifndef DEV_VC_H
#define DEV_VC_H

#include "dev/tty.h"

/* init keeps shells on four; the fifth is for programs that want a terminal alone. */
enum { VC_COUNT = 5 };

/* Registers them and /dev/tty0, the one that is shown. Returns tty1, which gets the
 * log; NULL: this machine has no screen.
 */
struct tty *vc_init(void);

/* For the log: tty1, in the default colours. Any context. */
void vc_write_log(const char *s, size_t n);

/* ---- for the keyboard: no lock held, any context ---- */

/* Bytes typed for the console that is shown. */
void vc_input(const uint8_t *bytes, size_t n);
/* Shows another console, 0 to VC_COUNT - 1. */
void vc_switch(unsigned number);
/* Half a screen up (or down) in the history. */
void vc_scroll(bool up);
/* Do arrow keys send ESC O (else ESC [) ? */
bool vc_application_keys(void);

#endif
