/* SPDX-License-Identifier: MIT */
/* From the scan codes of a PC keyboard (set 1, as the 8042 translates) to what a
 * Linux terminal sends. Pure: no device, no locks.
 */
#ifndef DEV_KEYMAP_H
#define DEV_KEYMAP_H

#include "lib/types.h"

enum { KEY_BYTES = 8 };

enum key_action {
	KEY_SENDS,    /* the bytes, maybe none */
	KEY_SWITCHES, /* to console `number` */
	KEY_SCROLLS_UP,
	KEY_SCROLLS_DOWN,
	KEY_CHANGES_LIGHTS,
};

struct key_result {
	enum key_action action;
	unsigned number;
	unsigned n;
	uint8_t bytes[KEY_BYTES];
};

struct keyboard {
	const struct keymap *map;
	bool extended;   /* 0xe0 came */
	unsigned ignore; /* bytes of the Pause key that are still to come */
	bool left_shift, right_shift, left_ctrl, right_ctrl, alt, altgr;
	bool caps, num;        /* lit */
	bool application_keys; /* the owner sets it: arrows send ESC O */
};

/* A keyboard of that layout (us, de); false: there is no such layout, it has us. */
bool keyboard_init(struct keyboard *k, const char *layout);

/* One byte from the keyboard. */
struct key_result keyboard_take(struct keyboard *k, uint8_t code);

#endif
