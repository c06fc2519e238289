/* SPDX-License-Identifier: MIT */
/* FPU and SSE start-up. The state of a new program is a constant image. */
#include "x86/fpu.h"
#include "lib/string.h"
#include "x86/cpu.h"

enum { FCW_OFFSET = 0, MXCSR_OFFSET = 24, FCW_DEFAULT = 0x37f, MXCSR_DEFAULT = 0x1f80 };

void fpu_init_cpu(void)
{
	asm volatile("fninit");
}

void fpu_state_init(struct fpu_state *s)
{
	memset(s, 0, sizeof(*s));
	*(uint16_t *)(s->bytes + FCW_OFFSET) = FCW_DEFAULT;
	*(uint32_t *)(s->bytes + MXCSR_OFFSET) = MXCSR_DEFAULT;
}
