/* SPDX-License-Identifier: MIT */
/* Power off and reset. A machine without QEMU's exit device is powered off by
 * the ports that emulators give ACPI's PM1a control block, or halts.
 */
#include "x86/machine.h"
#include "x86/cpu.h"

enum {
	PORT_DEBUG_EXIT = 0xf4,
	PORT_PM1A_QEMU = 0x604,
	PORT_PM1A_BOCHS = 0xb004,
	PM1_SLEEP_S5 = 0x2000,
	PORT_RESET_CONTROL = 0xcf9,
	RESET_HARD = 0x06,
	PORT_KBD_COMMAND = 0x64,
	KBD_PULSE_RESET = 0xfe,
};

void machine_exit_code(enum machine_exit code)
{
	io_outl(PORT_DEBUG_EXIT, code);
}

void machine_poweroff(void)
{
	machine_exit_code(MACHINE_EXIT_POWEROFF);
	io_outw(PORT_PM1A_QEMU, PM1_SLEEP_S5);
	io_outw(PORT_PM1A_BOCHS, PM1_SLEEP_S5);
	for (;;) {
		cpu_cli();
		cpu_halt();
	}
}

void machine_reset(void)
{
	io_outb(PORT_KBD_COMMAND, KBD_PULSE_RESET);
	io_outb(PORT_RESET_CONTROL, RESET_HARD);
	for (;;) {
		cpu_cli();
		cpu_halt();
	}
}
