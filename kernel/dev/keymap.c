/* SPDX-License-Identifier: MIT */
/* Scan codes to bytes: modifiers, layouts (keymap.def), and the sequences of Linux's
 * console for keys that are no characters (console_codes(4), terminfo "linux").
 */
#include "dev/keymap.h"

#include "lib/string.h"

enum {
	CODES = 0x80,
	RELEASED = 0x80,
	CODE_EXTENDED = 0xe0,
	CODE_PAUSE = 0xe1, /* and five more bytes */
	PAUSE_BYTES = 5,

	CODE_ESCAPE = 0x01,
	CODE_BACKSPACE = 0x0e,
	CODE_TAB = 0x0f,
	CODE_ENTER = 0x1c,
	CODE_CTRL = 0x1d,
	CODE_LEFT_SHIFT = 0x2a,
	CODE_SLASH = 0x35,
	CODE_RIGHT_SHIFT = 0x36,
	CODE_PAD_STAR = 0x37,
	CODE_ALT = 0x38,
	CODE_CAPS = 0x3a,
	CODE_F1 = 0x3b,
	CODE_F10 = 0x44,
	CODE_NUM = 0x45,
	CODE_PAD_FIRST = 0x47,
	CODE_PAGE_UP = 0x49,
	CODE_PAD_MINUS = 0x4a,
	CODE_PAD_PLUS = 0x4e,
	CODE_PAGE_DOWN = 0x51,
	CODE_PAD_LAST = 0x53,
	CODE_F11 = 0x57,
	CODE_F12 = 0x58,

	ESC = 0x1b,
	DELETE = 0x7f,
	CTRL_MASK = 0x1f,
	CONSOLES = 5, /* that Alt and F1... switch to */
};

struct key {
	uint16_t plain, shift, altgr;
};

struct keymap {
	const char *name;
	struct key key[CODES];
};

static const struct keymap keymaps[] = {
#define KEY(code, us, us_shift, de, de_shift, de_altgr) [code] = { us, us_shift, 0 },
	{ "us",
	  {
#include "dev/keymap.def"
	  } },
#undef KEY
#define KEY(code, us, us_shift, de, de_shift, de_altgr) [code] = { de, de_shift, de_altgr },
	{ "de",
	  {
#include "dev/keymap.def"
	  } },
#undef KEY
};

bool keyboard_init(struct keyboard *k, const char *layout)
{
	*k = (struct keyboard){ .map = &keymaps[0] };
	for (unsigned i = 0; i < ARRAY_SIZE(keymaps); i++) {
		if (strcmp(keymaps[i].name, layout) == 0) {
			k->map = &keymaps[i];
			return true;
		}
	}
	return false;
}

/* ---- what is sent ---- */

static void send_byte(struct key_result *r, uint8_t byte)
{
	if (r->n < KEY_BYTES)
		r->bytes[r->n++] = byte;
}

static void send_text(struct key_result *r, const char *text)
{
	while (*text)
		send_byte(r, (uint8_t)*text++);
}

/* UTF-8 (RFC 3629) of a code point below 0x10000. */
static void send_utf8(struct key_result *r, uint32_t c)
{
	enum { TWO = 0x80, THREE = 0x800, HEAD2 = 0xc0, HEAD3 = 0xe0, MORE = 0x80, BITS = 6 };
	enum { MASK = 0x3f };

	if (c < TWO) {
		send_byte(r, (uint8_t)c);
		return;
	}
	if (c < THREE) {
		send_byte(r, (uint8_t)(HEAD2 | c >> BITS));
	} else {
		send_byte(r, (uint8_t)(HEAD3 | c >> 2 * BITS));
		send_byte(r, (uint8_t)(MORE | (c >> BITS & MASK)));
	}
	send_byte(r, (uint8_t)(MORE | (c & MASK)));
}

static bool is_shifted(const struct keyboard *k)
{
	return k->left_shift || k->right_shift;
}

static bool is_ctrl(const struct keyboard *k)
{
	return k->left_ctrl || k->right_ctrl;
}

/* Caps Lock is for letters: keys whose two characters differ in case only. */
static bool is_letter(const struct key *key)
{
	enum { CASE = 0x20, FIRST = 'a' };

	return key->plain >= FIRST && key->plain - key->shift == CASE;
}

/* With Ctrl; what has no control character gives nothing. */
static void send_control(struct key_result *r, uint32_t c)
{
	if (c == ' ')
		send_byte(r, 0);
	else if (c == '?' || c == '-' || c == '/')
		send_byte(r, c == '?' ? DELETE : CTRL_MASK);
	else if (c >= '@' && c < DELETE)
		send_byte(r, (uint8_t)(c & CTRL_MASK));
}

static void send_character(const struct keyboard *k, struct key_result *r, const struct key *key)
{
	bool shift = is_shifted(k) != (k->caps && is_letter(key));
	uint32_t c = k->altgr ? key->altgr : shift ? key->shift : key->plain;

	if (!c)
		return;
	if (k->alt)
		send_byte(r, ESC);
	if (is_ctrl(k))
		send_control(r, c);
	else
		send_utf8(r, c);
}

