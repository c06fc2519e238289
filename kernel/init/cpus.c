/* SPDX-License-Identifier: MIT */
/* Which CPUs there are, and starting them: each gets an idle thread of its own,
 * on whose stack it runs from its first C line on.
 */
#include "init/cpus.h"
#include "core/irq.h"
#include "core/time.h"
#include "lib/fmt.h"
#include "lib/kprintf.h"
#include "mm/kmap.h"
#include "mm/tlb.h"
#include "sched/dispatch.h"
#include "x86/acpi.h"
#include "x86/boot_tables.h"
#include "x86/cpu.h"
#include "x86/fpu.h"
#include "x86/idt.h"
#include "x86/ioapic.h"
#include "x86/lapic.h"
#include "x86/smp.h"

#define AP_START_NS (2 * NSEC_PER_SEC)

/* Between the boot CPU and the one it starts: whoever changes it first is right. */
enum ap_start { AP_AWAITED, AP_STARTED, AP_GIVEN_UP };
static atomic_t ap_start; /* [a] */

static const void *map_table(paddr_t paddr, size_t len)
{
	if (kmap_is_direct(paddr, len))
		return paddr_to_virt(paddr);
	return kmap_device(paddr, len);
}

static volatile uint32_t *map_registers(uint32_t paddr)
{
	volatile uint32_t *regs = kmap_device(paddr, PAGE_SIZE);

	if (!regs)
		panic("no memory to map the APIC at %x", paddr);
	return regs;
}

static void use_ioapics(const struct acpi_madt *m)
{
	for (unsigned i = 0; i < m->ioapics; i++)
		ioapic_add(map_registers(m->ioapic[i].paddr), m->ioapic[i].first_input);
	for (unsigned i = 0; i < m->overrides; i++) {
		const struct acpi_override *o = &m->override[i];

		ioapic_override(o->irq, o->input, o->active_low, o->level);
	}
}

/* CPU 0 is the one we run on; the table may list it anywhere. */
static void add_cpus(const struct acpi_madt *m)
{
	cpus[0].apic_id = lapic_id();
	smp_set_apic_id(0, cpus[0].apic_id);
	for (unsigned i = 0; i < m->cpus && cpu_count < MAX_CPUS; i++) {
		struct cpu *cpu = &cpus[cpu_count];

		if (m->apic_ids[i] == cpus[0].apic_id)
			continue;
		cpu->id = cpu_count++;
		cpu->apic_id = m->apic_ids[i];
		smp_set_apic_id(cpu->id, cpu->apic_id);
	}
	if (m->cpus_left_out)
		kprintf("cpu: %u more than the %u we can use\n", m->cpus_left_out, MAX_CPUS);
}

static void shootdown_irq(void *arg)
{
	(void)arg;
	tlb_shootdown_irq();
}

void cpus_find(bool noapic)
{
	struct acpi_madt madt;

	if (noapic || !cpu_features.apic || !acpi_read_madt(map_table, &madt) || !madt.ioapics) {
		kprintf("irq: 8259 and 8254, one CPU\n");
		irq_init(false);
		return;
	}
	lapic_set_registers(map_registers(madt.lapic_paddr));
	use_ioapics(&madt);
	add_cpus(&madt);
	irq_init(true);
	lapic_timer_calibrate();
	irq_register_vector(VEC_SHOOTDOWN, shootdown_irq, NULL);
	kprintf("irq: APIC, %u CPU%s\n", cpu_count, cpu_count > 1 ? "s" : "");
}

void cpu_init_tables(struct cpu *cpu, struct thread *idle)
{
	gdt_init_cpu(cpu->id, idle->ctx.kstack + KSTACK_SIZE - KSTACK_TOP_RESERVE, &idle->ctx);
	idt_load();
	fpu_init_cpu();
	cpu->idle = &idle->ctx;
	timers_init_cpu(cpu);
}

/* The started CPU's first C, on its idle thread's stack. */
void ap_main(void)
{
	struct cpu *cpu = this_cpu();

	cpu_write_cr3(virt_to_paddr(boot_pdpt));
	cpu_control_init();
	cpu_init_tables(cpu, current);
	while (!atomic_cmpxchg(&ap_start, AP_AWAITED, AP_STARTED))
		cpu_halt(); /* too late: nobody counts on us */
	if (!time_sync_ask())
		kprintf("cpu: the time-stamp counter of CPU %u is out of step: corrected\n",
			cpu->id);
	lapic_init_cpu();
	sched_init_cpu(cpu, current);
	WRITE_ONCE(cpu->online, true);
	irq_enable();
	sched_idle();
}

static bool start_cpu(struct cpu *cpu)
{
	ktime_t deadline = ktime_now() + AP_START_NS;
	char name[THREAD_NAME];
	struct thread *idle;

	snprintf(name, sizeof(name), "idle/%u", cpu->id);
	idle = thread_create(name);
	if (!idle)
		return false;
	idle->ctx.cpu = cpu;
	atomic_set(&ap_start, AP_AWAITED);
	smp_start_cpu(cpu->id, idle->ctx.kstack + KSTACK_SIZE - KSTACK_TOP_RESERVE);
	while (atomic_read(&ap_start) == AP_AWAITED && ktime_now() < deadline)
		cpu_pause();
	if (atomic_cmpxchg(&ap_start, AP_AWAITED, AP_GIVEN_UP))
		return false;
	time_sync_answer();
	while (!READ_ONCE(cpu->online))
		cpu_pause();
	return true;
}

void cpus_start_others(void)
{
	unsigned found = cpu_count;

	for (unsigned i = 1; i < found; i++) {
		if (start_cpu(&cpus[i]))
			continue;
		kprintf("cpu: CPU %u (APIC id %u) did not start; going on without the rest\n", i,
			cpus[i].apic_id);
		cpu_count = i;
		return;
	}
}
