/* SPDX-License-Identifier: MIT */
/* Signal frames (abi/sigframe.h). On the way to a handler its stack gets, downwards:
 *
 *	esp of the program, or the top of its alternate stack
 *	| FPU state: fxsave at a multiple of 64, the old form below it
 *	| struct abi_sigframe or (SA_SIGINFO) struct abi_rt_sigframe
 *	<- esp in the handler, 4 below a multiple of 16: its return address
 *
 * It returns to SA_RESTORER's code, which calls sigreturn or rt_sigreturn. Without that Linux
 * returns into the vDSO. We have none, and stacks cannot be executed: the return address is one
 * of two in the kernel, and the page fault there does what the call would (signal_frame_gate).
 *
 * Nothing that comes back is trusted: selectors are of ring 3, eflags lose what is not the
 * program's, MXCSR is checked. Bad memory is SIGSEGV. No lock.
 */
#include "entry/signal_frame.h"

#include <abi/sigframe.h>

#include "entry/syscall.h"
#include "lib/string.h"
#include "x86/gdt.h"

enum {
	FPU_ALIGN = 64,
	STACK_ALIGN = 16, /* of esp + 4 at a function's entry */
	RING_3 = 3,
	SELECTOR_MASK = 0xffff,
	FLAGS_OF_PROGRAM = EFLAGS_STATUS | EFLAGS_TRAP | EFLAGS_DIRECTION | EFLAGS_RESUME |
			   EFLAGS_AC,
};

/* Where the two kinds return without a restorer: never mapped, in no program's reach. */
#define GATE_SIGRETURN 0xffffe400u
#define GATE_RT_SIGRETURN 0xffffe500u

/* What stood on the stack when stacks were executable; debuggers know frames by it. */
static const uint8_t retcode[ABI_RETCODE_SIZE] = { /* pop eax; mov eax, 119; int 0x80 */
						   0x58, 0xb8, 119, 0, 0, 0, 0xcd, 0x80
};
static const uint8_t rt_retcode[ABI_RETCODE_SIZE] = { /* mov eax, 173; int 0x80 */
						      0xb8, 173, 0, 0, 0, 0xcd, 0x80, 0
};

/* ---- the FPU's part ---- */

union frame_fpu {
	struct abi_fpstate user;
	struct {
		uint8_t old_form[offsetof(struct abi_fpstate, fxsave)];
		struct fpu_state fx;
	};
};

static_assert(offsetof(union frame_fpu, fx) == offsetof(struct abi_fpstate, fxsave), "no gap");

enum fpu_tag { TAG_VALID, TAG_ZERO, TAG_SPECIAL, TAG_EMPTY, TAG_BITS = 2, TAGS_EMPTY = 0xffff };

/* FSAVE's two bits for a register, of which FXSAVE keeps only whether it is empty. */
static enum fpu_tag fpu_tag(const uint8_t value[FPU_REGISTER_BYTES])
{
	enum { EXPONENT = 8, EXPONENT_MAX = 0x7fff, INTEGER_BIT = 0x80 };
	uint32_t words[2];
	uint16_t exponent;

	memcpy(words, value, sizeof(words));
	memcpy(&exponent, value + EXPONENT, sizeof(exponent));
	exponent &= EXPONENT_MAX;
	if (exponent == EXPONENT_MAX)
		return TAG_SPECIAL;
	if (exponent == 0)
		return words[0] | words[1] ? TAG_SPECIAL : TAG_ZERO;
	return value[EXPONENT - 1] & INTEGER_BIT ? TAG_VALID : TAG_SPECIAL;
}

static uint32_t fpu_tags(const struct fpu_state *s)
{
	enum { TOP_SHIFT = 11 };
	unsigned top = s->status >> TOP_SHIFT & (FPU_REGISTERS - 1);
	uint32_t tags = 0;

	for (unsigned i = 0; i < FPU_REGISTERS; i++) {
		enum fpu_tag tag = TAG_EMPTY;

		if (s->tags & BIT(i))
			tag = fpu_tag(s->st[(i - top) % FPU_REGISTERS].value);
		tags |= tag << i * TAG_BITS;
	}
	return tags;
}

