/* SPDX-License-Identifier: MIT */
/* The parts of edit: text.c holds the lines, file.c reads and saves them, screen.c shows them,
 * command.c is what keys do, prompt.c asks for a line, main.c begins.
 *
 * A text is the file's bytes cut at the newlines: a file that ends with one has an empty last
 * line. Nothing that fails, for want of memory or of room on the disk, loses a line. */
#ifndef USER_BIN_EDIT_H
#define USER_BIN_EDIT_H

#include <sys/stat.h>

#include "../prog.h"

enum { MESSAGE_BYTES = 256, INPUT_BYTES = 256, TAB_COLUMNS = 8 };

struct line {
	char *bytes;
	size_t length;
	size_t room;
};

struct text {
	struct line *lines;
	size_t count; /* of an opened text never 0 */
	size_t room;
};

/* A place in the text: before byte `at` of line `line`. */
struct place {
	size_t line;
	size_t at;
};

struct editor {
	struct text text;
	struct text cut; /* lines that ^K took away */
	char *path;      /* NULL: a new text without a name */
	struct stat st;  /* of the file when it was read or saved; st_nlink 0: there was none */
	bool modified;
	bool quit;
	bool cutting; /* the last key was ^K: the next one adds to what was cut */
	struct place cursor;
	size_t column; /* where the cursor wants to be when it goes up and down */
	size_t top;    /* first line on the screen */
	size_t left;   /* first column */
	int rows;      /* of the screen */
	int columns;
	char message[MESSAGE_BYTES];
	char search[INPUT_BYTES]; /* looked for last */
};

extern struct editor editor;

/* The message under the text, until the next key. */
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);

/* Changes of the text. They say false and change nothing if there is no memory. */
bool line_insert(struct line *line, size_t at, const char *bytes, size_t count);
void line_remove(struct line *line, size_t at, size_t count);
bool text_insert_line(struct text *text, size_t at, const char *bytes, size_t count);
void text_remove_line(struct text *text, size_t at);
void text_clear(struct text *text);
/* Splits the line there; puts a line and the next one together. */
bool text_split(struct text *text, struct place at);
bool text_join(struct text *text, size_t line);

/* Characters, in UTF-8: the place before and behind, and the column a place is shown in. */
size_t line_previous(const struct line *line, size_t at);
size_t line_next(const struct line *line, size_t at);
size_t line_column(const struct line *line, size_t at);
/* The place that is shown in that column, or the last one before it. */
size_t line_at_column(const struct line *line, size_t column);
/* How many columns the character at `at` takes if it begins in `column`. */
size_t line_width(const struct line *line, size_t at, size_t column);

/* False with errno. A file that is not there gives an empty text. */
bool file_load(const char *path);
bool file_save(const char *path);
/* Whether somebody else has changed the file since. */
bool file_changed(void);

void screen_draw(void);
/* As screen_draw(), with a question and what was typed so far in place of the message. */
void screen_draw_prompt(const char *question, const char *input);
void screen_forget(void); /* all will be drawn again */

/* Asks for a line of text; false if it was called off. */
bool prompt(const char *question, char input[INPUT_BYTES]);
/* Asks y or n; `called_off`: neither. */
enum answer { ANSWER_NO, ANSWER_YES, ANSWER_CALLED_OFF };
enum answer prompt_yes(const char *question);

void command_run(int key);
void command_go_to(size_t line);

#endif
