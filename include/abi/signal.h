/* SPDX-License-Identifier: MIT */
/* Signals: numbers from signals.def, and what programs and kernel exchange. */
#pragma once

#include <abi/types.h>

#ifndef SIGHUP
enum signal_number {
#define SIGNAL(number, name, action, text) name = (number),
#include "../signals.def"
#undef SIGNAL
};
#define SIGPOLL SIGIO
#endif

/* Numbers run from 1 to 64; the real-time ones begin at 32. A set is one
 * 64-bit word, signal n in bit n - 1. */
#define ABI_SIGNAL_MAX 64
#define ABI_SIGRTMIN 32

/* Handler values that are not addresses. */
#define ABI_SIG_DFL 0
#define ABI_SIG_IGN 1

/* rt_sigprocmask. */
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2

/* abi_sigaction.flags. */
#define SA_NOCLDSTOP 0x00000001
#define SA_NOCLDWAIT 0x00000002
#define SA_SIGINFO 0x00000004
#define SA_EXPOSE_TAGBITS 0x00000800 /* no address has any here */
#define SA_RESTORER 0x04000000
#define SA_ONSTACK 0x08000000
#define SA_RESTART 0x10000000
#define SA_NODEFER 0x40000000
#define SA_RESETHAND 0x80000000
#define SA_KNOWN \
	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_EXPOSE_TAGBITS | SA_RESTORER | SA_ONSTACK | \
	 SA_RESTART | SA_NODEFER | SA_RESETHAND)

/* rt_sigaction (not the order of the C library's struct sigaction). */
struct abi_sigaction {
	abi_uptr handler;
	uint32_t flags;
	abi_uptr restorer;
	abi_u64 mask;
};

ABI_SIZE(struct abi_sigaction, 20);
ABI_OFFSET(struct abi_sigaction, mask, 12);

/* sigaction 67: a mask of 32 signals, and another order. */
struct abi_old_sigaction {
	abi_uptr handler;
	uint32_t mask;
	uint32_t flags;
	abi_uptr restorer;
};

ABI_SIZE(struct abi_old_sigaction, 16);

/* Why a signal came. Which members count, si_signo and si_code say (sigaction(2)); the
 * rest of ABI_SIGINFO_SIZE bytes is zero. */
struct abi_siginfo {
	int32_t si_signo, si_errno, si_code;
	union {
		struct { /* sent by a process; its value; SIGCHLD */
			int32_t si_pid;
			uint32_t si_uid;
			union {
				int32_t si_status;
				uint32_t si_value;
			};
			int32_t si_utime, si_stime;
		};
		struct { /* SI_TIMER, with si_value */
			int32_t si_timerid, si_overrun;
		};
		abi_uptr si_addr; /* faults */
	};
};

#define ABI_SIGINFO_SIZE 128

ABI_SIZE(struct abi_siginfo, 32);
ABI_OFFSET(struct abi_siginfo, si_value, 20);

/* sigaltstack. */
#define SS_ONSTACK 1
#define SS_DISABLE 2
#define SS_AUTODISARM 0x80000000
#define ABI_MINSIGSTKSZ 2048

struct abi_stack {
	abi_uptr ss_sp;
	uint32_t ss_flags;
	uint32_t ss_size;
};

ABI_SIZE(struct abi_stack, 12);

/* Why a signal was sent (siginfo's si_code). */
#ifndef SI_USER
#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE (-1)
#define SI_TIMER (-2)
#define SI_TKILL (-6)
#endif
#ifndef SEGV_MAPERR
#define ILL_ILLOPN 2
#define ILL_PRVOPC 5
#define FPE_INTDIV 1
#define FPE_INTOVF 2
#define FPE_FLTDIV 3
#define FPE_FLTOVF 4
#define FPE_FLTUND 5
#define FPE_FLTRES 6
#define FPE_FLTINV 7
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define BUS_ADRERR 2
#define TRAP_BRKPT 1
#define TRAP_TRACE 2
#define CLD_EXITED 1
#define CLD_KILLED 2
#define CLD_DUMPED 3
#define CLD_STOPPED 5
#define CLD_CONTINUED 6
#endif
