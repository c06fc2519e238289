/* SPDX-License-Identifier: MIT */
/* The terminal emulator: what bytes leave on the screen. */
#include "dev/vt.h"
#include "lib/string.h"
#include "unit.h"

static struct vt vt;
static char text[VT_COLUMNS + 1];

static void start(const char *bytes)
{
	vt_init(&vt);
	vt_write(&vt, bytes, strlen(bytes));
}

/* A row's glyphs without the blanks at its end. */
static const char *row_text(unsigned row, unsigned back)
{
	const uint16_t *cells = vt_row(&vt, row, back);
	unsigned end = 0;

	for (unsigned i = 0; i < VT_COLUMNS; i++) {
		text[i] = (char)cells[i];
		if (text[i] != ' ')
			end = i + 1;
	}
	text[end] = '\0';
	return text;
}

#define EXPECT_ROW(row, want) EXPECT_STR(row_text(row, 0), want)

static void expect_cursor(unsigned row, unsigned column)
{
	EXPECT_EQ(vt.at.row, row);
	EXPECT_EQ(vt.at.column, column);
}

static unsigned attribute(unsigned row, unsigned column)
{
	return vt_row(&vt, row, 0)[column] >> VT_ATTRIBUTE_SHIFT;
}

TEST(text_and_line_ends)
{
	start("one\r\ntwo\n three\rT\b\b.");
	EXPECT_ROW(0, "one");
	EXPECT_ROW(1, "two");
	EXPECT_ROW(2, ".   three");
	expect_cursor(2, 1);
}

TEST(a_full_line_wraps_with_the_next_glyph)
{
	start("");
	for (int i = 0; i < VT_COLUMNS; i++)
		vt_write(&vt, "x", 1);
	expect_cursor(0, VT_COLUMNS - 1);
	vt_write(&vt, "y", 1);
	EXPECT_ROW(1, "y");
	expect_cursor(1, 1);
	start("\033[?7l\033[80Gab");
	expect_cursor(0, VT_COLUMNS - 1);
	EXPECT_EQ(vt_row(&vt, 0, 0)[VT_COLUMNS - 1] & 0xff, 'b');
}

TEST(what_scrolls_out_is_history)
{
	start("first\r\n");
	for (int i = 0; i < VT_ROWS; i++)
		vt_write(&vt, "x\r\n", 3);
	EXPECT_EQ(vt.history, 2);
	EXPECT_STR(row_text(0, 2), "first");
	for (int i = 0; i < 1000; i++)
		vt_write(&vt, "y\r\n", 3);
	EXPECT_EQ(vt.history, VT_LINES - VT_ROWS);
	EXPECT_STR(row_text(0, vt.history), "y");
}

TEST(cursor_movement)
{
	start("\033[5;10H");
	expect_cursor(4, 9);
	vt_write(&vt, "\033[2A\033[3C\033[B\033[D", 14);
	expect_cursor(3, 11);
	start("\033[99;99H");
	expect_cursor(VT_ROWS - 1, VT_COLUMNS - 1);
	start("\033[9A\033[9D");
	expect_cursor(0, 0);
	start("\033[7d\033[4G");
	expect_cursor(6, 3);
	start("\033[3;3H\033[2E");
	expect_cursor(4, 0);
}

TEST(erasing)
{
	start("abcdef\033[3G\033[K");
	EXPECT_ROW(0, "ab");
	start("abcdef\033[3G\033[1K");
	EXPECT_ROW(0, "   def");
	start("ab\r\ncd\r\nef\033[2;2H\033[J");
	EXPECT_ROW(0, "ab");
	EXPECT_ROW(1, "c");
	EXPECT_ROW(2, "");
	start("ab\r\ncd\033[2J");
	EXPECT_ROW(0, "");
	expect_cursor(1, 2);
	start("abcdef\033[2G\033[2X");
	EXPECT_ROW(0, "a  def");
}

TEST(inserting_and_deleting)
{
	start("abcdef\033[2G\033[2@");
	EXPECT_ROW(0, "a  bcdef");
	start("abcdef\033[2G\033[2P");
	EXPECT_ROW(0, "adef");
	start("abc\033[2G\033[4hXY\033[4lZ");
	EXPECT_ROW(0, "aXYZc");
	start("1\r\n2\r\n3\033[2;1H\033[L");
	EXPECT_ROW(1, "");
	EXPECT_ROW(2, "2");
	EXPECT_ROW(3, "3");
	vt_write(&vt, "\033[2M", 4);
	EXPECT_ROW(1, "3");
}

