/* SPDX-License-Identifier: MIT */
/* /dev/null zero full random urandom. */
#ifndef DEV_MEM_H
#define DEV_MEM_H

void mem_devices_init(void); /* registers them */

#endif
