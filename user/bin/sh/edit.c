/* SPDX-License-Identifier: MIT */
/* Keys and what they do. The terminal is in raw mode only while a line is being typed: programs
 * find it as it was. */

#include "edit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh.h"

enum {
	ESCAPE = 27,
	BACKSPACE = 8,
	RUBOUT = 127,
	FIRST_PRINTABLE = 32,
	HISTORY_LINES = 500,
	SEQUENCE_BYTES = 8,

	/* Keys that send several bytes. */
	KEY_LEFT = 256,
	KEY_RIGHT,
	KEY_UP,
	KEY_DOWN,
	KEY_HOME,
	KEY_END,
	KEY_DELETE,
	KEY_WORD_LEFT,
	KEY_WORD_RIGHT,
	KEY_WORD_DELETE,
	KEY_WORD_RUBOUT,
	KEY_UNKNOWN,
	KEY_NONE = -1 /* end of input */
};

#define CTRL(letter) ((letter)&31)

/* What follows ESC. */
static const struct {
	const char *bytes;
	int key;
} sequences[] = {
	{ "[A", KEY_UP },        { "[B", KEY_DOWN },       { "[C", KEY_RIGHT },
	{ "[D", KEY_LEFT },      { "[H", KEY_HOME },       { "[F", KEY_END },
	{ "[1~", KEY_HOME },     { "[7~", KEY_HOME },      { "[4~", KEY_END },
	{ "[8~", KEY_END },      { "[3~", KEY_DELETE },    { "OA", KEY_UP },
	{ "OB", KEY_DOWN },      { "OC", KEY_RIGHT },      { "OD", KEY_LEFT },
	{ "OH", KEY_HOME },      { "OF", KEY_END },        { "b", KEY_WORD_LEFT },
	{ "f", KEY_WORD_RIGHT }, { "d", KEY_WORD_DELETE }, { "\177", KEY_WORD_RUBOUT },
};

static int read_byte(void)
{
	unsigned char c;
	ssize_t bytes;

	do
		bytes = read(STDIN_FILENO, &c, 1);
	while (bytes < 0 && errno == EINTR && !trap_is_pending(SIGHUP));
	return bytes == 1 ? c : KEY_NONE;
}

/* A sequence ends at its first letter or ~, not counting what introduces it. */
static int read_sequence(void)
{
	char bytes[SEQUENCE_BYTES] = "";
	size_t length = 0;

	while (length + 1 < sizeof(bytes)) {
		int c = read_byte();
		bool introduces = length == 0 && (c == '[' || c == 'O');

		if (c == KEY_NONE)
			return KEY_NONE;
		bytes[length++] = (char)c;
		if (!introduces && (c == '~' || c >= '@' || length == 1))
			break;
	}
	for (size_t i = 0; i < sizeof(sequences) / sizeof(sequences[0]); i++) {
		if (strcmp(sequences[i].bytes, bytes) == 0)
			return sequences[i].key;
	}
	return KEY_UNKNOWN;
}

static int read_key(void)
{
	int c = read_byte();

	return c == ESCAPE ? read_sequence() : c;
}

static void show_place(struct edit *edit, size_t place)
{
	if (edit->place == edit->history.count) {
		edit->kept.length = 0;
		text_add_bytes(&edit->kept, edit->line.text.data, edit->line.text.length);
	}
	edit->place = place;
	line_set(&edit->line,
		 place < edit->history.count ? edit->history.lines[place] : edit->kept.data);
}

static void key_left(struct edit *edit)
{
	edit->line.cursor = line_left(&edit->line, edit->line.cursor);
}

static void key_right(struct edit *edit)
{
	edit->line.cursor = line_right(&edit->line, edit->line.cursor);
}

static void key_home(struct edit *edit)
{
	edit->line.cursor = 0;
}

static void key_end(struct edit *edit)
{
	edit->line.cursor = edit->line.text.length;
}

static void key_word_left(struct edit *edit)
{
	edit->line.cursor = line_word_left(&edit->line, edit->line.cursor);
}