/* Of a program that uses the x87; most have none in use, and are spared this. */
static void fpu_registers_to_user(struct abi_fpstate *user, const struct fpu_state *s)
{
	enum { HIGH_HALF = 0xffff0000 };

	user->tag = fpu_tags(s) | HIGH_HALF;
	for (unsigned i = 0; i < FPU_REGISTERS; i++)
		memcpy(user->st[i], s->st[i].value, FPU_REGISTER_BYTES);
}

static void fpu_registers_from_user(struct fpu_state *s, const struct abi_fpstate *user)
{
	for (unsigned i = 0; i < FPU_REGISTERS; i++) {
		if ((user->tag >> i * TAG_BITS & TAG_EMPTY) != TAG_EMPTY)
			s->tags |= BIT(i);
		memcpy(s->st[i].value, user->st[i], FPU_REGISTER_BYTES);
	}
}

static int fpu_to_user(uaddr_t to)
{
	enum { HIGH_HALF = 0xffff0000, OPCODE_SHIFT = 16 };
	union frame_fpu s;
	struct abi_fpstate *user = &s.user;

	fpu_save(&s.fx);
	user->cw = s.fx.control | HIGH_HALF;
	user->sw = s.fx.status | HIGH_HALF;
	user->tag = TAGS_EMPTY | HIGH_HALF;
	user->ip = s.fx.ip;
	user->cs = s.fx.cs | (uint32_t)s.fx.opcode << OPCODE_SHIFT;
	user->dp = s.fx.dp;
	user->ds = s.fx.ds | HIGH_HALF;
	if (s.fx.tags)
		fpu_registers_to_user(user, &s.fx);
	else
		memset(user->st, 0, sizeof(user->st));
	user->status = s.fx.status;
	user->magic = ABI_FPSTATE_FXSR;
	memset(s.fx.unused, 0, sizeof(s.fx.unused)); /* FXSAVE leaves it as it was */
	return copy_to_user(to, user, sizeof(*user));
}

/* from 0: the program says that there is none. -EFAULT, -EINVAL. */
static int fpu_from_user(uaddr_t from)
{
	enum { OPCODE_SHIFT = 16 };
	union frame_fpu s;
	struct abi_fpstate *user = &s.user;
	int err;

	if (!from) {
		fpu_reset();
		return 0;
	}
	err = copy_from_user(user, from, sizeof(*user));
	if (err)
		return err;
	if (!fpu_mxcsr_is_valid(s.fx.mxcsr))
		return -EINVAL;
	s.fx.control = (uint16_t)user->cw;
	s.fx.status = (uint16_t)user->sw;
	s.fx.tags = 0;
	if ((uint16_t)user->tag != TAGS_EMPTY)
		fpu_registers_from_user(&s.fx, user);
	s.fx.ip = user->ip;
	s.fx.cs = (uint16_t)user->cs;
	s.fx.opcode = (uint16_t)(user->cs >> OPCODE_SHIFT);
	s.fx.dp = user->dp;
	s.fx.ds = (uint16_t)user->ds;
	fpu_restore(&s.fx);
	return 0;
}

/* ---- registers ---- */

static void context_save(struct abi_sigcontext *c, const struct trapframe *f, uaddr_t fpstate)
{
	*c = (struct abi_sigcontext){
		.gs = f->gs & SELECTOR_MASK,
		.fs = f->fs & SELECTOR_MASK,
		.es = f->es & SELECTOR_MASK,
		.ds = f->ds & SELECTOR_MASK,
		.edi = f->edi,
		.esi = f->esi,
		.ebp = f->ebp,
		.esp = f->esp,
		.ebx = f->ebx,
		.edx = f->edx,
		.ecx = f->ecx,
		.eax = f->eax,
		.trapno = current->fault.vector,
		.err = current->fault.error,
		.eip = f->eip,
		.cs = f->cs & SELECTOR_MASK,
		.eflags = f->eflags,
		.esp_at_signal = f->esp,
		.ss = f->ss & SELECTOR_MASK,
		.fpstate = fpstate,
		.oldmask = (uint32_t)signal_mask_to_keep(),
		.cr2 = current->fault.address,
	};
}

