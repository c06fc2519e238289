/* SPDX-License-Identifier: MIT */
/* Which devices are consoles. Written once, at start-up. */
#include "dev/console.h"

#include "dev/tty.h"
#include "dev/uart.h"
#include "dev/vc.h"
#include "lib/kprintf.h"
#include "lib/string.h"

enum { SCREEN, SERIAL };

static struct console {
	const char *name, *other_name; /* as console= has them */
	bool replay;                   /* what was said before: early_serial did for COM1 */
	bool used;                     /* the log goes there */
	struct tty *terminal;          /* NULL: this machine has none */
	struct log_sink sink;
} consoles[] = {
	[SCREEN] = { "tty0", "tty1", true, .sink = { .write = vc_write_log } },
	[SERIAL] = { "ttyS0", "ttyS0", false, .sink = { .write = uart_write_log } },
};

static bool console_use(struct console *c)
{
	if (!c->terminal)
		return false;
	tty_console = c->terminal;
	if (!c->used)
		log_add_sink(&c->sink, c->replay);
	c->used = true;
	return true;
}

static bool is_word(const char *name, const char *word, size_t n)
{
	return strlen(name) == n && memcmp(name, word, n) == 0;
}

/* The console called `name`, of n characters; what follows a comma is the line's speed,
 * which is fixed. NULL: there is none.
 */
static struct console *console_find(const char *name, size_t n)
{
	const char *comma = memchr(name, ',', n);

	if (comma)
		n = (size_t)(comma - name);
	for (unsigned i = 0; i < ARRAY_SIZE(consoles); i++) {
		if (is_word(consoles[i].name, name, n) || is_word(consoles[i].other_name, name, n))
			return &consoles[i];
	}
	return NULL;
}

static void use_wanted(const char *word)
{
	while (*word) {
		const char *end = strchr(word, ' ');
		size_t n = end ? (size_t)(end - word) : strlen(word);
		struct console *c = console_find(word, n);

		if (!c || !console_use(c))
			kprintf("console=%.*s: there is none\n", (int)n, word);
		word += n;
		word += *word == ' ';
	}
}

void console_init(const char *wanted, struct log_sink *early)
{
	struct tty *screen, *serial;

	tty_init_aliases();
	consoles[SCREEN].terminal = screen = vc_init();
	consoles[SERIAL].terminal = serial = uart_init();
	if (serial || screen)
		log_remove_sink(early);
	use_wanted(wanted);
	if (!tty_console) {
		console_use(&consoles[SCREEN]);
		console_use(&consoles[SERIAL]);
	}
	if (serial)
		uart_enable_interrupts();
}

void console_flush(void)
{
	uart_flush();
}
