/* SPDX-License-Identifier: MIT */
/* COM1 by polling, from the first line of C on, until the driver takes over. */
#ifndef X86_EARLY_SERIAL_H
#define X86_EARLY_SERIAL_H

#include "lib/types.h"

void early_serial_init(void);
void early_serial_write(const char *s, size_t n);

#endif