/* Selectors that do not exist are found out on the way to ring 3. */
static int context_restore(struct trapframe *f, const struct abi_sigcontext *c)
{
	f->gs = c->gs & SELECTOR_MASK;
	f->fs = c->fs & SELECTOR_MASK;
	f->es = c->es & SELECTOR_MASK;
	f->ds = c->ds & SELECTOR_MASK;
	f->edi = c->edi;
	f->esi = c->esi;
	f->ebp = c->ebp;
	f->esp = c->esp;
	f->ebx = c->ebx;
	f->edx = c->edx;
	f->ecx = c->ecx;
	f->eax = c->eax;
	f->eip = c->eip;
	f->cs = (c->cs & SELECTOR_MASK) | RING_3;
	f->ss = (c->ss & SELECTOR_MASK) | RING_3;
	f->eflags = (f->eflags & ~FLAGS_OF_PROGRAM) | (c->eflags & FLAGS_OF_PROGRAM);
	f->orig_eax = (uint32_t)-1; /* no call to make again */
	current->restart.fn = NULL;
	return fpu_from_user(c->fpstate);
}

/* ---- entering a handler ---- */

struct frame_place {
	uaddr_t frame, fpu;
};

/* Where a frame of `size` bytes goes. False: it would not lie on the alternate stack that it
 * has to lie on.
 */
static bool frame_find_place(const struct trapframe *f, uint32_t flags, size_t size,
			     struct frame_place *place)
{
	bool alternate = signal_is_on_stack(f->esp);
	uint32_t esp = f->esp;

	if ((flags & SA_ONSTACK) && current->sig_stack.size && !alternate) {
		alternate = true;
		esp = current->sig_stack.base + current->sig_stack.size;
	}
	esp = ALIGN_DOWN(esp - (uint32_t)sizeof(struct fpu_state), (uint32_t)FPU_ALIGN);
	place->fpu = esp - offsetof(struct abi_fpstate, fxsave);
	place->frame = ALIGN_DOWN(place->fpu - (uint32_t)size + sizeof(uaddr_t),
				  (uint32_t)STACK_ALIGN) -
		       sizeof(uaddr_t);
	return !alternate || place->frame - current->sig_stack.base < current->sig_stack.size;
}

static uaddr_t return_address(const struct abi_sigaction *a, uaddr_t gate)
{
	return a->flags & SA_RESTORER ? a->restorer : gate;
}

static int frame_write(const struct trapframe *f, const struct signal_caught *c,
		       const struct frame_place *place)
{
	struct {
		abi_uptr return_address;
		int32_t sig;
		struct abi_sigcontext context;
	} head = { return_address(&c->action, GATE_SIGRETURN), c->info.si_signo, { 0 } };
	struct {
		uint32_t extramask;
		uint8_t retcode[ABI_RETCODE_SIZE];
	} tail = { (uint32_t)(signal_mask_to_keep() >> 32), { 0 } };
	int err;

	context_save(&head.context, f, place->fpu);
	memcpy(tail.retcode, retcode, sizeof(retcode));
	err = copy_to_user(place->frame, &head, sizeof(head));
	if (!err)
		err = copy_to_user(place->frame + offsetof(struct abi_sigframe, extramask), &tail,
				   sizeof(tail));
	return err ? err : fpu_to_user(place->fpu);
}

static int rt_frame_write(const struct trapframe *f, const struct signal_caught *c,
			  const struct frame_place *place)
{
	struct abi_rt_sigframe r = {
		.return_address = return_address(&c->action, GATE_RT_SIGRETURN),
		.sig = c->info.si_signo,
		.info_address = place->frame + offsetof(struct abi_rt_sigframe, info),
		.context_address = place->frame + offsetof(struct abi_rt_sigframe, context),
		.info = c->info,
		.context = {
			.uc_stack = {
				.ss_sp = current->sig_stack.base,
				.ss_flags = current->sig_stack.flags,
				.ss_size = current->sig_stack.size,
			},
			.uc_sigmask = signal_mask_to_keep(),
		},
	};
	int err;

	context_save(&r.context.uc_mcontext, f, place->fpu);
	memcpy(r.retcode, rt_retcode, sizeof(rt_retcode));
	err = copy_to_user(place->frame, &r, sizeof(r));
	return err ? err : fpu_to_user(place->fpu);
}

