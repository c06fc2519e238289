/* SPDX-License-Identifier: MIT */
/* Files about processors and time (man 5 proc). */
#include <abi/time.h>

#include "core/irq.h"
#include "core/percpu.h"
#include "core/time.h"
#include "lib/div64.h"
#include "lib/fmt.h"
#include "lib/string.h"
#include "proc/procfs/internal.h"
#include "sched/stats.h"
#include "x86/cpu.h"
#include "x86/idt.h"

/* ---- stat ---- */

/* One line: user nice system idle iowait irq softirq, and three of guests. What Linux leaves
 * for later in an interrupt, threads of ours do: softirq is in system.
 */
static void put_cpu(struct text *t, const char *name, const struct cpu_stats *c)
{
	text_printf(t, "%s %llu %llu %llu %llu %llu %llu 0 0 0 0\n", name, user_ticks(c->user_ns),
		    user_ticks(c->nice_ns), user_ticks(c->kernel_ns), user_ticks(c->idle_ns),
		    user_ticks(c->iowait_ns), user_ticks(c->irq_ns));
}

static uint64_t count_vector(unsigned vector)
{
	uint64_t n = 0;

	for (unsigned cpu = 0; cpu < cpu_count; cpu++)
		n += irq_count(cpu, vector);
	return n;
}

static void put_interrupt_sum(struct text *t)
{
	uint64_t sum = 0;

	for (unsigned v = VEC_IRQ_BASE; v < VECTORS; v++)
		sum += count_vector(v);
	text_printf(t, "intr %llu", sum);
	for (unsigned irq = 0; irq < IRQ_ISA_COUNT; irq++)
		text_printf(t, " %llu", count_vector(VEC_IRQ_BASE + irq));
	text_printf(t, "\n");
}

/* The sum over all processors, and how many threads run or wait to. */
static unsigned sum_cpus(struct cpu_stats *sum)
{
	struct cpu_stats cpu;
	unsigned running = 0;

	memset(sum, 0, sizeof(*sum));
	for (unsigned i = 0; i < cpu_count; i++) {
		sched_cpu_stats(i, &cpu);
		sum->user_ns += cpu.user_ns;
		sum->nice_ns += cpu.nice_ns;
		sum->kernel_ns += cpu.kernel_ns;
		sum->idle_ns += cpu.idle_ns;
		sum->iowait_ns += cpu.iowait_ns;
		sum->irq_ns += cpu.irq_ns;
		sum->switches += cpu.switches;
		sum->blocked += cpu.blocked;
		running += cpu.ready + !cpu.idle;
	}
	return running;
}

void show_cpu_times(struct text *t)
{
	struct cpu_stats cpu, sum;
	unsigned running = sum_cpus(&sum);
	char name[8];

	put_cpu(t, "cpu ", &sum);
	for (unsigned i = 0; i < cpu_count; i++) {
		sched_cpu_stats(i, &cpu);
		snprintf(name, sizeof(name), "cpu%u", i);
		put_cpu(t, name, &cpu);
	}
	put_interrupt_sum(t);
	text_printf(t, "ctxt %llu\nbtime %llu\nprocesses %u\nprocs_running %u\nprocs_blocked %d\n",
		    sum.switches,
		    div_u64((uint64_t)(ktime_real() - ktime_now()), NSEC_PER_SEC, NULL),
		    process_count_ever(), running, MAX(sum.blocked, 0));
}

/* ---- schedstat ---- */

enum { SCHEDSTAT_VERSION = 15 };

/* In Linux's form (Documentation/scheduler/sched-stats.rst): of the nine numbers of a
 * processor we know the nanoseconds that it did something, exactly, and the switches.
 */
void show_schedstat(struct text *t)
{
	ktime_t now = ktime_now();
	struct cpu_stats cpu;

	text_printf(t, "version %u\ntimestamp %llu\n", (unsigned)SCHEDSTAT_VERSION,
		    user_ticks((uint64_t)now));
	for (unsigned i = 0; i < cpu_count; i++) {
		sched_cpu_stats(i, &cpu);
		text_printf(t, "cpu%u 0 0 0 0 0 0 %llu 0 %llu\n", i,
			    (uint64_t)ktime_now() - cpu.idle_ns - cpu.iowait_ns, cpu.switches);
	}
}

/* ---- time and load ---- */

static void put_seconds(struct text *t, uint64_t ns, const char *after)
{
	uint32_t rest;
	uint64_t seconds = div_u64(ns, NSEC_PER_SEC, &rest);

	text_printf(t, "%llu.%02u%s", seconds, rest / (uint32_t)(NSEC_PER_SEC / 100), after);
}

void show_uptime(struct text *t)
{
	struct cpu_stats sum;

	sum_cpus(&sum);
	put_seconds(t, (uint64_t)ktime_now(), " ");
	put_seconds(t, sum.idle_ns + sum.iowait_ns, "\n");
}

void show_loadavg(struct text *t)
{
	struct cpu_stats sum;
	uint32_t load[3];

	sched_load(load);
	for (unsigned i = 0; i < ARRAY_SIZE(load); i++) {
		uint32_t n = load[i] + LOAD_ONE / 200; /* rounded to hundredths */

		text_printf(t, "%u.%02u ", n >> LOAD_SHIFT,
			    ((n & (LOAD_ONE - 1)) * 100) >> LOAD_SHIFT);
	}
	text_printf(t, "%u/%u %d\n", sum_cpus(&sum), process_count(), pid_last_used());
}

