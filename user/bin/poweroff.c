/* SPDX-License-Identifier: MIT */
/* poweroff: writes back the disks and turns the machine off. Needs to be root. */

#include <sys/reboot.h>

#include "prog.h"

int main(int argc, char **argv)
{
	prog_begin("poweroff", "", argc, argv);
	if (argc > 1)
		prog_usage(1);
	sync();
	reboot(RB_POWER_OFF);
	prog_die("reboot");
}
