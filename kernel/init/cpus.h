/* SPDX-License-Identifier: MIT */
/* Finding and starting the CPUs and their interrupt controllers. */
#ifndef INIT_CPUS_H
#define INIT_CPUS_H

#include "core/percpu.h"
#include "sched/thread.h"

/* Fills cpus[] from the ACPI MADT and starts APIC or 8259. */
void cpus_find(bool noapic);

/* GDT, TSS and IDT of the calling CPU. Irqs off. */
void cpu_init_tables(struct cpu *cpu, struct thread *idle);

/* Starts the others one by one; one that does not answer is left out. */
void cpus_start_others(void);

#endif
