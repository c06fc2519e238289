/* SPDX-License-Identifier: MIT */
/* Control sequences: ESC [ parameters letter (ECMA-48, 8.3; private modes of the
 * VT100 User Guide, 3; colours as Linux's console_codes(4)).
 */
#include "dev/vt_impl.h"
#include "lib/fmt.h"

enum {
	COLOUR_DEFAULT_FG = 7,
	COLOUR_BRIGHT = 8,
	COLOURS = 16,
	TAB_BITS = 32,
};

/* Parameter i; 0 and none mean `none`. */
static unsigned param(const struct vt *vt, unsigned i, unsigned none)
{
	return i < vt->nparams && vt->param[i] > 0 ? vt->param[i] : none;
}

/* ---- moving ---- */

/* Up and down stop at the margins of the scroll region, if they begin inside. */
static void move_up(struct vt *vt, unsigned n)
{
	unsigned first = vt->at.row >= vt->region ? vt->region : 0;

	vt_move(vt, vt->at.row - MIN(n, vt->at.row - first), vt->at.column);
}

static void move_down(struct vt *vt, unsigned n)
{
	unsigned last = (vt->at.row < vt->region_end ? vt->region_end : VT_ROWS) - 1;

	vt_move(vt, MIN(vt->at.row + n, last), vt->at.column);
}

static void move_to_row(struct vt *vt, unsigned row, unsigned column)
{
	vt_move(vt, row + (vt->at.origin ? vt->region : 0), column);
}

/* True: `final` was a movement. */
static bool movement(struct vt *vt, uint8_t final, unsigned n)
{
	unsigned column = vt->at.column;

	switch (final) {
	case 'A':
		move_up(vt, n);
		return true;
	case 'B':
	case 'e':
		move_down(vt, n);
		return true;
	case 'C':
	case 'a':
		vt_move(vt, vt->at.row, column + n);
		return true;
	case 'D':
		vt_move(vt, vt->at.row, column - MIN(n, column));
		return true;
	case 'E':
	case 'F':
		if (final == 'E')
			move_down(vt, n);
		else
			move_up(vt, n);
		vt_move(vt, vt->at.row, 0);
		return true;
	case 'G':
	case '`':
		vt_move(vt, vt->at.row, n - 1);
		return true;
	case 'H':
	case 'f':
		move_to_row(vt, n - 1, param(vt, 1, 1) - 1);
		return true;
	case 'd':
		move_to_row(vt, n - 1, column);
		return true;
	case 'I':
		vt_tab(vt, n);
		return true;
	case 'Z':
		vt_back_tab(vt, n);
		return true;
	default:
		return false;
	}
}

/* ---- erasing, inserting, deleting ---- */

enum { TO_END, FROM_START, ALL, ALL_AND_HISTORY };

static void erase_in_line(struct vt *vt, unsigned what)
{
	unsigned column = vt->at.column;

	if (what == TO_END)
		vt_erase(vt, vt->at.row, column, VT_COLUMNS);
	else if (what == FROM_START)
		vt_erase(vt, vt->at.row, 0, column + 1);
	else if (what == ALL)
		vt_erase(vt, vt->at.row, 0, VT_COLUMNS);
}

static void erase_in_display(struct vt *vt, unsigned what)
{
	if (what == TO_END) {
		erase_in_line(vt, TO_END);
		vt_erase_rows(vt, vt->at.row + 1, VT_ROWS);
	} else if (what == FROM_START) {
		vt_erase_rows(vt, 0, vt->at.row);
		erase_in_line(vt, FROM_START);
	} else if (what == ALL || what == ALL_AND_HISTORY) {
		vt_erase_rows(vt, 0, VT_ROWS);
		if (what == ALL_AND_HISTORY)
			vt->history = 0;
	}
}

/* The rest of the line moves by n columns, away from the cursor or to it. */
static void shift_line(struct vt *vt, unsigned n, bool away)
{
	uint16_t *at = vt_line(vt, vt->at.row) + vt->at.column;
	unsigned left = VT_COLUMNS - vt->at.column;

	n = MIN(n, left);
	if (away) {
		for (unsigned i = left; i-- > n;)
			at[i] = at[i - n];
		vt_erase(vt, vt->at.row, vt->at.column, n);
	} else {
		for (unsigned i = 0; i + n < left; i++)
			at[i] = at[i + n];
		vt_erase(vt, vt->at.row, VT_COLUMNS - n, n);
	}
}

