/* SPDX-License-Identifier: MIT */
/* Partitions of a disk, by the table in its master boot record. */
#ifndef BLOCK_PART_H
#define BLOCK_PART_H

#include "block/blkdev.h"

enum { PART_MAX = 15 }; /* numbers of a disk's partitions: 1 .. 15, logical from 5 */

/* Reads the table of a registered disk and registers its partitions as devices:
 * hda1 has the disk's minor number + 1. What makes no sense is left out with a
 * message. Start-up; sleeps.
 */
void part_scan(struct blkdev *disk);

#endif
