/* SPDX-License-Identifier: MIT */
/* Virtio devices (Virtual I/O Device Specification 1.1): negotiation and the split
 * virtqueue. How the registers are reached is the transport's (virtio_pci.c). A
 * device of ours has one queue, number 0.
 *
 * The descriptors of a queue are divided into slots of equal size, one per request
 * under way: descriptor slot * slot_size begins its chain. So none is ever searched
 * for, and what the device hands back is easily checked.
 */
#ifndef DEV_VIRTIO_H
#define DEV_VIRTIO_H

#include "core/spinlock.h"
#include "lib/types.h"

enum virtio_status { /* section 2.1 */
		     VIRTIO_ACKNOWLEDGE = 1,
		     VIRTIO_DRIVER = 2,
		     VIRTIO_DRIVER_OK = 4,
		     VIRTIO_FEATURES_OK = 8,
		     VIRTIO_FAILED = 128,
};

#define VIRTIO_F_VERSION_1 (1ULL << 32) /* section 6 */

struct virtio_device;
struct vring; /* virtio.c */

/* Registers of a device; start-up, but for `reset`, `notify` and `interrupt`. */
struct virtio_transport {
	void (*set_status)(struct virtio_device *dev, uint8_t status); /* 0: reset */
	uint8_t (*get_status)(struct virtio_device *dev);
	uint64_t (*get_features)(struct virtio_device *dev);
	void (*set_features)(struct virtio_device *dev, uint64_t features);
	uint16_t (*queue_size)(struct virtio_device *dev); /* queue 0; 0: there is none */
	/* Its rings: one run of memory laid out as section 2.6.2 says. */
	void (*queue_start)(struct virtio_device *dev, paddr_t desc, paddr_t avail, paddr_t used);
	void (*notify)(struct virtio_device *dev);
	/* Whether it interrupted; lets go of the line. */
	bool (*interrupt)(struct virtio_device *dev);
	uint8_t (*config_byte)(struct virtio_device *dev, unsigned offset);
};

struct virtio_device {
	const struct virtio_transport *transport; /* [I] */
	uint64_t features;                        /* [I] negotiated */
	uint16_t ports;                           /* [I] legacy: the first one */
	volatile uint8_t *common, *isr, *config;  /* [I] modern: the three structures */
	volatile uint8_t *notify;                 /* [I] modern: queue 0's doorbell */
	/* the queue */
	struct spinlock lock;      /* rank DEVICE */
	struct vring *desc;        /* [lock] */
	uint16_t *avail;           /* [lock] flags, index, ring */
	volatile uint16_t *used;   /* written by the device */
	uint16_t size;             /* [I] descriptors */
	uint16_t slots, slot_size; /* [I] */
	uint16_t next_used;        /* [lock] entries of the used ring seen */
	uint32_t busy;             /* [lock] slots under way, a bit each */
	bool broken;               /* [lock] only set: it did what no device does */
};

/* One piece of a request. */
struct virtio_piece {
	void *data; /* in the direct map */
	uint32_t bytes;
	bool from_device; /* the device writes it */
};

/* Resets the device, takes the features of `wanted` that it offers. Section 3.1.1,
 * steps 1 to 6. -ENODEV: it does not agree.
 */
int virtio_negotiate(struct virtio_device *dev, uint64_t wanted) __must_check;
/* Makes the queue, for up to `slots` (at most 32) requests at once, and lets the
 * device go to work: steps 7 and 8. -ENOMEM, -ENODEV: no queue.
 */
int virtio_start(struct virtio_device *dev, unsigned slots) __must_check;

/* Gives the device a request of n <= dev->slot_size pieces, those from the device
 * last. The slot is free. Any context. -EIO: the device is broken.
 */
int virtio_submit(struct virtio_device *dev, unsigned slot, const struct virtio_piece *piece,
		  unsigned n) __must_check;
/* A slot that the device is done with, or -1. A device that hands back what it was
 * not given is stopped: then all slots under way come back, and dev->broken is true.
 */
int virtio_take_done(struct virtio_device *dev);

uint32_t virtio_config32(struct virtio_device *dev, unsigned offset);
uint64_t virtio_config64(struct virtio_device *dev, unsigned offset);

#endif
