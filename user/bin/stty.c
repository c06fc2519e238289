/* SPDX-License-Identifier: MIT */
/* stty: shows and changes the settings of the terminal on standard input. */

#include <sys/ioctl.h>
#include <termios.h>

#include "prog.h"

enum field { INPUT, OUTPUT, CONTROL, LOCAL, FIELDS };

static const struct {
	const char *name;
	enum field field;
	tcflag_t mask;
	tcflag_t bits; /* of the mask, when the setting is on */
	bool sane;     /* on after `stty sane` */
} flags[] = {
	{ "cs5", CONTROL, CSIZE, CS5, false },      { "cs6", CONTROL, CSIZE, CS6, false },
	{ "cs7", CONTROL, CSIZE, CS7, false },      { "cs8", CONTROL, CSIZE, CS8, true },
	{ "cread", CONTROL, CREAD, CREAD, true },   { "parenb", CONTROL, PARENB, PARENB, false },
	{ "hupcl", CONTROL, HUPCL, HUPCL, false },  { "clocal", CONTROL, CLOCAL, CLOCAL, false },
	{ "ignbrk", INPUT, IGNBRK, IGNBRK, false }, { "brkint", INPUT, BRKINT, BRKINT, true },
	{ "istrip", INPUT, ISTRIP, ISTRIP, false }, { "inlcr", INPUT, INLCR, INLCR, false },
	{ "igncr", INPUT, IGNCR, IGNCR, false },    { "icrnl", INPUT, ICRNL, ICRNL, true },
	{ "ixon", INPUT, IXON, IXON, true },        { "ixoff", INPUT, IXOFF, IXOFF, false },
	{ "ixany", INPUT, IXANY, IXANY, false },    { "imaxbel", INPUT, IMAXBEL, IMAXBEL, true },
	{ "iutf8", INPUT, IUTF8, IUTF8, false },    { "opost", OUTPUT, OPOST, OPOST, true },
	{ "onlcr", OUTPUT, ONLCR, ONLCR, true },    { "ocrnl", OUTPUT, OCRNL, OCRNL, false },
	{ "isig", LOCAL, ISIG, ISIG, true },        { "icanon", LOCAL, ICANON, ICANON, true },
	{ "iexten", LOCAL, IEXTEN, IEXTEN, true },  { "echo", LOCAL, ECHO, ECHO, true },
	{ "echoe", LOCAL, ECHOE, ECHOE, true },     { "echok", LOCAL, ECHOK, ECHOK, true },
	{ "echonl", LOCAL, ECHONL, ECHONL, false }, { "echoctl", LOCAL, ECHOCTL, ECHOCTL, true },
	{ "echoke", LOCAL, ECHOKE, ECHOKE, true },  { "noflsh", LOCAL, NOFLSH, NOFLSH, false },
	{ "tostop", LOCAL, TOSTOP, TOSTOP, false },
};

static const struct {
	const char *name;
	int place;
	cc_t sane;
} characters[] = {
	{ "intr", VINTR, 3 },      { "quit", VQUIT, 28 },   { "erase", VERASE, 127 },
	{ "kill", VKILL, 21 },     { "eof", VEOF, 4 },      { "start", VSTART, 17 },
	{ "stop", VSTOP, 19 },     { "susp", VSUSP, 26 },   { "rprnt", VREPRINT, 18 },
	{ "werase", VWERASE, 23 }, { "lnext", VLNEXT, 22 },
};

enum {
	FLAGS = sizeof(flags) / sizeof(flags[0]),
	CHARACTERS = sizeof(characters) / sizeof(characters[0]),
	CONTROL_BIT = 64,
	DELETE = 127
};

static struct termios settings;
static struct winsize size;

static tcflag_t *field_of(enum field field)
{
	tcflag_t *fields[FIELDS] = { &settings.c_iflag, &settings.c_oflag, &settings.c_cflag,
				     &settings.c_lflag };

	return fields[field];
}

static bool is_on(size_t i)
{
	return (*field_of(flags[i].field) & flags[i].mask) == flags[i].bits;
}

static void set_flag(size_t i, bool on)
{
	tcflag_t *field = field_of(flags[i].field);

	*field &= ~flags[i].mask;
	if (on)
		*field |= flags[i].bits;
}

static void make_sane(void)
{
	for (size_t i = 0; i < FLAGS; i++) {
		/* Of the character sizes only one can be on. */
		if (flags[i].sane || flags[i].bits == flags[i].mask)
			set_flag(i, flags[i].sane);
	}
	for (size_t i = 0; i < CHARACTERS; i++)
		settings.c_cc[characters[i].place] = characters[i].sane;
	settings.c_cc[VMIN] = 1;
	settings.c_cc[VTIME] = 0;
}

