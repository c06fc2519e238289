/* SPDX-License-Identifier: MIT */
/* edit: changes a text on the whole screen. The keys stand in its last row. */

#include "../terminal.h"
#include "edit.h"

struct editor editor;

void say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(editor.message, sizeof(editor.message), format, args);
	va_end(args);
}

/* The terminal is gone: what was changed is kept beside the file. */
static void rescue(void)
{
	static const char suffix[] = ".save";
	const char *path = editor.path ? editor.path : "edit";
	char *name = malloc(strlen(path) + sizeof(suffix));

	if (!editor.modified || !name)
		return;
	strcat(strcpy(name, path), suffix);
	if (file_save(name))
		prog_warnx("the changes are in %s", name);
	else
		prog_warn(name);
}

static int edit(void)
{
	while (!editor.quit) {
		int key;

		screen_draw();
		key = terminal_key();
		editor.message[0] = '\0';
		if (key == EOF) {
			rescue();
			return 1;
		}
		command_run(key);
	}
	/* The screen is left empty. */
	dprintf(terminal.fd, "\033[2J\033[H");
	return 0;
}

/* "+LINE" in front of the name. */
static size_t parse_line(int *argc, char ***argv)
{
	long long line;

	if (*argc < 2 || (*argv)[1][0] != '+' || !prog_number((*argv)[1] + 1, &line) || line < 1)
		return 1;
	--*argc;
	++*argv;
	return (size_t)line;
}

int main(int argc, char **argv)
{
	size_t line;

	prog_begin(
		"edit",
		"[+LINE] [FILE]\n"
		"  ^S save   ^Q quit   ^F find   ^N find again   ^T go to a line   ^L draw again\n"
		"  ^K cut the line (several together)   ^U paste   ^D or Delete, Backspace\n"
		"  Arrows, Home ^A, End ^E, PageUp ^Y, PageDown ^V; ^C leaves a question",
		argc, argv);
	line = parse_line(&argc, &argv);
	if (getopt(argc, argv, "") != -1 || argc - optind > 1)
		prog_usage(1);
	if (optind < argc)
		editor.path = prog_copy(argv[optind]);
	if (editor.path ? !file_load(editor.path) : !text_insert_line(&editor.text, 0, "", 0))
		prog_die(editor.path ? editor.path : "memory");
	command_go_to(line);
	if (!isatty(STDIN_FILENO) || !terminal_begin())
		prog_diex("there is no terminal");
	if (editor.path && editor.st.st_nlink == 0)
		say("A new file.");
	else if (editor.path && access(editor.path, W_OK) < 0)
		say("This file cannot be changed: %s.", strerror(errno));
	return edit();
}
