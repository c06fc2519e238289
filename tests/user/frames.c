/* SPDX-License-Identifier: MIT */
/* Signal frames: what is kept over a handler, where it runs, what it is told of faults. */
#define _GNU_SOURCE
#include "catch.h"

#include <setjmp.h>
#include <sys/mman.h>

/* ---- registers and the FPU ---- */

static void spoil_all(int number)
{
	count(number);
	asm volatile(
		"fninit; fldz; fldz; pcmpeqd %%xmm0, %%xmm0; pcmpeqd %%xmm7, %%xmm7; std; cld" ::
			: "memory");
}

static void registers_are_kept_over_a_handler(void)
{
	uint32_t in[6] = { 1, 2, 3, 4, 5, 6 }, out[6] = { 0 };
	uint32_t before, after;

	catch_with(SIGUSR1, spoil_all, 0);
	asm volatile("pushl %%ebp\n\t"
		     "movl $0x55555555, %%ebp; movl $0x44444444, %%esi\n\t"
		     "pushfl; popl %%edi; orl $0x1, %%edi; pushl %%edi; popfl\n\t"
		     "int $0x80\n\t"
		     "pushfl; popl %%edx\n\t"
		     "movl %%ebp, %%ecx; popl %%ebp"
		     : "=c"(out[0]), "=S"(out[1]), "=d"(after), "=&D"(before), "=b"(out[2])
		     : "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
		     : "memory", "cc");
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(out[0], 0x55555555);
	EXPECT_EQ(out[1], 0x44444444);
	EXPECT_EQ(out[2], getpid());
	EXPECT_EQ(after & 0xcd5, before & 0xcd5);
	EXPECT(in[0] == 1);
	signal(SIGUSR1, SIG_DFL);
}

struct fx {
	uint8_t bytes[512];
} __attribute__((aligned(16)));

static void the_fpu_is_kept_over_a_handler(void)
{
	static struct fx before, after;
	static const float ones[4] __attribute__((aligned(16))) = { 1.5f, 2.5f, -3.0f, 1e30f };
	uint16_t cw = 0x27f;
	uint32_t mxcsr = 0x1fa5;

	catch_with(SIGUSR1, spoil_all, 0);
	asm volatile("fninit; fldcw %2; fldpi; fldl2e; fldz; fld1; fchs\n\t"
		     "ldmxcsr %3; movaps %4, %%xmm0; movaps %%xmm0, %%xmm7; pxor %%xmm3, %%xmm3\n\t"
		     "fxsave %0\n\t"
		     "int $0x80\n\t"
		     "fxsave %1\n\t"
		     "fninit"
		     : "=m"(before), "=m"(after)
		     : "m"(cw), "m"(mxcsr), "m"(ones), "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
		     : "memory");
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(memcmp(before.bytes, after.bytes, 8), 0);                /* control, tags */
	EXPECT_EQ(memcmp(before.bytes + 24, after.bytes + 24, 8), 0);      /* MXCSR */
	EXPECT_EQ(memcmp(before.bytes + 32, after.bytes + 32, 8 * 16), 0); /* ST */
	EXPECT_EQ(memcmp(before.bytes + 160, after.bytes + 160, 8 * 16), 0);
	mxcsr = 0x1f80;
	asm volatile("ldmxcsr %0" ::"m"(mxcsr));
	signal(SIGUSR1, SIG_DFL);
}

static uint16_t control_in_handler;
static uint32_t mxcsr_in_handler;

static void note_fpu(int number, siginfo_t *i, void *c)
{
	struct _libc_fpstate *fp = ((ucontext_t *)c)->uc_mcontext.fpregs;

	count(number);
	(void)i;
	asm volatile("fnstcw %0; stmxcsr %1" : "=m"(control_in_handler), "=m"(mxcsr_in_handler));
	EXPECT_EQ(fp->cw & 0xffff, 0x27f);
	EXPECT_EQ(fp->tag & 0xffff, 0x1fff); /* physical 7 holds 1.0, 6 holds 0 */
	EXPECT_EQ(fp->_st[1].significand[3], 0x8000);
	EXPECT_EQ(fp->_st[1].exponent, 0x3fff);
}

