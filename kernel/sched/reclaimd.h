/* SPDX-License-Identifier: MIT */
/* Reclaiming memory in the background. */
#ifndef SCHED_RECLAIMD_H
#define SCHED_RECLAIMD_H

int reclaimd_start(void) __attribute__((warn_unused_result)); /* -ENOMEM */

/* From the tick, no lock held: wakes the thread when memory is below watermark `low`. */
void reclaimd_tick(void);

#endif
