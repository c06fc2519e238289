/* SPDX-License-Identifier: MIT */
/* What keys send. Scan codes are those of set 1; 0x80 added is the release. */
#include "dev/keymap.h"
#include "lib/string.h"
#include "unit.h"

enum {
	SHIFT = 0x2a,
	CTRL = 0x1d,
	ALT = 0x38,
	CAPS = 0x3a,
	UP = 0x80,
	E0 = 0xe0,
	KEY_Y = 0x15,
	KEY_A = 0x1e,
	KEY_C = 0x2e,
	KEY_2 = 0x03,
	KEY_QUOTE = 0x28,
	KEY_Q = 0x10,
	KEY_E = 0x12,
	KEY_ARROW_UP = 0x48,
	KEY_F2 = 0x3c,
	KEY_PAGE_UP = 0x49,
};

static char sent[256];

/* Types codes (0 ends them) on a new keyboard; what it sends is in `sent`. */
static struct key_result type(struct keyboard *k, const uint8_t *codes)
{
	struct key_result r = { .action = KEY_SENDS };
	size_t n = 0;

	for (; *codes; codes++) {
		r = keyboard_take(k, *codes);
		for (unsigned i = 0; i < r.n && n + 1 < sizeof(sent); i++)
			sent[n++] = (char)r.bytes[i];
	}
	sent[n] = '\0';
	return r;
}

#define TYPE(layout, ...) \
	({ \
		struct keyboard k_; \
		EXPECT(keyboard_init(&k_, layout)); \
		type(&k_, (const uint8_t[]){ __VA_ARGS__, 0 }); \
	})

TEST(plain_and_shifted_letters)
{
	TYPE("us", KEY_A, KEY_A | UP, SHIFT, KEY_A, SHIFT | UP, KEY_A);
	EXPECT_STR(sent, "aAa");
}

TEST(caps_lock_is_for_letters_only)
{
	TYPE("us", CAPS, CAPS | UP, KEY_A, KEY_2, SHIFT, KEY_A, KEY_2);
	EXPECT_STR(sent, "A2a@");
	TYPE("de", CAPS, KEY_QUOTE, SHIFT, KEY_QUOTE);
	EXPECT_STR(sent, "\xc3\x84\xc3\xa4");
}

TEST(german_keys_stand_elsewhere)
{
	TYPE("us", KEY_Y, SHIFT, KEY_2);
	EXPECT_STR(sent, "y@");
	TYPE("de", KEY_Y, SHIFT, KEY_2);
	EXPECT_STR(sent, "z\"");
	TYPE("de", KEY_QUOTE, E0, ALT, KEY_Q, E0, ALT | UP, KEY_Q);
	EXPECT_STR(sent, "\xc3\xa4@q");
	TYPE("de", E0, ALT, KEY_E);
	EXPECT_STR(sent, "\xe2\x82\xac");
}

TEST(unknown_layout_is_us)
{
	struct keyboard k;

	EXPECT(!keyboard_init(&k, "dvorak"));
	type(&k, (const uint8_t[]){ KEY_Y, 0 });
	EXPECT_STR(sent, "y");
}

TEST(control_and_alt)
{
	TYPE("us", CTRL, KEY_C, CTRL | UP, KEY_C, ALT, KEY_C);
	EXPECT_STR(sent, "\003c\033c");
	TYPE("us", E0, CTRL, KEY_C);
	EXPECT_STR(sent, "\003");
}

TEST(arrows_follow_the_terminals_mode)
{
	struct keyboard k;

	TYPE("us", E0, KEY_ARROW_UP, E0, KEY_ARROW_UP | UP);
	EXPECT_STR(sent, "\033[A");
	keyboard_init(&k, "us");
	k.application_keys = true;
	type(&k, (const uint8_t[]){ E0, KEY_ARROW_UP, 0 });
	EXPECT_STR(sent, "\033OA");
}

TEST(number_pad_and_num_lock)
{
	TYPE("us", KEY_ARROW_UP, 0x45, 0x45 | UP, KEY_ARROW_UP, 0x4a);
	EXPECT_STR(sent, "\033[A8-");
}

TEST(function_keys_and_the_keys_of_the_console)
{
	struct key_result r;

	TYPE("us", KEY_F2, 0x57);
	EXPECT_STR(sent, "\033[[B\033[23~");
	r = TYPE("us", ALT, KEY_F2);
	EXPECT_EQ(r.action, KEY_SWITCHES);
	EXPECT_EQ(r.number, 1);
	r = TYPE("us", SHIFT, E0, KEY_PAGE_UP);
	EXPECT_EQ(r.action, KEY_SCROLLS_UP);
	TYPE("us", E0, KEY_PAGE_UP);
	EXPECT_STR(sent, "\033[5~");
}

TEST(pause_and_print_screen_send_nothing)
{
	TYPE("us", 0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5, KEY_A);
	EXPECT_STR(sent, "a");
	TYPE("us", E0, SHIFT, E0, 0x37, E0, 0x37 | UP, E0, SHIFT | UP, KEY_A);
	EXPECT_STR(sent, "a");
}

TEST(any_bytes_are_harmless)
{
	struct keyboard k;

	keyboard_init(&k, "de");
	for (int i = 0; i < 200000; i++) {
		struct key_result r = keyboard_take(&k, (uint8_t)unit_random());

		EXPECT(r.n <= KEY_BYTES);
	}
}
