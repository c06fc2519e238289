/* SPDX-License-Identifier: MIT */
/* Intel 8254 (data sheet, "Control word format"). */
#include "x86/pit.h"
#include "x86/cpu.h"

enum {
	PIT_HZ = 1193182,
	PIT_MAX_NS = 54 * 1000 * 1000,
	PORT_CHANNEL0 = 0x40,
	PORT_CHANNEL2 = 0x42,
	PORT_CONTROL = 0x43,
	PORT_SPEAKER = 0x61,
	CHANNEL0_ONE_SHOT = 0x30, /* both bytes, mode 0: interrupt on terminal count */
	CHANNEL2_ONE_SHOT = 0xb0,
	SPEAKER_GATE2 = 1 << 0,
	SPEAKER_ON = 1 << 1,
	SPEAKER_OUT2 = 1 << 5,
};

static uint16_t count_for(ktime_t ns)
{
	uint32_t capped = (uint32_t)MIN(ns, (ktime_t)PIT_MAX_NS);
	uint32_t n = (uint32_t)((uint64_t)capped * PIT_HZ / NSEC_PER_SEC);

	return (uint16_t)MAX(n, 1u);
}

static void load(uint16_t port, uint16_t count)
{
	io_outb(port, (uint8_t)count);
	io_outb(port, (uint8_t)(count >> 8));
}

void pit_start(ktime_t ns)
{
	io_outb(PORT_CONTROL, CHANNEL0_ONE_SHOT);
	load(PORT_CHANNEL0, count_for(ns));
}

void pit_wait(ktime_t ns)
{
	uint8_t gate = io_inb(PORT_SPEAKER) & ~(SPEAKER_ON | SPEAKER_GATE2);

	io_outb(PORT_SPEAKER, gate);
	io_outb(PORT_CONTROL, CHANNEL2_ONE_SHOT);
	load(PORT_CHANNEL2, count_for(ns));
	io_outb(PORT_SPEAKER, gate | SPEAKER_GATE2);
	while (!(io_inb(PORT_SPEAKER) & SPEAKER_OUT2))
		; /* reading a port is pause enough; at `pause` QEMU would look for other CPUs */
}
