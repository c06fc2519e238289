/* SPDX-License-Identifier: MIT */
/* The last error of a call that failed. */
#pragma once

#include <abi/errno.h>

int *__errno_location(void);

#define errno (*__errno_location())