/* Handlers find their arguments on the stack, and in registers for who is compiled so. */
static void frame_start_handler(struct trapframe *f, const struct signal_caught *c, uaddr_t frame,
				bool rt)
{
	f->esp = frame;
	f->eip = c->action.handler;
	f->eax = (uint32_t)c->info.si_signo;
	f->edx = rt ? frame + offsetof(struct abi_rt_sigframe, info) : 0;
	f->ecx = rt ? frame + offsetof(struct abi_rt_sigframe, context) : 0;
	f->ds = f->es = f->ss = SEL_USER_DATA;
	f->cs = SEL_USER_CODE;
	f->eflags &= ~(uint32_t)(EFLAGS_DIRECTION | EFLAGS_RESUME | EFLAGS_TRAP);
	fpu_reset();
}

void signal_frame_enter(struct trapframe *f, const struct signal_caught *c)
{
	bool rt = c->action.flags & SA_SIGINFO;
	size_t size = rt ? sizeof(struct abi_rt_sigframe) : sizeof(struct abi_sigframe);
	struct frame_place place;
	int err = -EFAULT;

	if (frame_find_place(f, c->action.flags, size, &place))
		err = rt ? rt_frame_write(f, c, &place) : frame_write(f, c, &place);
	if (err) {
		signal_fault_frame(f, c->info.si_signo);
		return;
	}
	if (rt && (current->sig_stack.flags & SS_AUTODISARM))
		signal_stack_disable();
	frame_start_handler(f, c, place.frame, rt);
	signal_mask_for_handler(c);
}

/* ---- leaving it ---- */

/* frame: of a handler that has returned. What eax is afterwards. */
static int32_t frame_return(struct trapframe *f, uaddr_t frame)
{
	struct abi_sigcontext c;
	uint32_t high;
	int err = copy_from_user(&c, frame + offsetof(struct abi_sigframe, context), sizeof(c));

	if (!err)
		err = get_user32(&high, frame + offsetof(struct abi_sigframe, extramask));
	if (!err) {
		signal_set_blocked((sigset_t)high << 32 | c.oldmask);
		err = context_restore(f, &c);
	}
	if (err)
		signal_fault_frame(f, 0);
	return err ? 0 : (int32_t)f->eax;
}

static int32_t rt_frame_return(struct trapframe *f, uaddr_t frame)
{
	struct abi_ucontext c;
	struct abi_stack old;
	int err = copy_from_user(&c, frame + offsetof(struct abi_rt_sigframe, context), sizeof(c));

	if (!err) {
		signal_set_blocked(c.uc_sigmask);
		err = context_restore(f, &c.uc_mcontext);
	}
	if (err) {
		signal_fault_frame(f, 0);
		return 0;
	}
	err = signal_set_stack(&c.uc_stack, &old, f->esp);
	(void)err; /* one that may not be set is left as it is */
	return (int32_t)f->eax;
}

/* The restorer popped the return address and the signal's number. */
SYSCALL_ABI int32_t sys_sigreturn(void)
{
	struct trapframe *f = current->frame;

	return frame_return(f, f->esp - offsetof(struct abi_sigframe, context));
}

/* The restorer popped the return address. */
SYSCALL_ABI int32_t sys_rt_sigreturn(void)
{
	struct trapframe *f = current->frame;

	return rt_frame_return(f, f->esp - offsetof(struct abi_rt_sigframe, sig));
}

bool signal_frame_gate(struct trapframe *f, uaddr_t address)
{
	if (f->eip != address)
		return false;
	if (address == GATE_SIGRETURN)
		(void)frame_return(f, f->esp - offsetof(struct abi_sigframe, sig));
	else if (address == GATE_RT_SIGRETURN)
		(void)rt_frame_return(f, f->esp - offsetof(struct abi_rt_sigframe, sig));
	else
		return false;
	return true;
}
