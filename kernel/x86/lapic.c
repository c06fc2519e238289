/* SPDX-License-Identifier: MIT */
/* Local APIC. Registers are 32 bits wide, 16 bytes apart. */
#include "x86/lapic.h"
#include "x86/cpu.h"
#include "x86/frame.h"
#include "x86/pit.h"

/* Offsets in 32-bit words (SDM vol. 3A, table 11-1). */
enum lapic_reg {
	REG_ID = 0x20 / 4,
	REG_TPR = 0x80 / 4,
	REG_EOI = 0xb0 / 4,
	REG_SPURIOUS = 0xf0 / 4,
	REG_ICR_LOW = 0x300 / 4,
	REG_ICR_HIGH = 0x310 / 4,
	REG_LVT_TIMER = 0x320 / 4,
	REG_LVT_LINT0 = 0x350 / 4,
	REG_LVT_LINT1 = 0x360 / 4,
	REG_LVT_ERROR = 0x370 / 4,
	REG_TIMER_INITIAL = 0x380 / 4,
	REG_TIMER_CURRENT = 0x390 / 4,
	REG_TIMER_DIVIDE = 0x3e0 / 4,
};

enum lapic_bits {
	SPURIOUS_ENABLE = 1 << 8,
	LVT_MASKED = 1 << 16,
	DELIVERY_NMI = 4 << 8,
	DELIVERY_INIT = 5 << 8,
	DELIVERY_STARTUP = 6 << 8,
	ICR_PENDING = 1 << 12,
	ICR_ASSERT = 1 << 14,
	ICR_OTHERS = 3 << 18,
	ID_SHIFT = 24,
	DIVIDE_BY_16 = 3,
	INIT_WAIT_NS = 10 * 1000 * 1000,
	STARTUP_WAIT_NS = 200 * 1000,
};

static volatile uint32_t *regs; /* [I] */
static uint32_t timer_mult;     /* [I] timer counts = ns * timer_mult >> 32 */

/* Firmware may have left the registers to MSRs. The way back leads through "off" (SDM vol. 3A,
 * 11.12.5).
 */
static void leave_x2apic(void)
{
	uint64_t base = cpu_read_msr(MSR_APIC_BASE);

	if (!(base & APIC_BASE_X2))
		return;
	base &= ~(uint64_t)(APIC_BASE_X2 | APIC_BASE_ENABLE);
	cpu_write_msr(MSR_APIC_BASE, base);
	cpu_write_msr(MSR_APIC_BASE, base | APIC_BASE_ENABLE);
}

void lapic_set_registers(volatile uint32_t *registers)
{
	leave_x2apic();
	regs = registers;
}

void lapic_init_cpu(void)
{
	leave_x2apic();
	regs[REG_SPURIOUS] = SPURIOUS_ENABLE | VEC_SPURIOUS;
	regs[REG_LVT_LINT0] = LVT_MASKED;
	regs[REG_LVT_LINT1] = DELIVERY_NMI;
	regs[REG_LVT_ERROR] = LVT_MASKED;
	regs[REG_TIMER_DIVIDE] = DIVIDE_BY_16;
	regs[REG_LVT_TIMER] = VEC_TIMER;
	regs[REG_TPR] = 0;
	lapic_eoi();
}

uint8_t lapic_id(void)
{
	return (uint8_t)(regs[REG_ID] >> ID_SHIFT);
}

void lapic_eoi(void)
{
	regs[REG_EOI] = 0;
}

void lapic_timer_calibrate(void)
{
	uint32_t counted = UINT32_MAX;

	regs[REG_LVT_TIMER] = LVT_MASKED;
	for (int i = 0; i < CALIBRATE_ROUNDS; i++) {
		regs[REG_TIMER_INITIAL] = UINT32_MAX;
		pit_wait(CALIBRATE_NS);
		counted = MIN(counted, UINT32_MAX - regs[REG_TIMER_CURRENT]);
	}
	regs[REG_TIMER_INITIAL] = 0;
	regs[REG_LVT_TIMER] = VEC_TIMER;
	timer_mult = (uint32_t)(((uint64_t)counted << 32) / CALIBRATE_NS);
}

void lapic_timer_start(ktime_t ns)
{
	uint32_t capped = (uint32_t)MIN(ns, (ktime_t)UINT32_MAX);
	uint32_t count = (uint32_t)(((uint64_t)capped * timer_mult) >> 32);

	regs[REG_TIMER_INITIAL] = MAX(count, 1u);
}

static void send(uint32_t high, uint32_t low)
{
	while (regs[REG_ICR_LOW] & ICR_PENDING)
		cpu_pause();
	regs[REG_ICR_HIGH] = high;
	regs[REG_ICR_LOW] = low;
}

void lapic_send_ipi(uint8_t apic_id, uint8_t vector)
{
	send((uint32_t)apic_id << ID_SHIFT, ICR_ASSERT | vector);
}

void lapic_send_nmi_others(void)
{
	send(0, ICR_OTHERS | ICR_ASSERT | DELIVERY_NMI);
}

void lapic_start_cpu(uint8_t apic_id, uint8_t page)
{
	uint32_t to = (uint32_t)apic_id << ID_SHIFT;

	send(to, ICR_ASSERT | DELIVERY_INIT);
	pit_wait(INIT_WAIT_NS);
	for (int i = 0; i < 2; i++) {
		send(to, ICR_ASSERT | DELIVERY_STARTUP | page);
		pit_wait(STARTUP_WAIT_NS);
	}
}
