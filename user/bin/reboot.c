/* SPDX-License-Identifier: MIT */
/* reboot: writes back the disks and starts the machine again. Needs to be root. */

#include <sys/reboot.h>

#include "prog.h"

int main(int argc, char **argv)
{
	prog_begin("reboot", "", argc, argv);
	if (argc > 1)
		prog_usage(1);
	sync();
	reboot(RB_AUTOBOOT);
	prog_die("reboot");
}
