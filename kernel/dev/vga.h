/* SPDX-License-Identifier: MIT */
/* The VGA in its text mode of 80 x 25 cells (IBM VGA reference; 0xB8000, CRTC). No
 * locks: the virtual consoles (vc.c) call under theirs.
 */
#ifndef DEV_VGA_H
#define DEV_VGA_H

#include "lib/types.h"

enum { VGA_ROWS = 25, VGA_COLUMNS = 80 };

/* False: there is no such screen. Direct map is up. */
bool vga_init(void);

/* cells: VGA_COLUMNS of glyph and, in the high byte, attribute. */
void vga_draw_row(unsigned row, const uint16_t *cells);
void vga_set_cursor(unsigned row, unsigned column, bool visible);

#endif