/* ---- run queues: ours alone ---- */

static void put_ready(const struct thread *th, void *ctx)
{
	text_printf(ctx, " %s[%d]", th->name, th->tid);
}

void show_sched(struct text *t)
{
	struct cpu_stats cpu;

	text_printf(t, "policy %s\n", sched_policy_name());
	for (unsigned i = 0; i < cpu_count; i++) {
		sched_cpu_stats(i, &cpu);
		text_printf(t, "cpu%u switches %llu running %s[%d] ready %u:", i, cpu.switches,
			    cpu.name, cpu.tid, cpu.ready);
		sched_for_each_ready(i, put_ready, t);
		text_printf(t, "\n");
	}
}

/* ---- interrupts ---- */

static void put_vector(struct text *t, const char *name, unsigned vector, const char *what)
{
	if (!count_vector(vector))
		return;
	text_printf(t, "%3s: ", name);
	for (unsigned cpu = 0; cpu < cpu_count; cpu++)
		text_printf(t, "%10u ", irq_count(cpu, vector));
	text_printf(t, "%s\n", what);
}

void show_interrupts(struct text *t)
{
	const char *controller = irq_uses_apic() ? " IO-APIC" : " XT-PIC";
	char name[4], what[64];

	text_printf(t, "     ");
	for (unsigned cpu = 0; cpu < cpu_count; cpu++)
		text_printf(t, "      CPU%u ", cpu);
	text_printf(t, "\n");
	for (unsigned v = VEC_IRQ_BASE; v < VEC_IRQ_END; v++) {
		snprintf(name, sizeof(name), "%u", v - VEC_IRQ_BASE);
		put_vector(t, name, v, controller);
	}
	put_vector(t, "LOC", VEC_TIMER, " Local timer interrupts");
	put_vector(t, "RES", VEC_RESCHEDULE, " Rescheduling interrupts");
	put_vector(t, "TLB", VEC_SHOOTDOWN, " TLB shootdowns");
	put_vector(t, "SPU", VEC_SPURIOUS, " Spurious interrupts");
	/* Exceptions, by vector: ours alone. */
	for (unsigned v = 0; v < VEC_EXCEPTIONS; v++) {
		snprintf(name, sizeof(name), v == VEC_NMI ? "NMI" : "E%u", v);
		snprintf(what, sizeof(what), " Exception %u: %s", v, vector_name(v));
		put_vector(t, name, v, what);
	}
}

/* ---- cpuinfo: CPUID, SDM vol. 2A ---- */

enum { LEAF_FEATURES = 1, BRAND_LEAVES = 3, KHZ_PER_MHZ = 1000 };
#define LEAF_EXT_MAX 0x80000000u
#define LEAF_BRAND 0x80000002u

/* Leaf 1, edx, from bit 0 on; the spelling is Linux's. */
static const char *const feature_names[32] = {
	"fpu",  "vme",  "de",   "pse", "tsc",  "msr", "pae",   "mce", "cx8",     "apic", NULL,
	"sep",  "mtrr", "pge",  "mca", "cmov", "pat", "pse36", "pn",  "clflush", NULL,   "dts",
	"acpi", "mmx",  "fxsr", "sse", "sse2", "ss",  "ht",    "tm",  "ia64",    "pbe",
};

static void put_brand(struct text *t)
{
	struct cpuid id[BRAND_LEAVES];
	const char *name = (const char *)id;

	if (cpu_cpuid(LEAF_EXT_MAX, 0).eax < LEAF_BRAND + BRAND_LEAVES - 1)
		return;
	for (unsigned i = 0; i < BRAND_LEAVES; i++)
		id[i] = cpu_cpuid(LEAF_BRAND + i, 0);
	while (*name == ' ')
		name++;
	text_printf(t, "model name\t: %.*s\n", (int)strnlen(name, sizeof(id)), name);
}

static void put_flags(struct text *t)
{
	text_printf(t, "flags\t\t:");
	for (unsigned bit = 0; bit < ARRAY_SIZE(feature_names); bit++) {
		if (cpu_features.edx1 >> bit & 1 && feature_names[bit])
			text_printf(t, " %s", feature_names[bit]);
	}
	text_printf(t, "%s%s%s%s%s\n\n", cpu_features.nx ? " nx" : "",
		    cpu_features.rdrand ? " rdrand" : "", cpu_features.smep ? " smep" : "",
		    cpu_features.smap ? " smap" : "", cpu_features.umip ? " umip" : "");
}

/* All processors are alike: the one we run on speaks for all. */
void show_cpuinfo(struct text *t)
{
	uint32_t signature = cpu_cpuid(LEAF_FEATURES, 0).eax, khz = time_tsc_khz();
	uint32_t family = signature >> 8 & 15, model = signature >> 4 & 15;

	if (family == 6 || family == 15)
		model |= (signature >> 16 & 15) << 4;
	if (family == 15)
		family += signature >> 20 & 255;
	for (unsigned i = 0; i < cpu_count; i++) {
		text_printf(t, "processor\t: %u\nvendor_id\t: %s\n", i, cpu_features.vendor);
		text_printf(t, "cpu family\t: %u\nmodel\t\t: %u\n", family, model);
		put_brand(t);
		text_printf(t, "stepping\t: %u\ncpu MHz\t\t: %u.%03u\n", signature & 15,
			    khz / KHZ_PER_MHZ, khz % KHZ_PER_MHZ);
		put_flags(t);
	}
}
