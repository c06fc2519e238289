/* SPDX-License-Identifier: MIT */
/* One experiment with the terminal on standard input, for tests/boot/test_tty.py:
 *
 *     tty_probe IFLAG OFLAG LFLAG READS [INDEX=VALUE...]
 *
 * sets the modes and the special characters, says [>], reads so many times, and then shows in
 * hexadecimal what each read gave. Signals are ignored. Flags are those of <termios.h>. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { READS_MAX = 8, READ_BYTES = 8192, SETTLE_MICROSECONDS = 100000 };

static unsigned char bytes[READS_MAX][READ_BYTES];
static ssize_t length[READS_MAX];

static void set_modes(char **arguments, struct termios *t)
{
	t->c_iflag = strtoul(arguments[0], NULL, 0);
	t->c_oflag = strtoul(arguments[1], NULL, 0);
	t->c_lflag = strtoul(arguments[2], NULL, 0);
	for (arguments += 4; *arguments; arguments++) {
		char *equals = strchr(*arguments, '=');

		t->c_cc[atoi(*arguments)] = (cc_t)atoi(equals + 1);
	}
	tcsetattr(STDIN_FILENO, TCSAFLUSH, t);
}

int main(int argc, char **argv)
{
	struct termios before, during;
	int reads = argc > 4 ? atoi(argv[4]) : 0;

	if (reads < 1 || reads > READS_MAX || tcgetattr(STDIN_FILENO, &before))
		return 2;
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	signal(SIGTSTP, SIG_IGN);
	during = before;
	set_modes(argv + 1, &during);
	write(STDOUT_FILENO, "[>]", 3);
	for (int i = 0; i < reads; i++)
		length[i] = read(STDIN_FILENO, bytes[i], READ_BYTES);
	usleep(SETTLE_MICROSECONDS); /* the echo of what was typed behind */
	tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
	for (int i = 0; i < reads; i++) {
		printf("<%zd:", length[i]);
		for (ssize_t j = 0; j < length[i]; j++)
			printf("%02x", bytes[i][j]);
		printf(">");
	}
	printf("[<]\n");
	return 0;
}
