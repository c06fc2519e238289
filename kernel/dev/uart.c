/* SPDX-License-Identifier: MIT */
/* COM1, a 16550 (National PC16550D data sheet). Output polls, so it works in any
 * context. Lock: output_lock (rank CONSOLE), over one line of the log or one piece
 * of a program's output, so that they are not mixed; a panic goes without. Input
 * comes by interrupt and goes to the terminal ttyS0.
 */
#include "dev/uart.h"

#include "core/irq.h"
#include "core/irqflag.h"
#include "core/log.h"
#include "core/spinlock.h"
#include "dev/tty.h"
#include "x86/cpu.h"

enum {
	COM1 = 0x3f8,
	REG_DATA = COM1,
	REG_INT_ENABLE = COM1 + 1,
	REG_FIFO = COM1 + 2,
	REG_LINE_CONTROL = COM1 + 3,
	REG_MODEM_CONTROL = COM1 + 4,
	REG_LINE_STATUS = COM1 + 5,
	REG_SCRATCH = COM1 + 7,
	DIVISOR_LOW = COM1,
	DIVISOR_HIGH = COM1 + 1,

	LINE_DIVISOR_ACCESS = 1 << 7,
	LINE_8N1 = 3,
	DIVISOR_115200 = 1,
	FIFO_ENABLE = 1, /* nothing is cleared: keys typed early count; interrupt from 1 byte on */
	MODEM_DTR_RTS = 3,
	MODEM_OUT2 = 1 << 3, /* lets interrupts out of the chip */
	INT_RECEIVED = 1,
	STATUS_RECEIVED = 1,
	STATUS_TRANSMIT_EMPTY = 1 << 5,
	SCRATCH_PATTERN = 0x5a,

	GIVE_UP = 100000, /* polls until a chip counts as stuck */
	INPUT_BATCH = 16,

	TTYS_MAJOR = 4,
	TTYS_MINOR = 64,
	TTYAUX_MAJOR = 5, /* tty and console */
	MINOR_TTY = 0,
	MINOR_CONSOLE = 1,
	TTYS_MODE = 0660,
	TTY_MODE = 0666,
	CONSOLE_MODE = 0600,
};

static struct tty serial_tty;

static void put_byte(uint8_t c)
{
	for (int i = 0; i < GIVE_UP && !(io_inb(REG_LINE_STATUS) & STATUS_TRANSMIT_EMPTY); i++)
		cpu_pause();
	io_outb(REG_DATA, c);
}

static struct spinlock output_lock = SPINLOCK_INIT(LOCK_CONSOLE);

/* cr: a \n becomes \r\n. */
static void put_bytes(const char *s, size_t n, bool cr)
{
	bool locked = !log_is_unlocked();

	if (locked)
		spin_lock(&output_lock);
	for (size_t i = 0; i < n; i++) {
		if (cr && s[i] == '\n')
			put_byte('\r');
		put_byte((uint8_t)s[i]);
	}
	if (locked)
		spin_unlock(&output_lock);
}

static void serial_write(struct tty *t, const char *s, size_t n)
{
	(void)t;
	put_bytes(s, n, false);
}

/* For the log, whose lines end in \n alone. */
void uart_write(const char *s, size_t n)
{
	put_bytes(s, n, true);
}

static const struct tty_driver serial_driver = { .write = serial_write };
static struct log_sink serial_sink = { .write = uart_write };

static struct chardev serial_devices[] = {
	{ .name = "console", .mode = CONSOLE_MODE },
	{ .name = "tty", .mode = TTY_MODE },
	{ .name = "ttyS0", .mode = TTYS_MODE },
};

static void register_devices(void)
{
	serial_devices[0].dev = dev_make(TTYAUX_MAJOR, MINOR_CONSOLE);
	serial_devices[1].dev = dev_make(TTYAUX_MAJOR, MINOR_TTY);
	serial_devices[2].dev = dev_make(TTYS_MAJOR, TTYS_MINOR);
	for (unsigned i = 0; i < ARRAY_SIZE(serial_devices); i++) {
		serial_devices[i].ops = &tty_chardev_ops;
		serial_devices[i].driver = &serial_tty;
		chardev_register(&serial_devices[i]);
	}
}

static bool chip_is_there(void)
{
	io_outb(REG_SCRATCH, SCRATCH_PATTERN);
	return io_inb(REG_SCRATCH) == SCRATCH_PATTERN;
}

static void chip_program(void)
{
	io_outb(REG_INT_ENABLE, 0);
	io_outb(REG_LINE_CONTROL, LINE_DIVISOR_ACCESS);
	io_outb(DIVISOR_LOW, DIVISOR_115200);
	io_outb(DIVISOR_HIGH, 0);
	io_outb(REG_LINE_CONTROL, LINE_8N1);
	io_outb(REG_FIFO, FIFO_ENABLE);
	io_outb(REG_MODEM_CONTROL, MODEM_DTR_RTS | MODEM_OUT2);
}

bool uart_init(void)
{
	tty_init(&serial_tty, "ttyS0", &serial_driver);
	register_devices();
	tty_console = &serial_tty;
	if (!chip_is_there())
		return false;
	chip_program();
	log_add_sink(&serial_sink);
	return true;
}

static void uart_interrupt(void *arg)
{
	uint8_t bytes[INPUT_BATCH];
	size_t n;

	(void)arg;
	do {
		for (n = 0; n < INPUT_BATCH && (io_inb(REG_LINE_STATUS) & STATUS_RECEIVED); n++)
			bytes[n] = io_inb(REG_DATA);
		if (n > 0)
			tty_input(&serial_tty, bytes, n);
	} while (n == INPUT_BATCH);
}

int uart_enable_input(void)
{
	int err = irq_register(IRQ_COM1, uart_interrupt, NULL);

	if (err)
		return err;
	io_outb(REG_INT_ENABLE, INT_RECEIVED);
	/* What came before the line was on raises no interrupt. */
	irq_disable();
	uart_interrupt(NULL);
	irq_enable();
	return 0;
}
