/* SPDX-License-Identifier: MIT */
/* COM1, a 16550 (National PC16550D data sheet). What programs write goes into a
 * ring; the chip takes 16 bytes at a time and interrupts when it has sent them. The
 * log polls: it empties the ring first, so all comes in order, and is out when
 * kprintf returns. Lock: output_lock (rank CONSOLE) guards the ring and the sending
 * side of the chip, over one line of the log or one piece of a program's output; a
 * panic goes without.
 */
#include "dev/uart.h"

#include "core/irq.h"
#include "core/irqflag.h"
#include "core/log.h"
#include "core/spinlock.h"
#include "lib/kprintf.h"
#include "x86/cpu.h"

enum {
	COM1 = 0x3f8,
	REG_DATA = COM1,
	REG_INT_ENABLE = COM1 + 1,
	REG_FIFO = COM1 + 2,   /* written */
	REG_INT_ID = COM1 + 2, /* read */
	REG_LINE_CONTROL = COM1 + 3,
	REG_MODEM_CONTROL = COM1 + 4,
	REG_LINE_STATUS = COM1 + 5,
	REG_SCRATCH = COM1 + 7,
	DIVISOR_LOW = COM1,
	DIVISOR_HIGH = COM1 + 1,

	LINE_DIVISOR_ACCESS = 1 << 7,
	LINE_BREAK = 1 << 6,
	LINE_8N1 = 3,
	DIVISOR_115200 = 1,
	FIFO_ENABLE = 1, /* nothing is cleared: keys typed early count; interrupt from 1 byte on */
	MODEM_DTR_RTS = 3,
	MODEM_OUT2 = 1 << 3, /* lets interrupts out of the chip */
	INT_RECEIVED = 1,
	INT_TRANSMIT_EMPTY = 1 << 1,
	INT_ID_NONE = 1,
	STATUS_RECEIVED = 1,
	STATUS_BREAK = 1 << 4,
	STATUS_TRANSMIT_EMPTY = 1 << 5, /* the FIFO has nothing to send */
	STATUS_IDLE = 1 << 6,           /* the line neither */
	SCRATCH_PATTERN = 0x5a,

	FIFO_SIZE = 16,
	GIVE_UP = 1000000, /* polls until the other side counts as not listening */
	INPUT_BATCH = 16,
	INTERRUPT_ROUNDS = 100,
	RING_SIZE = 2048,
};

static struct tty serial_tty;
static struct spinlock output_lock = SPINLOCK_INIT(LOCK_CONSOLE);
static uint8_t ring_bytes[RING_SIZE];
static struct ring ring = { .buf = ring_bytes, .size = RING_SIZE }; /* [output_lock] */
static bool by_interrupt;     /* [output_lock] output goes through the ring */
static bool listening = true; /* [output_lock] false: the last poll was given up */

/* True if the lock was taken: a dying machine goes without. */
static bool output_enter(void)
{
	if (log_is_unlocked())
		return false;
	spin_lock(&output_lock);
	return true;
}

static void output_leave(bool locked)
{
	if (locked)
		spin_unlock(&output_lock);
}

/* ---- sending; the caller has called output_enter ---- */

static bool is_ready(void)
{
	return io_inb(REG_LINE_STATUS) & STATUS_TRANSMIT_EMPTY;
}

/* Who did not listen for GIVE_UP polls is not waited for again until he does. */
static void send_polled(uint8_t c)
{
	int polls = listening ? GIVE_UP : 1;

	while (polls > 0 && !is_ready()) {
		cpu_pause();
		polls--;
	}
	listening = polls > 0;
	io_outb(REG_DATA, c);
}

static void empty_ring(void)
{
	while (ring_count(&ring) > 0)
		send_polled((uint8_t)ring_get(&ring));
}

/* Hands the chip what it takes now; an interrupt comes when it is done with it. One that
 * was asked for before still comes: somebody may sleep until it does.
 */
static void send_ring(void)
{
	while (ring_count(&ring) > 0 && is_ready()) {
		for (int i = 0; i < FIFO_SIZE && ring_count(&ring) > 0; i++)
			io_outb(REG_DATA, (uint8_t)ring_get(&ring));
	}
	if (!is_ready())
		io_outb(REG_INT_ENABLE, INT_RECEIVED | INT_TRANSMIT_EMPTY);
}

