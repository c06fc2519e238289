/* SPDX-License-Identifier: MIT */
/* What the keys do. */

#include "../terminal.h"
#include "edit.h"

enum { ROWS_AROUND = 4 /* a page is less than the text's rows, so that a line stays */ };

static struct line *current_line(void)
{
	return &editor.text.lines[editor.cursor.line];
}

static void note_column(void)
{
	editor.column = line_column(current_line(), editor.cursor.at);
}

static void note_change(bool good)
{
	if (good)
		editor.modified = true;
	else
		say("There is no memory left for this change.");
}

/* To the line, as near to the wanted column as it goes. */
static void go_to_line(size_t line)
{
	editor.cursor.line = line < editor.text.count ? line : editor.text.count - 1;
	editor.cursor.at = line_at_column(current_line(), editor.column);
}

void command_go_to(size_t line)
{
	editor.column = 0;
	go_to_line(line > 0 ? line - 1 : 0);
}

static void move_up(void)
{
	if (editor.cursor.line > 0)
		go_to_line(editor.cursor.line - 1);
}

static void move_down(void)
{
	go_to_line(editor.cursor.line + 1);
}

static void move_left(void)
{
	if (editor.cursor.at > 0) {
		editor.cursor.at = line_previous(current_line(), editor.cursor.at);
	} else if (editor.cursor.line > 0) {
		editor.cursor.line--;
		editor.cursor.at = current_line()->length;
	}
	note_column();
}

static void move_right(void)
{
	if (editor.cursor.at < current_line()->length)
		editor.cursor.at = line_next(current_line(), editor.cursor.at);
	else if (editor.cursor.line + 1 < editor.text.count)
		editor.cursor = (struct place){ editor.cursor.line + 1, 0 };
	note_column();
}

static void move_home(void)
{
	editor.cursor.at = 0;
	note_column();
}

static void move_end(void)
{
	editor.cursor.at = current_line()->length;
	note_column();
}

static size_t page(void)
{
	return editor.rows > ROWS_AROUND + 1 ? (size_t)(editor.rows - ROWS_AROUND) : 1;
}

static void page_up(void)
{
	size_t step = page();

	editor.top = editor.top > step ? editor.top - step : 0;
	go_to_line(editor.cursor.line > step ? editor.cursor.line - step : 0);
}

static void page_down(void)
{
	size_t step = page();

	if (editor.top + step < editor.text.count)
		editor.top += step;
	go_to_line(editor.cursor.line + step);
}

static void insert_byte(int byte)
{
	char c = (char)byte;
	bool good = line_insert(current_line(), editor.cursor.at, &c, 1);

	editor.cursor.at += good;
	note_change(good);
	note_column();
}

static void insert_newline(void)
{
	bool good = text_split(&editor.text, editor.cursor);

	if (good)
		editor.cursor = (struct place){ editor.cursor.line + 1, 0 };
	note_change(good);
	note_column();
}

static void delete_character(void)
{
	struct line *line = current_line();
	size_t at = editor.cursor.at;

	if (at < line->length) {
		line_remove(line, at, line_next(line, at) - at);
		note_change(true);
	} else if (editor.cursor.line + 1 < editor.text.count) {
		note_change(text_join(&editor.text, editor.cursor.line));
	}
}

static void erase_character(void)
{
	if (editor.cursor.at == 0 && editor.cursor.line == 0)
		return;
	move_left();
	delete_character();
}

/* Lines that are cut one after the other are pasted together. */
static void cut_line(void)
{
	const struct line *line = current_line();

	if (!editor.cutting)
		text_clear(&editor.cut);
	if (!text_insert_line(&editor.cut, editor.cut.count, line->bytes, line->length)) {
		note_change(false);
		return;
	}
	if (editor.text.count > 1)
		text_remove_line(&editor.text, editor.cursor.line);
	else
		current_line()->length = 0;
	note_change(true);
	editor.cutting = true;
	editor.column = 0;
	go_to_line(editor.cursor.line);
}

static void paste_lines(void)
{
	for (size_t i = 0; i < editor.cut.count; i++) {
		const struct line *line = &editor.cut.lines[i];
		bool good = text_insert_line(&editor.text, editor.cursor.line, line->bytes,
					     line->length);

		note_change(good);
		if (!good)
			return;
		editor.cursor.line++;
	}
	editor.column = 0;
	go_to_line(editor.cursor.line);
}

