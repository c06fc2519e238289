/* SPDX-License-Identifier: MIT */
/* Signals. Handlers come with a later stage of the kernel: for now SIG_DFL and
 * SIG_IGN, masks, and sending. */
#pragma once

#include <abi/signal.h>
#include <sys/types.h>

#define NSIG 65
#define _NSIG NSIG

typedef unsigned long long sigset_t;
typedef int sig_atomic_t;
typedef void (*sighandler_t)(int);

typedef union sigval {
	int sival_int;
	void *sival_ptr;
} sigval_t;

typedef struct {
	int si_signo;
	int si_errno;
	int si_code;
	pid_t si_pid;
	uid_t si_uid;
	int si_status;
	int __rest[26];
} siginfo_t;

struct sigaction {
	union {
		void (*sa_handler)(int);
		void (*sa_sigaction)(int, siginfo_t *, void *);
	};
	sigset_t sa_mask;
	int sa_flags;
	void (*sa_restorer)(void);
};

#define SIG_DFL ((sighandler_t)0)
#define SIG_IGN ((sighandler_t)1)
#define SIG_ERR ((sighandler_t)-1)

sighandler_t signal(int number, sighandler_t handler);
int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict old);
int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old);
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int number);
int sigdelset(sigset_t *set, int number);
int sigismember(const sigset_t *set, int number);
int kill(pid_t pid, int number);
int killpg(pid_t pgid, int number);
int raise(int number);
int tgkill(pid_t pid, pid_t tid, int number);
void psignal(int number, const char *what);
