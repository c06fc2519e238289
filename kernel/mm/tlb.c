/* SPDX-License-Identifier: MIT */
/* Which page table each CPU has loaded, and flushing TLBs.
 *
 * A CPU that wants others to flush fills its own request, puts its bit into
 * their inboxes and interrupts them; each clears its bit in `pending` when it is
 * done. While waiting the sender serves its own inbox, so two CPUs that shoot at
 * each other with interrupts off both get on. No lock: a request belongs to one
 * CPU, which sends one at a time. Who waits must hold no spinlock, because the
 * target may be spinning for it with interrupts off.
 */
#include "mm/tlb.h"

#include "core/irqflag.h"
#include "core/percpu.h"
#include "mm/pagetable.h"
#include "mm/vmevent.h"
#include "x86/cpu.h"
#include "x86/frame.h"
#include "x86/smp.h"

enum { FLUSH_SINGLY_MAX = 16 }; /* pages: beyond, CR3 is reloaded */

enum tlb_action { TLB_FLUSH, TLB_FLUSH_ALL, TLB_FLUSH_KERNEL, TLB_EVICT };

struct tlb_request {
	atomic_t pending;       /* [a] CPUs that have not done it yet */
	enum tlb_action action; /* [sender] this and the rest: constant while pending */
	struct pagetable *pt;
	vaddr_t start, end;
} __aligned(64);

/* [c] of the CPU itself with irqs off; loaded[] is NULL for the kernel's own */
static struct pagetable *loaded[MAX_CPUS];
static bool kept[MAX_CPUS]; /* [c] it is there only because nobody else came */
static struct tlb_request requests[MAX_CPUS];
static atomic_t inbox[MAX_CPUS]; /* [a] bit: a CPU whose request is for us */

/* A bit in cpu_mask is set before CR3 is loaded and cleared after another one
 * was: tables are freed only when no CPU can walk them any more.
 */
static void load_kernel(unsigned cpu)
{
	struct pagetable *old = loaded[cpu];

	loaded[cpu] = NULL;
	cpu_write_cr3(virt_to_paddr(kernel_pdpt));
	if (old)
		atomic_and(&old->cpu_mask, ~BIT(cpu));
}

/* Drops the user part of this CPU's TLB. */
static void flush_own(unsigned cpu)
{
	vmevent_count(VMEVENT_nr_tlb_local_flush_all);
	cpu_write_cr3(virt_to_paddr(loaded[cpu] ? loaded[cpu]->pdpt : kernel_pdpt));
}

static void flush_range(unsigned cpu, const struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	if (loaded[cpu] != pt)
		return;
	if (end - start > FLUSH_SINGLY_MAX * PAGE_SIZE) {
		flush_own(cpu);
		return;
	}
	vmevent_add(VMEVENT_nr_tlb_local_flush_one, (end - start) >> PAGE_SHIFT);
	for (; start < end; start += PAGE_SIZE)
		cpu_invlpg(start);
}

/* Global translations go only when CR4.PGE changes. */
static void flush_with_global(unsigned cpu)
{
	uint32_t cr4 = cpu_read_cr4();

	if (cr4 & CR4_PGE) {
		cpu_write_cr4(cr4 & ~(uint32_t)CR4_PGE);
		cpu_write_cr4(cr4);
	} else {
		flush_own(cpu);
	}
}

static void serve(unsigned cpu, const struct tlb_request *rq)
{
	switch (rq->action) {
	case TLB_FLUSH:
		if (kept[cpu] && loaded[cpu] == rq->pt)
			load_kernel(cpu); /* an idle CPU is not disturbed again */
		else
			flush_range(cpu, rq->pt, rq->start, rq->end);
		break;
	case TLB_FLUSH_ALL:
		flush_own(cpu);
		break;
	case TLB_FLUSH_KERNEL:
		flush_with_global(cpu);
		break;
	case TLB_EVICT:
		if (loaded[cpu] == rq->pt)
			load_kernel(cpu);
		break;
	}
}

