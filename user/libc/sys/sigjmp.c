/* SPDX-License-Identifier: MIT */
/* The signal mask's part in jumps. */
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

void __sigjmp_save(sigjmp_buf state, int save)
{
	state->saved = save;
	if (save)
		sigprocmask(SIG_BLOCK, NULL, &state->mask);
}

_Noreturn void siglongjmp(sigjmp_buf state, int value)
{
	if (state->saved)
		sigprocmask(SIG_SETMASK, &state->mask, NULL);
	longjmp(state->registers, value);
}
