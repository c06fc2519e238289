/* SPDX-License-Identifier: MIT */
/* What the kernel put above the environment. */
#pragma once

#include <abi/auxv.h>

unsigned long getauxval(unsigned long type);
