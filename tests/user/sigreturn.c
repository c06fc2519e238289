/* SPDX-License-Identifier: MIT */
/* Coming back from handlers: without a restorer, from frames that the program has spoiled, and
 * the calls of older programs. */
#define _GNU_SOURCE
#include "catch.h"

#include <abi/signal.h>
#include <sys/syscall.h>

/* ---- without SA_RESTORER ---- */

static int raw_action(int number, void *handler, unsigned int flags)
{
	struct abi_sigaction action = { .handler = (uintptr_t)handler, .flags = flags };

	calls = 0;
	return syscall(SYS_rt_sigaction, number, &action, NULL, 8);
}

static void a_handler_needs_no_restorer(void)
{
	EXPECT_OK(raw_action(SIGUSR1, count, 0));
	EXPECT_OK(raise(SIGUSR1));
	EXPECT_OK(raise(SIGUSR1));
	EXPECT_EQ(calls, 2);
	EXPECT(!is_blocked(SIGUSR1));
	EXPECT_OK(raw_action(SIGUSR1, keep, SA_SIGINFO));
	EXPECT_OK(raise(SIGUSR1));
	EXPECT_OK(raise(SIGUSR1));
	EXPECT_EQ(calls, 2);
	EXPECT_EQ(info.si_code, SI_TKILL);
	EXPECT(!is_blocked(SIGUSR1));
	signal(SIGUSR1, SIG_DFL);
}

/* ---- spoiled frames ---- */

static void (*spoil)(ucontext_t *u);

static void spoil_frame(int number, siginfo_t *i, void *c)
{
	(void)i;
	count(number);
	spoil(c);
}

static void return_spoiled(void)
{
	catch_info(SIGUSR1, spoil_frame, 0);
	raise(SIGUSR1);
}

static int after(void (*how)(ucontext_t *u))
{
	spoil = how;
	return ktap_child(return_spoiled);
}

static void kernel_code(ucontext_t *u)
{
	u->uc_mcontext.gregs[REG_CS] = 0x60;
}

static void no_code(ucontext_t *u)
{
	u->uc_mcontext.gregs[REG_CS] = 0xfff0;
}

static void null_code(ucontext_t *u)
{
	u->uc_mcontext.gregs[REG_CS] = 0;
}

static void kernel_stack(ucontext_t *u)
{
	u->uc_mcontext.gregs[REG_SS] = 0x68;
}

static void bad_eip(ucontext_t *u)
{
	u->uc_mcontext.gregs[REG_EIP] = (int)0xc0100000;
}

static void bad_fpu(ucontext_t *u)
{
	u->uc_mcontext.fpregs = (void *)0x10;
}

static void kernel_fpu(ucontext_t *u)
{
	u->uc_mcontext.fpregs = (void *)0xc0100000;
}

static void frames_that_lead_nowhere_are_sigsegv(void)
{
	EXPECT_SIGNAL(after(kernel_code), SIGSEGV);
	EXPECT_SIGNAL(after(no_code), SIGSEGV);
	EXPECT_SIGNAL(after(null_code), SIGSEGV);
	EXPECT_SIGNAL(after(kernel_stack), SIGSEGV);
	EXPECT_SIGNAL(after(bad_eip), SIGSEGV);
	EXPECT_SIGNAL(after(bad_fpu), SIGSEGV);
	EXPECT_SIGNAL(after(kernel_fpu), SIGSEGV);
}

enum { FXSAVE = 112, MXCSR = FXSAVE + 24 };

static void bad_mxcsr(ucontext_t *u)
{
	unsigned int mxcsr = 0xffffffff;

	memcpy((char *)u->uc_mcontext.fpregs + MXCSR, &mxcsr, sizeof(mxcsr));
}

static void a_bad_mxcsr_is_sigsegv(void)
{
	EXPECT_SIGNAL(after(bad_mxcsr), SIGSEGV);
}

static void all_flags(ucontext_t *u)
{
	u->uc_mcontext.gregs[REG_EFL] = ~0x100 & ~0x40000; /* all but TF, AC */
}

