/* SPDX-License-Identifier: MIT */
/* What the processor layer and core need of a thread: the head of every
 * struct thread. `current_context()` is one masked load: the top word of each
 * 8 KiB-aligned kernel stack holds the pointer, above esp0 (design.md, 7b).
 */
#ifndef X86_CONTEXT_H
#define X86_CONTEXT_H

#include "lib/types.h"
#include "x86/atomic.h"

enum {
	MAX_CPUS = 16,
	KSTACK_SIZE = 8192,
	HELD_LOCKS = 16,
	KSTACK_TOP_RESERVE = 16, /* bytes above esp0; the last word is the thread */
};

struct cpu; /* core/percpu.h */

/* [o] own thread only, [c] the CPU it runs on, irqs off. Offset-critical: see
 * asm_offsets.c.
 */
struct context {
	uint32_t esp;                  /* [c] saved stack pointer while switched out */
	struct cpu *cpu;               /* [c] where it runs or ran last */
	uint32_t irq_depth;            /* [o] > 0: interrupts are off */
	uint32_t nofault;              /* [o] > 0: user copies return -EFAULT, do not page in */
	atomic_t exit_work;            /* [a] EXIT_WORK_ bits: look before returning to ring 3 */
	vaddr_t kstack;                /* [I] lowest address of the kernel stack */
	uint32_t fail_nth;             /* [o] DEBUG: this allocation fails (mm/failnth.h) */
	bool memory_reserve;           /* [o] may use the last free pages: it frees more */
	const void *held[HELD_LOCKS];  /* [o] locks held, with DEBUG=1 (lockrank.h) */
	uint8_t held_rank[HELD_LOCKS]; /* [o] */
	uint8_t held_count;            /* [o] */
};

enum exit_work {
	EXIT_RESCHED = 1, /* the policy wants another thread */
	EXIT_SIGNAL = 2,  /* a signal or kill is pending */
	EXIT_KILL = 8,    /* beside EXIT_SIGNAL: the thread is to end */
	EXIT_TICK = 16,   /* the tick saw it running: its timers of processor time */
};

static inline struct context *current_context(void)
{
	uint32_t esp;

	asm("mov %%esp, %0" : "=r"(esp));
	return *(struct context **)((esp | (KSTACK_SIZE - 1)) - 3);
}

#endif
