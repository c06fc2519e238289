/* SPDX-License-Identifier: MIT */
/* Scheduling calls and clone flags. */
#pragma once

#include <abi/sched.h>
#include <sys/types.h>

int sched_yield(void);

/* A process or thread that runs run(arg) on a stack that ends at `stack` and ends with what that
 * returns; then int *parent_tid, struct user_desc *tls, int *child_tid. Its number, or -1. */
int clone(int (*run)(void *), void *stack, int flags, void *arg, ...);