static void print_character(const char *name, cc_t c)
{
	if (c == 0)
		printf("%s = <undef>; ", name);
	else if (c == DELETE)
		printf("%s = ^?; ", name);
	else if (c < ' ')
		printf("%s = ^%c; ", name, c + CONTROL_BIT);
	else
		printf("%s = %c; ", name, c);
}

static void print_all(void)
{
	printf("rows %u; columns %u;\n", size.ws_row, size.ws_col);
	for (size_t i = 0; i < CHARACTERS; i++)
		print_character(characters[i].name, settings.c_cc[characters[i].place]);
	printf("min = %u; time = %u;\n", settings.c_cc[VMIN], settings.c_cc[VTIME]);
	for (size_t i = 0; i < FLAGS; i++) {
		bool choice = flags[i].bits != flags[i].mask;

		/* Of several sizes only the one that is chosen. */
		if (is_on(i))
			printf("%s ", flags[i].name);
		else if (!choice)
			printf("-%s ", flags[i].name);
	}
	putchar('\n');
}

/* "^C", "^?", "^-" or "undef" for none, a number, or the character itself. */
static cc_t parse_character(const char *text)
{
	long long number;

	if (strcmp(text, "undef") == 0 || strcmp(text, "^-") == 0)
		return 0;
	if (text[0] == '^' && text[1] && !text[2])
		return text[1] == '?' ? DELETE : (cc_t)(text[1] & (CONTROL_BIT / 2 - 1));
	if (text[0] && !text[1])
		return (cc_t)text[0];
	if (!prog_number(text, &number) || number < 0 || number > 255)
		prog_diex("invalid character '%s'", text);
	return (cc_t)number;
}

static void set_size(unsigned short *place, const char *text)
{
	long long number = prog_count(text, 1);

	if (number > UINT16_MAX)
		prog_diex("invalid number '%s'", text);
	*place = (unsigned short)number;
	if (ioctl(STDIN_FILENO, TIOCSWINSZ, &size) < 0)
		prog_die("window size");
}

/* Settings with an argument; false if the word is none of them. */
static bool set_with_argument(const char *word, const char *argument)
{
	if (!argument)
		return false;
	if (strcmp(word, "rows") == 0) {
		set_size(&size.ws_row, argument);
		return true;
	}
	if (strcmp(word, "cols") == 0 || strcmp(word, "columns") == 0) {
		set_size(&size.ws_col, argument);
		return true;
	}
	if (strcmp(word, "min") == 0 || strcmp(word, "time") == 0) {
		settings.c_cc[*word == 'm' ? VMIN : VTIME] = (cc_t)prog_count(argument, 1);
		return true;
	}
	for (size_t i = 0; i < CHARACTERS; i++) {
		if (strcmp(word, characters[i].name) == 0) {
			settings.c_cc[characters[i].place] = parse_character(argument);
			return true;
		}
	}
	return false;
}

static bool set_named(const char *word)
{
	bool on = *word != '-';

	for (size_t i = 0; i < FLAGS; i++) {
		if (strcmp(word + !on, flags[i].name) == 0) {
			set_flag(i, on);
			return true;
		}
	}
	if (strcmp(word, "raw") == 0)
		cfmakeraw(&settings);
	else if (strcmp(word, "sane") == 0 || strcmp(word, "-raw") == 0 ||
		 strcmp(word, "cooked") == 0)
		make_sane();
	else
		return false;
	return true;
}

static void apply(char **words)
{
	for (; *words; words++) {
		if (strcmp(*words, "size") == 0)
			printf("%u %u\n", size.ws_row, size.ws_col);
		else if (set_with_argument(words[0], words[1]))
			words++;
		else if (!set_named(*words))
			prog_diex("invalid argument '%s'", *words);
	}
	if (tcsetattr(STDIN_FILENO, TCSADRAIN, &settings) < 0)
		prog_die("standard input");
}

int main(int argc, char **argv)
{
	prog_begin("stty",
		   "[-a] [SETTING]...\n"
		   "  -a            all settings (also without arguments)\n"
		   "  sane, raw     settings for lines, and for programs that read keys\n"
		   "  size          prints rows and columns; rows N, cols N set them\n"
		   "  [-]NAME       echo, icanon, isig, ixon, opost, ... on or off: see -a\n"
		   "  intr ^C, ...  characters: intr quit erase kill eof start stop susp rprnt\n"
		   "                werase lnext; min N, time N",
		   argc, argv);
	if (tcgetattr(STDIN_FILENO, &settings) < 0 || ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0)
		prog_die("standard input");
	if (argc == 1 || (argc == 2 && strcmp(argv[1], "-a") == 0))
		print_all();
	else
		apply(argv + 1);
	return prog_finish(0);
}
