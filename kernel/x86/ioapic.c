/* SPDX-License-Identifier: MIT */
/* I/O APICs: registers are reached through a select and a window register. */
#include "x86/ioapic.h"
#include "lib/kprintf.h"
#include "x86/lapic.h"

enum {
	WORD_SELECT = 0,
	WORD_WINDOW = 0x10 / 4,
	REG_VERSION = 1,
	REG_TABLE = 0x10, /* two registers an input */
	VERSION_INPUTS_SHIFT = 16,
	ENTRY_ACTIVE_LOW = 1 << 13,
	ENTRY_LEVEL = 1 << 15,
	ENTRY_MASKED = 1 << 16,
	ENTRY_DESTINATION_SHIFT = 24,
	BYTE = 0xff,
	ISA_LINES = 16,
};

static struct {
	volatile uint32_t *regs;
	uint32_t first, count;
} chips[IOAPIC_MAX]; /* [I] after start-up */
static unsigned chip_count;

static struct {
	bool used;
	uint32_t input;
	uint32_t bits;
} overrides[ISA_LINES]; /* [I] */

static uint32_t read_reg(unsigned chip, uint32_t reg)
{
	chips[chip].regs[WORD_SELECT] = reg;
	return chips[chip].regs[WORD_WINDOW];
}

static void write_reg(unsigned chip, uint32_t reg, uint32_t value)
{
	chips[chip].regs[WORD_SELECT] = reg;
	chips[chip].regs[WORD_WINDOW] = value;
}

void ioapic_add(volatile uint32_t *registers, uint32_t first_input)
{
	if (chip_count == IOAPIC_MAX) {
		kprintf("ioapic: more than %u, one left out\n", IOAPIC_MAX);
		return;
	}
	chips[chip_count].regs = registers;
	chips[chip_count].first = first_input;
	chips[chip_count].count =
		(read_reg(chip_count, REG_VERSION) >> VERSION_INPUTS_SHIFT & BYTE) + 1;
	chip_count++;
}

void ioapic_override(unsigned irq, uint32_t input, bool active_low, bool level)
{
	if (irq >= ISA_LINES)
		return;
	overrides[irq].used = true;
	overrides[irq].input = input;
	overrides[irq].bits = (active_low ? ENTRY_ACTIVE_LOW : 0) | (level ? ENTRY_LEVEL : 0);
}

static void set_entry(unsigned chip, uint32_t n, uint32_t high, uint32_t low)
{
	write_reg(chip, REG_TABLE + 2 * n, ENTRY_MASKED);
	write_reg(chip, REG_TABLE + 2 * n + 1, high);
	write_reg(chip, REG_TABLE + 2 * n, low);
}

void ioapic_init(void)
{
	for (unsigned c = 0; c < chip_count; c++) {
		for (uint32_t n = 0; n < chips[c].count; n++)
			set_entry(c, n, 0, ENTRY_MASKED);
	}
}

void ioapic_enable(unsigned irq, uint8_t vector)
{
	uint32_t input = overrides[irq].used ? overrides[irq].input : irq;

	for (unsigned c = 0; c < chip_count; c++) {
		if (input < chips[c].first || input - chips[c].first >= chips[c].count)
			continue;
		set_entry(c, input - chips[c].first,
			  (uint32_t)lapic_id() << ENTRY_DESTINATION_SHIFT,
			  overrides[irq].bits | vector);
		return;
	}
	kprintf("ioapic: no input for ISA line %u\n", irq);
}
