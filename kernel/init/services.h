/* SPDX-License-Identifier: MIT */
/* The second half of start-up: devices, root file system, first program. */
#ifndef INIT_SERVICES_H
#define INIT_SERVICES_H

#include "core/log.h"
#include "mm/page.h"

/* Sets up devices (module: the RAM disk's bytes, may be empty) and leaves what
 * may sleep to a kernel thread. early: the log sink that COM1's driver replaces.
 */
void services_start(const struct mem_range *module, struct log_sink *early);

#endif
