/* SPDX-License-Identifier: MIT */
/* 16550 transmit side by polling (National PC16550D data sheet). */
#include "x86/early_serial.h"
#include "x86/cpu.h"

enum {
	COM1 = 0x3f8,
	REG_DATA = COM1,
	REG_FIFO = COM1 + 2,
	REG_LINE_CONTROL = COM1 + 3,
	REG_LINE_STATUS = COM1 + 5,
	DIVISOR_LOW = COM1,
	DIVISOR_HIGH = COM1 + 1,
	LINE_DIVISOR_ACCESS = 1 << 7,
	LINE_8N1 = 3,
	FIFO_ENABLE = 1, /* not cleared: what was typed early is kept */
	STATUS_TRANSMIT_EMPTY = 1 << 5,
	DIVISOR_115200 = 1,
	GIVE_UP = 100000, /* a port that is not there is never ready */
};

void early_serial_init(void)
{
	io_outb(REG_LINE_CONTROL, LINE_DIVISOR_ACCESS);
	io_outb(DIVISOR_LOW, DIVISOR_115200);
	io_outb(DIVISOR_HIGH, 0);
	io_outb(REG_LINE_CONTROL, LINE_8N1);
	io_outb(REG_FIFO, FIFO_ENABLE);
}

static void put(char c)
{
	for (int i = 0; i < GIVE_UP && !(io_inb(REG_LINE_STATUS) & STATUS_TRANSMIT_EMPTY); i++)
		cpu_pause();
	io_outb(REG_DATA, (uint8_t)c);
}

void early_serial_write(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n')
			put('\r');
		put(s[i]);
	}
}
