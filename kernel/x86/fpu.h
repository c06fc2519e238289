/* SPDX-License-Identifier: MIT */
/* FPU and SSE state, saved and restored eagerly at each switch (FXSAVE). */
#ifndef X86_FPU_H
#define X86_FPU_H

#include "lib/types.h"

enum { FPU_REGISTERS = 8, FPU_REGISTER_BYTES = 10 };

/* Exceptions: flags of the status word and of MXCSR, masks of the control word. */
enum fpu_exception {
	FPU_INVALID = 1,
	FPU_DENORMAL = 2,
	FPU_ZERO_DIVIDE = 4,
	FPU_OVERFLOW = 8,
	FPU_UNDERFLOW = 16,
	FPU_PRECISION = 32,
};

/* What FXSAVE stores (SDM vol. 1, 10.5). */
struct fpu_state {
	uint16_t control, status;
	uint8_t tags; /* a bit per physical register: not empty */
	uint8_t reserved0;
	uint16_t opcode;
	uint32_t ip;
	uint16_t cs, reserved1;
	uint32_t dp;
	uint16_t ds, reserved2;
	uint32_t mxcsr, mxcsr_mask;
	struct {
		uint8_t value[FPU_REGISTER_BYTES];
		uint8_t reserved[6];
	} st[FPU_REGISTERS]; /* ST(0) first */
	uint8_t xmm[8][16];
	uint8_t unused[224];
} __aligned(16);

static_assert(sizeof(struct fpu_state) == 512, "FXSAVE image, SDM vol. 1, 10.5");

void fpu_init_cpu(void);
void fpu_state_init(struct fpu_state *s); /* as after FNINIT, MXCSR default */

/* The current registers become as fpu_state_init makes a state. */
void fpu_reset(void);

/* No bit is set that this processor would refuse with a fault. */
bool fpu_mxcsr_is_valid(uint32_t mxcsr);

static inline void fpu_save(struct fpu_state *s)
{
	asm volatile("fxsave %0" : "=m"(*s));
}

static inline void fpu_restore(const struct fpu_state *s)
{
	asm volatile("fxrstor %0" ::"m"(*s));
}

#endif
