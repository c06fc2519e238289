/* SPDX-License-Identifier: MIT */
/* The system-call gate. entry.asm calls syscall_table[eax] with six arguments on
 * the stack; sys_NAME() decodes, validates and calls one function below. Results
 * between -ERRNO_MAX and -1 are errors.
 */
#ifndef ENTRY_SYSCALL_H
#define ENTRY_SYSCALL_H

#include <abi/expand.h>
#include <abi/syscall.h>

#include "lib/errno.h"
#include "vm/usercopy.h"
#include "x86/frame.h"

/* Arguments come on the stack, whatever the rest of the kernel does. */
#define SYSCALL_ABI __attribute__((regparm(0)))

/* Results that never reach a program: on the way out, with no handler to run,
 * the call is made again (Linux's values, seen by ptrace only).
 */
enum restart_code {
	ERESTARTSYS = 512,           /* from the start */
	ERESTARTNOHAND = 514,        /* the same, unless a handler runs */
	ERESTARTNOINTR = 513,        /* the same, even if a handler runs in between */
	ERESTART_RESTARTBLOCK = 516, /* what current->restart says */
};

/* An interruptible call that has done nothing yet is simply repeated. */
static inline int32_t syscall_restartable(int32_t result)
{
	return result == -EINTR ? -ERESTARTSYS : result;
}

#define FD(name) (int32_t, name)
#define INT(name) (int32_t, name)
#define PID(name) (int32_t, name)
#define UINT(name) (uint32_t, name)
#define SIZE(name) (uint32_t, name)
#define FLAGS(name) (uint32_t, name)
#define MODE(name) (uint32_t, name)
#define OFF_LO(name) (uint32_t, name)
#define OFF_HI(name) (uint32_t, name)
#define ADDR(name) (uaddr_t, name)
#define PATH(name) (uaddr_t, name)
#define USTRV(name) (uaddr_t, name)
#define UBUF_IN(name, size) (uaddr_t, name)
#define UBUF_OUT(name, size) (uaddr_t, name)
#define UPTR_IN(name, type) (uaddr_t, name)
#define UPTR_OUT(name, type) (uaddr_t, name)
#define UPTR_INOUT(name, type) (uaddr_t, name)

#define SYSCALL(number, name, result, ...) SYSCALL_ABI int32_t sys_##name(DEF_PARAMS(__VA_ARGS__));
#include <syscalls.def>
#undef SYSCALL

#undef FD
#undef INT
#undef PID
#undef UINT
#undef SIZE
#undef FLAGS
#undef MODE
#undef OFF_LO
#undef OFF_HI
#undef ADDR
#undef PATH
#undef USTRV
#undef UBUF_IN
#undef UBUF_OUT
#undef UPTR_IN
#undef UPTR_OUT
#undef UPTR_INOUT

/* Number 0: goes on with what a signal interrupted. No program calls it itself. */
SYSCALL_ABI int32_t sys_restart_syscall(void);

typedef void (*syscall_fn)(void); /* each called with its own type, by entry.asm */

extern const syscall_fn syscall_table[SYSCALL_LIMIT];
extern const uint32_t syscall_count;

/* From entry.asm: a number beyond the table. */
int syscall_unknown(struct trapframe *f);

/* From entry.asm, with interrupts on, as long as current->exit_work is not 0: on
 * the way to ring 3. May not return.
 */
void exit_to_user_work(struct trapframe *f);

/* From entry.asm: iret refused the frame that a program wrote. */
void exit_fault(struct trapframe *f);

/* From entry.asm: every exception; error is the CPU's code or 0. */
void trap(struct trapframe *f, unsigned vector, uint32_t error);

#endif