/* Lines come and go only inside the scroll region. */
static void shift_lines(struct vt *vt, unsigned n, bool away)
{
	if (vt->at.row < vt->region || vt->at.row >= vt->region_end)
		return;
	if (away)
		vt_scroll_down(vt, vt->at.row, vt->region_end, n);
	else
		vt_scroll_up(vt, vt->at.row, vt->region_end, n);
	vt->wrap_pending = false;
	vt->at.column = 0;
}

static void repeat(struct vt *vt, unsigned n)
{
	for (n = MIN(n, (unsigned)(VT_ROWS * VT_COLUMNS)); n > 0 && vt->last_glyph; n--)
		vt_put(vt, vt->last_glyph);
}

/* True: `final` was one of these. */
static bool editing(struct vt *vt, uint8_t final, unsigned n)
{
	switch (final) {
	case 'J':
		erase_in_display(vt, vt->param[0]);
		return true;
	case 'K':
		erase_in_line(vt, vt->param[0]);
		return true;
	case 'L':
	case 'M':
		shift_lines(vt, n, final == 'L');
		return true;
	case 'P':
	case '@':
		shift_line(vt, n, final == '@');
		return true;
	case 'X':
		vt_erase(vt, vt->at.row, vt->at.column, n);
		return true;
	case 'S':
		vt_scroll_up(vt, vt->region, vt->region_end, n);
		return true;
	case 'T':
		vt_scroll_down(vt, vt->region, vt->region_end, n);
		return true;
	case 'b':
		repeat(vt, n);
		return true;
	default:
		return false;
	}
}

/* ---- colours ---- */

/* One of our 16 colours for red, green and blue, each up to `max`. */
static uint8_t colour_near(unsigned red, unsigned green, unsigned blue, unsigned max)
{
	unsigned rest = MAX(green, blue), most = MAX(red, rest);
	unsigned half = MAX(most / 2, max / 8);
	unsigned bright = most > max * 3 / 4 ? COLOUR_BRIGHT : 0;

	return (uint8_t)((red > half) | (green > half) << 1 | (blue > half) << 2 | bright);
}

/* Of the 256: 16 named ones, a cube of 6 x 6 x 6, 24 greys. */
static uint8_t colour_of_256(unsigned n)
{
	enum { SIDE = 6, CUBE_END = COLOURS + SIDE * SIDE * SIDE, GREYS = 24 };
	unsigned grey = n - CUBE_END;

	if (n < COLOURS)
		return (uint8_t)n;
	if (n >= CUBE_END)
		return colour_near(grey, grey, grey, GREYS);
	n -= COLOURS;
	return colour_near(n / (SIDE * SIDE), n / SIDE % SIDE, n % SIDE, SIDE - 1);
}

/* 38 and 48 at place i: `;5;N` or `;2;R;G;B`. Returns how many more were used. */
static unsigned extended_colour(const struct vt *vt, unsigned i, uint8_t *colour)
{
	enum { BY_NUMBER = 5, BY_RGB = 2 };
	const unsigned *p = vt->param + i + 1;

	if (i + 2 < vt->nparams && p[0] == BY_NUMBER) {
		*colour = colour_of_256(p[1] & UINT8_MAX);
		return 2;
	}
	if (i + 4 < vt->nparams && p[0] == BY_RGB) {
		*colour = colour_near(p[1], p[2], p[3], UINT8_MAX);
		return 4;
	}
	return VT_PARAMS; /* unclear how far it goes: all that follows is left out */
}

static void pen_reset(struct vt_pen *pen)
{
	*pen = (struct vt_pen){ .fg = COLOUR_DEFAULT_FG, .line_drawing = pen->line_drawing };
}

/* The switches among the parameters of SGR. */
static void pen_switch(struct vt_pen *pen, unsigned p)
{
	enum { OFF = 20 };
	bool on = p < OFF;

	switch (p) {
	case 1:
		pen->bold = true;
		break;
	case 21:
	case 22:
		pen->bold = false;
		break;
	case 4:
	case 24:
		pen->underline = on;
		break;
	case 7:
	case 27:
		pen->reverse = on;
		break;
	case 8:
	case 28:
		pen->hidden = on;
		break;
	default:
		break;
	}
}