/* Esc, Backspace, Tab, Enter. */
static void send_simple(const struct keyboard *k, struct key_result *r, uint8_t byte)
{
	if (k->alt)
		send_byte(r, ESC);
	if (byte == '\t' && is_shifted(k))
		send_text(r, "\033[Z");
	else
		send_byte(r, byte);
}

/* ---- keys that are no characters ---- */

static unsigned function_number(uint8_t code)
{
	if (code >= CODE_F1 && code <= CODE_F10)
		return code - CODE_F1 + 1;
	if (code == CODE_F11 || code == CODE_F12)
		return code - CODE_F11 + 11;
	return 0;
}

static void take_function(const struct keyboard *k, struct key_result *r, unsigned f)
{
	static const char *const sequences[] = {
		"\033[[A",  "\033[[B",  "\033[[C",  "\033[[D",  "\033[[E",  "\033[17~",
		"\033[18~", "\033[19~", "\033[20~", "\033[21~", "\033[23~", "\033[24~",
	};

	if (k->alt && f <= CONSOLES) {
		r->action = KEY_SWITCHES;
		r->number = f - 1;
	} else {
		send_text(r, sequences[f - 1]);
	}
}

/* The cursor keys, and those of the number pad without Num Lock. */
static void take_cursor(const struct keyboard *k, struct key_result *r, uint8_t code)
{
	static const char *const sequences[] = {
		"[1~", "A", "[5~", "-", "D", "[G", "C", "+", "[4~", "B", "[6~", "[2~", "[3~",
	};
	const char *text = sequences[code - CODE_PAD_FIRST];

	if (is_shifted(k) && (code == CODE_PAGE_UP || code == CODE_PAGE_DOWN)) {
		r->action = code == CODE_PAGE_UP ? KEY_SCROLLS_UP : KEY_SCROLLS_DOWN;
		return;
	}
	if (code == CODE_PAD_MINUS || code == CODE_PAD_PLUS) {
		send_text(r, text);
		return;
	}
	send_byte(r, ESC);
	if (*text != '[')
		send_byte(r, k->application_keys ? 'O' : '[');
	send_text(r, text);
}

static bool is_pad(uint8_t code)
{
	return code >= CODE_PAD_FIRST && code <= CODE_PAD_LAST;
}

/* True: the key was one of those without a character of its own. */
static bool take_special(const struct keyboard *k, struct key_result *r, uint8_t code)
{
	static const char digits[] = "789-456+1230.";

	if (code == CODE_ESCAPE)
		send_simple(k, r, ESC);
	else if (code == CODE_BACKSPACE)
		send_simple(k, r, DELETE);
	else if (code == CODE_TAB)
		send_simple(k, r, '\t');
	else if (code == CODE_ENTER)
		send_simple(k, r, '\r');
	else if (code == CODE_PAD_STAR && !k->extended) /* extended: Print Screen */
		send_byte(r, '*');
	else if (code == CODE_SLASH && k->extended)
		send_byte(r, '/');
	else if (function_number(code) > 0)
		take_function(k, r, function_number(code));
	else if (is_pad(code) && k->num && !k->extended)
		send_byte(r, (uint8_t)digits[code - CODE_PAD_FIRST]);
	else if (is_pad(code))
		take_cursor(k, r, code);
	else
		return false;
	return true;
}

/* ---- modifiers ---- */

static bool *modifier(struct keyboard *k, uint8_t code)
{
	switch (code) {
	case CODE_LEFT_SHIFT: /* extended: part of what Print Screen sends */
		return k->extended ? NULL : &k->left_shift;
	case CODE_RIGHT_SHIFT:
		return k->extended ? NULL : &k->right_shift;
	case CODE_CTRL:
		return k->extended ? &k->right_ctrl : &k->left_ctrl;
	case CODE_ALT:
		return k->extended ? &k->altgr : &k->alt;
	default:
		return NULL;
	}
}

static struct key_result take_pressed(struct keyboard *k, uint8_t code)
{
	struct key_result r = { .action = KEY_SENDS };

	if (code == CODE_CAPS || (code == CODE_NUM && !k->extended)) {
		k->caps ^= code == CODE_CAPS;
		k->num ^= code == CODE_NUM;
		r.action = KEY_CHANGES_LIGHTS;
	} else if (!take_special(k, &r, code) && !k->extended) {
		send_character(k, &r, &k->map->key[code]);
	}
	return r;
}

struct key_result keyboard_take(struct keyboard *k, uint8_t code)
{
	struct key_result r = { .action = KEY_SENDS };
	uint8_t key = code & ~RELEASED;
	bool *held;

	if (k->ignore > 0) {
		k->ignore--;
		return r;
	}
	if (code == CODE_EXTENDED || code == CODE_PAUSE) {
		k->extended = code == CODE_EXTENDED;
		k->ignore = code == CODE_PAUSE ? PAUSE_BYTES : 0;
		return r;
	}
	held = modifier(k, key);
	if (held)
		*held = !(code & RELEASED);
	else if (!(code & RELEASED))
		r = take_pressed(k, key);
	k->extended = false;
	return r;
}
