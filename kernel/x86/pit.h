/* SPDX-License-Identifier: MIT */
/* The 8254 interval timer: channel 0 interrupts once, channel 2 measures. */
#ifndef X86_PIT_H
#define X86_PIT_H

#include "lib/types.h"

/* One interrupt on IRQ 0 after about ns (at most 54 ms: then it comes early). */
void pit_start(ktime_t ns);

/* Busy-waits ns (at most 54 ms). */
void pit_wait(ktime_t ns);

#endif
