/* SPDX-License-Identifier: MIT */
/* The PS/2 keyboard (IBM PS/2 reference, "Keyboard and Auxiliary Device
 * Controller"). The controller translates to scan-code set 1. Lock: none; after
 * start-up only the interrupt handler is here.
 */
#include "dev/kbd.h"

#include "core/irq.h"
#include "core/irqflag.h"
#include "core/param.h"
#include "dev/keymap.h"
#include "dev/vc.h"
#include "lib/kprintf.h"
#include "x86/cpu.h"

enum {
	PORT_DATA = 0x60,
	PORT_STATUS = 0x64,
	PORT_COMMAND = 0x64,
	STATUS_OUTPUT = 1,     /* a byte for us */
	STATUS_INPUT = 1 << 1, /* our last byte is not taken yet */
	STATUS_FROM_MOUSE = 1 << 5,
	NOTHING_THERE = 0xff,

	COMMAND_READ_CONFIG = 0x20,
	COMMAND_WRITE_CONFIG = 0x60,
	COMMAND_ENABLE_KEYBOARD = 0xae,
	CONFIG_INTERRUPT = 1,
	CONFIG_KEYBOARD_OFF = 1 << 4,
	CONFIG_TRANSLATE = 1 << 6,

	KEYBOARD_SET_LIGHTS = 0xed,
	KEYBOARD_ENABLE = 0xf4,
	KEYBOARD_ACK = 0xfa,
	KEYBOARD_RESEND = 0xfe,
	LIGHT_NUM = 1 << 1,
	LIGHT_CAPS = 1 << 2,

	GIVE_UP = 100000, /* polls until a controller counts as stuck */
	INTERRUPT_BATCH = 32,
};

static struct keyboard keyboard;
static bool lights_asked; /* the keyboard is to say that it waits for their state */

static bool wait_status(uint8_t bit, bool set)
{
	for (int i = 0; i < GIVE_UP; i++) {
		if (!(io_inb(PORT_STATUS) & bit) == !set)
			return true;
		cpu_pause();
	}
	return false;
}

static bool send(uint16_t port, uint8_t byte)
{
	if (!wait_status(STATUS_INPUT, false))
		return false;
	io_outb(port, byte);
	return true;
}

static void set_lights(void)
{
	send(PORT_DATA, (keyboard.caps ? LIGHT_CAPS : 0) | (keyboard.num ? LIGHT_NUM : 0));
}

/* The keyboard's answers are no keys. True: the byte was one. */
static bool take_answer(uint8_t byte)
{
	if (byte != KEYBOARD_ACK && byte != KEYBOARD_RESEND)
		return false;
	if (byte == KEYBOARD_ACK && lights_asked)
		set_lights();
	lights_asked = false;
	return true;
}

static void take_byte(uint8_t byte)
{
	struct key_result r;

	if (take_answer(byte))
		return;
	keyboard.application_keys = vc_application_keys();
	r = keyboard_take(&keyboard, byte);
	switch (r.action) {
	case KEY_SENDS:
		if (r.n > 0)
			vc_input(r.bytes, r.n);
		break;
	case KEY_SWITCHES:
		vc_switch(r.number);
		break;
	case KEY_SCROLLS_UP:
	case KEY_SCROLLS_DOWN:
		vc_scroll(r.action == KEY_SCROLLS_UP);
		break;
	case KEY_CHANGES_LIGHTS:
		lights_asked = send(PORT_DATA, KEYBOARD_SET_LIGHTS);
		break;
	}
}

static void kbd_interrupt(void *arg)
{
	uint8_t status, byte;

	(void)arg;
	for (int i = 0; i < INTERRUPT_BATCH; i++) {
		status = io_inb(PORT_STATUS);
		if (!(status & STATUS_OUTPUT))
			return;
		byte = io_inb(PORT_DATA);
		if (!(status & STATUS_FROM_MOUSE))
			take_byte(byte);
	}
}

static bool read_byte(uint8_t *byte)
{
	if (!wait_status(STATUS_OUTPUT, true))
		return false;
	*byte = io_inb(PORT_DATA);
	return true;
}

/* Keyboard on, its interrupt on, scan codes translated. Interrupts are off. */
static bool controller_start(void)
{
	uint8_t config;

	for (int i = 0; i < INTERRUPT_BATCH && (io_inb(PORT_STATUS) & STATUS_OUTPUT); i++)
		io_inb(PORT_DATA);
	if (!send(PORT_COMMAND, COMMAND_READ_CONFIG) || !read_byte(&config))
		return false;
	config |= CONFIG_INTERRUPT | CONFIG_TRANSLATE;
	config &= ~CONFIG_KEYBOARD_OFF;
	return send(PORT_COMMAND, COMMAND_WRITE_CONFIG) && send(PORT_DATA, config) &&
	       send(PORT_COMMAND, COMMAND_ENABLE_KEYBOARD) && send(PORT_DATA, KEYBOARD_ENABLE);
}

void kbd_init(void)
{
	bool started;

	if (!keyboard_init(&keyboard, params.keymap))
		kprintf("keymap=%s: no such layout, using us\n", params.keymap);
	if (io_inb(PORT_STATUS) == NOTHING_THERE) {
		kprintf("kbd: no keyboard controller\n");
		return;
	}
	irq_disable();
	started = controller_start() && irq_register(IRQ_KEYBOARD, kbd_interrupt, NULL) == 0;
	kbd_interrupt(NULL); /* what came before the line was on raises no interrupt */
	irq_enable();
	if (!started)
		kprintf("kbd: the controller does not answer\n");
}
