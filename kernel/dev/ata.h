/* SPDX-License-Identifier: MIT */
/* ATA disks: hda to hdd, on two channels. */
#ifndef DEV_ATA_H
#define DEV_ATA_H

/* Finds the channels and their drives, starts a thread a channel and registers the
 * disks. `mode`: "pio", "irq", "dma", or "" for the best that works. Once, in a
 * thread, after pci_init: it sleeps.
 */
void ata_init(const char *mode);

#endif
