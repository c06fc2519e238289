/* SPDX-License-Identifier: MIT */
/* Virtio over PCI, section 4.1: finds a device's registers. */
#ifndef DEV_VIRTIO_PCI_H
#define DEV_VIRTIO_PCI_H

#include "dev/pci.h"
#include "dev/virtio.h"

enum {
	VIRTIO_PCI_VENDOR = 0x1af4,
	VIRTIO_PCI_BLOCK_LEGACY = 0x1001, /* transitional: both ways */
	VIRTIO_PCI_BLOCK = 0x1042,
};

/* Fills in the transport of *dev: the modern one if the function has it, else the
 * legacy one. -ENODEV: neither. Start-up.
 */
int virtio_pci_open(struct pci_device *pci, struct virtio_device *dev) __must_check;

#endif
