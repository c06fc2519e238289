/* SPDX-License-Identifier: MIT */
/* Texts and names of signals, from signals.def. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[] = {
#define SIGNAL(number, name, action, text) [number] = text,
#include <signals.def>
#undef SIGNAL
};

/* Names with their SIG: sigabbrev_np() gives them without. */
static const char *const names[] = {
#define SIGNAL(number, name, action, text) [number] = #name,
#include <signals.def>
#undef SIGNAL
};

#define KNOWN ((int)(sizeof(texts) / sizeof(texts[0])))
#define PREFIX 3

char *strsignal(int number)
{
	static char other[32];

	if (number > 0 && number < KNOWN)
		return (char *)texts[number];
	if (number >= ABI_SIGRTMIN && number <= ABI_SIGNAL_MAX)
		snprintf(other, sizeof(other), "Real-time signal %d", number - ABI_SIGRTMIN);
	else
		snprintf(other, sizeof(other), "Unknown signal %d", number);
	return other;
}

const char *sigabbrev_np(int number)
{
	return number > 0 && number < KNOWN ? names[number] + PREFIX : NULL;
}

void psignal(int number, const char *what)
{
	if (what && *what)
		fprintf(stderr, "%s: ", what);
	fprintf(stderr, "%s\n", strsignal(number));
}
