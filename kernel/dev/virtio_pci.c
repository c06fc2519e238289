/* SPDX-License-Identifier: MIT */
/* The two ways to the registers of a virtio device on PCI: ports as before version
 * 1.0 (section 4.1.4.8), or structures in memory that capabilities point to
 * (section 4.1.4). No lock: see virtio.h.
 */
#include "dev/virtio_pci.h"
#include "lib/errno.h"
#include "mm/kmap.h"
#include "x86/cpu.h"

/* ---- legacy: ports ---- */

enum legacy_register {
	LEGACY_FEATURES = 0,
	LEGACY_DRIVER_FEATURES = 4,
	LEGACY_QUEUE_FRAME = 8,
	LEGACY_QUEUE_SIZE = 12,
	LEGACY_QUEUE_SELECT = 14,
	LEGACY_NOTIFY = 16,
	LEGACY_STATUS = 18,
	LEGACY_ISR = 19,
	LEGACY_CONFIG = 20, /* without MSI-X */
};

enum { ISR_QUEUE = 1 };

static void legacy_set_status(struct virtio_device *dev, uint8_t status)
{
	io_outb(dev->ports + LEGACY_STATUS, status);
}

static uint8_t legacy_get_status(struct virtio_device *dev)
{
	return io_inb(dev->ports + LEGACY_STATUS);
}

static uint64_t legacy_get_features(struct virtio_device *dev)
{
	return io_inl(dev->ports + LEGACY_FEATURES);
}

static void legacy_set_features(struct virtio_device *dev, uint64_t features)
{
	io_outl(dev->ports + LEGACY_DRIVER_FEATURES, (uint32_t)features);
}

static uint16_t legacy_queue_size(struct virtio_device *dev)
{
	io_outw(dev->ports + LEGACY_QUEUE_SELECT, 0);
	return io_inw(dev->ports + LEGACY_QUEUE_SIZE);
}

/* The place of the other rings follows from that of the first. */
static void legacy_queue_start(struct virtio_device *dev, paddr_t desc, paddr_t avail, paddr_t used)
{
	(void)avail;
	(void)used;
	io_outl(dev->ports + LEGACY_QUEUE_FRAME, (uint32_t)(desc >> PAGE_SHIFT));
}

static void legacy_notify(struct virtio_device *dev)
{
	io_outw(dev->ports + LEGACY_NOTIFY, 0);
}

static bool legacy_interrupt(struct virtio_device *dev)
{
	return io_inb(dev->ports + LEGACY_ISR) & ISR_QUEUE;
}

static uint8_t legacy_config_byte(struct virtio_device *dev, unsigned offset)
{
	return io_inb((uint16_t)(dev->ports + LEGACY_CONFIG + offset));
}

static const struct virtio_transport legacy = {
	.set_status = legacy_set_status,
	.get_status = legacy_get_status,
	.get_features = legacy_get_features,
	.set_features = legacy_set_features,
	.queue_size = legacy_queue_size,
	.queue_start = legacy_queue_start,
	.notify = legacy_notify,
	.interrupt = legacy_interrupt,
	.config_byte = legacy_config_byte,
};

/* ---- modern: structures in memory ---- */

/* struct virtio_pci_common_cfg, section 4.1.4.3. */
enum common_register {
	COMMON_FEATURE_SELECT = 0,
	COMMON_FEATURE = 4,
	COMMON_DRIVER_FEATURE_SELECT = 8,
	COMMON_DRIVER_FEATURE = 12,
	COMMON_STATUS = 20,
	COMMON_QUEUE_SELECT = 22,
	COMMON_QUEUE_SIZE = 24,
	COMMON_QUEUE_ENABLE = 28,
	COMMON_QUEUE_NOTIFY_OFF = 30,
	COMMON_QUEUE_DESC = 32,
	COMMON_QUEUE_AVAIL = 40,
	COMMON_QUEUE_USED = 48,
	COMMON_SIZE = 56,
};

static volatile uint16_t *common16(struct virtio_device *dev, enum common_register r)
{
	return (volatile uint16_t *)(dev->common + r);
}

static volatile uint32_t *common32(struct virtio_device *dev, unsigned r)
{
	return (volatile uint32_t *)(dev->common + r);
}

static uint8_t modern_get_status(struct virtio_device *dev)
{
	return dev->common[COMMON_STATUS];
}

enum { RESET_READS = 100000 }; /* of the status, about 1 us each */

/* A reset is over when the device says so; if it never does, its status tells.
 * No clock: an interrupt may come to this.
 */
static void modern_set_status(struct virtio_device *dev, uint8_t status)
{
	dev->common[COMMON_STATUS] = status;
	for (unsigned i = 0; status == 0 && modern_get_status(dev) != 0 && i < RESET_READS; i++)
		cpu_pause();
}

static uint64_t modern_get_features(struct virtio_device *dev)
{
	uint64_t features;

	*common32(dev, COMMON_FEATURE_SELECT) = 1;
	features = (uint64_t)*common32(dev, COMMON_FEATURE) << 32;
	*common32(dev, COMMON_FEATURE_SELECT) = 0;
	return features | *common32(dev, COMMON_FEATURE);
}