static void a_handler_starts_with_a_clean_fpu_and_sees_the_state(void)
{
	uint16_t cw = 0x27f;

	catch_info(SIGUSR1, note_fpu, 0);
	asm volatile("fninit; fldcw %0; fld1; fldz; int $0x80; fninit"
		     :
		     : "m"(cw), "a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1)
		     : "memory");
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(control_in_handler, 0x37f);
	EXPECT_EQ(mxcsr_in_handler, 0x1f80);
	signal(SIGUSR1, SIG_DFL);
}

/* ---- the stack ---- */

static uintptr_t stack_seen;

static void note_stack(int number)
{
	stack_t now;
	int here;

	count(number);
	stack_seen = (uintptr_t)&here;
	EXPECT_OK(sigaltstack(NULL, &now));
	nested = now.ss_flags;
}

/* As it is from the start, before any test has one. */
static void no_stack_may_be_set_where_there_is_none(void)
{
	stack_t set = { .ss_size = 1 };

	EXPECT_ERR(sigaltstack(&set, NULL), ENOMEM);
	set.ss_size = 0;
	EXPECT_OK(sigaltstack(&set, NULL));
}

static void the_alternate_stack_is_used(void)
{
	static char stack[2 * SIGSTKSZ];
	stack_t set = { .ss_sp = stack, .ss_size = sizeof(stack) }, got;

	EXPECT_OK(sigaltstack(&set, &got));
	EXPECT_EQ(got.ss_flags, SS_DISABLE);
	EXPECT_EQ(got.ss_size, 0);
	EXPECT_OK(sigaltstack(NULL, &got));
	EXPECT(got.ss_sp == stack && got.ss_size == sizeof(stack) && got.ss_flags == 0);
	catch_with(SIGUSR1, note_stack, SA_ONSTACK);
	raise(SIGUSR1);
	EXPECT(stack_seen > (uintptr_t)stack && stack_seen < (uintptr_t)stack + sizeof(stack));
	EXPECT_EQ(nested, SS_ONSTACK);
	catch_with(SIGUSR1, note_stack, 0);
	raise(SIGUSR1);
	EXPECT(stack_seen < (uintptr_t)stack || stack_seen > (uintptr_t)stack + sizeof(stack));
	EXPECT_EQ(nested, 0);
	set.ss_flags = SS_DISABLE;
	EXPECT_OK(sigaltstack(&set, NULL));
	EXPECT_OK(sigaltstack(NULL, &got));
	EXPECT_EQ(got.ss_flags, SS_DISABLE);
	signal(SIGUSR1, SIG_DFL);
}

static void change_stack(int number)
{
	static char other[SIGSTKSZ];
	stack_t set = { .ss_sp = other, .ss_size = sizeof(other) }, same;

	count(number);
	EXPECT_ERR(sigaltstack(&set, &same), EPERM);
	same.ss_flags = 0;
	EXPECT_ERR(sigaltstack(&same, NULL), EPERM);
}

static void sigaltstack_says_why_not(void)
{
	static char stack[SIGSTKSZ];
	stack_t set = { .ss_sp = stack, .ss_size = sizeof(stack) };

	set.ss_size = 2047;
	EXPECT_ERR(sigaltstack(&set, NULL), ENOMEM);
	set.ss_size = sizeof(stack);
	set.ss_flags = 4;
	EXPECT_ERR(sigaltstack(&set, NULL), EINVAL);
	set.ss_flags = 0;
	EXPECT_OK(sigaltstack(&set, NULL));
	catch_with(SIGUSR1, change_stack, SA_ONSTACK);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 1);
	set = (stack_t){ .ss_flags = SS_DISABLE };
	EXPECT_OK(sigaltstack(&set, NULL));
	set.ss_flags = 0; /* that is a change */
	EXPECT_ERR(sigaltstack(&set, NULL), ENOMEM);
	signal(SIGUSR1, SIG_DFL);
}

static void autodisarm(int number, siginfo_t *i, void *c)
{
	stack_t now;

	keep(number, i, c);
	EXPECT_OK(sigaltstack(NULL, &now));
	EXPECT_EQ(now.ss_flags, SS_DISABLE);
}

