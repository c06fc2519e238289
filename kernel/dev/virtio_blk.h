/* SPDX-License-Identifier: MIT */
/* Disks of a virtual machine: vda, vdb ... */
#ifndef DEV_VIRTIO_BLK_H
#define DEV_VIRTIO_BLK_H

/* Finds and registers them and their partitions. Start-up; sleeps. */
void virtio_blk_init(void);

#endif
