/* SPDX-License-Identifier: MIT */
/* VGA text mode: cell memory and the hardware cursor. Uncached by the MTRRs, so the
 * direct map shows it as well as any mapping.
 */
#include "dev/vga.h"

#include "lib/string.h"
#include "mm/kmap.h"
#include "x86/cpu.h"

enum {
	CELLS = 0xb8000,
	CELLS_BYTES = VGA_ROWS * VGA_COLUMNS * 2,
	CRTC_INDEX = 0x3d4,
	CRTC_DATA = 0x3d5,
	CRTC_CURSOR_START = 0x0a,
	CRTC_CURSOR_END = 0x0b,
	CRTC_START_HIGH = 0x0c,
	CRTC_START_LOW = 0x0d,
	CRTC_CURSOR_HIGH = 0x0e,
	CRTC_CURSOR_LOW = 0x0f,
	CURSOR_OFF = 1 << 5,
	CURSOR_FIRST_LINE = 13, /* of the 16 lines of a cell: an underline */
	CURSOR_LAST_LINE = 15,
	PATTERN = 0x55aa,
	BYTE_BITS = 8,
};

static volatile uint16_t *cells; /* [I] NULL: no screen */

static void crtc_write(uint8_t index, uint8_t value)
{
	io_outb(CRTC_INDEX, index);
	io_outb(CRTC_DATA, value);
}

/* Memory that keeps what is written: where there is no card the bus reads as ones. */
static bool cells_are_there(void)
{
	uint16_t old = cells[0];
	bool kept;

	cells[0] = PATTERN;
	kept = cells[0] == PATTERN;
	cells[0] = old;
	return kept;
}

bool vga_init(void)
{
	if (!kmap_is_direct(CELLS, CELLS_BYTES))
		return false;
	cells = paddr_to_virt(CELLS);
	if (!cells_are_there()) {
		cells = NULL;
		return false;
	}
	crtc_write(CRTC_START_HIGH, 0);
	crtc_write(CRTC_START_LOW, 0);
	crtc_write(CRTC_CURSOR_END, CURSOR_LAST_LINE);
	return true;
}

void vga_draw_row(unsigned row, const uint16_t *from)
{
	memcpy((uint16_t *)cells + row * VGA_COLUMNS, from, VGA_COLUMNS * sizeof(*from));
}

void vga_set_cursor(unsigned row, unsigned column, bool visible)
{
	unsigned place = row * VGA_COLUMNS + column;

	crtc_write(CRTC_CURSOR_START, CURSOR_FIRST_LINE | (visible ? 0 : CURSOR_OFF));
	crtc_write(CRTC_CURSOR_HIGH, (uint8_t)(place >> BYTE_BITS));
	crtc_write(CRTC_CURSOR_LOW, (uint8_t)place);
}