TEST(a_scroll_region_moves_alone)
{
	start("top\033[2;4r\033[2;1Ha\r\nb\r\nc\r\nd\033[25;1Hend");
	EXPECT_ROW(0, "top");
	EXPECT_ROW(1, "b");
	EXPECT_ROW(3, "d");
	EXPECT_ROW(24, "end");
	EXPECT_EQ(vt.history, 0);
	vt_write(&vt, "\033[2;1H\033M", 8);
	EXPECT_ROW(1, "");
	EXPECT_ROW(2, "b");
	start("\033[5;10r\033[?6h\033[1;1HX");
	EXPECT_ROW(4, "X");
}

TEST(save_and_restore)
{
	start("\033[3;4H\033[1;31m\0337\033[H\033[0m\0338x");
	expect_cursor(2, 4);
	EXPECT_EQ(attribute(2, 3), 0x0c);
	start("\033[3;4H\033[s\033[H\033[u");
	expect_cursor(2, 3);
}

TEST(colours)
{
	start("\033[31ma\033[1mb\033[44mc\033[7md\033[0me\033[92mf\033[39mg");
	EXPECT_EQ(attribute(0, 0), 0x04);
	EXPECT_EQ(attribute(0, 1), 0x0c);
	EXPECT_EQ(attribute(0, 2), 0x1c);
	EXPECT_EQ(attribute(0, 3), 0x49);
	EXPECT_EQ(attribute(0, 4), 0x07);
	EXPECT_EQ(attribute(0, 5), 0x0a);
	EXPECT_EQ(attribute(0, 6), 0x07);
	start("\033[38;5;196ma\033[38;2;0;0;255mb\033[38;5;244mc\033[0;4md");
	EXPECT_EQ(attribute(0, 0), 0x0c);
	EXPECT_EQ(attribute(0, 1), 0x09);
	EXPECT_EQ(attribute(0, 2) & 7, 7);
	EXPECT_EQ(attribute(0, 3), 0x03);
}

TEST(tabs)
{
	start("a\tb\033[3g\033[1;20H\033H\r\tc\033[Zd");
	EXPECT_EQ(vt_row(&vt, 0, 0)[8] & 0xff, 'b');
	EXPECT_EQ(vt_row(&vt, 0, 0)[19] & 0xff, 'd');
}

TEST(reports)
{
	start("\033[5;7H\033[6n");
	EXPECT_EQ(vt.reply_length, 6);
	EXPECT(memcmp(vt.reply, "\033[5;7R", 6) == 0);
	start("\033[c");
	EXPECT(memcmp(vt.reply, "\033[?6c", 5) == 0);
}

TEST(characters_beyond_ascii)
{
	start("\xc3\xa4\xe2\x94\x80\xe2\x82\xac-\xc3-\xff-e\xcc\x81.");
	/* an a with dots, a line, no euro, a cut-off one, no UTF-8, an accent dropped */
	EXPECT_STR(row_text(0, 0), "\x84\xc4\xfe-\xfe-\xfe-e.");
	start("\033(0lqk\033(Bx");
	EXPECT_STR(row_text(0, 0), "\xda\xc4\xbfx");
}

TEST(modes_of_the_cursor_and_the_keys)
{
	start("\033[?25l\033[?1h");
	EXPECT(vt.cursor_hidden && vt.application_keys);
	vt_write(&vt, "\033[?25h\033[?1l", 11);
	EXPECT(!vt.cursor_hidden && !vt.application_keys);
}

TEST(what_is_not_known_is_swallowed)
{
	start("a\033]0;title\007b\033P1$r\033\\c\033[>1;2c\033[?9999hd\033#3e\033%Gf\033[1;2\030g");
	EXPECT_ROW(0, "abcdefg");
}

TEST(reset_gives_a_clean_terminal)
{
	start("\033[1;31m\033[5;9r\033[?6h\033[?25l\033[4hx\033cy");
	EXPECT_ROW(0, "y");
	EXPECT_EQ(attribute(0, 0), 0x07);
	EXPECT(!vt.cursor_hidden && !vt.insert);
	EXPECT_EQ(vt.region_end, VT_ROWS);
}

/* Sequences are made likely; AddressSanitizer watches. */
TEST(any_bytes_are_harmless)
{
	static const char likely[] =
		"\033\033\033[[[;;;0123456789?ABCDEFGHJKLMPSTXZ@bdfghlmnrsu78c\n\t\b";

	vt_init(&vt);
	for (int i = 0; i < 2000000; i++) {
		uint32_t r = unit_random();
		char c = r & 0x300 ? likely[(r >> 16) % (sizeof(likely) - 1)] : (char)r;

		vt_write(&vt, &c, 1);
		if (vt.at.row >= VT_ROWS || vt.at.column >= VT_COLUMNS ||
		    vt.region >= vt.region_end || vt.region_end > VT_ROWS)
			unit_fail(__FILE__, __LINE__, "after %d bytes the screen is lost", i);
		vt.reply_length = 0;
	}
}
