/* SPDX-License-Identifier: MIT */
/* The terminal emulator's screen, its C0 and ESC functions, and the parser: a state
 * machine over bytes, of which control bytes act in every state (ECMA-48, 5.2).
 */
#include "dev/vt.h"

#include "dev/vt_impl.h"
#include "lib/string.h"

enum {
	TAB_WIDTH = 8,
	TAB_BITS = 32,
	COLOUR_DEFAULT_FG = 7,
	COLOUR_BRIGHT = 8,
	COLOUR_MASK = 7,
	COLOUR_UNDERLINE = 6, /* there is no line: cyan, as on Linux */
	ATTRIBUTE_BG_SHIFT = 4,
	GLYPH_UNKNOWN = 0xfe, /* a small square */
	PARAM_MAX = 9999,
	C0_END = 0x20,
	DELETE = 0x7f,
	BEL = 7,
	CAN = 0x18,
	SUB = 0x1a,
	ESC = 0x1b,
	ASCII_END = 0x80,
};

/* ---- the screen ---- */

const uint16_t *vt_row(const struct vt *vt, unsigned row, unsigned back)
{
	return vt->cell[(vt->top + row - back) % VT_LINES];
}

uint16_t *vt_line(struct vt *vt, unsigned row)
{
	vt->dirty |= BIT(row);
	return vt->cell[(vt->top + row) % VT_LINES];
}

static uint8_t vga_attribute(unsigned fg, unsigned bg)
{
	/* ANSI counts red as 1 and blue as 4, VGA the other way round. */
	static const uint8_t vga[] = { 0, 4, 2, 6, 1, 5, 3, 7 };

	return (uint8_t)(vga[fg & COLOUR_MASK] | (fg & COLOUR_BRIGHT) |
			 vga[bg & COLOUR_MASK] << ATTRIBUTE_BG_SHIFT);
}

static uint8_t pen_attribute(const struct vt_pen *pen)
{
	unsigned fg = pen->fg, bg = pen->bg;

	if (pen->underline)
		fg = COLOUR_UNDERLINE;
	if (pen->bold)
		fg |= COLOUR_BRIGHT;
	if (pen->hidden)
		fg = bg;
	return pen->reverse ? vga_attribute(bg | (fg & COLOUR_BRIGHT), fg) : vga_attribute(fg, bg);
}

uint16_t vt_blank(const struct vt *vt)
{
	return (uint16_t)(' ' | vga_attribute(vt->at.pen.fg & COLOUR_MASK, vt->at.pen.bg)
					<< VT_ATTRIBUTE_SHIFT);
}

void vt_erase(struct vt *vt, unsigned row, unsigned column, unsigned n)
{
	uint16_t *line = vt_line(vt, row), blank = vt_blank(vt);

	for (unsigned end = MIN(column + n, (unsigned)VT_COLUMNS); column < end; column++)
		line[column] = blank;
}

void vt_erase_rows(struct vt *vt, unsigned row, unsigned end)
{
	for (; row < end; row++)
		vt_erase(vt, row, 0, VT_COLUMNS);
}

static void copy_row(struct vt *vt, unsigned to, unsigned from)
{
	memcpy(vt_line(vt, to), vt_row(vt, from, 0), sizeof(vt->cell[0]));
}

/* The whole screen: the ring turns, and what leaves at the top becomes history. */
static void scroll_screen(struct vt *vt, unsigned n)
{
	vt->top = (vt->top + n) % VT_LINES;
	vt->history = MIN(vt->history + n, (unsigned)(VT_LINES - VT_ROWS));
	vt->dirty = BIT(VT_ROWS) - 1;
	vt_erase_rows(vt, VT_ROWS - n, VT_ROWS);
}

void vt_scroll_up(struct vt *vt, unsigned first, unsigned end, unsigned n)
{
	n = MIN(n, end - first);
	if (first == 0 && end == VT_ROWS) {
		scroll_screen(vt, n);
		return;
	}
	for (unsigned row = first; row < end - n; row++)
		copy_row(vt, row, row + n);
	vt_erase_rows(vt, end - n, end);
}

void vt_scroll_down(struct vt *vt, unsigned first, unsigned end, unsigned n)
{
	n = MIN(n, end - first);
	for (unsigned row = end; row-- > first + n;)
		copy_row(vt, row, row - n);
	vt_erase_rows(vt, first, first + n);
}

void vt_move(struct vt *vt, unsigned row, unsigned column)
{
	unsigned first = vt->at.origin ? vt->region : 0;
	unsigned end = vt->at.origin ? vt->region_end : VT_ROWS;

	row = MIN(row, end - 1);
	vt->at.row = MAX(row, first);
	vt->at.column = MIN(column, (unsigned)VT_COLUMNS - 1);
	vt->wrap_pending = false;
}