/* Takes all bits out of this CPU's inbox and does what they ask. */
static void serve_inbox(unsigned cpu)
{
	uint32_t senders = (uint32_t)__atomic_exchange_n(&inbox[cpu].v, 0, __ATOMIC_SEQ_CST);

	for (; senders; senders &= senders - 1) {
		struct tlb_request *rq = &requests[__builtin_ctz(senders)];

		vmevent_count(VMEVENT_nr_tlb_remote_flush_received);
		serve(cpu, rq);
		atomic_and(&rq->pending, ~BIT(cpu));
	}
}

void tlb_shootdown_irq(void)
{
	serve_inbox(this_cpu()->id);
}

/* Has the action done on the CPUs in `mask` (without this one) and waits. */
static __noinline void shoot(unsigned cpu, uint32_t mask, enum tlb_action action,
			     struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	struct tlb_request *rq = &requests[cpu];

	rq->action = action;
	rq->pt = pt;
	rq->start = start;
	rq->end = end;
	atomic_set(&rq->pending, (int32_t)mask);
	for (uint32_t left = mask; left; left &= left - 1)
		atomic_or(&inbox[__builtin_ctz(left)], BIT(cpu));
	vmevent_count(VMEVENT_nr_tlb_remote_flush);
	smp_send_ipi_mask(mask, VEC_SHOOTDOWN);
	while (atomic_read(&rq->pending)) {
		serve_inbox(cpu);
		cpu_pause();
	}
}

/* The barrier orders our writes to the tables before reading who has them
 * loaded; pagetable_load() sets its bit (a locked instruction) before it loads.
 */
static uint32_t others_with(const struct pagetable *pt, unsigned cpu)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return (uint32_t)atomic_read(&pt->cpu_mask) & ~BIT(cpu);
}

void pagetable_flush(struct pagetable *pt, vaddr_t start, vaddr_t end)
{
	uint32_t others;
	unsigned cpu;

	assert(!irqs_are_off());
	irq_disable();
	cpu = this_cpu()->id;
	flush_range(cpu, pt, start, end);
	others = others_with(pt, cpu);
	if (unlikely(others))
		shoot(cpu, others, TLB_FLUSH, pt, start, end);
	irq_enable();
}

/* Has it done on all CPUs. */
static void flush_everywhere(enum tlb_action action)
{
	struct tlb_request own = { .action = action };
	uint32_t others = 0;
	unsigned cpu;

	assert(!irqs_are_off());
	irq_disable();
	cpu = this_cpu()->id;
	serve(cpu, &own);
	for (unsigned i = 0; i < cpu_count; i++)
		if (i != cpu && READ_ONCE(cpus[i].online))
			others |= BIT(i);
	if (others)
		shoot(cpu, others, action, NULL, 0, 0);
	irq_enable();
}

void tlb_flush_users(void)
{
	flush_everywhere(TLB_FLUSH_ALL);
}

void tlb_flush_kernel(void)
{
	flush_everywhere(TLB_FLUSH_KERNEL);
}

void pagetable_load(struct pagetable *pt)
{
	unsigned cpu = this_cpu()->id;
	struct pagetable *old = loaded[cpu];

	kept[cpu] = !pt;
	if (!pt || pt == old)
		return;
	atomic_or(&pt->cpu_mask, BIT(cpu));
	loaded[cpu] = pt;
	vmevent_count(VMEVENT_cr3_loads);
	cpu_write_cr3(virt_to_paddr(pt->pdpt));
	if (old)
		atomic_and(&old->cpu_mask, ~BIT(cpu));
}

void pagetable_evict(struct pagetable *pt)
{
	uint32_t others;
	unsigned cpu;

	assert(!irqs_are_off());
	irq_disable();
	cpu = this_cpu()->id;
	if (loaded[cpu] == pt)
		load_kernel(cpu);
	others = others_with(pt, cpu);
	if (unlikely(others))
		shoot(cpu, others, TLB_EVICT, pt, 0, 0);
	assert(atomic_read(&pt->cpu_mask) == 0);
	irq_enable();
}