static void flags_of_the_system_are_not_the_programs(void)
{
	unsigned int flags;

	spoil = all_flags;
	return_spoiled();
	asm volatile("pushfl; popl %0; cld" : "=r"(flags));
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(flags & 0x3000, 0);    /* IOPL */
	EXPECT_EQ(flags & 0x4000, 0);    /* NT */
	EXPECT_EQ(flags & 0x20000, 0);   /* VM */
	EXPECT_EQ(flags & 0x200, 0x200); /* IF */
	EXPECT_EQ(flags & 0x180000, 0);  /* VIF VIP */
	signal(SIGUSR1, SIG_DFL);
}

static void null_segments(ucontext_t *u)
{
	u->uc_mcontext.gregs[REG_FS] = 0xfff0;
	u->uc_mcontext.gregs[REG_GS] = 0x63; /* ring 0's code */
	u->uc_mcontext.fpregs = NULL;
}

static void segments_that_are_none_become_null(void)
{
	unsigned int fs = 0, gs;
	unsigned short control = 0x27f;

	spoil = null_segments;
	catch_info(SIGUSR1, spoil_frame, 0);
	asm volatile("fldcw %0" ::"m"(control));
	asm volatile("movl %%gs, %0" : "=r"(gs));
	raise(SIGUSR1);
	asm volatile("movl %%fs, %0" : "=r"(fs));
	EXPECT_EQ(fs & 0xfffc, 0);
	asm volatile("movl %0, %%gs" ::"r"(gs));
	asm volatile("fnstcw %0" : "=m"(control));
	EXPECT_EQ(control, 0x37f); /* no FPU state: the initial one */
	signal(SIGUSR1, SIG_DFL);
}

static void block_kill(ucontext_t *u)
{
	sigfillset(&u->uc_sigmask);
}

static void kill_cannot_be_blocked_by_a_frame(void)
{
	sigset_t now;

	spoil = block_kill;
	return_spoiled();
	sigprocmask(SIG_BLOCK, NULL, &now);
	EXPECT(!sigismember(&now, SIGKILL));
	EXPECT(!sigismember(&now, SIGSTOP));
	EXPECT(sigismember(&now, SIGTERM));
	sigemptyset(&now);
	sigprocmask(SIG_SETMASK, &now, NULL);
	signal(SIGUSR1, SIG_DFL);
}

/* Both calls out of the blue, with different stack pointers. */
static long wild_call;
static unsigned long wild_stack;

static void call_wild(void)
{
	asm volatile("movl %1, %%esp; int $0x80; hlt" ::"a"(wild_call), "r"(wild_stack));
}

static void sigreturn_from_nowhere_is_sigsegv(void)
{
	static const unsigned long stacks[] = { 0, 4, 0x1000, 0xbffffff0, 0xc0000000, 0xffffffff };
	static char zeros[2048];

	for (int i = 0; i < 7; i++) {
		wild_stack = i < 6 ? stacks[i] : (unsigned long)zeros + 1024;
		wild_call = SYS_sigreturn;
		EXPECT_SIGNAL(ktap_child(call_wild), SIGSEGV);
		wild_call = SYS_rt_sigreturn;
		EXPECT_SIGNAL(ktap_child(call_wild), SIGSEGV);
	}
}

/* Frames full of chance: whatever happens, it happens to the child. */
static unsigned int seed;

static void return_random(void)
{
	static unsigned int frame[512];

	for (int i = 0; i < 512; i++) {
		seed = seed * 1103515245 + 12345;
		frame[i] = seed & 0x30000 ? seed : seed & 1 ? (unsigned long)frame : 0x7b;
	}
	frame[7] = 0x10; /* eip of the old frame: whatever it runs, not this program */
	asm volatile("movl %1, %%esp; int $0x80; hlt" ::"a"(wild_call), "r"(frame + 64));
}

static void random_frames_end_the_program_only(void)
{
	for (int i = 0; i < 100; i++) {
		int status;

		seed = ktap_seed() * 1000 + i;
		wild_call = i & 1 ? SYS_sigreturn : SYS_rt_sigreturn;
		status = ktap_child(return_random);
		EXPECT(WIFSIGNALED(status));
	}
}

/* ---- older calls ---- */

