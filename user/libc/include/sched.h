/* SPDX-License-Identifier: MIT */
/* Scheduling calls and clone flags. */
#pragma once

#include <abi/sched.h>
#include <sys/types.h>

int sched_yield(void);
