/* SPDX-License-Identifier: MIT */
/* 64-bit division that compilers call by these names. */
#pragma once

unsigned long long __udivmoddi4(unsigned long long n, unsigned long long by,
				unsigned long long *rest);
unsigned long long __udivdi3(unsigned long long n, unsigned long long by);
unsigned long long __umoddi3(unsigned long long n, unsigned long long by);
long long __divdi3(long long n, long long by);
long long __moddi3(long long n, long long by);
long long __divmoddi4(long long n, long long by, long long *rest);
