/* SPDX-License-Identifier: MIT */
/* Negotiation and the split virtqueue. The device reads descriptors and the
 * available ring, and writes the used ring, at any time: what it wrote is copied
 * once, checked, and used. Lock: dev->lock (rank DEVICE).
 */
#include "dev/virtio.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/page.h"

/* A descriptor, section 2.6.5. */
struct vring {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};
static_assert(sizeof(struct vring) == 16, "descriptor");

enum vring_flags { VRING_NEXT = 1, VRING_WRITE = 2 };

/* The rings as words of 16 bits, sections 2.6.6 and 2.6.8: flags, index, then entries
 * of one word (available) or four (used: id and length, 32 bits each).
 */
enum { RING_FLAGS = 0, RING_INDEX = 1, RING_FIRST = 2, USED_WORDS = 4, EVENT_WORDS = 1 };
enum { USED_NO_NOTIFY = 1 };

/* ---- configuration ---- */

uint32_t virtio_config32(struct virtio_device *dev, unsigned offset)
{
	uint32_t value = 0;

	for (unsigned i = 0; i < sizeof(value); i++)
		value |= (uint32_t)dev->transport->config_byte(dev, offset + i) << 8 * i;
	return value;
}

uint64_t virtio_config64(struct virtio_device *dev, unsigned offset)
{
	uint32_t low = virtio_config32(dev, offset);

	return (uint64_t)virtio_config32(dev, offset + sizeof(low)) << 32 | low;
}

/* ---- negotiation ---- */

static void add_status(struct virtio_device *dev, uint8_t bit)
{
	dev->transport->set_status(dev, dev->transport->get_status(dev) | bit);
}

int virtio_negotiate(struct virtio_device *dev, uint64_t wanted)
{
	dev->transport->set_status(dev, 0);
	if (dev->transport->get_status(dev) != 0)
		return -ENODEV; /* it stays in use: section 4.1.4.3.2 */
	add_status(dev, VIRTIO_ACKNOWLEDGE);
	add_status(dev, VIRTIO_DRIVER);
	dev->features = dev->transport->get_features(dev) & wanted;
	dev->transport->set_features(dev, dev->features);
	if (!(dev->features & VIRTIO_F_VERSION_1))
		return 0; /* a legacy device is not asked: section 3.1.2 */
	add_status(dev, VIRTIO_FEATURES_OK);
	if (dev->transport->get_status(dev) & VIRTIO_FEATURES_OK)
		return 0;
	add_status(dev, VIRTIO_FAILED);
	return -ENODEV;
}

/* ---- the queue ---- */

static unsigned order_of(size_t bytes)
{
	unsigned order = 0;

	while ((size_t)PAGE_SIZE << order < bytes)
		order++;
	return order;
}

/* Descriptors and available ring, then from a page boundary on the used ring: what a
 * legacy device expects (section 2.6.2), and any other takes.
 */
static int make_rings(struct virtio_device *dev)
{
	size_t avail = dev->size * sizeof(struct vring);
	size_t avail_words = RING_FIRST + dev->size + EVENT_WORDS;
	size_t used = ALIGN_UP(avail + avail_words * sizeof(uint16_t), (size_t)PAGE_SIZE);
	size_t used_words = RING_FIRST + dev->size * USED_WORDS + EVENT_WORDS;
	unsigned order = order_of(used + used_words * sizeof(uint16_t));
	struct page *pg = page_alloc(order);
	uint8_t *memory;

	if (!pg)
		return -ENOMEM;
	memory = page_to_virt(pg);
	memset(memory, 0, (size_t)PAGE_SIZE << order);
	dev->desc = (struct vring *)memory;
	dev->avail = (uint16_t *)(memory + avail);
	dev->used = (volatile uint16_t *)(memory + used);
	dev->transport->queue_start(dev, virt_to_paddr(memory), virt_to_paddr(memory + avail),
				    virt_to_paddr(memory + used));
	return 0;
}

int virtio_start(struct virtio_device *dev, unsigned slots)
{
	int err;

	assert(slots <= 32);
	spin_init(&dev->lock, LOCK_DEVICE);
	dev->size = dev->transport->queue_size(dev);
	if (dev->size < slots)
		return -ENODEV;
	dev->slots = (uint16_t)slots;
	dev->slot_size = (uint16_t)(dev->size / slots);
	err = make_rings(dev);
	if (!err)
		add_status(dev, VIRTIO_DRIVER_OK);
	return err;
}

/* The chain of a slot, section 2.6.13. Caller holds dev->lock. */
static void fill_slot(struct virtio_device *dev, unsigned slot, const struct virtio_piece *piece,
		      unsigned n)
{
	unsigned first = slot * dev->slot_size;

	for (unsigned i = 0; i < n; i++) {
		uint16_t more = i + 1 < n ? VRING_NEXT : 0;
		uint16_t direction = piece[i].from_device ? VRING_WRITE : 0;

		dev->desc[first + i] = (struct vring){
			.addr = virt_to_paddr(piece[i].data),
			.len = piece[i].bytes,
			.flags = more | direction,
			.next = (uint16_t)(first + i + 1),
		};
	}
}

int virtio_submit(struct virtio_device *dev, unsigned slot, const struct virtio_piece *piece,
		  unsigned n)
{
	uint16_t index;
	bool notify;

	assert(slot < dev->slots && n <= dev->slot_size);
	spin_lock(&dev->lock);
	if (dev->broken) {
		spin_unlock(&dev->lock);
		return -EIO;
	}
	fill_slot(dev, slot, piece, n);
	dev->busy |= BIT(slot);
	index = dev->avail[RING_INDEX];
	dev->avail[RING_FIRST + index % dev->size] = (uint16_t)(slot * dev->slot_size);
	/* descriptors and entry are there before the index says so; and the index before
	 * the device is asked whether it wants to be told
	 */
	__atomic_store_n(&dev->avail[RING_INDEX], (uint16_t)(index + 1), __ATOMIC_SEQ_CST);
	notify = !(dev->used[RING_FLAGS] & USED_NO_NOTIFY);
	spin_unlock(&dev->lock);
	if (notify)
		dev->transport->notify(dev);
	return 0;
}

/* It handed back what it was not given: it must not touch memory any more. Caller
 * holds dev->lock.
 */
static void stop(struct virtio_device *dev, uint32_t id)
{
	kprintf("virtio: the device says that request %u is done, which it was not given\n", id);
	dev->broken = true;
	dev->transport->set_status(dev, 0);
}

/* The next entry of the used ring, section 2.6.14. Caller holds dev->lock. */
static int next_used(struct virtio_device *dev)
{
	volatile const uint16_t *entry;
	uint32_t id;

	if (dev->used[RING_INDEX] == dev->next_used)
		return -1;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	entry = &dev->used[RING_FIRST + dev->next_used % dev->size * USED_WORDS];
	id = entry[0] | (uint32_t)entry[1] << 16;
	dev->next_used++;
	if (id % dev->slot_size == 0 && id / dev->slot_size < dev->slots &&
	    (dev->busy & BIT(id / dev->slot_size)))
		return (int)(id / dev->slot_size);
	stop(dev, id);
	return -1;
}

int virtio_take_done(struct virtio_device *dev)
{
	int slot = -1;

	spin_lock(&dev->lock);
	if (!dev->broken)
		slot = next_used(dev);
	if (dev->broken && dev->busy)
		slot = __builtin_ctz(dev->busy);
	if (slot >= 0)
		dev->busy &= ~BIT(slot);
	spin_unlock(&dev->lock);
	return slot;
}
