/* SPDX-License-Identifier: MIT */
/* Basic types and the handful of macros that every file uses. Nothing here has state. The unit
 * tests compile this on the host: there the C library's <sys/types.h> gives the POSIX names
 * instead. */
#ifndef LIB_TYPES_H
#define LIB_TYPES_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint64_t paddr_t;  /* physical address: PAE goes beyond 32 bits */
typedef uintptr_t vaddr_t; /* virtual address: 32 bits in the kernel    */
typedef int64_t ktime_t;   /* nanoseconds: a span, or a point since boot */
typedef int32_t tid_t;

#if __STDC_HOSTED__
/* lint: the unit tests only, built on the host */
#include <sys/types.h>
#else
typedef int32_t ssize_t;
typedef int64_t loff_t;
typedef int32_t pid_t;
typedef uint32_t uid_t;
typedef uint32_t gid_t;
typedef uint32_t mode_t;
typedef uint64_t dev_t;
typedef uint64_t ino_t;
#endif

#define KTIME_MAX INT64_MAX
#define NSEC_PER_SEC 1000000000LL
#define NSEC_PER_MS 1000000LL
#define NSEC_PER_US 1000LL

#undef __always_inline
#define __must_check __attribute__((warn_unused_result))
#define __packed __attribute__((packed))
#define __printf(a, b) __attribute__((format(printf, a, b)))
#define __noreturn __attribute__((noreturn))
#define __aligned(n) __attribute__((aligned(n)))
#define __section(s) __attribute__((section(s)))
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __used __attribute__((used))
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#ifndef static_assert
#define static_assert _Static_assert
#endif

/* The struct of the given type whose field member is at ptr. */
#define container_of(ptr, type, member) \
	((type *)((char *)(1 ? (ptr) : &((type *)0)->member) - offsetof(type, member)))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define MIN(a, b) \
	({ \
		__typeof__(a) min_a_ = (a); \
		__typeof__(b) min_b_ = (b); \
		min_a_ < min_b_ ? min_a_ : min_b_; \
	})
#define MAX(a, b) \
	({ \
		__typeof__(a) max_a_ = (a); \
		__typeof__(b) max_b_ = (b); \
		max_a_ > max_b_ ? max_a_ : max_b_; \
	})

/* n is a power of two, and the result has the type of x: a 64-bit address keeps its high half. */
#define ALIGN_DOWN(x, n) ((x) & ~((__typeof__(x))(n)-1))
#define ALIGN_UP(x, n) ALIGN_DOWN((x) + ((__typeof__(x))(n)-1), n)
#define IS_ALIGNED(x, n) (((x) & ((__typeof__(x))(n)-1)) == 0)
#define DIV_ROUND_UP(x, n) (((x) + (n)-1) / (n))
#define BIT(n) (1U << (n))
#define BIT64(n) (1ULL << (n))

/* One access that the compiler may neither repeat, split nor drop: for fields read without their
 * lock. */
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)&(x) = (v))

/* Device numbers in Linux's encoding: 12 bits of major number, 20 of minor, the minor in two
 * parts. */
enum {
	DEV_MINOR_LOW = 0xff,
	DEV_MAJOR_MASK = 0xfff,
	DEV_MAJOR_SHIFT = 8,
	DEV_MINOR_SHIFT = 12,
};

static inline dev_t dev_make(unsigned major, unsigned minor)
{
	uint32_t low = (minor & DEV_MINOR_LOW) | (major & DEV_MAJOR_MASK) << DEV_MAJOR_SHIFT;

	return low | (minor & ~(uint32_t)DEV_MINOR_LOW) << DEV_MINOR_SHIFT;
}

static inline unsigned dev_major(dev_t dev)
{
	return (uint32_t)dev >> DEV_MAJOR_SHIFT & DEV_MAJOR_MASK;
}

static inline unsigned dev_minor(dev_t dev)
{
	uint32_t low = (uint32_t)dev & DEV_MINOR_LOW;

	return low | ((uint32_t)dev >> DEV_MINOR_SHIFT & ~(uint32_t)DEV_MINOR_LOW);
}

#endif
