/* SPDX-License-Identifier: MIT */
/* What the CPU can do (CPUID, SDM vol. 2A) and switching it on. */
#include "x86/cpu.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "x86/pte.h"

enum {
	LEAF_VENDOR = 0,
	LEAF_FEATURES = 1,
	LEAF_EXTENDED_FEATURES = 7,
};
#define LEAF_EXT_MAX 0x80000000u
#define LEAF_EXT_FEATURES 0x80000001u

enum cpuid_bits {
	EDX1_APIC = 9,
	EDX1_PGE = 13,
	EDX1_FXSR = 24,
	EDX1_SSE2 = 26,
	ECX1_RDRAND = 30,
	EBX7_SMEP = 7,
	EBX7_SMAP = 20,
	ECX7_UMIP = 2,
	EDX_EXT_NX = 20,
};

struct cpu_features cpu_features;
uint64_t pte_nx;
bool page_ops_sse2; /* read by memops.asm */

static bool bit(uint32_t word, unsigned n)
{
	return word >> n & 1;
}

static void read_vendor(uint32_t *max_leaf)
{
	struct cpuid id = cpu_cpuid(LEAF_VENDOR, 0);

	*max_leaf = id.eax;
	memcpy(cpu_features.vendor, &id.ebx, 4);
	memcpy(cpu_features.vendor + 4, &id.edx, 4);
	memcpy(cpu_features.vendor + 8, &id.ecx, 4);
}

static void read_extended(struct cpu_features *f)
{
	/* Some CPUs answer any leaf with the last they know: ask the maximum first. */
	if (cpu_cpuid(LEAF_EXT_MAX, 0).eax >= LEAF_EXT_FEATURES)
		f->nx = bit(cpu_cpuid(LEAF_EXT_FEATURES, 0).edx, EDX_EXT_NX);
}

void cpu_features_init(void)
{
	struct cpu_features *f = &cpu_features;
	uint32_t max_leaf;
	struct cpuid id;

	read_vendor(&max_leaf);
	id = cpu_cpuid(LEAF_FEATURES, 0);
	f->edx1 = id.edx;
	f->apic = bit(id.edx, EDX1_APIC);
	f->pge = bit(id.edx, EDX1_PGE);
	f->sse2 = bit(id.edx, EDX1_SSE2);
	f->rdrand = bit(id.ecx, ECX1_RDRAND);
	if (!bit(id.edx, EDX1_FXSR))
		panic("this CPU has no FXSAVE (a Pentium II or later is needed)");
	if (max_leaf >= LEAF_EXTENDED_FEATURES) {
		id = cpu_cpuid(LEAF_EXTENDED_FEATURES, 0);
		f->smep = bit(id.ebx, EBX7_SMEP);
		f->smap = bit(id.ebx, EBX7_SMAP);
		f->umip = bit(id.ecx, ECX7_UMIP);
	}
	read_extended(f);
}

void cpu_control_init(void)
{
	const struct cpu_features *f = &cpu_features;
	uint32_t cr4 = cpu_read_cr4() | CR4_PSE | CR4_PAE | CR4_OSFXSR;

	if (f->sse2)
		cr4 |= CR4_OSXMMEXCPT;
	if (f->pge)
		cr4 |= CR4_PGE;
	if (f->umip)
		cr4 |= CR4_UMIP;
	if (f->smep)
		cr4 |= CR4_SMEP;
	if (f->smap)
		cr4 |= CR4_SMAP;
	if (f->nx) {
		cpu_write_msr(MSR_EFER, cpu_read_msr(MSR_EFER) | EFER_NXE);
		pte_nx = PTE_NX_BIT;
	}
	cpu_write_cr4(cr4);
	cpu_write_cr0((cpu_read_cr0() | CR0_WP | CR0_NE | CR0_MP) &
		      ~(uint32_t)(CR0_EM | CR0_TS | CR0_CD | CR0_NW));
	page_ops_sse2 = f->sse2;
}

bool cpu_rdrand(uint32_t *out)
{
	bool ok = false;

	if (!cpu_features.rdrand)
		return false;
	/* It may be empty for a moment; Intel's guide says ten tries. */
	for (int i = 0; i < 10 && !ok; i++)
		asm volatile("rdrand %0" : "=r"(*out), "=@ccc"(ok));
	return ok;
}
