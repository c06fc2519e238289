#!/bin/sh
# SPDX-License-Identifier: MIT
#
# display.sh QEMU: the options that show the machine's screen here: a window where there is a
# desktop and QEMU can draw one, else VNC, and a hint on standard error.

set -eu

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
	for kind in gtk sdl; do
		if "$1" -display help 2>/dev/null | grep -qx "$kind"; then
			echo "-display $kind"
			exit
		fi
	done
fi
echo "No window here: point a VNC viewer at ${VNC:=127.0.0.1:0} (display 0 is port 5900)." >&2
echo "-vnc $VNC"
