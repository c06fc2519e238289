/* SPDX-License-Identifier: MIT */
/* Turns the argument list of one SYSCALL() line into C. Each argument kind
 * must expand to a pair (type, name) before these are used:
 *
 *     #define FD(name) (int, name)
 *     DEF_PARAMS(FD(fd), SIZE(count))  ->  int fd, uint32_t count
 *     DEF_NAMES(FD(fd), SIZE(count))   ->  fd, count
 *     DEF_LONGS(FD(fd), SIZE(count))   ->  (long)(fd), (long)(count)
 *     DEF_COUNT(FD(fd), SIZE(count))   ->  2
 *
 * An empty list gives `void`, nothing, nothing and 0. At most six. */
#pragma once

#define DEF_COUNT(...) DEF_COUNT_(__VA_OPT__(__VA_ARGS__, ) 6, 5, 4, 3, 2, 1, 0)
#define DEF_COUNT_(...) DEF_COUNT_PICK(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define DEF_COUNT_PICK(a, b, c, d, e, f, n, ...) n

#define DEF_JOIN(a, b) DEF_JOIN_(a, b)
#define DEF_JOIN_(a, b) a##b

#define DEF_PARAM(pair) DEF_PARAM_ pair
#define DEF_PARAM_(type, name) type name
#define DEF_NAME(pair) DEF_NAME_ pair
#define DEF_NAME_(type, name) name
#define DEF_LONG(pair) DEF_LONG_ pair
#define DEF_LONG_(type, name) (long)(name)

#define DEF_EACH0(f)
#define DEF_EACH1(f, a) f(a)
#define DEF_EACH2(f, a, ...) f(a), DEF_EACH1(f, __VA_ARGS__)
#define DEF_EACH3(f, a, ...) f(a), DEF_EACH2(f, __VA_ARGS__)
#define DEF_EACH4(f, a, ...) f(a), DEF_EACH3(f, __VA_ARGS__)
#define DEF_EACH5(f, a, ...) f(a), DEF_EACH4(f, __VA_ARGS__)
#define DEF_EACH6(f, a, ...) f(a), DEF_EACH5(f, __VA_ARGS__)
#define DEF_EACH(f, ...) DEF_JOIN(DEF_EACH, DEF_COUNT(__VA_ARGS__))(f __VA_OPT__(, ) __VA_ARGS__)

#define DEF_PARAMS(...) DEF_JOIN(DEF_PARAMS, DEF_COUNT(__VA_ARGS__))(__VA_ARGS__)
#define DEF_PARAMS0() void
#define DEF_PARAMS1(...) DEF_EACH1(DEF_PARAM, __VA_ARGS__)
#define DEF_PARAMS2(...) DEF_EACH2(DEF_PARAM, __VA_ARGS__)
#define DEF_PARAMS3(...) DEF_EACH3(DEF_PARAM, __VA_ARGS__)
#define DEF_PARAMS4(...) DEF_EACH4(DEF_PARAM, __VA_ARGS__)
#define DEF_PARAMS5(...) DEF_EACH5(DEF_PARAM, __VA_ARGS__)
#define DEF_PARAMS6(...) DEF_EACH6(DEF_PARAM, __VA_ARGS__)

#define DEF_NAMES(...) DEF_EACH(DEF_NAME __VA_OPT__(, ) __VA_ARGS__)
#define DEF_LONGS(...) DEF_EACH(DEF_LONG __VA_OPT__(, ) __VA_ARGS__)
