/* SPDX-License-Identifier: MIT */
/* Signals. */
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
	union {
		struct {
			pid_t si_pid;
			uid_t si_uid;
			union {
				int si_status;
				union sigval si_value;
				int si_int;
				void *si_ptr;
			};
			clock_t si_utime;
			clock_t si_stime;
		};
		struct {
			int si_timerid;
			int si_overrun;
		};
		void *si_addr;
		int __rest[29];
	};
} siginfo_t;

typedef struct {
	void *ss_sp;
	int ss_flags;
	size_t ss_size;
} stack_t;

#define MINSIGSTKSZ 2048
#define SIGSTKSZ 8192

/* The first two real-time signals are left to libraries. */
#define SIGRTMIN 34
#define SIGRTMAX 64

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
int siginterrupt(int number, int interrupts);
int sigaltstack(const stack_t *restrict stack, stack_t *restrict old);
int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old);
int sigpending(sigset_t *set);
int sigsuspend(const sigset_t *mask);
int sigwait(const sigset_t *restrict set, int *restrict number);
int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info);
struct timespec;
int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
		 const struct timespec *restrict timeout);
int sigemptyset(sigset_t *set);
int sigfillset(sigset_t *set);
int sigaddset(sigset_t *set, int number);
int sigdelset(sigset_t *set, int number);
int sigismember(const sigset_t *set, int number);
int kill(pid_t pid, int number);
int killpg(pid_t pgid, int number);
int raise(int number);
int sigqueue(pid_t pid, int number, const union sigval value);
int tgkill(pid_t pid, pid_t tid, int number);
void psignal(int number, const char *what);
