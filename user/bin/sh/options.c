/* SPDX-License-Identifier: MIT */
/* The options of `set` and of the command line: letters and names from options.def. */

#include <stdio.h>
#include <string.h>

#include "sh.h"

static const struct {
	char letter;
	const char *name;
} options[OPTION_COUNT] = {
#define OPTION(letter, name) [OPTION_##name] = { letter, #name },
#include "options.def"
#undef OPTION
};

static void set_option(struct shell *sh, size_t which, bool on)
{
	bool changed = sh->options[which] != on;

	sh->options[which] = on;
	if (changed && which == OPTION_monitor)
		monitor_changed(sh);
}

static bool set_letter(struct shell *sh, char letter, bool on)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (options[i].letter == letter) {
			set_option(sh, i, on);
			return true;
		}
	}
	return false;
}

static bool set_name(struct shell *sh, const char *name, bool on)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (strcmp(options[i].name, name) == 0) {
			set_option(sh, i, on);
			return true;
		}
	}
	return false;
}

/* `set -o` for people, `set +o` for a shell to read. */
static void options_print(const struct shell *sh, bool readable)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (readable)
			printf("%-12s %s\n", options[i].name, sh->options[i] ? "on" : "off");
		else
			printf("set %co %s\n", sh->options[i] ? '-' : '+', options[i].name);
	}
}

/* `-ex`, `+e`, `-o NAME`: takes the words of one argument, and a name behind it. Returns how many
 * were taken; 0 after a complaint. */
int option_take(struct shell *sh, char **argv)
{
	bool on = argv[0][0] == '-';
	int taken = 1;

	for (const char *letter = argv[0] + 1; *letter; letter++) {
		char text[2] = { *letter, '\0' };

		if (*letter == 'o' && !argv[taken]) {
			options_print(sh, on);
		} else if (*letter == 'o') {
			if (!set_name(sh, argv[taken], on)) {
				shell_complain(sh, argv[taken], "no such option");
				return 0;
			}
			taken++;
		} else if (!set_letter(sh, *letter, on)) {
			shell_complain(sh, text, "no such option");
			return 0;
		}
	}
	return taken;
}

/* $-: the letters of what is on. */
void option_letters(const struct shell *sh, char letters[OPTION_COUNT + 1])
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (sh->options[i])
			*letters++ = options[i].letter;
	}
	*letters = '\0';
}
