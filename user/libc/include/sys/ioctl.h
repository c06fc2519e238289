/* SPDX-License-Identifier: MIT */
/* Control of devices and terminals. */
#pragma once

#include <abi/ioctl.h>

struct winsize {
	unsigned short ws_row;
	unsigned short ws_col;
	unsigned short ws_xpixel;
	unsigned short ws_ypixel;
};

int ioctl(int fd, unsigned long request, ...);
