/* SPDX-License-Identifier: MIT */
/* FPU and SSE start-up. The state of a new program is a constant image. */
#include "x86/fpu.h"
#include "x86/cpu.h"

enum { FCW_DEFAULT = 0x37f, MXCSR_DEFAULT = 0x1f80, MXCSR_MASK_DEFAULT = 0xffbf };

static const struct fpu_state clean = { .control = FCW_DEFAULT, .mxcsr = MXCSR_DEFAULT };
static uint32_t mxcsr_mask = MXCSR_MASK_DEFAULT;

void fpu_init_cpu(void)
{
	struct fpu_state s = { 0 };

	asm volatile("fninit");
	fpu_save(&s);
	if (s.mxcsr_mask) /* 0: an early processor, with the default (SDM vol. 1, 11.6.6) */
		mxcsr_mask = s.mxcsr_mask;
}

void fpu_state_init(struct fpu_state *s)
{
	*s = clean;
}

void fpu_reset(void)
{
	fpu_restore(&clean);
}

bool fpu_mxcsr_is_valid(uint32_t mxcsr)
{
	return !(mxcsr & ~mxcsr_mask);
}