/* ---- the terminal's side ---- */

static void serial_write(struct tty *t, const char *s, size_t n)
{
	bool locked = output_enter();

	(void)t;
	if (by_interrupt) {
		ring_write(&ring, s, (uint32_t)n);
		send_ring();
	} else {
		for (size_t i = 0; i < n; i++)
			send_polled((uint8_t)s[i]);
	}
	output_leave(locked);
}

static size_t serial_room(struct tty *t)
{
	bool locked = output_enter();
	size_t n = ring_space(&ring);

	(void)t;
	output_leave(locked);
	return n;
}

/* The bytes in the chip count as one. */
static size_t serial_queued(struct tty *t)
{
	bool locked = output_enter();
	size_t n = ring_count(&ring) + !is_ready();

	(void)t;
	output_leave(locked);
	return n;
}

static void serial_discard(struct tty *t)
{
	bool locked = output_enter();

	(void)t;
	ring_clear(&ring);
	output_leave(locked);
}

static void serial_break(struct tty *t, bool on)
{
	(void)t;
	io_outb(REG_LINE_CONTROL, LINE_8N1 | (on ? LINE_BREAK : 0));
}

static const struct tty_driver serial_driver = {
	.write = serial_write,
	.room = serial_room,
	.queued = serial_queued,
	.discard = serial_discard,
	.set_break = serial_break,
};

/* ---- the log ---- */

void uart_write_log(const char *s, size_t n)
{
	bool locked = output_enter();

	empty_ring();
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\n')
			send_polled('\r');
		send_polled((uint8_t)s[i]);
	}
	if (by_interrupt)
		send_ring(); /* a drain waits for these bytes too */
	output_leave(locked);
}

void uart_flush(void)
{
	bool locked = output_enter();

	empty_ring();
	for (int i = 0; i < GIVE_UP && !(io_inb(REG_LINE_STATUS) & STATUS_IDLE); i++)
		cpu_pause();
	output_leave(locked);
}

/* ---- interrupts ---- */

static void receive(void)
{
	uint8_t bytes[INPUT_BATCH], status;
	size_t n;

	do {
		status = 0;
		for (n = 0; n < INPUT_BATCH && !(status & STATUS_BREAK); n++) {
			status = io_inb(REG_LINE_STATUS);
			if (!(status & STATUS_RECEIVED))
				break;
			bytes[n] = io_inb(REG_DATA);
		}
		if (status & STATUS_BREAK && n > 0)
			n--; /* the break put a zero byte there */
		if (n > 0)
			tty_input(&serial_tty, bytes, n);
		if (status & STATUS_BREAK)
			tty_break(&serial_tty);
	} while (status & STATUS_RECEIVED);
}

static void transmit(void)
{
	bool locked = output_enter();
	bool waited = io_inb(REG_INT_ENABLE) & INT_TRANSMIT_EMPTY;

	if (waited) {
		io_outb(REG_INT_ENABLE, INT_RECEIVED);
		send_ring();
	}
	output_leave(locked);
	if (waited)
		tty_output_ready(&serial_tty);
}

/* The line is an edge: it must have been low before it can tell of something new. */
static void uart_interrupt(void *arg)
{
	(void)arg;
	for (int i = 0; i < INTERRUPT_ROUNDS && !(io_inb(REG_INT_ID) & INT_ID_NONE); i++) {
		receive();
		transmit();
	}
}

void uart_enable_interrupts(void)
{
	if (irq_register(IRQ_COM1, uart_interrupt, NULL) != 0) {
		kprintf("ttyS0: no interrupt, no input\n");
		return;
	}
	spin_lock(&output_lock);
	by_interrupt = true;
	io_outb(REG_INT_ENABLE, INT_RECEIVED);
	spin_unlock(&output_lock);
	/* What came before the line was on raises no interrupt. */
	irq_disable();
	uart_interrupt(NULL);
	irq_enable();
}

/* ---- start ---- */

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

struct tty *uart_init(void)
{
	if (!chip_is_there())
		return NULL;
	chip_program();
	tty_register(&serial_tty, "ttyS0", TTYS_MINOR, &serial_driver);
	return &serial_tty;
}
