/* SPDX-License-Identifier: MIT */
/* Intel 8259A (data sheet, "Initialization command words"). */
#include "x86/pic.h"
#include "x86/cpu.h"

enum {
	PORT_MASTER = 0x20,
	PORT_SLAVE = 0xa0,
	DATA = 1, /* offset of the data port */
	ICW1_INIT = 0x11,
	ICW3_MASTER_HAS_SLAVE = 1 << 2,
	ICW3_SLAVE_ID = 2,
	ICW4_8086 = 0x01,
	OCW2_EOI = 0x20,
	OCW3_READ_ISR = 0x0b,
	LINES = 8,
	CASCADE = 2,
	SPURIOUS_LINE = 7,
	ALL_MASKED = 0xff,
};

static void init_one(uint16_t port, uint8_t vector, uint8_t icw3)
{
	io_outb(port, ICW1_INIT);
	io_outb(port + DATA, vector);
	io_outb(port + DATA, icw3);
	io_outb(port + DATA, ICW4_8086);
	io_outb(port + DATA, ALL_MASKED);
}

void pic_init(uint8_t vector_base)
{
	init_one(PORT_MASTER, vector_base, ICW3_MASTER_HAS_SLAVE);
	init_one(PORT_SLAVE, vector_base + LINES, ICW3_SLAVE_ID);
}

static void unmask(uint16_t port, unsigned line)
{
	io_outb(port + DATA, io_inb(port + DATA) & ~(1u << line));
}

void pic_enable(unsigned irq)
{
	if (irq < LINES) {
		unmask(PORT_MASTER, irq);
	} else {
		unmask(PORT_SLAVE, irq - LINES);
		unmask(PORT_MASTER, CASCADE);
	}
}

void pic_eoi(unsigned irq)
{
	if (irq >= LINES)
		io_outb(PORT_SLAVE, OCW2_EOI);
	io_outb(PORT_MASTER, OCW2_EOI);
}

static bool in_service(uint16_t port, unsigned line)
{
	io_outb(port, OCW3_READ_ISR);
	return io_inb(port) >> line & 1;
}

bool pic_is_spurious(unsigned irq)
{
	if (irq % LINES != SPURIOUS_LINE)
		return false;
	if (in_service(irq < LINES ? PORT_MASTER : PORT_SLAVE, SPURIOUS_LINE))
		return false;
	if (irq >= LINES) /* the master saw a real interrupt from the slave */
		io_outb(PORT_MASTER, OCW2_EOI);
	return true;
}