/* The first place of the text from there on, in that line. */
static bool find_in_line(size_t number, size_t from)
{
	const struct line *line = &editor.text.lines[number];
	const char *found = NULL;

	if (from < line->length)
		found = memmem(line->bytes + from, line->length - from, editor.search,
			       strlen(editor.search));
	if (!found)
		return false;
	editor.cursor = (struct place){ number, (size_t)(found - line->bytes) };
	note_column();
	return true;
}

/* Behind the cursor, then from the beginning. */
static void find_next(void)
{
	size_t begin = editor.cursor.line;
	size_t count = editor.text.count;

	if (!editor.search[0]) {
		say("There is nothing to look for yet: ^F.");
		return;
	}
	if (find_in_line(begin, editor.cursor.at + 1))
		return;
	for (size_t i = 1; i <= count; i++) {
		if (!find_in_line((begin + i) % count, 0))
			continue;
		if (begin + i >= count)
			say("Found from the beginning.");
		return;
	}
	say("\"%s\" is not there.", editor.search);
}

static void find(void)
{
	char input[INPUT_BYTES] = "";

	if (!prompt("Find", input))
		return;
	if (input[0])
		strcpy(editor.search, input);
	find_next();
}

static void ask_line(void)
{
	char input[INPUT_BYTES] = "";
	long long number;

	if (!prompt("Line", input))
		return;
	if (prog_number(input, &number) && number > 0)
		command_go_to((size_t)number);
	else
		say("\"%s\" is not the number of a line.", input);
}

/* Asks for a name if there is none. */
static bool have_name(void)
{
	char input[INPUT_BYTES] = "";

	if (editor.path)
		return true;
	if (!prompt("Save as", input) || !input[0])
		return false;
	editor.path = prog_copy(input);
	return true;
}

static bool save(void)
{
	if (!have_name())
		return false;
	if (file_changed() &&
	    prompt_yes("Somebody else has changed the file. Replace it (y, n)") != ANSWER_YES) {
		say("Not saved.");
		return false;
	}
	if (!file_save(editor.path)) {
		say("Not saved: %s.", strerror(errno));
		return false;
	}
	editor.modified = false;
	say("Saved, %u lines.",
	    (unsigned)editor.text.count - (editor.text.count > 1 &&
					   editor.text.lines[editor.text.count - 1].length == 0));
	return true;
}

static void save_text(void)
{
	save();
}

static void quit(void)
{
	enum answer answer = ANSWER_NO;

	if (editor.modified)
		answer = prompt_yes("Save the changes (y, n, ^C goes back)");
	editor.quit = answer == ANSWER_NO || (answer == ANSWER_YES && save());
}

static const struct {
	int key;
	void (*run)(void);
} commands[] = {
	{ KEY_UP, move_up },
	{ KEY_CONTROL('P'), move_up },
	{ KEY_DOWN, move_down },
	{ KEY_LEFT, move_left },
	{ KEY_RIGHT, move_right },
	{ KEY_HOME, move_home },
	{ KEY_CONTROL('A'), move_home },
	{ KEY_END, move_end },
	{ KEY_CONTROL('E'), move_end },
	{ KEY_PAGE_UP, page_up },
	{ KEY_CONTROL('Y'), page_up },
	{ KEY_PAGE_DOWN, page_down },
	{ KEY_CONTROL('V'), page_down },
	{ '\r', insert_newline },
	{ '\n', insert_newline },
	{ KEY_DELETE, delete_character },
	{ KEY_CONTROL('D'), delete_character },
	{ KEY_ERASE, erase_character },
	{ '\b', erase_character },
	{ KEY_CONTROL('K'), cut_line },
	{ KEY_CONTROL('U'), paste_lines },
	{ KEY_CONTROL('F'), find },
	{ KEY_CONTROL('W'), find },
	{ KEY_CONTROL('N'), find_next },
	{ KEY_CONTROL('T'), ask_line },
	{ KEY_CONTROL('S'), save_text },
	{ KEY_CONTROL('O'), save_text },
	{ KEY_CONTROL('Q'), quit },
	{ KEY_CONTROL('X'), quit },
	{ KEY_CONTROL('L'), screen_forget },
};

void command_run(int key)
{
	if (key != KEY_CONTROL('K'))
		editor.cutting = false;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].key == key) {
			commands[i].run();
			return;
		}
	}
	if ((key >= ' ' && key < KEY_UP) || key == '\t')
		insert_byte(key);
	else
		say("This key does nothing here.");
}
