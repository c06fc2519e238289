/* SPDX-License-Identifier: MIT */
/* When to write back: a thread that runs the file systems' write-back some seconds
 * after the first change in memory, or at once when somebody is in a hurry. Who
 * changes something notes it here; an idle system has no timer from it.
 */
#ifndef BLOCK_WRITEBACK_H
#define BLOCK_WRITEBACK_H

#include "lib/nsec.h"
#include "lib/types.h"

/* How old a change in memory becomes before it goes to the disk by itself. */
#define WRITEBACK_AGE (5 * NSEC_PER_SEC)

/* Starts the thread. run(): one pass, writes everything that is dirty; may sleep,
 * and keeps its errors for those who sync. Once, at start-up. -ENOMEM.
 */
int writeback_start(void (*run)(void)) __must_check;

/* Something became dirty. Any context below rank WAITQ; cheap. */
void writeback_note(void);
/* The next pass begins now. */
void writeback_hurry(void);
/* The same, and waits until one has ended. Sleeps; no lock that a pass takes may be
 * held. Returns at once before writeback_start().
 */
void writeback_wait(void);

#endif
