/* SPDX-License-Identifier: MIT */
/* Numbers for syscall(). */
#pragma once

#include <abi/syscall.h>
