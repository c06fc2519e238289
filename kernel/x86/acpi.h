/* SPDX-License-Identifier: MIT */
/* ACPI tables, as far as we need them: the MADT (ACPI 6.4, section 5.2.12). */
#ifndef X86_ACPI_H
#define X86_ACPI_H

#include "lib/types.h"

/* Maps [paddr, paddr + len) for reading; tables may lie above the direct map. */
typedef const void *(*acpi_map_fn)(paddr_t paddr, size_t len);

struct acpi_ioapic {
	uint32_t paddr, first_input;
};

struct acpi_override {
	uint8_t irq;
	uint32_t input;
	bool active_low, level;
};

enum { ACPI_CPUS = 16, ACPI_IOAPICS = 8, ACPI_OVERRIDES = 16 };

struct acpi_madt {
	uint32_t lapic_paddr;
	unsigned cpus, cpus_left_out;
	uint8_t apic_ids[ACPI_CPUS]; /* enabled CPUs in the table's order */
	unsigned ioapics;
	struct acpi_ioapic ioapic[ACPI_IOAPICS];
	unsigned overrides;
	struct acpi_override override[ACPI_OVERRIDES];
};

/* False when there is no valid MADT; says so on the console if it is broken. */
bool acpi_read_madt(acpi_map_fn map, struct acpi_madt *out);

#endif
