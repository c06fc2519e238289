/* SPDX-License-Identifier: MIT */
/* Interrupt dispatch. The table of handlers is written at start-up and by
 * drivers under irq_lock (rank DEVICE); reading it takes no lock. Chip code in
 * x86 takes no lock of its own: it is called under irq_lock.
 */
#include "core/irq.h"
#include "core/percpu.h"
#include "core/time.h"
#include "core/spinlock.h"
#include "lib/errno.h"
#include "lib/kprintf.h"
#include "x86/idt.h"
#include "x86/ioapic.h"
#include "x86/lapic.h"
#include "x86/pic.h"

struct handler {
	void (*fn)(void *arg);
	void *arg;
};

static struct spinlock irq_lock = SPINLOCK_INIT(LOCK_DEVICE);
static struct handler handlers[VECTORS];          /* [irq_lock] to write */
static struct irq_handler *shared[IRQ_ISA_COUNT]; /* [irq_lock] to add at the head */
static uint32_t counts[MAX_CPUS][VECTORS];        /* [c] own CPU */
static uint64_t handler_tsc[MAX_CPUS];            /* [c] spent in handlers, in TSC ticks */
static bool from_user[MAX_CPUS];                  /* [c] */
static bool apic;                                 /* [I] after irq_init */

static bool is_external(unsigned vector)
{
	return vector >= VEC_IRQ_BASE && vector < VEC_IRQ_END;
}

/* After the handler: a level that it has not yet lowered would come again. A new
 * edge meanwhile is not lost, the controllers keep one per line.
 */
static void acknowledge(unsigned vector)
{
	if (apic)
		lapic_eoi();
	else if (is_external(vector))
		pic_eoi(vector - VEC_IRQ_BASE);
}

static bool is_spurious(unsigned vector)
{
	if (vector == VEC_SPURIOUS && apic)
		return true;
	return !apic && is_external(vector) && pic_is_spurious(vector - VEC_IRQ_BASE);
}

static ktime_t woken_at[MAX_CPUS]; /* [own CPU, irqs off] 0: is halted, or about to */

void irq_halt_begin(void)
{
	woken_at[this_cpu()->id] = 0;
}

static void note_woken(unsigned cpu)
{
	if (unlikely(woken_at[cpu] == 0))
		woken_at[cpu] = ktime_now();
}

ktime_t irq_halt_end(void)
{
	unsigned cpu = this_cpu()->id;

	note_woken(cpu); /* by what is no interrupt of ours: an NMI */
	return woken_at[cpu];
}

void irq_entry(struct trapframe *f)
{
	unsigned vector = ~f->orig_eax, cpu = this_cpu()->id;
	struct handler *h = &handlers[vector];
	uint64_t start = cpu_rdtsc();

	note_woken(cpu);
	counts[cpu][vector]++;
	from_user[cpu] = frame_is_user(f);
	if (is_spurious(vector))
		return;
	if (h->fn)
		h->fn(h->arg);
	acknowledge(vector);
	handler_tsc[cpu] += cpu_rdtsc() - start;
}

void irq_count_exception(unsigned vector)
{
	counts[this_cpu()->id][vector]++;
}

uint64_t irq_time_ns(unsigned cpu)
{
	return (uint64_t)time_of_tsc(handler_tsc[cpu]);
}

bool irq_from_user(void)
{
	return from_user[this_cpu()->id];
}

uint32_t irq_count(unsigned cpu, unsigned vector)
{
	return counts[cpu][vector];
}

void irq_register_vector(unsigned vector, void (*fn)(void *arg), void *arg)
{
	spin_lock(&irq_lock);
	handlers[vector] = (struct handler){ fn, arg };
	spin_unlock(&irq_lock);
}

/* Caller holds irq_lock. */
static void install(unsigned irq, void (*fn)(void *arg), void *arg)
{
	unsigned vector = VEC_IRQ_BASE + irq;

	handlers[vector] = (struct handler){ fn, arg };
	if (apic)
		ioapic_enable(irq, (uint8_t)vector);
	else
		pic_enable(irq);
}

int irq_register(unsigned irq, void (*fn)(void *arg), void *arg)
{
	int error = 0;

	if (irq >= IRQ_ISA_COUNT)
		return -EINVAL;
	spin_lock(&irq_lock);
	if (handlers[VEC_IRQ_BASE + irq].fn)
		error = -EBUSY;
	else
		install(irq, fn, arg);
	spin_unlock(&irq_lock);
	return error;
}

static void call_shared(void *arg)
{
	struct irq_handler **head = arg;

	for (struct irq_handler *h = READ_ONCE(*head); h; h = h->next)
		h->fn(h->arg);
}

int irq_register_shared(unsigned irq, struct irq_handler *h)
{
	int error = 0;

	if (irq >= IRQ_ISA_COUNT)
		return -EINVAL;
	spin_lock(&irq_lock);
	if (handlers[VEC_IRQ_BASE + irq].fn && !shared[irq]) {
		error = -EBUSY;
	} else {
		bool first = !shared[irq];

		h->next = shared[irq];
		WRITE_ONCE(shared[irq], h);
		if (first)
			install(irq, call_shared, &shared[irq]);
	}
	spin_unlock(&irq_lock);
	return error;
}

void irq_init(bool use_apic)
{
	apic = use_apic;
	pic_init(VEC_IRQ_BASE);
	if (!apic)
		return;
	lapic_init_cpu();
	ioapic_init();
}

bool irq_uses_apic(void)
{
	return apic;
}