static void line_feed(struct vt *vt)
{
	if (vt->at.row + 1 == vt->region_end)
		vt_scroll_up(vt, vt->region, vt->region_end, 1);
	else if (vt->at.row + 1 < VT_ROWS)
		vt->at.row++;
	vt->wrap_pending = false;
}

static void reverse_line_feed(struct vt *vt)
{
	if (vt->at.row == vt->region)
		vt_scroll_down(vt, vt->region, vt->region_end, 1);
	else if (vt->at.row > 0)
		vt->at.row--;
	vt->wrap_pending = false;
}

static void carriage_return(struct vt *vt)
{
	vt->at.column = 0;
	vt->wrap_pending = false;
}

/* ---- tabs ---- */

static bool tab_is_set(const struct vt *vt, unsigned column)
{
	return vt->tab[column / TAB_BITS] & BIT(column % TAB_BITS);
}

void vt_tab(struct vt *vt, unsigned n)
{
	while (n-- > 0 && vt->at.column < VT_COLUMNS - 1) {
		do
			vt->at.column++;
		while (vt->at.column < VT_COLUMNS - 1 && !tab_is_set(vt, vt->at.column));
	}
	vt->wrap_pending = false;
}

void vt_back_tab(struct vt *vt, unsigned n)
{
	while (n-- > 0 && vt->at.column > 0) {
		do
			vt->at.column--;
		while (vt->at.column > 0 && !tab_is_set(vt, vt->at.column));
	}
	vt->wrap_pending = false;
}

/* ---- glyphs ---- */

static bool is_combining(uint32_t c)
{
	enum { FIRST = 0x300, LAST = 0x36f, ZERO_WIDTH = 0x200b, JOINER = 0x200d };

	return (c >= FIRST && c <= LAST) || (c >= ZERO_WIDTH && c <= JOINER);
}

void vt_put(struct vt *vt, uint32_t c)
{
	struct vt_place *at = &vt->at;
	uint16_t *line;
	int glyph;

	if (at->pen.line_drawing)
		c = dec_graphics(c);
	if (is_combining(c))
		return; /* no width of its own, and no glyph */
	vt->last_glyph = c;
	glyph = cp437_glyph(c);
	if (vt->wrap_pending) {
		carriage_return(vt);
		line_feed(vt);
	}
	line = vt_line(vt, at->row);
	if (vt->insert)
		memmove(line + at->column + 1, line + at->column,
			(VT_COLUMNS - 1 - at->column) * sizeof(*line));
	line[at->column] = (uint16_t)((glyph < 0 ? GLYPH_UNKNOWN : glyph) |
				      pen_attribute(&at->pen) << VT_ATTRIBUTE_SHIFT);
	if (at->column < VT_COLUMNS - 1)
		at->column++;
	else
		vt->wrap_pending = vt->autowrap;
}

/* ---- UTF-8 (RFC 3629) ---- */

static void utf8_begin(struct vt *vt, uint8_t c)
{
	enum { TWO = 0xc2, THREE = 0xe0, FOUR = 0xf0, END = 0xf5 };

	vt->utf8_more = c < TWO || c >= END ? 0 : c < THREE ? 1 : c < FOUR ? 2 : 3;
	vt->utf8 = c & (DELETE >> (vt->utf8_more + 1));
	if (vt->utf8_more == 0)
		vt_put(vt, UINT32_MAX); /* not UTF-8 */
}

static void put_byte(struct vt *vt, uint8_t c)
{
	enum { MORE_MASK = 0xc0, MORE = 0x80, MORE_BITS = 6, MORE_VALUE = 0x3f };

	if (vt->utf8_more > 0 && (c & MORE_MASK) == MORE) {
		vt->utf8 = vt->utf8 << MORE_BITS | (c & MORE_VALUE);
		if (--vt->utf8_more == 0)
			vt_put(vt, vt->utf8);
		return;
	}
	if (vt->utf8_more > 0) { /* cut off */
		vt->utf8_more = 0;
		vt_put(vt, UINT32_MAX);
	}
	if (c < ASCII_END)
		vt_put(vt, c);
	else
		utf8_begin(vt, c);
}

/* ---- the parser ---- */

void vt_reply(struct vt *vt, const char *text)
{
	size_t n = strlen(text);

	if (vt->reply_length + n > VT_REPLY)
		return; /* who asks without reading gets no more answers */
	memcpy(vt->reply + vt->reply_length, text, n);
	vt->reply_length += n;
}

static void reset(struct vt *vt)
{
	vt->at = vt->saved = (struct vt_place){ .pen = { .fg = COLOUR_DEFAULT_FG } };
	vt->region = 0;
	vt->region_end = VT_ROWS;
	vt->autowrap = true;
	vt->insert = vt->newline = vt->cursor_hidden = vt->application_keys = false;
	vt->wrap_pending = false;
	vt->state = VT_GROUND;
	memset(vt->tab, 0, sizeof(vt->tab));
	for (unsigned column = 0; column < VT_COLUMNS; column += TAB_WIDTH)
		vt->tab[column / TAB_BITS] |= BIT(column % TAB_BITS);
	vt_erase_rows(vt, 0, VT_ROWS);
}

