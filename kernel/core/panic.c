/* SPDX-License-Identifier: MIT */
/* Panic and dumps. Nothing here takes a lock: the state is not to be trusted.
 * The first CPU to panic stops the others by NMI; each says where it was.
 */
#include "core/panic.h"
#include "core/irq.h"
#include "core/irqflag.h"
#include "core/ksyms.h"
#include "core/lockrank.h"
#include "core/log.h"
#include "core/param.h"
#include "core/percpu.h"
#include "lib/assert.h"
#include "lib/fmt.h"
#include "x86/atomic.h"
#include "x86/boot_tables.h"
#include "x86/layout.h"
#include "x86/machine.h"
#include "x86/pit.h"
#include "x86/smp.h"
#include "x86/tss.h"

enum { BACKTRACE_DEPTH = 24, NMI_WAIT_LOOPS = 20000000, WAIT_STEP_NS = 10 * 1000 * 1000 };

static atomic_t panicking;                             /* [a] cpu id + 1 of the first to panic */
static atomic_t nmi_answered;                          /* [a] CPUs that have printed their state */
static atomic_t print_turn;                            /* [a] cpu id + 1 of who prints its dump */
static struct list describers = LIST_INIT(describers); /* [I] after start-up */

void panic_add_describer(struct panic_describer *d)
{
	list_add_tail(&describers, &d->link);
}

/* esp is pushed only when it comes from ring 3: in the kernel the frame lies there. */
static uint32_t frame_esp(const struct trapframe *f)
{
	return frame_is_user(f) ? f->esp : (uint32_t)&f->esp;
}

static void registers_print(const struct trapframe *f, uint32_t esp)
{
	kprintf("eax %08x ebx %08x ecx %08x edx %08x\n", f->eax, f->ebx, f->ecx, f->edx);
	kprintf("esi %08x edi %08x ebp %08x esp %08x\n", f->esi, f->edi, f->ebp, esp);
	kprintf("eip %08x cs %04x eflags %08x ds %04x es %04x fs %04x gs %04x\n", f->eip,
		f->cs & UINT16_MAX, f->eflags, f->ds & UINT16_MAX, f->es & UINT16_MAX,
		f->fs & UINT16_MAX, f->gs & UINT16_MAX);
}

void frame_print(const struct trapframe *f)
{
	registers_print(f, frame_esp(f));
}

static void print_address(uint32_t address)
{
	struct ksym s;

	/* A return address points behind its call. */
	if (!ksym_find(address - 1, &s))
		kprintf("  at %08x\n", address);
	else if (s.file)
		kprintf("  at %08x %s+%u (%s:%u)\n", address, s.name, s.offset + 1, s.file, s.line);
	else
		kprintf("  at %08x %s+%u\n", address, s.name, s.offset + 1);
}

/* A frame pointer is believed while it stays on the stack it started on. */
void backtrace_print(uint32_t eip, uint32_t ebp)
{
	uint32_t stack = ebp & ~(KSTACK_SIZE - 1u);

	print_address(eip + 1);
	for (unsigned i = 0; i < BACKTRACE_DEPTH; i++) {
		const uint32_t *frame = (const uint32_t *)ebp;

		if (ebp < KERNEL_BASE || ebp % sizeof(uint32_t) != 0 ||
		    (ebp & ~(KSTACK_SIZE - 1u)) != stack ||
		    ebp % KSTACK_SIZE > KSTACK_SIZE - KSTACK_TOP_RESERVE)
			return;
		if (frame[1] < KERNEL_BASE)
			return;
		print_address(frame[1]);
		if (frame[0] <= ebp)
			return;
		ebp = frame[0];
	}
}

static void describe(const struct context *c)
{
	struct panic_describer *d;

	kprintf("cpu %u, irq depth %u\n", c->cpu ? c->cpu->id : 0, c->irq_depth);
	list_for_each_entry(d, &describers, link)
		d->describe(c);
	rank_dump_one(c);
}

static int own_turn(void)
{
	return (int)this_cpu()->id + 1;
}

/* A CPU that shows its state on an NMI comes to its end first: not for ever, it may be stuck. A
 * panic in the dump has the turn already.
 */
static void wait_turn(void)
{
	for (unsigned i = 0; i < NMI_WAIT_LOOPS && atomic_read(&print_turn) != own_turn(); i++) {
		if (atomic_cmpxchg(&print_turn, 0, own_turn()))
			return;
		cpu_pause();
	}
	atomic_set(&print_turn, own_turn());
}

static void stop_others(void)
{
	unsigned others = 0;

	for (unsigned i = 0; i < cpu_count; i++)
		others += cpus[i].online && &cpus[i] != this_cpu();
	if (others == 0)
		return;
	atomic_set(&nmi_answered, 0);
	atomic_cmpxchg(&print_turn, own_turn(), 0);
	smp_send_nmi_others();
	for (unsigned i = 0; i < NMI_WAIT_LOOPS && atomic_read(&nmi_answered) < (int)others; i++)
		cpu_pause();
}

