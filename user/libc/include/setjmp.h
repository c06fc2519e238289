/* SPDX-License-Identifier: MIT */
/* Jumps between functions: ebx esi edi ebp esp eip. */
#pragma once

typedef unsigned long jmp_buf[6];
typedef unsigned long sigjmp_buf[6];

int setjmp(jmp_buf state) __attribute__((returns_twice));
int _setjmp(jmp_buf state) __attribute__((returns_twice));
_Noreturn void longjmp(jmp_buf state, int value);
_Noreturn void _longjmp(jmp_buf state, int value);

#define sigsetjmp(state, save) ((void)(save), setjmp(state))
#define siglongjmp(state, value) longjmp(state, value)
