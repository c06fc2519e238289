/* SPDX-License-Identifier: MIT */
/* Questions, asked in the row of the message. */

#include "../terminal.h"
#include "edit.h"

static bool is_call_off(int key)
{
	return key == EOF || key == KEY_ESCAPE || key == KEY_CONTROL('C') ||
	       key == KEY_CONTROL('G');
}

bool prompt(const char *question, char input[INPUT_BYTES])
{
	size_t length = strlen(input);

	for (;;) {
		int key;

		screen_draw_prompt(question, input);
		key = terminal_key();
		if (is_call_off(key))
			return false;
		if (key == '\r' || key == '\n')
			return true;
		if (key == KEY_CONTROL('U'))
			length = 0;
		else if ((key == KEY_ERASE || key == '\b') && length > 0)
			length--;
		else if (key >= ' ' && key < KEY_UP && key != KEY_ERASE && length < INPUT_BYTES - 1)
			input[length++] = (char)key;
		input[length] = '\0';
	}
}

enum answer prompt_yes(const char *question)
{
	for (;;) {
		int key;

		screen_draw_prompt(question, "");
		key = terminal_key();
		if (key == 'y' || key == 'Y')
			return ANSWER_YES;
		if (key == 'n' || key == 'N')
			return ANSWER_NO;
		if (is_call_off(key))
			return ANSWER_CALLED_OFF;
	}
}
