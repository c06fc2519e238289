/* SPDX-License-Identifier: MIT */
/* A terminal emulator: bytes in, a screen of VGA text cells out. Understands what a
 * VT100 and Linux's console do of ECMA-48 (console_codes(4)), and UTF-8 as far as
 * code page 437 has the glyph. Pure: no device, no locks; the owner serialises calls.
 *
 *    cell[]: a ring of lines       row 0 is line `top`; the `history` lines before
 *    |..history..|[screen.....]|   it have scrolled out and are kept
 */
#ifndef DEV_VT_H
#define DEV_VT_H

#include "lib/types.h"

enum {
	VT_ROWS = 25,
	VT_COLUMNS = 80,
	VT_LINES = 128, /* screen and history; a power of two */
	VT_PARAMS = 16,
	VT_REPLY = 64,
	VT_ATTRIBUTE_SHIFT = 8, /* a cell: attribute, glyph */
};

struct vt_pen {
	uint8_t fg, bg; /* ANSI colours 0-7; fg with 8 is bright */
	bool bold, underline, reverse, hidden;
	bool line_drawing; /* DEC special graphics instead of small letters */
};

struct vt_place {
	unsigned row, column;
	struct vt_pen pen;
	bool origin; /* rows count from the scroll region's first */
};

enum vt_state {
	VT_GROUND,
	VT_ESCAPE,      /* ESC came */
	VT_ESCAPE_SKIP, /* ESC and an intermediate byte: one more */
	VT_CHARSET,     /* ESC ( */
	VT_ALIGNMENT,   /* ESC # */
	VT_CSI,         /* ESC [ and parameters */
	VT_STRING,      /* a string for other terminals, to its end */
	VT_STRING_END,  /* ESC in it */
};

struct vt {
	uint16_t cell[VT_LINES][VT_COLUMNS];
	unsigned top, history;
	struct vt_place at, saved;
	bool wrap_pending;           /* the last column is written: the next glyph wraps */
	unsigned region, region_end; /* rows that scroll: [region, region_end) */
	bool autowrap, insert, newline, cursor_hidden;
	bool application_keys; /* arrow keys send ESC O instead of ESC [ */
	uint32_t tab[DIV_ROUND_UP(VT_COLUMNS, 32)];
	uint32_t last_glyph; /* for REP */

	enum vt_state state;
	uint8_t marker; /* '?' and the like before parameters, or an intermediate byte */
	unsigned param[VT_PARAMS], nparams;
	uint32_t utf8;      /* code point so far */
	unsigned utf8_more; /* bytes that are still to come */

	/* what the owner takes */
	uint32_t dirty; /* rows that changed, a bit each */
	char reply[VT_REPLY];
	unsigned reply_length;
};

void vt_init(struct vt *vt);
void vt_write(struct vt *vt, const char *s, size_t n);

/* The cells of a row as seen `back` lines up in the history; back <= vt->history. */
const uint16_t *vt_row(const struct vt *vt, unsigned row, unsigned back);

/* The glyph of code page 437 for a code point; -1: it has none. cp437.c */
int cp437_glyph(uint32_t code_point);
/* DEC special graphics for 0x5f to 0x7e, as code points; others unchanged. */
uint32_t dec_graphics(uint32_t c);

#endif