static void an_autodisarmed_stack_comes_back(void)
{
	static char stack[2 * SIGSTKSZ];
	stack_t set = { .ss_sp = stack, .ss_size = sizeof(stack), .ss_flags = (int)SS_AUTODISARM };
	stack_t got;

	EXPECT_OK(sigaltstack(&set, NULL));
	catch_info(SIGUSR1, autodisarm, SA_ONSTACK);
	raise(SIGUSR1);
	EXPECT_EQ(calls, 1);
	EXPECT_OK(sigaltstack(NULL, &got));
	EXPECT(got.ss_sp == stack);
	EXPECT_EQ(got.ss_flags, (int)SS_AUTODISARM);
	set.ss_flags = SS_DISABLE;
	EXPECT_OK(sigaltstack(&set, NULL));
	signal(SIGUSR1, SIG_DFL);
}

static void the_stack_of_a_handler_is_aligned(void)
{
	uintptr_t frame = 0;

	catch_info(SIGUSR1, keep, 0);
	for (int i = 0; i < 16; i++) {
		uint32_t esp;

		asm volatile("movl %%esp, %%edi; subl %4, %%esp; int $0x80; movl %%edi, %%esp"
			     : "=a"(frame), "=&D"(esp)
			     : "a"(SYS_kill), "b"(getpid()), "r"(i), "c"(SIGUSR1)
			     : "memory");
		EXPECT_EQ(calls, i + 1);
		EXPECT_EQ((uintptr_t)context.uc_mcontext.fpregs % 16, 0);
	}
	signal(SIGUSR1, SIG_DFL);
}

/* ---- faults ---- */

static sigjmp_buf out;
static volatile int *volatile nowhere = (int *)0x10;

static void leave(int number, siginfo_t *i, void *c)
{
	keep(number, i, c);
	siglongjmp(out, 1);
}

static void a_fault_tells_where(void)
{
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	catch_info(SIGSEGV, leave, 0);
	if (!sigsetjmp(out, 1))
		*nowhere = 1;
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(info.si_code, SEGV_MAPERR);
	EXPECT(info.si_addr == (void *)nowhere);
	EXPECT_EQ(context.uc_mcontext.gregs[REG_TRAPNO], 14);
	EXPECT_EQ(context.uc_mcontext.gregs[REG_ERR], 6);
	EXPECT_EQ(context.uc_mcontext.cr2, 0x10);
	EXPECT(!is_blocked(SIGSEGV));
	EXPECT_EQ(*(volatile char *)page, 0);
	if (!sigsetjmp(out, 1))
		*(volatile char *)page = 1;
	EXPECT_EQ(calls, 2);
	EXPECT_EQ(info.si_code, SEGV_ACCERR);
	EXPECT(info.si_addr == page);
	EXPECT_EQ(context.uc_mcontext.gregs[REG_ERR], 7);
	if (!sigsetjmp(out, 1))
		asm volatile("hlt");
	EXPECT_EQ(calls, 3);
	EXPECT_EQ(info.si_code, SI_KERNEL);
	EXPECT(info.si_addr == NULL);
	EXPECT_EQ(context.uc_mcontext.gregs[REG_TRAPNO], 13);
	munmap(page, 4096);
	signal(SIGSEGV, SIG_DFL);
}

static void arithmetic_faults_tell_which(void)
{
	uint16_t cw = 0x37b; /* division by zero is not masked */
	uint32_t mxcsr = 0x1d80;
	const float one = 1;

	catch_info(SIGFPE, leave, 0);
	if (!sigsetjmp(out, 1))
		asm volatile("xorl %%edx, %%edx; xorl %%ecx, %%ecx; divl %%ecx" ::
				     : "eax", "ecx", "edx");
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(info.si_code, FPE_INTDIV);
	EXPECT_EQ((int)(intptr_t)info.si_addr, context.uc_mcontext.gregs[REG_EIP]);
	if (!sigsetjmp(out, 1))
		asm volatile("fninit; fldcw %0; fld1; fldz; fdivrp; fwait" ::"m"(cw));
	EXPECT_EQ(calls, 2);
	EXPECT_EQ(info.si_code, FPE_FLTDIV);
	EXPECT_EQ(context.uc_mcontext.gregs[REG_TRAPNO], 16);
	if (!sigsetjmp(out, 1))
		asm volatile("ldmxcsr %0; xorps %%xmm1, %%xmm1\n\t"
			     "movss %1, %%xmm0; divss %%xmm1, %%xmm0" ::"m"(mxcsr),
			     "m"(one));
	if (calls == 3) {
		EXPECT_EQ(info.si_code, FPE_FLTDIV);
		EXPECT_EQ(context.uc_mcontext.gregs[REG_TRAPNO], 19);
	} else {
		mxcsr = 0x1f80; /* an emulator that does not raise it */
		asm volatile("ldmxcsr %0" ::"m"(mxcsr));
	}
	signal(SIGFPE, SIG_DFL);
}