static void end_machine(void) __noreturn;
static void end_machine(void)
{
	/* By the 8254: the clock may not run yet. */
	for (int i = 0; i < params.panic * (int)(NSEC_PER_SEC / WAIT_STEP_NS); i++)
		pit_wait(WAIT_STEP_NS);
	if (params.panic > 0)
		machine_reset();
	machine_exit_code(MACHINE_EXIT_PANIC);
	for (;;)
		cpu_halt();
}

/* Only the first caller goes on; another CPU or a panic in the panic stops. */
static void panic_begin(void)
{
	cpu_cli();
	current_context()->irq_depth++;
	if (!atomic_cmpxchg(&panicking, 0, own_turn())) {
		if (atomic_read(&panicking) == own_turn())
			machine_exit_code(MACHINE_EXIT_PANIC);
		for (;;)
			cpu_halt();
	}
	wait_turn();
	log_set_unlocked(true);
}

static void panic_message(const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof(text), fmt, ap);
	kprintf("\npanic: %s\n", text);
}

void panic(const char *fmt, ...)
{
	va_list ap;

	panic_begin();
	va_start(ap, fmt);
	panic_message(fmt, ap);
	va_end(ap);
	describe(current_context());
	backtrace_print((uint32_t)__builtin_return_address(0) - 1,
			*(uint32_t *)__builtin_frame_address(0));
	stop_others();
	end_machine();
}

/* The rest of a panic at frame f of thread c. */
static void panic_at(const struct trapframe *f, const struct context *c) __noreturn;
static void panic_at(const struct trapframe *f, const struct context *c)
{
	describe(c);
	backtrace_print(f->eip, f->ebp);
	stop_others();
	end_machine();
}

void panic_frame(const struct trapframe *f, const char *fmt, ...)
{
	va_list ap;

	panic_begin();
	va_start(ap, fmt);
	panic_message(fmt, ap);
	va_end(ap);
	frame_print(f);
	panic_at(f, current_context());
}

void assert_fail(const char *expr, const char *file, int line, const char *func)
{
	panic("assertion failed: %s (%s, %s:%d)", expr, func, file, line);
}

/* Whose kernel stack has the guard page that `va` lies in; NULL: none has. */
static const struct context *overflowed(uint32_t va)
{
	uint32_t slot_end = (va | (2 * KSTACK_SIZE - 1)) + 1;

	if (va < KSTACK_BASE || va >= KSTACK_END || (va & KSTACK_SIZE))
		return NULL;
	return *(struct context **)(slot_end - sizeof(struct context *));
}

/* The double-fault task: the TSS of the interrupted thread holds its registers.
 * A push that ran out of stack left the address in CR2.
 */
void double_fault_entry(void)
{
	const struct tss *t = gdt_tss(this_cpu()->id);
	const struct context *owner = overflowed(cpu_read_cr2());
	struct trapframe f = {
		.eax = t->eax,
		.ebx = t->ebx,
		.ecx = t->ecx,
		.edx = t->edx,
		.esi = t->esi,
		.edi = t->edi,
		.ebp = t->ebp,
		.eip = t->eip,
		.cs = t->cs,
		.eflags = t->eflags,
		.ds = t->ds,
		.es = t->es,
		.fs = t->fs,
		.gs = t->gs,
		.esp = t->esp,
		.ss = t->ss,
	};

	panic_begin();
	kprintf("\npanic: %s\n", owner ? "kernel stack overflow" : "double fault");
	registers_print(&f, t->esp);
	panic_at(&f, owner ? owner : current_context());
}

/* Prints this CPU's state, one CPU at a time. Locks may be held by whoever was
 * interrupted, so none is taken.
 */
void nmi_handler(struct trapframe *f)
{
	uint32_t cr2 = cpu_read_cr2();

	irq_count_exception(VEC_NMI);
	if (atomic_read(&panicking) == own_turn())
		return; /* this CPU tells more than its state just now */
	while (!atomic_cmpxchg(&print_turn, 0, own_turn()))
		cpu_pause();
	log_set_unlocked(true);
	kprintf("\nnmi: state of cpu %u\n", this_cpu()->id);
	frame_print(f);
	describe(current_context());
	if (!frame_is_user(f))
		backtrace_print(f->eip, f->ebp);
	log_set_unlocked(atomic_read(&panicking));
	atomic_cmpxchg(&print_turn, own_turn(), 0);
	atomic_inc(&nmi_answered);
	while (atomic_read(&panicking))
		cpu_halt();
	cpu_write_cr2(cr2);
}
