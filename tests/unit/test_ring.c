/* SPDX-License-Identifier: MIT */
/* The ring against a queue that never wraps. */
#include "lib/ring.h"
#include "unit.h"

enum { SIZE = 16, STEPS = 20000, QUEUE = STEPS * SIZE };

static uint8_t queue[QUEUE];
static uint32_t queue_head, queue_tail;

static void write_some(struct ring *ring)
{
	uint8_t data[2 * SIZE];
	uint32_t n = unit_random() % sizeof(data), space = SIZE - (queue_tail - queue_head);

	for (uint32_t i = 0; i < n; i++)
		data[i] = (uint8_t)unit_random();
	EXPECT_EQ(ring_write(ring, data, n), MIN(n, space));
	for (uint32_t i = 0; i < MIN(n, space); i++)
		queue[queue_tail++] = data[i];
}

static void read_some(struct ring *ring)
{
	uint8_t data[2 * SIZE];
	uint32_t n = unit_random() % sizeof(data), count = queue_tail - queue_head;

	EXPECT_EQ(ring_read(ring, data, n), MIN(n, count));
	for (uint32_t i = 0; i < MIN(n, count); i++)
		EXPECT_EQ(data[i], queue[queue_head++]);
}

static void one_byte(struct ring *ring)
{
	uint8_t byte = (uint8_t)unit_random();
	bool empty = queue_head == queue_tail;

	switch (unit_random() % 3) {
	case 0:
		if (ring_put(ring, byte))
			queue[queue_tail++] = byte;
		else
			EXPECT_EQ(queue_tail - queue_head, SIZE);
		break;
	case 1:
		EXPECT_EQ(ring_get(ring), empty ? -1 : queue[queue_head]);
		queue_head += !empty;
		break;
	default:
		EXPECT_EQ(ring_unput(ring), empty ? -1 : queue[queue_tail - 1]);
		queue_tail -= !empty;
	}
}

TEST(ring_matches_a_queue)
{
	uint8_t buf[SIZE];
	struct ring ring;

	ring_init(&ring, buf, SIZE);
	ring.head = ring.tail = UINT32_MAX - 100; /* the counters wrap early */
	for (int i = 0; i < STEPS; i++) {
		if (unit_random() % 2)
			one_byte(&ring);
		else if (unit_random() % 2)
			write_some(&ring);
		else
			read_some(&ring);
		EXPECT_EQ(ring_count(&ring), queue_tail - queue_head);
		EXPECT_EQ(ring_space(&ring), SIZE - (queue_tail - queue_head));
	}
}

TEST(ring_clear_empties)
{
	uint8_t buf[SIZE];
	struct ring ring;

	ring_init(&ring, buf, SIZE);
	EXPECT(ring_put(&ring, 1));
	ring_clear(&ring);
	EXPECT_EQ(ring_get(&ring), -1);
	EXPECT_EQ(ring_space(&ring), SIZE);
}

TEST(ring_size_must_be_a_power_of_two)
{
	uint8_t buf[SIZE];
	struct ring ring;

	EXPECT_ASSERT(ring_init(&ring, buf, 12));
	EXPECT_ASSERT(ring_init(&ring, buf, 0));
}
