/* SPDX-License-Identifier: MIT */
/* Signal frames: how a handler is entered and left. */
#ifndef ENTRY_SIGNAL_FRAME_H
#define ENTRY_SIGNAL_FRAME_H

#include "proc/signal.h"
#include "x86/frame.h"

/* The registers become those of the handler's first instruction, the state so far is on
 * the program's stack. Where it cannot be written the program gets SIGSEGV.
 */
void signal_frame_enter(struct trapframe *f, const struct signal_caught *c);

/* A jump to an address of the kernel: true if it is how a handler without SA_RESTORER
 * returns, which has happened then.
 */
bool signal_frame_gate(struct trapframe *f, uaddr_t address);

#endif
