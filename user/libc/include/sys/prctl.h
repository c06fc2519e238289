/* SPDX-License-Identifier: MIT */
/* What a process says about itself. */
#pragma once

#include <abi/prctl.h>

int prctl(int option, ...);
