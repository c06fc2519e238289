/* SPDX-License-Identifier: MIT */
/* The terminal of programs that fill the screen, more and edit: raw mode, size, keys. */
#ifndef USER_BIN_TERMINAL_H
#define USER_BIN_TERMINAL_H

#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>

#include "prog.h"

enum {
	KEY_UP = 256, /* behind all characters */
	KEY_DOWN,
	KEY_LEFT,
	KEY_RIGHT,
	KEY_HOME,
	KEY_END,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_DELETE,
	KEY_UNKNOWN,
	KEY_ESCAPE = 27,
	KEY_ERASE = 127,
	TERMINAL_ROWS = 24, /* when the terminal does not know */
	TERMINAL_COLUMNS = 80
};

/* The key that a control character is typed with: KEY_CONTROL('C'). */
#define KEY_CONTROL(letter) ((letter)&0x1f)

__attribute__((weak)) struct {
	int fd;
	bool is_raw;
	struct termios before;
} terminal = { .fd = -1 };

static inline void terminal_restore(void)
{
	if (terminal.is_raw)
		tcsetattr(terminal.fd, TCSADRAIN, &terminal.before);
	terminal.is_raw = false;
}

/* Opens the process's own terminal, or takes the one on standard error; false if there is none.
 * Keys are then read one at a time, until the program ends. */
static inline bool terminal_begin(void)
{
	struct termios raw;

	terminal.fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	if (terminal.fd < 0)
		terminal.fd = STDERR_FILENO;
	if (tcgetattr(terminal.fd, &terminal.before) < 0)
		return false;
	raw = terminal.before;
	cfmakeraw(&raw);
	if (tcsetattr(terminal.fd, TCSADRAIN, &raw) < 0)
		return false;
	terminal.is_raw = true;
	atexit(terminal_restore);
	return true;
}

static inline void terminal_size(int *rows, int *columns)
{
	struct winsize size = { 0 };

	ioctl(terminal.fd, TIOCGWINSZ, &size);
	*rows = size.ws_row > 0 ? size.ws_row : TERMINAL_ROWS;
	*columns = size.ws_col > 0 ? size.ws_col : TERMINAL_COLUMNS;
}

/* The next byte; EOF when the terminal is gone. */
static inline int terminal_byte(void)
{
	unsigned char byte;
	ssize_t bytes;

	do {
		bytes = read(terminal.fd, &byte, 1);
	} while (bytes < 0 && errno == EINTR);
	return bytes == 1 ? byte : EOF;
}

/* Behind "ESC [": a number and a ~, or a letter (ECMA-48, 5.4); other numbers say which keys were
 * held down and do not matter. */
static inline int terminal_sequence(void)
{
	static const int by_number[] = { KEY_UNKNOWN,   KEY_HOME, KEY_UNKNOWN,
					 KEY_DELETE,    KEY_END,  KEY_PAGE_UP,
					 KEY_PAGE_DOWN, KEY_HOME, KEY_END };
	int number = 0;
	int byte = terminal_byte();

	while (byte >= '0' && byte <= '9') {
		number = number * 10 + byte - '0';
		byte = terminal_byte();
	}
	while (byte == ';' || (byte >= '0' && byte <= '9'))
		byte = terminal_byte();
	switch (byte) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'F':
		return KEY_END;
	case 'H':
		return KEY_HOME;
	case '~':
		if (number < (int)(sizeof(by_number) / sizeof(by_number[0])))
			return by_number[number];
		return KEY_UNKNOWN;
	default:
		return byte == EOF ? EOF : KEY_UNKNOWN;
	}
}

/* The next key: a character, a KEY, or EOF. What begins with an escape is a sequence: that key by
 * itself waits for another one. */
static inline int terminal_key(void)
{
	int byte = terminal_byte();

	if (byte != KEY_ESCAPE)
		return byte;
	byte = terminal_byte();
	if (byte == '[' || byte == 'O')
		return terminal_sequence();
	return byte == EOF ? EOF : byte == KEY_ESCAPE ? KEY_ESCAPE : KEY_UNKNOWN;
}

#endif
