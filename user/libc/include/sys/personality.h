/* SPDX-License-Identifier: MIT */
/* Execution domain. */
#pragma once

#define PER_LINUX 0
#define ADDR_NO_RANDOMIZE 0x0040000

int personality(unsigned long persona);
