/* SPDX-License-Identifier: MIT */
/* Exceptions. From ring 3: a page fault is resolved, everything else is a
 * signal with Linux's number and code. From ring 0: a user copy that hit a bad
 * page goes on at its fixup; anything else is our bug and a panic.
 */
#include <abi/signal.h>

#include "block/writeback.h"
#include "core/irq.h"
#include "core/panic.h"
#include "entry/signal_frame.h"
#include "entry/syscall.h"
#include "proc/oom.h"
#include "proc/process.h"
#include "proc/signal.h"
#include "vm/pagecache.h"
#include "vm/space.h"
#include "x86/cpu.h"
#include "x86/extable.h"

/* What ring 3 gets for a vector, and how we call it. With SI_KERNEL there is no address. */
static const struct trap_signal {
	uint8_t sig;
	uint8_t code;
	const char *reason;
} trap_signals[VEC_EXCEPTIONS] = {
	[VEC_DIVIDE] = { SIGFPE, FPE_INTDIV, "division by zero or overflow" },
	[VEC_DEBUG] = { SIGTRAP, TRAP_TRACE, "single step" },
	[VEC_BREAKPOINT] = { SIGTRAP, SI_KERNEL, "breakpoint" },
	[VEC_OVERFLOW] = { SIGSEGV, SI_KERNEL, "overflow" },
	[VEC_BOUND] = { SIGSEGV, SI_KERNEL, "bound exceeded" },
	[VEC_INVALID_OPCODE] = { SIGILL, ILL_ILLOPN, "invalid instruction" },
	[VEC_NO_FPU] = { SIGFPE, FPE_FLTINV, "no coprocessor" },
	[VEC_FPU_OVERRUN] = { SIGFPE, FPE_FLTINV, "coprocessor overrun" },
	[VEC_INVALID_TSS] = { SIGSEGV, SI_KERNEL, "invalid TSS" },
	[VEC_NOT_PRESENT] = { SIGBUS, SI_KERNEL, "segment not present" },
	[VEC_STACK] = { SIGBUS, SI_KERNEL, "stack segment fault" },
	[VEC_PROTECTION] = { SIGSEGV, SI_KERNEL, "protection fault" },
	[VEC_FPU] = { SIGFPE, 0, "floating-point exception" },
	[VEC_ALIGNMENT] = { SIGBUS, BUS_ADRALN, "unaligned access" },
	[VEC_SIMD] = { SIGFPE, 0, "SIMD floating-point exception" },
};

static enum fault_access fault_access_of(uint32_t error)
{
	if (error & PF_WRITE)
		return FAULT_WRITE;
	return error & PF_FETCH ? FAULT_EXEC : FAULT_READ;
}

/* What backs the page has it not to give: SIGBUS. */
static bool fault_is_bus_error(int err)
{
	return err == -EIO || err == -ENXIO || err == -ENOSPC || err == -EROFS;
}

static const char *fault_reason(int err, int code, uint32_t error)
{
	if (fault_is_bus_error(err))
		return "no such page in the mapped file";
	if (code == SEGV_MAPERR)
		return "nothing mapped";
	if (error & PF_WRITE)
		return "write to protected memory";
	return error & PF_FETCH ? "execution of data" : "read of protected memory";
}

static void raise(struct trapframe *f, int sig, int code, uaddr_t addr, const char *reason)
{
	struct abi_siginfo info = { .si_signo = sig, .si_code = code };

	if (code != SI_KERNEL)
		info.si_addr = addr;
	signal_fault(f, &info, reason);
}

/* A program's own page fault that could not be resolved. */
static void fault_signal(struct trapframe *f, int err, int code, vaddr_t va, uint32_t error)
{
	const char *reason = fault_reason(err, code, error);

	current->fault.vector = VEC_PAGE_FAULT;
	current->fault.error = error;
	current->fault.address = va;
	if (err == -ENOMEM)
		raise(f, SIGKILL, SI_KERNEL, va, "out of memory");
	else if (fault_is_bus_error(err))
		raise(f, SIGBUS, BUS_ADRERR, va, reason);
	else
		raise(f, SIGSEGV, code, va, reason);
}

/* A reserved bit in an entry; or an access the CPU made as supervisor to a page
 * that is there, which SMAP forbids (QEMU pops ring 3's iret frame that way).
 */
