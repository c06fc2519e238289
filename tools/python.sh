#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Prints a python3 that can import the modules named; Debian's own is asked first, as a
# version manager's shim in PATH does not see Debian's packages.

for python in /usr/bin/python3 python3; do
	if "$python" -c "import $(echo "$*" | tr ' ' ,)" 2>/dev/null; then
		echo "$python"
		exit 0
	fi
done
exit 1
