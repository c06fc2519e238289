/* SPDX-License-Identifier: MIT */
/* Random bytes for keys, stacks and /dev/urandom: ChaCha20 (RFC 8439) that
 * replaces its key after each use, so that past output cannot be computed from
 * a captured state. Lock: one spinlock (rank DEVICE).
 */
#ifndef DEV_RANDOM_H
#define DEV_RANDOM_H

#include "lib/types.h"

/* Seeds from params.seed (then the sequence repeats), or from RDRAND and TSC jitter. */
void random_init(void);
void random_bytes(void *buf, size_t n); /* any context */

#endif
