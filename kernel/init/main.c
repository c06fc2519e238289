/* SPDX-License-Identifier: MIT */
/* The order of start-up. Everything up to the first program happens in the boot
 * thread, which then becomes CPU 0's idle thread.
 */
#include "core/irq.h"
#include "core/log.h"
#include "core/param.h"
#include "core/percpu.h"
#include "core/time.h"
#include "core/timer.h"
#include "init/cpus.h"
#include "init/main.h"
#include "init/multiboot.h"
#include "init/services.h"
#include "lib/kprintf.h"
#include "mm/kmap.h"
#include "mm/page.h"
#include "sched/boot_thread.h"
#include "sched/dispatch.h"
#include "x86/boot_tables.h"
#include "x86/cpu.h"
#include "x86/early_serial.h"
#include "x86/idt.h"
#include "x86/patch.h"

enum { KIB = 1024, MIB_SHIFT = 20 };

static struct boot_info boot_info; /* [I] after multiboot_read */

static struct log_sink early_sink = { .write = early_serial_write };

static void start_log(void)
{
	early_serial_init();
	log_add_sink(&early_sink, false);
	kprintf("Gatehouse\n");
}

static void start_processor(void)
{
	cpu_features_init();
	patch_smap_sites();
	cpu_control_init();
	idt_init();
	cpu_init_tables(&cpus[0], &boot_thread);
	kprintf("cpu: %s%s%s%s%s%s%s\n", cpu_features.vendor, cpu_features.nx ? " nx" : "",
		cpu_features.smep ? " smep" : "", cpu_features.smap ? " smap" : "",
		cpu_features.umip ? " umip" : "", cpu_features.pge ? " pge" : "",
		cpu_features.apic ? " apic" : "");
	if (!cpu_features.nx)
		kprintf("cpu: no NX: data pages can be executed\n");
}

static void start_memory(void)
{
	struct page_stats stats;

	page_init(boot_info.range, boot_info.nranges, virt_to_paddr(__image_end));
	pagetable_protect_kernel(boot_info.ram_end);
	page_stats(&stats);
	kprintf("memory: %u MiB, %u KiB free\n", (unsigned)(boot_info.total >> MIB_SHIFT),
		stats.free * (PAGE_SIZE / KIB));
	if (boot_info.above)
		kprintf("memory: %u MiB above the direct map are not used\n",
			(unsigned)(boot_info.above >> MIB_SHIFT));
}

void kmain(uint32_t magic, uint32_t info_paddr)
{
	start_log();
	if (!multiboot_read(magic, info_paddr, &boot_info))
		panic("not loaded by a Multiboot 1 loader (magic %x)", magic);
	param_parse(boot_info.cmdline);
	start_processor();
	start_memory();
	threads_init();
	time_init();
	cpus_find(params.noapic);
	sched_init(params.sched);
	timers_init();
	sched_init_cpu(&cpus[0], &boot_thread);
	cpus[0].online = true;
	irq_enable();
	cpus_start_others();
	services_start(&boot_info.module, &early_sink);
	sched_idle();
}
