/* SPDX-License-Identifier: MIT */
/* The processor: single instructions as functions, and what CPUID says. */
#ifndef X86_CPU_H
#define X86_CPU_H

#include "lib/types.h"
#include "x86/sens.h"

enum cr0_bits {
	CR0_MP = 1 << 1,
	CR0_EM = 1 << 2,
	CR0_TS = 1 << 3,
	CR0_NE = 1 << 5,
	CR0_WP = 1 << 16
};
enum { CR0_NW = 1 << 29, CR0_CD = 1 << 30 }; /* no write-through, cache disable: set by reset */
enum cr4_bits {
	CR4_PSE = 1 << 4,
	CR4_PAE = 1 << 5,
	CR4_PGE = 1 << 7,
	CR4_OSFXSR = 1 << 9,
	CR4_OSXMMEXCPT = 1 << 10,
	CR4_UMIP = 1 << 11,
	CR4_SMEP = 1 << 20,
	CR4_SMAP = 1 << 21,
};

enum msr {
	MSR_APIC_BASE = 0x1b,
	MSR_EFER = 0xc0000080,
};

enum { EFER_NXE = 1 << 11, APIC_BASE_ENABLE = 1 << 11, APIC_BASE_X2 = 1 << 10 };

static inline void cpu_cli(void)
{
	asm volatile(SENS("cli")::: "memory");
}

static inline void cpu_sti(void)
{
	asm volatile(SENS("sti")::: "memory");
}

static inline void cpu_halt(void)
{
	asm volatile(SENS("hlt")::: "memory");
}

/* Interrupts on and sleep in one step: sti takes effect after hlt starts, so
 * no interrupt is lost between them. Off again on return.
 */
static inline void cpu_idle(void)
{
	asm volatile(SENS("sti") "\n\t" SENS("hlt") "\n\t" SENS("cli")::: "memory");
}

static inline void cpu_pause(void)
{
	asm volatile("pause" ::: "memory");
}

static inline uint8_t io_inb(uint16_t port)
{
	uint8_t v;

	asm volatile(SENS("inb %1, %0") : "=a"(v) : "Nd"(port));
	return v;
}

static inline void io_outb(uint16_t port, uint8_t v)
{
	asm volatile(SENS("outb %0, %1")::"a"(v), "Nd"(port));
}

static inline uint16_t io_inw(uint16_t port)
{
	uint16_t v;

	asm volatile(SENS("inw %1, %0") : "=a"(v) : "Nd"(port));
	return v;
}

static inline void io_outw(uint16_t port, uint16_t v)
{
	asm volatile(SENS("outw %0, %1")::"a"(v), "Nd"(port));
}

static inline uint32_t io_inl(uint16_t port)
{
	uint32_t v;

	asm volatile(SENS("inl %1, %0") : "=a"(v) : "Nd"(port));
	return v;
}

static inline void io_outl(uint16_t port, uint32_t v)
{
	asm volatile(SENS("outl %0, %1")::"a"(v), "Nd"(port));
}

/* n words from a port to memory and back: one instruction for a whole sector. */
static inline void io_insw(uint16_t port, void *to, uint32_t n)
{
	asm volatile(SENS("rep insw") : "+D"(to), "+c"(n) : "d"(port) : "memory");
}

static inline void io_outsw(uint16_t port, const void *from, uint32_t n)
{
	asm volatile(SENS("rep outsw") : "+S"(from), "+c"(n) : "d"(port) : "memory");
}

static inline uint32_t cpu_read_cr0(void)
{
	uint32_t v;

	asm volatile(SENS("mov %%cr0, %0") : "=r"(v));
	return v;
}

static inline void cpu_write_cr0(uint32_t v)
{
	asm volatile(SENS("mov %0, %%cr0")::"r"(v) : "memory");
}

/* The faulting address of a page fault. */
static inline uint32_t cpu_read_cr2(void)
{
	uint32_t v;

	asm volatile(SENS("mov %%cr2, %0") : "=r"(v));
	return v;
}

static inline void cpu_write_cr2(uint32_t v)
{
	asm volatile(SENS("mov %0, %%cr2")::"r"(v));
}

static inline uint32_t cpu_read_cr3(void)
{
	uint32_t v;

	asm volatile(SENS("mov %%cr3, %0") : "=r"(v));
	return v;
}

/* Loads the page-directory-pointer table; drops non-global TLB entries. */
static inline void cpu_write_cr3(uint32_t v)
{
	asm volatile(SENS("mov %0, %%cr3")::"r"(v) : "memory");
}

static inline uint32_t cpu_read_cr4(void)
{
	uint32_t v;

	asm volatile(SENS("mov %%cr4, %0") : "=r"(v));
	return v;
}

static inline void cpu_write_cr4(uint32_t v)
{
	asm volatile(SENS("mov %0, %%cr4")::"r"(v) : "memory");
}

/* Drops the TLB entry of the page at va, global or not. */
static inline void cpu_invlpg(vaddr_t va)
{
	asm volatile(SENS("invlpg %0")::"m"(*(const char *)va) : "memory");
}

static inline uint64_t cpu_read_msr(uint32_t msr)
{
	uint64_t v;

	asm volatile(SENS("rdmsr") : "=A"(v) : "c"(msr));
	return v;
}

static inline void cpu_write_msr(uint32_t msr, uint64_t v)
{
	asm volatile(SENS("wrmsr")::"A"(v), "c"(msr) : "memory");
}

static inline uint64_t cpu_rdtsc(void)
{
	uint64_t v;

	asm volatile("rdtsc" : "=A"(v));
	return v;
}

/* 32 random bits from the hardware; false: none (no RDRAND, or it failed). */
bool cpu_rdrand(uint32_t *out);

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct cpuid cpu_cpuid(uint32_t leaf, uint32_t sub)
{
	struct cpuid r;

	asm volatile("cpuid"
		     : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
		     : "a"(leaf), "c"(sub));
	return r;
}

/* What this kernel uses of the CPU; [I] after cpu_features_init(). */
struct cpu_features {
	bool nx, smep, smap, umip, pge, sse2, apic, rdrand;
	uint32_t edx1; /* CPUID.1:EDX, AT_HWCAP */
	char vendor[13];
};

extern struct cpu_features cpu_features;

void cpu_features_init(void); /* boot CPU: reads CPUID */
void cpu_control_init(void);  /* each CPU: CR0, CR4, EFER from the features */

#endif
