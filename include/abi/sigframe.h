/* SPDX-License-Identifier: MIT */
/* What a signal handler finds on its stack (asm/sigcontext.h, asm/ucontext.h): the state of the
 * program as it was interrupted, which sigreturn and rt_sigreturn take back. */
#pragma once

#include <abi/signal.h>

#define ABI_FPSTATE_FXSR 0x0000 /* magic: fxsave is there */

/* The FPU: as FSAVE lays it out, then as FXSAVE does. Registers and control words of the
 * first count, MXCSR and XMM registers of the second. */
struct abi_fpstate {
	uint32_t cw, sw, tag, ip, cs, dp, ds;
	uint8_t st[8][10];
	uint16_t status, magic;
	uint8_t fxsave[512];
};

ABI_SIZE(struct abi_fpstate, 624);
ABI_OFFSET(struct abi_fpstate, fxsave, 112);

struct abi_sigcontext {
	uint32_t gs, fs, es, ds; /* the low 16 bits of each */
	uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
	uint32_t trapno, err; /* of the last exception of the thread */
	uint32_t eip, cs, eflags, esp_at_signal, ss;
	abi_uptr fpstate;
	uint32_t oldmask; /* signals 1 to 32 */
	uint32_t cr2;     /* address of the last page fault */
};

ABI_SIZE(struct abi_sigcontext, 88);

struct abi_ucontext {
	uint32_t uc_flags;
	abi_uptr uc_link;
	struct abi_stack uc_stack;
	struct abi_sigcontext uc_mcontext;
	abi_u64 uc_sigmask;
};

ABI_SIZE(struct abi_ucontext, 116);

enum { ABI_RETCODE_SIZE = 8 };

/* The frame of a handler without SA_SIGINFO; esp points to return_address. */
struct abi_sigframe {
	abi_uptr return_address;
	int32_t sig;
	struct abi_sigcontext context;
	struct abi_fpstate unused; /* where the FPU's state once was */
	uint32_t extramask;        /* signals 33 to 64 */
	uint8_t retcode[ABI_RETCODE_SIZE];
};

ABI_OFFSET(struct abi_sigframe, extramask, 720);
ABI_SIZE(struct abi_sigframe, 732);

/* The frame of a handler with SA_SIGINFO. */
struct abi_rt_sigframe {
	abi_uptr return_address;
	int32_t sig;
	abi_uptr info_address, context_address;
	struct abi_siginfo info;
	uint8_t info_rest[ABI_SIGINFO_SIZE - sizeof(struct abi_siginfo)];
	struct abi_ucontext context;
	uint8_t retcode[ABI_RETCODE_SIZE];
};

ABI_OFFSET(struct abi_rt_sigframe, context, 144);
ABI_SIZE(struct abi_rt_sigframe, 268);
