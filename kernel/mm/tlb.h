/* SPDX-License-Identifier: MIT */
/* Keeping the CPUs' TLBs true to the page tables (pagetable_flush is in
 * mm/pagetable.h).
 */
#ifndef MM_TLB_H
#define MM_TLB_H

/* Handler of VEC_SHOOTDOWN; irqs off. */
void tlb_shootdown_irq(void);

/* Drops all user translations on every CPU. Not under a spinlock: waits. */
void tlb_flush_users(void);

/* Drops all translations on every CPU, the kernel's own included: something above the
 * direct map was unmapped. Not under a spinlock: waits.
 */
void tlb_flush_kernel(void);

#endif
