/* SPDX-License-Identifier: MIT */
/* FPU and SSE state, saved and restored eagerly at each switch (FXSAVE). */
#ifndef X86_FPU_H
#define X86_FPU_H

#include "lib/types.h"

struct fpu_state {
	uint8_t bytes[512];
} __aligned(16);

static_assert(sizeof(struct fpu_state) == 512, "FXSAVE image, SDM vol. 1, 10.5");

void fpu_init_cpu(void);
void fpu_state_init(struct fpu_state *s); /* as after FNINIT, MXCSR default */

static inline void fpu_save(struct fpu_state *s)
{
	asm volatile("fxsave %0" : "=m"(*s));
}

static inline void fpu_restore(const struct fpu_state *s)
{
	asm volatile("fxrstor %0" ::"m"(*s));
}

#endif