static void key_word_right(struct edit *edit)
{
	edit->line.cursor = line_word_right(&edit->line, edit->line.cursor);
}

static void key_up(struct edit *edit)
{
	if (edit->place > 0)
		show_place(edit, edit->place - 1);
}

static void key_down(struct edit *edit)
{
	if (edit->place < edit->history.count)
		show_place(edit, edit->place + 1);
}

static void key_delete(struct edit *edit)
{
	line_delete(&edit->line, edit->line.cursor, line_right(&edit->line, edit->line.cursor));
}

static void key_delete_or_end(struct edit *edit)
{
	if (edit->line.text.length > 0)
		key_delete(edit);
	else
		edit->done = edit->ended = true;
}

static void key_rubout(struct edit *edit)
{
	line_delete(&edit->line, line_left(&edit->line, edit->line.cursor), edit->line.cursor);
}

static void key_kill_end(struct edit *edit)
{
	line_kill(&edit->line, edit->line.cursor, edit->line.text.length);
}

static void key_kill_start(struct edit *edit)
{
	line_kill(&edit->line, 0, edit->line.cursor);
}

static void key_kill_word(struct edit *edit)
{
	line_kill(&edit->line, line_blank_left(&edit->line, edit->line.cursor), edit->line.cursor);
}

static void key_word_rubout(struct edit *edit)
{
	line_kill(&edit->line, line_word_left(&edit->line, edit->line.cursor), edit->line.cursor);
}

static void key_word_delete(struct edit *edit)
{
	line_kill(&edit->line, edit->line.cursor, line_word_right(&edit->line, edit->line.cursor));
}

static void key_yank(struct edit *edit)
{
	line_yank(&edit->line);
}

static void key_clear(struct edit *edit)
{
	screen_clear(edit);
}

static void key_enter(struct edit *edit)
{
	screen_leave(edit, "");
	edit->done = true;
}

/* ^C: the line is not wanted, nor the command that it would have gone on with. */
static void key_interrupt(struct edit *edit)
{
	screen_leave(edit, "^C");
	line_set(&edit->line, "");
	edit->done = edit->interrupted = true;
}

static void key_search(struct edit *edit);

static const struct action {
	int key;
	void (*run)(struct edit *edit);
} actions[] = {
	{ KEY_LEFT, key_left },
	{ CTRL('B'), key_left },
	{ KEY_RIGHT, key_right },
	{ CTRL('F'), key_right },
	{ KEY_HOME, key_home },
	{ CTRL('A'), key_home },
	{ KEY_END, key_end },
	{ CTRL('E'), key_end },
	{ KEY_WORD_LEFT, key_word_left },
	{ KEY_WORD_RIGHT, key_word_right },
	{ KEY_UP, key_up },
	{ CTRL('P'), key_up },
	{ KEY_DOWN, key_down },
	{ CTRL('N'), key_down },
	{ KEY_DELETE, key_delete },
	{ CTRL('D'), key_delete_or_end },
	{ BACKSPACE, key_rubout },
	{ RUBOUT, key_rubout },
	{ CTRL('K'), key_kill_end },
	{ CTRL('U'), key_kill_start },
	{ CTRL('W'), key_kill_word },
	{ KEY_WORD_DELETE, key_word_delete },
	{ KEY_WORD_RUBOUT, key_word_rubout },
	{ CTRL('Y'), key_yank },
	{ CTRL('L'), key_clear },
	{ CTRL('R'), key_search },
	{ CTRL('C'), key_interrupt },
	{ '\n', key_enter },
	{ '\r', key_enter },
};

static void take_key(struct edit *edit, int key)
{
	bool again = edit->last_was_tab;
	char byte = (char)key;

	edit->last_was_tab = key == '\t';
	if (key == '\t') {
		complete(edit, again);
		return;
	}
	if (key >= FIRST_PRINTABLE && key < KEY_LEFT && key != RUBOUT) {
		line_insert(&edit->line, &byte, 1);
		screen_typed(edit, &byte, 1);
		return;
	}
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (actions[i].key != key)
			continue;
		actions[i].run(edit);
		if (!edit->done)
			screen_draw(edit);
		return;
	}
}

