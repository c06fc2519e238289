/* SPDX-License-Identifier: MIT */
/* Jumps between functions: ebx esi edi ebp esp eip. */
#pragma once

typedef unsigned long jmp_buf[6];

int setjmp(jmp_buf state) __attribute__((returns_twice));
int _setjmp(jmp_buf state) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf state, int value);
_Noreturn void _longjmp(jmp_buf state, int value);

/* The same with the signal mask, if asked: for jumps out of handlers. */
typedef struct {
	jmp_buf registers;
	int saved;
	unsigned long long mask;
} sigjmp_buf[1];

void __sigjmp_save(sigjmp_buf state, int save);
_Noreturn void siglongjmp(sigjmp_buf state, int value);

#define sigsetjmp(state, save) (__sigjmp_save(state, save), setjmp((state)->registers))
