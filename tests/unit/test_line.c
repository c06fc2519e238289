/* SPDX-License-Identifier: MIT */
/* The shell's line being edited: no terminal is needed for it. */
#include "lib/string.h"
#include "unit.h"
#include "user/bin/sh/line.h"

enum { STEPS = 5000, MODEL_BYTES = 64 };

static struct line line;

static bool line_is(const char *text, size_t cursor)
{
	return strcmp(line.text.data, text) == 0 && line.cursor == cursor;
}

TEST(typing_inserts_at_the_cursor)
{
	line_set(&line, "held");
	line.cursor = 3;
	line_insert(&line, "lo wor", 6);
	EXPECT(line_is("hello word", 9));
	line_free(&line);
}

TEST(a_character_of_several_bytes_is_one_step)
{
	line_set(&line, "a\xc3\xa4\xe2\x82\xac");
	EXPECT_EQ(line_left(&line, 6), 3);
	EXPECT_EQ(line_left(&line, 3), 1);
	EXPECT_EQ(line_right(&line, 1), 3);
	EXPECT_EQ(line_right(&line, 6), 6);
	EXPECT_EQ(line_columns(line.text.data, 6), 3);
	line_free(&line);
}

TEST(words_end_at_punctuation_or_only_at_blanks)
{
	line_set(&line, "cat /etc/motd  ");
	EXPECT_EQ(line_word_left(&line, 15), 9);
	EXPECT_EQ(line_blank_left(&line, 15), 4);
	EXPECT_EQ(line_word_right(&line, 3), 8);
	EXPECT_EQ(line_word_left(&line, 0), 0);
	line_free(&line);
}

TEST(what_was_killed_comes_back)
{
	line_set(&line, "one two");
	line_kill(&line, 0, 4);
	EXPECT(line_is("two", 0));
	line.cursor = 3;
	line_yank(&line);
	EXPECT(line_is("twoone ", 7));
	line_kill(&line, 2, 2);
	line_yank(&line);
	EXPECT(line_is("twone oone ", 6));
	line_free(&line);
}

TEST(colours_of_a_prompt_take_no_columns)
{
	EXPECT_EQ(line_columns("\033[1;32mok\033[0m$ ", 15), 4);
}

/* Random insertions and deletions against an array. */
TEST(any_editing_equals_the_same_on_an_array)
{
	char model[MODEL_BYTES + 1] = "";
	size_t length = 0;

	line_set(&line, "");
	for (int i = 0; i < STEPS; i++) {
		size_t at = unit_random() % (length + 1);
		char c = (char)('a' + unit_random() % 26);

		if (length < MODEL_BYTES && unit_random() % 2) {
			line.cursor = at;
			line_insert(&line, &c, 1);
			memmove(model + at + 1, model + at, length - at + 1);
			model[at] = c;
			length++;
		} else {
			size_t to = at + unit_random() % (length - at + 1);

			line_delete(&line, at, to);
			memmove(model + at, model + to, length - to + 1);
			length -= to - at;
			EXPECT_EQ(line.cursor, at);
		}
		EXPECT(strcmp(line.text.data, model) == 0);
	}
	line_free(&line);
}
