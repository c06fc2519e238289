/* SPDX-License-Identifier: MIT */
/* The 8254 interval timer: channel 0 interrupts once, channel 2 measures. */
#ifndef X86_PIT_H
#define X86_PIT_H

#include "lib/types.h"

/* One interrupt on IRQ 0 after about ns (at most 54 ms: then it comes early). */
void pit_start(ktime_t ns);

/* Busy-waits ns (at most 54 ms), or longer, if an emulator's host has other work for its cores. So
 * who calibrates a counter does it in rounds, of which the one with the lowest count is right.
 */
void pit_wait(ktime_t ns);

enum { CALIBRATE_NS = 2500 * 1000, CALIBRATE_ROUNDS = 4 };

#endif
