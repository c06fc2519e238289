/* SPDX-License-Identifier: MIT */
/* Absolute values, quotients with remainders, pseudo-random numbers. */
#include <stdlib.h>

int abs(int n)
{
	return n < 0 ? -n : n;
}

long labs(long n)
{
	return n < 0 ? -n : n;
}

long long llabs(long long n)
{
	return n < 0 ? -n : n;
}

div_t div(int n, int by)
{
	return (div_t){ n / by, n % by };
}

ldiv_t ldiv(long n, long by)
{
	return (ldiv_t){ n / by, n % by };
}

lldiv_t lldiv(long long n, long long by)
{
	return (lldiv_t){ n / by, n % by };
}

/* xorshift: Marsaglia 2003. State 0 would stay 0. */
int rand_r(unsigned int *state)
{
	unsigned int x = *state ? *state : 1;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	*state = x;
	return (int)(x & RAND_MAX);
}

static unsigned int rand_state = 1;

void srand(unsigned int seed)
{
	rand_state = seed * 2654435761U + 1; /* near seeds, far states */
}

int rand(void)
{
	return rand_r(&rand_state);
}

void srandom(unsigned int seed)
{
	srand(seed);
}

long random(void)
{
	return rand();
}