static void skip_one(int number, siginfo_t *i, void *c)
{
	keep(number, i, c);
	((ucontext_t *)c)->uc_mcontext.gregs[REG_EIP] += 2;
}

static void a_handler_can_step_over_what_faults(void)
{
	catch_info(SIGILL, skip_one, 0);
	asm volatile("ud2");
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(info.si_code, 2); /* ILL_ILLOPN */
	EXPECT_EQ((int)(intptr_t)info.si_addr, context.uc_mcontext.gregs[REG_EIP]);
	signal(SIGILL, SIG_DFL);
	catch_info(SIGTRAP, keep, 0);
	asm volatile("int3");
	EXPECT_EQ(calls, 1);
	EXPECT_EQ(info.si_code, SI_KERNEL);
	asm volatile(
		"pushfl; orl $0x100, (%%esp); popfl; nop; pushfl; andl $~0x100, (%%esp); popfl" ::
			: "cc", "memory");
	EXPECT(calls >= 2);
	EXPECT_EQ(info.si_code, TRAP_TRACE);
	signal(SIGTRAP, SIG_DFL);
}

static void fault_while_blocked(void)
{
	catch_with(SIGSEGV, count, 0);
	block(SIGSEGV, SIG_BLOCK);
	*nowhere = 1;
}

static void fault_while_ignored(void)
{
	signal(SIGSEGV, SIG_IGN);
	*nowhere = 1;
}

static void fault_in_handler(int number)
{
	(void)number;
	*nowhere = 1;
}

static void fault_twice(void)
{
	catch_with(SIGSEGV, fault_in_handler, 0);
	*nowhere = 1;
}

static void a_blocked_or_ignored_fault_kills(void)
{
	EXPECT_SIGNAL(ktap_child(fault_while_blocked), SIGSEGV);
	EXPECT_SIGNAL(ktap_child(fault_while_ignored), SIGSEGV);
	EXPECT_SIGNAL(ktap_child(fault_twice), SIGSEGV);
}

static void overflow_stack(void)
{
	asm volatile("movl $0x20, %%esp; int $0x80" ::"a"(SYS_kill), "b"(getpid()), "c"(SIGUSR1));
}

static void overflow_without_handler(void)
{
	catch_with(SIGUSR1, count, 0);
	overflow_stack();
}

static void exit_7(int number)
{
	_exit(number == SIGSEGV ? 7 : 8);
}

static void overflow_with_handler(void)
{
	static char stack[SIGSTKSZ];
	stack_t set = { .ss_sp = stack, .ss_size = sizeof(stack) };

	sigaltstack(&set, NULL);
	catch_with(SIGUSR1, count, 0);
	catch_with(SIGSEGV, exit_7, SA_ONSTACK);
	overflow_stack();
}

static void a_frame_without_room_is_sigsegv(void)
{
	EXPECT_SIGNAL(ktap_child(overflow_without_handler), SIGSEGV);
	EXPECT_EXIT(ktap_child(overflow_with_handler), 7);
}

static const struct ktap_test tests[] = {
	KTAP(registers_are_kept_over_a_handler),
	KTAP(the_fpu_is_kept_over_a_handler),
	KTAP(a_handler_starts_with_a_clean_fpu_and_sees_the_state),
	KTAP(no_stack_may_be_set_where_there_is_none),
	KTAP(the_alternate_stack_is_used),
	KTAP(sigaltstack_says_why_not),
	KTAP(an_autodisarmed_stack_comes_back),
	KTAP(the_stack_of_a_handler_is_aligned),
	KTAP(a_fault_tells_where),
	KTAP(arithmetic_faults_tell_which),
	KTAP(a_handler_can_step_over_what_faults),
	KTAP(a_blocked_or_ignored_fault_kills),
	KTAP(a_frame_without_room_is_sigsegv),
};

KTAP_MAIN(tests)
