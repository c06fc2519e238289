/* SPDX-License-Identifier: MIT */
/* A virtio device that exists only here and writes to its used ring what it likes. */
#include "dev/virtio.h"
#include "ktest.h"
#include "lib/string.h"
#include "mm/page.h"

enum { QUEUE_SIZE = 16, SLOTS = 4, USED_INDEX = 1, USED_FIRST = 2, USED_WORDS = 4 };

static struct {
	struct virtio_device dev;
	uint8_t status;
	uint64_t offers;
	uint16_t *used;
	void *rings;
	unsigned notified, resets;
} fake;

static void set_status(struct virtio_device *dev, uint8_t status)
{
	(void)dev;
	fake.resets += status == 0;
	/* it agrees to nothing but what it knows */
	fake.status = fake.offers & VIRTIO_F_VERSION_1 ? status : status & ~VIRTIO_FEATURES_OK;
}

static uint8_t get_status(struct virtio_device *dev)
{
	(void)dev;
	return fake.status;
}

static uint64_t get_features(struct virtio_device *dev)
{
	(void)dev;
	return fake.offers;
}

static void set_features(struct virtio_device *dev, uint64_t features)
{
	(void)dev;
	(void)features;
}

static uint16_t queue_size(struct virtio_device *dev)
{
	(void)dev;
	return QUEUE_SIZE;
}

static void queue_start(struct virtio_device *dev, paddr_t desc, paddr_t avail, paddr_t used)
{
	(void)dev;
	(void)avail;
	fake.rings = paddr_to_virt(desc);
	fake.used = paddr_to_virt(used);
}

static void notify(struct virtio_device *dev)
{
	(void)dev;
	fake.notified++;
}

static const struct virtio_transport transport = {
	.set_status = set_status,
	.get_status = get_status,
	.get_features = get_features,
	.set_features = set_features,
	.queue_size = queue_size,
	.queue_start = queue_start,
	.notify = notify,
};

static bool start_fake(void)
{
	memset(&fake, 0, sizeof(fake));
	fake.dev.transport = &transport;
	fake.offers = VIRTIO_F_VERSION_1 | 1;
	return virtio_negotiate(&fake.dev, VIRTIO_F_VERSION_1) == 0 &&
	       virtio_start(&fake.dev, SLOTS) == 0;
}

/* The rings are two pages and a bit: a run of order 2 or less. */
static void end_fake(void)
{
	page_put(virt_to_page(fake.rings));
}

static void submit(unsigned slot)
{
	static uint8_t data[2];
	struct virtio_piece piece[2] = { { &data[0], 1, false }, { &data[1], 1, true } };

	KEXPECT_EQ(virtio_submit(&fake.dev, slot, piece, 2), 0);
}

static void hand_back(uint32_t id)
{
	uint16_t *entry = &fake.used[USED_FIRST + fake.used[USED_INDEX] % QUEUE_SIZE * USED_WORDS];

	entry[0] = (uint16_t)id;
	entry[1] = (uint16_t)(id >> 16);
	fake.used[USED_INDEX]++;
}

KTEST(virtio_takes_only_the_features_it_wants)
{
	KREQUIRE(start_fake());
	KEXPECT(fake.dev.features == VIRTIO_F_VERSION_1);
	KEXPECT(fake.status & VIRTIO_DRIVER_OK);
	end_fake();
}

KTEST(virtio_requests_come_back_in_any_order)
{
	KREQUIRE(start_fake());
	for (unsigned round = 0; round < 3 * QUEUE_SIZE; round++) {
		submit(1);
		submit(3);
		hand_back(3 * QUEUE_SIZE / SLOTS);
		hand_back(1 * QUEUE_SIZE / SLOTS);
		KEXPECT_EQ(virtio_take_done(&fake.dev), 3);
		KEXPECT_EQ(virtio_take_done(&fake.dev), 1);
		KEXPECT_EQ(virtio_take_done(&fake.dev), -1);
	}
	KEXPECT_EQ(fake.notified, 6 * QUEUE_SIZE);
	end_fake();
}

/* A used entry with this id stops the device; what was under way comes back. */
static void expect_stop(uint32_t id)
{
	struct virtio_piece piece = { fake.rings, 1, true };

	KREQUIRE(start_fake());
	submit(0);
	submit(2);
	hand_back(id);
	KEXPECT_EQ(virtio_take_done(&fake.dev), 0);
	KEXPECT_EQ(virtio_take_done(&fake.dev), 2);
	KEXPECT_EQ(virtio_take_done(&fake.dev), -1);
	KEXPECT(fake.dev.broken);
	KEXPECT_EQ(fake.resets, 2);
	KEXPECT_EQ(virtio_submit(&fake.dev, 1, &piece, 1), -EIO);
	end_fake();
}

KTEST(virtio_device_that_hands_back_what_it_was_not_given_is_stopped)
{
	expect_stop(1 * QUEUE_SIZE / SLOTS); /* not under way */
	expect_stop(1);                      /* the middle of a chain */
	expect_stop(QUEUE_SIZE);             /* no descriptor */
	expect_stop(UINT32_MAX);
}