static void modern_set_features(struct virtio_device *dev, uint64_t features)
{
	*common32(dev, COMMON_DRIVER_FEATURE_SELECT) = 0;
	*common32(dev, COMMON_DRIVER_FEATURE) = (uint32_t)features;
	*common32(dev, COMMON_DRIVER_FEATURE_SELECT) = 1;
	*common32(dev, COMMON_DRIVER_FEATURE) = (uint32_t)(features >> 32);
}

static uint16_t modern_queue_size(struct virtio_device *dev)
{
	*common16(dev, COMMON_QUEUE_SELECT) = 0;
	return *common16(dev, COMMON_QUEUE_SIZE);
}

static void set_address(struct virtio_device *dev, enum common_register r, paddr_t pa)
{
	*common32(dev, r) = (uint32_t)pa;
	*common32(dev, r + sizeof(uint32_t)) = (uint32_t)(pa >> 32);
}

static void modern_queue_start(struct virtio_device *dev, paddr_t desc, paddr_t avail, paddr_t used)
{
	set_address(dev, COMMON_QUEUE_DESC, desc);
	set_address(dev, COMMON_QUEUE_AVAIL, avail);
	set_address(dev, COMMON_QUEUE_USED, used);
	*common16(dev, COMMON_QUEUE_ENABLE) = 1;
}

static void modern_notify(struct virtio_device *dev)
{
	*(volatile uint16_t *)dev->notify = 0;
}

static bool modern_interrupt(struct virtio_device *dev)
{
	return *dev->isr & ISR_QUEUE;
}

static uint8_t modern_config_byte(struct virtio_device *dev, unsigned offset)
{
	return dev->config[offset];
}

static const struct virtio_transport modern = {
	.set_status = modern_set_status,
	.get_status = modern_get_status,
	.get_features = modern_get_features,
	.set_features = modern_set_features,
	.queue_size = modern_queue_size,
	.queue_start = modern_queue_start,
	.notify = modern_notify,
	.interrupt = modern_interrupt,
	.config_byte = modern_config_byte,
};

/* ---- which ---- */

/* struct virtio_pci_cap, section 4.1.4. */
enum capability {
	CAP_VENDOR_SPECIFIC = 0x09,
	CAP_TYPE = 3,
	CAP_BAR = 4,
	CAP_OFFSET = 8,
	CAP_LENGTH = 12,
	CAP_NOTIFY_MULTIPLIER = 16,
};

enum structure { IS_COMMON = 1, IS_NOTIFY = 2, IS_ISR = 3, IS_DEVICE = 4 };

/* The register of the structure's capability; 0: there is none that we can map. */
static unsigned find_structure(const struct pci_device *pci, enum structure type)
{
	unsigned cap = 0;

	while ((cap = pci_find_capability(pci, CAP_VENDOR_SPECIFIC, cap)) != 0) {
		unsigned bar = pci_read8(pci, cap + CAP_BAR);

		if (pci_read8(pci, cap + CAP_TYPE) == type && bar < PCI_BARS &&
		    pci->bar[bar].base && !pci->bar[bar].is_io)
			return cap;
	}
	return 0;
}

/* A window of `bytes` from `at` on in the structure; NULL: there is no such place. */
static volatile uint8_t *map_structure(const struct pci_device *pci, enum structure type,
				       uint64_t at, unsigned bytes)
{
	unsigned cap = find_structure(pci, type);
	const struct pci_bar *bar;
	uint64_t offset;

	if (!cap)
		return NULL;
	bar = &pci->bar[pci_read8(pci, cap + CAP_BAR)];
	offset = pci_read32(pci, cap + CAP_OFFSET) + at;
	if (at + bytes > pci_read32(pci, cap + CAP_LENGTH) || offset + bytes > bar->size)
		return NULL;
	return kmap_device(bar->base + offset, bytes);
}

enum { DEVICE_CONFIG_BYTES = 16 }; /* of it that our drivers read */

static bool open_modern(const struct pci_device *pci, struct virtio_device *dev)
{
	unsigned notify = find_structure(pci, IS_NOTIFY);
	uint64_t doorbell;

	dev->common = map_structure(pci, IS_COMMON, 0, COMMON_SIZE);
	dev->isr = map_structure(pci, IS_ISR, 0, 1);
	dev->config = map_structure(pci, IS_DEVICE, 0, DEVICE_CONFIG_BYTES);
	if (!notify || !dev->common || !dev->isr || !dev->config)
		return false;
	*common16(dev, COMMON_QUEUE_SELECT) = 0;
	doorbell = (uint64_t)*common16(dev, COMMON_QUEUE_NOTIFY_OFF) *
		   pci_read32(pci, notify + CAP_NOTIFY_MULTIPLIER); /* section 4.1.4.4 */
	dev->notify = map_structure(pci, IS_NOTIFY, doorbell, sizeof(uint16_t));
	return dev->notify != NULL;
}

int virtio_pci_open(struct pci_device *pci, struct virtio_device *dev)
{
	pci_enable(pci);
	if (open_modern(pci, dev)) {
		dev->transport = &modern;
		return 0;
	}
	if (!pci->bar[0].is_io || !pci->bar[0].base)
		return -ENODEV;
	dev->ports = (uint16_t)pci->bar[0].base;
	dev->transport = &legacy;
	return 0;
}
