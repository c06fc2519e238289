/* SPDX-License-Identifier: MIT */
/* /proc: registers the file-system type with all that it shows. At start-up. */
#ifndef PROC_PROCFS_H
#define PROC_PROCFS_H

void procfs_start(void);

#endif