static bool fault_is_hopeless(uint32_t error)
{
	return (error & PF_RESERVED) || (error & (PF_PRESENT | PF_USER)) == PF_PRESENT;
}

/* space_fault(), with patience where memory is short; -EINTR: what ends the wait came first. */
static int fault_resolve(vaddr_t va, uint32_t error, enum wait_how how, int *code)
{
	for (unsigned attempt = 0;; attempt++) {
		int err = space_fault(space_current(), va, fault_access_of(error), code);

		if (err != -ENOMEM)
			return err;
		err = oom_wait(attempt, how);
		if (err)
			return err;
	}
}

static void fault_user(struct trapframe *f, vaddr_t va, uint32_t error)
{
	int code = va < USER_MAX ? SEGV_ACCERR : SEGV_MAPERR, err = -EFAULT;

	if (va >= USER_MAX && signal_frame_gate(f, va))
		return;
	if (va < USER_MAX && !fault_is_hopeless(error))
		err = fault_resolve(va, error, WAIT_INTERRUPTIBLE, &code);
	if (!err && unlikely(pagecache_is_full_of_dirt()))
		writeback_wait(); /* who writes through mappings waits for the disk, too */
	/* After a signal the program, if it lives on, faults again. */
	if (err && err != -EINTR)
		fault_signal(f, err, code, va, error);
}

/* Only instructions in the exception table may fault, on user addresses: a copy
 * for a system call. Resolved like the program's own access, or given up; signals wait
 * meanwhile, or the call would find a bad address.
 */
static void fault_kernel(struct trapframe *f, vaddr_t va, uint32_t error)
{
	struct space *space = space_current();
	int code;

	if (!extable_covers(f->eip))
		panic_frame(f, "page fault in the kernel at address %08lx, error %x",
			    (unsigned long)va, error);
	if (va < USER_MAX && space && !current->ctx.nofault && !irqs_are_off() &&
	    fault_resolve(va, error, WAIT_KILLABLE, &code) == 0)
		return;
	extable_fixup(f);
}

/* Which exception the FPU or SSE unit meant: what is flagged and not masked. */
static int fpe_code(unsigned vector)
{
	enum { MXCSR_MASK_SHIFT = 7 };
	struct fpu_state s;
	uint32_t raised;

	fpu_save(&s);
	if (vector == VEC_FPU)
		raised = s.status & ~(uint32_t)s.control;
	else
		raised = s.mxcsr & ~(s.mxcsr >> MXCSR_MASK_SHIFT);
	if (raised & FPU_INVALID)
		return FPE_FLTINV;
	if (raised & FPU_ZERO_DIVIDE)
		return FPE_FLTDIV;
	if (raised & FPU_OVERFLOW)
		return FPE_FLTOVF;
	if (raised & (FPU_UNDERFLOW | FPU_DENORMAL))
		return FPE_FLTUND;
	return raised & FPU_PRECISION ? FPE_FLTRES : FPE_FLTINV;
}

static void trap_from_user(struct trapframe *f, unsigned vector, uint32_t error)
{
	const struct trap_signal *t = &trap_signals[vector];
	uaddr_t addr = vector == VEC_ALIGNMENT ? 0 : f->eip;

	if (!t->sig)
		panic_frame(f, "unexpected exception: %s", vector_name(vector));
	current->fault.vector = vector;
	current->fault.error = error;
	raise(f, t->sig, t->code ? t->code : fpe_code(vector), addr, t->reason);
}

void trap(struct trapframe *f, unsigned vector, uint32_t error)
{
	irq_count_exception(vector);
	if (vector == VEC_PAGE_FAULT) {
		vaddr_t va = cpu_read_cr2();

		if (frame_is_user(f))
			fault_user(f, va, error);
		else
			fault_kernel(f, va, error);
		return;
	}
	if (frame_is_user(f)) {
		trap_from_user(f, vector, error);
		return;
	}
	if (!extable_fixup(f))
		panic_frame(f, "%s in the kernel, error %x", vector_name(vector), error);
}

void exit_fault(struct trapframe *f)
{
	raise(f, SIGSEGV, SI_KERNEL, f->eip, "bad register contents on return");
}
