/* SPDX-License-Identifier: MIT */
/* Raw system calls, one inline function each, made from syscalls.def:
 *
 *     long sys_read(int fd, void *buf, unsigned long count)
 *
 * The result is the kernel's: a value, or -errno. sys_result() turns that into
 * what POSIX promises. A call is `int 0x80` with the number in eax and the
 * arguments in ebx ecx edx esi edi ebp. */
#pragma once

#include <abi/errno.h>
#include <abi/expand.h>
#include <abi/syscall.h>
#include <stdint.h>

static inline long syscall0(long n)
{
	long result;

	asm volatile("int $0x80" : "=a"(result) : "0"(n) : "memory");
	return result;
}

static inline long syscall1(long n, long a)
{
	long result;

	asm volatile("int $0x80" : "=a"(result) : "0"(n), "b"(a) : "memory");
	return result;
}

static inline long syscall2(long n, long a, long b)
{
	long result;

	asm volatile("int $0x80" : "=a"(result) : "0"(n), "b"(a), "c"(b) : "memory");
	return result;
}

static inline long syscall3(long n, long a, long b, long c)
{
	long result;

	asm volatile("int $0x80" : "=a"(result) : "0"(n), "b"(a), "c"(b), "d"(c) : "memory");
	return result;
}

static inline long syscall4(long n, long a, long b, long c, long d)
{
	long result;

	asm volatile("int $0x80"
		     : "=a"(result)
		     : "0"(n), "b"(a), "c"(b), "d"(c), "S"(d)
		     : "memory");
	return result;
}

static inline long syscall5(long n, long a, long b, long c, long d, long e)
{
	long result;

	asm volatile("int $0x80"
		     : "=a"(result)
		     : "0"(n), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
		     : "memory");
	return result;
}

/* In assembly: the compiler may need ebp itself. */
long syscall6(long n, long a, long b, long c, long d, long e, long f);

#define FD(name) (int, name)
#define PID(name) (int, name)
#define INT(name) (int, name)
#define UINT(name) (unsigned int, name)
#define SIZE(name) (unsigned int, name)
#define FLAGS(name) (unsigned int, name)
#define MODE(name) (unsigned int, name)
#define OFF_LO(name) (unsigned int, name)
#define OFF_HI(name) (unsigned int, name)
#define ADDR(name) (unsigned long, name)
#define PATH(name) (const char *, name)
#define UBUF_IN(name, size) (const void *, name)
#define UBUF_OUT(name, size) (void *, name)
#define UPTR_IN(name, type) (const void *, name)
#define UPTR_OUT(name, type) (void *, name)
#define UPTR_INOUT(name, type) (void *, name)
#define USTRV(name) (char *const *, name)

#define SYSCALL(number, name, result, ...) \
	static inline long sys_##name(DEF_PARAMS(__VA_ARGS__)) \
	{ \
		return DEF_JOIN(syscall, DEF_COUNT(__VA_ARGS__))(number __VA_OPT__(, ) \
									 DEF_LONGS(__VA_ARGS__)); \
	}
#include <syscalls.def>
#undef SYSCALL

#undef FD
#undef PID
#undef INT
#undef UINT
#undef SIZE
#undef FLAGS
#undef MODE
#undef OFF_LO
#undef OFF_HI
#undef ADDR
#undef PATH
#undef UBUF_IN
#undef UBUF_OUT
#undef UPTR_IN
#undef UPTR_OUT
#undef UPTR_INOUT
#undef USTRV

/* A call that waits: threads are cancelled there (thread/cancel.c). */
__attribute__((weak)) long __cancellable(long n, long a, long b, long c, long d, long e, long f);

static inline long syscall_waits(long n, long a, long b, long c, long d)
{
	return __cancellable ? __cancellable(n, a, b, c, d, 0, 0) : syscall4(n, a, b, c, d);
}

static inline long syscall6_waits(long n, long a, long b, long c, long d, long e, long f)
{
	return __cancellable ? __cancellable(n, a, b, c, d, e, f) : syscall6(n, a, b, c, d, e, f);
}

/* Sets errno to number and returns -1. Out of line: it is the rare path. */
long __set_errno(long number);

static inline long sys_result(long result)
{
	if ((unsigned long)result >= -(unsigned long)ERRNO_MAX)
		return __set_errno(-result);
	return result;
}
