/* SPDX-License-Identifier: MIT */
/* Starting and interrupting other CPUs. The trampoline is copied to low memory
 * only when there is a second CPU.
 */
#include "x86/smp.h"
#include "lib/assert.h"
#include "lib/string.h"
#include "x86/context.h"
#include "x86/lapic.h"
#include "x86/layout.h"
#include "x86/trampoline.h"

uint32_t ap_stack;

static uint8_t apic_ids[MAX_CPUS]; /* [I] */
static bool apic_present;          /* [I] */

void smp_set_apic_id(unsigned cpu, uint8_t apic_id)
{
	apic_ids[cpu] = apic_id;
	apic_present = true;
}

void smp_send_ipi_mask(uint32_t mask, uint8_t vector)
{
	assert(current_context()->irq_depth > 0);
	while (mask) {
		unsigned cpu = (unsigned)__builtin_ctz(mask);

		mask &= mask - 1;
		lapic_send_ipi(apic_ids[cpu], vector);
	}
}

void smp_send_nmi_others(void)
{
	if (apic_present)
		lapic_send_nmi_others();
}

void smp_start_cpu(unsigned cpu, uint32_t esp)
{
	size_t len = (size_t)(ap_trampoline_end - ap_trampoline);

	memcpy((void *)(KERNEL_BASE + AP_TRAMPOLINE), ap_trampoline, len);
	ap_stack = esp;
	lapic_start_cpu(apic_ids[cpu], AP_TRAMPOLINE >> 12);
}