static void the_old_sigaction_has_the_same_effect(void)
{
	struct abi_old_sigaction action = { .handler = (uintptr_t)count,
					    .mask = 1u << (SIGUSR2 - 1),
					    .flags = SA_RESETHAND },
				 old;

	calls = 0;
	EXPECT_OK(syscall(SYS_sigaction, SIGUSR1, &action, NULL));
	EXPECT_OK(syscall(SYS_sigaction, SIGUSR1, NULL, &old));
	EXPECT_EQ(old.handler, (uintptr_t)count);
	EXPECT_EQ(old.mask, 1u << (SIGUSR2 - 1));
	EXPECT_EQ(old.flags & ~SA_RESTORER, SA_RESETHAND);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 1);
	EXPECT_OK(syscall(SYS_sigaction, SIGUSR1, NULL, &old));
	EXPECT_EQ(old.handler, 0);
	EXPECT_ERR(syscall(SYS_sigaction, SIGKILL, &action, NULL), EINVAL);
}

static void the_old_signal_is_for_once(void)
{
	calls = 0;
	EXPECT_OK(syscall(SYS_signal, SIGUSR1, count));
	EXPECT_EQ(syscall(SYS_signal, SIGUSR1, count), (uintptr_t)count);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(syscall(SYS_signal, SIGUSR1, SIG_IGN), 0);
	EXPECT_EQ(syscall(SYS_signal, SIGUSR1, SIG_DFL), 1);
	EXPECT_ERR(syscall(SYS_signal, SIGSTOP, count), EINVAL);
}

static void the_old_masks_are_the_first_half(void)
{
	unsigned int set = 1u << (SIGUSR1 - 1), old = 0;

	block(SIGRTMIN, SIG_BLOCK);
	EXPECT_OK(syscall(SYS_sigprocmask, SIG_BLOCK, &set, &old));
	EXPECT_EQ(old, 0);
	EXPECT_EQ(syscall(SYS_sgetmask), set);
	raise(SIGUSR1);
	EXPECT_OK(syscall(SYS_sigpending, &old));
	EXPECT_EQ(old, set);
	signal(SIGUSR1, SIG_IGN); /* which forgets it */
	EXPECT_OK(syscall(SYS_sigpending, &old));
	EXPECT_EQ(old, 0);
	old = 0;
	EXPECT_OK(syscall(SYS_sigprocmask, SIG_SETMASK, &old, NULL));
	EXPECT(is_blocked(SIGRTMIN)); /* not its business */
	EXPECT_EQ(syscall(SYS_ssetmask, set), 0);
	EXPECT(!is_blocked(SIGRTMIN)); /* its business */
	EXPECT_EQ(syscall(SYS_ssetmask, 0), set);
	EXPECT_ERR(syscall(SYS_sigprocmask, 3, &set, NULL), EINVAL);
	signal(SIGUSR1, SIG_DFL);
}

static void the_old_sigsuspend_waits(void)
{
	catch_with(SIGUSR1, count, 0);
	block(SIGUSR1, SIG_BLOCK);
	raise(SIGUSR1);
	EXPECT_ERR(syscall(SYS_sigsuspend, 0, 0, 0), EINTR);
	EXPECT_EQ(calls, 1);
	EXPECT(is_blocked(SIGUSR1));
	block(SIGUSR1, SIG_UNBLOCK);
	signal(SIGUSR1, SIG_DFL);
}

static const struct ktap_test tests[] = {
	KTAP(a_handler_needs_no_restorer),
	KTAP(frames_that_lead_nowhere_are_sigsegv),
	KTAP(a_bad_mxcsr_is_sigsegv),
	KTAP(flags_of_the_system_are_not_the_programs),
	KTAP(segments_that_are_none_become_null),
	KTAP(kill_cannot_be_blocked_by_a_frame),
	KTAP(sigreturn_from_nowhere_is_sigsegv),
	KTAP(random_frames_end_the_program_only),
	KTAP(the_old_sigaction_has_the_same_effect),
	KTAP(the_old_signal_is_for_once),
	KTAP(the_old_masks_are_the_first_half),
	KTAP(the_old_sigsuspend_waits),
};

KTAP_MAIN(tests)