/* Parameter i of SGR; returns how many after it belong to it. */
static unsigned select_graphic(struct vt *vt, unsigned i)
{
	enum { FG = 30, FG_MORE = 38, FG_DEFAULT = 39, BG = 40, BG_MORE = 48, BG_DEFAULT = 49 };
	enum { FG_BRIGHT = 90, BG_BRIGHT = 100, BG_BRIGHT_END = 108 };
	struct vt_pen *pen = &vt->at.pen;
	unsigned p = vt->param[i];

	if (p == 0)
		pen_reset(pen);
	else if (p < FG)
		pen_switch(pen, p);
	else if (p < FG_MORE)
		pen->fg = (uint8_t)(p - FG);
	else if (p == FG_MORE || p == BG_MORE)
		return extended_colour(vt, i, p == FG_MORE ? &pen->fg : &pen->bg);
	else if (p == FG_DEFAULT)
		pen->fg = COLOUR_DEFAULT_FG;
	else if (p < BG_MORE)
		pen->bg = (uint8_t)(p - BG);
	else if (p == BG_DEFAULT)
		pen->bg = 0;
	else if (p >= FG_BRIGHT && p < BG_BRIGHT)
		pen->fg = (uint8_t)((p - FG_BRIGHT) % COLOUR_BRIGHT | COLOUR_BRIGHT);
	else if (p >= BG_BRIGHT && p < BG_BRIGHT_END)
		pen->bg = (uint8_t)(p - BG_BRIGHT);
	return 0;
}

/* ---- modes and reports ---- */

static void private_mode(struct vt *vt, unsigned mode, bool on)
{
	switch (mode) {
	case 1:
		vt->application_keys = on;
		break;
	case 6:
		vt->at.origin = on;
		move_to_row(vt, 0, 0);
		break;
	case 7:
		vt->autowrap = on;
		vt->wrap_pending = false;
		break;
	case 25:
		vt->cursor_hidden = !on;
		break;
	default:
		break;
	}
}

static void ansi_mode(struct vt *vt, unsigned mode, bool on)
{
	enum { INSERT = 4, NEWLINE = 20 };

	if (mode == INSERT)
		vt->insert = on;
	else if (mode == NEWLINE)
		vt->newline = on;
}

static void set_modes(struct vt *vt, bool on)
{
	for (unsigned i = 0; i < vt->nparams; i++) {
		if (vt->marker == '?')
			private_mode(vt, vt->param[i], on);
		else if (!vt->marker)
			ansi_mode(vt, vt->param[i], on);
	}
}

static void report(struct vt *vt)
{
	enum { STATUS = 5, POSITION = 6 };
	char text[16];

	if (vt->param[0] == STATUS)
		vt_reply(vt, "\033[0n");
	if (vt->param[0] != POSITION)
		return;
	snprintf(text, sizeof(text), "\033[%u;%uR",
		 vt->at.row + 1 - (vt->at.origin ? vt->region : 0), vt->at.column + 1);
	vt_reply(vt, text);
}

static void set_region(struct vt *vt)
{
	unsigned first = param(vt, 0, 1) - 1;
	unsigned end = MIN(param(vt, 1, VT_ROWS), (unsigned)VT_ROWS);

	if (first + 1 >= end)
		return; /* less than two rows: not obeyed */
	vt->region = first;
	vt->region_end = end;
	move_to_row(vt, 0, 0);
}

static void clear_tabs(struct vt *vt)
{
	enum { HERE, EVERYWHERE = 3 };

	if (vt->param[0] == HERE)
		vt->tab[vt->at.column / TAB_BITS] &= ~BIT(vt->at.column % TAB_BITS);
	for (unsigned i = 0; vt->param[0] == EVERYWHERE && i < ARRAY_SIZE(vt->tab); i++)
		vt->tab[i] = 0;
}

static void control_terminal(struct vt *vt, uint8_t final)
{
	switch (final) {
	case 'm':
		for (unsigned i = 0; i < vt->nparams; i++)
			i += select_graphic(vt, i);
		break;
	case 'n':
		report(vt);
		break;
	case 'c':
		if (vt->param[0] == 0)
			vt_reply(vt, "\033[?6c");
		break;
	case 'g':
		clear_tabs(vt);
		break;
	case 'r':
		set_region(vt);
		break;
	case 's':
		vt->saved = vt->at;
		break;
	case 'u':
		vt->at = vt->saved;
		vt->wrap_pending = false;
		break;
	default: /* what we do not know does nothing */
		break;
	}
}

void vt_csi(struct vt *vt, uint8_t final)
{
	unsigned n = param(vt, 0, 1);

	if (final == 'h' || final == 'l')
		set_modes(vt, final == 'h');
	else if (!vt->marker && !movement(vt, final, n) && !editing(vt, final, n))
		control_terminal(vt, final);
}