/* One step of a search: the line shows what was found for `wanted` at edit->place. */
static void show_search(struct edit *edit, const struct text *wanted)
{
	struct text prompt = { 0 };
	const char *found = edit->line.text.data;

	text_add_bytes(&prompt, "(search) ", strlen("(search) "));
	text_add_bytes(&prompt, wanted->data, wanted->length);
	text_add_bytes(&prompt, ": ", 2);
	if (wanted->length > 0 && strstr(found, wanted->data))
		edit->line.cursor = (size_t)(strstr(found, wanted->data) - found);
	screen_draw_with(edit, prompt.data);
	text_free(&prompt);
}

/* ^R: looks for what is typed in older lines, ^R again for an older one. Any other key takes the
 * line that is shown and does what it does; ^G goes back. */
static void key_search(struct edit *edit)
{
	struct text wanted = { 0 };
	size_t start = edit->place;
	int key;

	text_add_bytes(&wanted, "", 0);
	for (;;) {
		size_t from = edit->history.count;

		show_search(edit, &wanted);
		key = read_key();
		if (key == CTRL('R')) {
			from = edit->place;
		} else if ((key == RUBOUT || key == BACKSPACE) && wanted.length > 0) {
			wanted.data[--wanted.length] = '\0';
		} else if (key >= FIRST_PRINTABLE && key < RUBOUT) {
			text_add(&wanted, (char)key);
			/* What is shown may still match. */
			from = edit->place < from ? edit->place + 1 : from;
		} else {
			break;
		}
		from = history_search(&edit->history, from, wanted.data);
		if (from < edit->history.count)
			show_place(edit, from);
	}
	text_free(&wanted);
	if (key == CTRL('G'))
		show_place(edit, start);
	screen_draw(edit);
	if (key != CTRL('G') && key != KEY_NONE)
		take_key(edit, key);
}

static void set_raw(const struct termios *usual)
{
	struct termios raw = *usual;

	/* Enter stays a newline and output is cooked: type-ahead looks the same in both modes. */
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
	raw.c_iflag &= ~(tcflag_t)IXON;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

/* An editor if standard input and error are a terminal that can be drawn on, else NULL. */
struct edit *edit_open(struct shell *sh)
{
	const char *terminal = variable_get(sh, "TERM", 4);
	const char *size = variable_get(sh, "HISTSIZE", 8);
	const char *path = variable_get(sh, "HISTFILE", 8);
	struct edit *edit;

	if (!terminal || !*terminal || strcmp(terminal, "dumb") == 0 || !isatty(STDIN_FILENO) ||
	    !isatty(STDERR_FILENO))
		return NULL;
	edit = must_alloc(sizeof(*edit));
	*edit = (struct edit){ .sh = sh };
	if (!path)
		path = expand_text(sh, "${HOME+~/.sh_history}");
	history_open(&edit->history, path && *path ? path : NULL,
		     size ? strtoul(size, NULL, 10) : HISTORY_LINES);
	return edit;
}

const char *edit_line(struct edit *edit, const char *prompt)
{
	struct termios usual;

	if (tcgetattr(STDIN_FILENO, &usual) < 0)
		return NULL;
	set_raw(&usual);
	line_set(&edit->line, "");
	edit->place = edit->history.count;
	edit->done = edit->ended = edit->interrupted = edit->last_was_tab = false;
	screen_begin(edit, prompt);
	while (!edit->done) {
		int key = read_key();

		if (key == KEY_NONE)
			edit->done = edit->ended = true;
		else
			take_key(edit, key);
	}
	tcsetattr(STDIN_FILENO, TCSADRAIN, &usual);
	if (edit->ended || edit->interrupted)
		return NULL;
	history_add(&edit->history, edit->line.text.data);
	edit->result.length = 0;
	text_add_bytes(&edit->result, edit->line.text.data, edit->line.text.length);
	text_add(&edit->result, '\n');
	return edit->result.data;
}