void vt_init(struct vt *vt)
{
	memset(vt, 0, sizeof(*vt));
	reset(vt);
}

/* True: c was a control character, which acts in whatever state. */
static bool control(struct vt *vt, uint8_t c)
{
	switch (c) {
	case '\b':
		vt_move(vt, vt->at.row, vt->at.column - (vt->at.column > 0));
		return true;
	case '\t':
		vt_tab(vt, 1);
		return true;
	case '\n':
	case '\v':
	case '\f':
		if (vt->newline)
			carriage_return(vt);
		line_feed(vt);
		return true;
	case '\r':
		carriage_return(vt);
		return true;
	case CAN:
	case SUB:
		vt->state = VT_GROUND;
		return true;
	case ESC:
		vt->state = VT_ESCAPE;
		vt->utf8_more = 0;
		return true;
	default:
		return c < C0_END || c == DELETE;
	}
}

static void begin_csi(struct vt *vt)
{
	vt->state = VT_CSI;
	vt->marker = 0;
	vt->nparams = 0;
	memset(vt->param, 0, sizeof(vt->param));
}

static void fill_with_e(struct vt *vt)
{
	uint16_t cell = (uint16_t)('E' | (vt_blank(vt) & ~UINT8_MAX));

	for (unsigned row = 0; row < VT_ROWS; row++) {
		uint16_t *line = vt_line(vt, row);

		for (unsigned column = 0; column < VT_COLUMNS; column++)
			line[column] = cell;
	}
}

static void restore(struct vt *vt)
{
	vt->at = vt->saved;
	vt->wrap_pending = false;
}

/* The functions of one byte behind ESC. */
static void escape_function(struct vt *vt, uint8_t c)
{
	switch (c) {
	case '7':
		vt->saved = vt->at;
		break;
	case '8':
		restore(vt);
		break;
	case 'D':
		line_feed(vt);
		break;
	case 'E':
		carriage_return(vt);
		line_feed(vt);
		break;
	case 'H':
		vt->tab[vt->at.column / TAB_BITS] |= BIT(vt->at.column % TAB_BITS);
		break;
	case 'M':
		reverse_line_feed(vt);
		break;
	case 'Z':
		vt_reply(vt, "\033[?6c");
		break;
	case 'c':
		reset(vt);
		break;
	default: /* what we do not know does nothing */
		break;
	}
}

static void escape(struct vt *vt, uint8_t c)
{
	vt->state = VT_GROUND;
	if (c == '[')
		begin_csi(vt);
	else if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_')
		vt->state = VT_STRING;
	else if (c == '(')
		vt->state = VT_CHARSET;
	else if (c == '#')
		vt->state = VT_ALIGNMENT;
	else if (c >= ' ' && c <= '/')
		vt->state = VT_ESCAPE_SKIP;
	else
		escape_function(vt, c);
}

static void csi_byte(struct vt *vt, uint8_t c)
{
	unsigned *param = &vt->param[MIN(vt->nparams, (unsigned)VT_PARAMS - 1)];

	if (c >= '0' && c <= '9') {
		*param = MIN(*param * 10 + (c - '0'), (unsigned)PARAM_MAX);
	} else if (c == ';' || c == ':') {
		vt->nparams += vt->nparams < VT_PARAMS;
	} else if (c < '@') {
		vt->marker = c;
	} else {
		vt->nparams += vt->nparams < VT_PARAMS;
		vt->state = VT_GROUND;
		vt_csi(vt, c);
	}
}

/* A string ends with BEL or with ESC \ ; its bytes mean nothing to us. */
static void string_byte(struct vt *vt, uint8_t c)
{
	if (c == BEL || c == CAN || c == SUB || (vt->state == VT_STRING_END && c == '\\'))
		vt->state = VT_GROUND;
	else
		vt->state = c == ESC ? VT_STRING_END : VT_STRING;
}

static void byte(struct vt *vt, uint8_t c)
{
	if (vt->state == VT_STRING || vt->state == VT_STRING_END) {
		string_byte(vt, c);
		return;
	}
	if (control(vt, c))
		return;
	switch (vt->state) {
	case VT_ESCAPE:
		escape(vt, c);
		break;
	case VT_CSI:
		csi_byte(vt, c);
		break;
	case VT_CHARSET:
		vt->at.pen.line_drawing = c == '0';
		vt->state = VT_GROUND;
		break;
	case VT_ALIGNMENT:
		if (c == '8')
			fill_with_e(vt);
		vt->state = VT_GROUND;
		break;
	case VT_ESCAPE_SKIP:
		vt->state = VT_GROUND;
		break;
	default:
		put_byte(vt, c);
	}
}

void vt_write(struct vt *vt, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		byte(vt, (uint8_t)s[i]);
}
