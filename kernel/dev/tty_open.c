/* SPDX-License-Identifier: MIT */
/* The life of a terminal: how it begins, is opened, closed and hung up, and the names that
 * stand for another: /dev/tty and /dev/console.
 */
#include "dev/tty_impl.h"
#include "lib/string.h"

enum {
	DEFAULT_ROWS = 24,
	DEFAULT_COLUMNS = 80,
	FIRST_EPOCH = 1,
	MINOR_TTY = 0,
	MINOR_CONSOLE = 1,
	TTY_MODE = 0660,
	OWN_TTY_MODE = 0666,
	CONSOLE_MODE = 0600,
};

#define CTRL(letter) ((letter)&0x1f)

const struct tty_process_ops *tty_processes;
struct tty *tty_console;

const struct abi_termios tty_default_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = {
		[VINTR] = CTRL('C'), [VQUIT] = CTRL('\\'), [VERASE] = 0x7f, [VKILL] = CTRL('U'),
		[VEOF] = CTRL('D'), [VMIN] = 1, [VSTART] = CTRL('Q'), [VSTOP] = CTRL('S'),
		[VSUSP] = CTRL('Z'), [VREPRINT] = CTRL('R'), [VDISCARD] = CTRL('O'),
		[VWERASE] = CTRL('W'), [VLNEXT] = CTRL('V'),
	},
};

/* ---- opening and closing ---- */

int tty_open(struct char_io *io)
{
	struct tty *t = tty_of(io);
	bool privileged = tty_processes && tty_processes->privileged();
	int err = 0;

	spin_lock(&t->lock);
	if (t->exclusive && !privileged)
		err = -EBUSY;
	else if (t->driver->open)
		err = t->driver->open(t);
	if (!err)
		t->opens++;
	io->epoch = t->epoch;
	spin_unlock(&t->lock);
	if (err)
		return err;
	/* Who may only write does not get hold of it. */
	if (!(io->flags & O_NOCTTY) && (io->flags & O_ACCMODE) != O_WRONLY && tty_processes)
		tty_processes->opened(t);
	return 0;
}

static void tty_put(struct tty *t)
{
	if (t->driver->put)
		t->driver->put(t);
}

static int open_own(struct char_io *io)
{
	struct tty *t = tty_processes ? tty_processes->own() : NULL;
	int err;

	if (!t)
		return -ENXIO;
	io->dev = &t->chardev;
	io->flags |= O_NOCTTY;
	err = tty_open(io);
	if (err)
		tty_put(t);
	return err;
}

static int open_console(struct char_io *io)
{
	if (!tty_console)
		return -ENODEV;
	io->dev = &tty_console->chardev;
	io->epoch = TTY_EPOCH_CONSOLE;
	spin_lock(&tty_console->lock);
	tty_console->opens++;
	spin_unlock(&tty_console->lock);
	return 0;
}

bool tty_close(struct tty *t)
{
	bool last;

	spin_lock(&t->lock);
	last = --t->opens == 0;
	if (last) {
		t->exclusive = false;
		if (t->driver->closed)
			t->driver->closed(t);
	}
	spin_unlock(&t->lock);
	return last;
}

void tty_release(const struct char_io *io)
{
	struct tty *t = tty_of(io);

	if (tty_processes)
		tty_processes->closed(t);
	else
		tty_close(t);
	tty_put(t);
}

/* ---- beginning and hang-up ---- */

void tty_init(struct tty *t, const char *name, dev_t dev, const struct tty_driver *driver)
{
	memset(t, 0, sizeof(*t));
	t->name = name;
	t->driver = driver;
	t->termios = tty_default_termios;
	t->epoch = FIRST_EPOCH;
	spin_init(&t->lock, LOCK_DEVICE);
	mutex_init(&t->write_lock, LOCK_TTY);
	ring_init(&t->input, t->buf, TTY_INPUT);
	waitq_init(&t->readers);
	waitq_init(&t->writers);
	t->chardev = (struct chardev){
		.name = name,
		.dev = dev,
		.mode = TTY_MODE,
		.ops = &tty_ops,
		.driver = t,
	};
}

void tty_register(struct tty *t, const char *name, unsigned minor, const struct tty_driver *driver)
{
	tty_init(t, name, dev_make(TTY_MAJOR, minor), driver);
	t->winsize.ws_row = DEFAULT_ROWS;
	t->winsize.ws_col = DEFAULT_COLUMNS;
	chardev_register(&t->chardev);
}

/* Only open looks at them: it puts the device they stand for in their place. */
static const struct chardev_ops own_ops = { .open = open_own };
static const struct chardev_ops console_ops = { .open = open_console };

static struct chardev aliases[] = {
	{ .name = "tty", .mode = OWN_TTY_MODE, .ops = &own_ops },
	{ .name = "console", .mode = CONSOLE_MODE, .ops = &console_ops },
};

void tty_init_aliases(void)
{
	aliases[0].dev = dev_make(TTYAUX_MAJOR, MINOR_TTY);
	aliases[1].dev = dev_make(TTYAUX_MAJOR, MINOR_CONSOLE);
	for (unsigned i = 0; i < ARRAY_SIZE(aliases); i++)
		chardev_register(&aliases[i]);
}

void tty_hangup(struct tty *t)
{
	uint32_t utf8;

	spin_lock(&t->lock);
	utf8 = t->termios.c_iflag & IUTF8; /* a property of the device */
	t->epoch++;
	if (t->epoch == TTY_EPOCH_CONSOLE)
		t->epoch = FIRST_EPOCH;
	tty_flush_input(t);
	t->termios = tty_default_termios;
	t->termios.c_iflag |= utf8;
	t->exclusive = false;
	tty_mode_changed(t, true);
	tty_start(t);
	spin_unlock(&t->lock);
}
