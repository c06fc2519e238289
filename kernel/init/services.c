/* SPDX-License-Identifier: MIT */
/* Devices, then -- in a thread, as they sleep -- the root file system, the tests
 * in the kernel if asked for, and the first program.
 */
#include "init/services.h"
#include "block/blkdev.h"
#include "block/ramdisk.h"
#include "core/param.h"
#include "core/time.h"
#include "dev/ata.h"
#include "dev/console.h"
#include "dev/mem.h"
#include "dev/pci.h"
#include "dev/random.h"
#include "dev/rtc.h"
#include "dev/virtio_blk.h"
#include "fs/ext2/ext2.h"
#include "fs/vfs.h"
#include "init/selftest.h"
#include "lib/kprintf.h"
#include "proc/process.h"
#include "proc/procfs.h"
#include "sched/reclaimd.h"
#include "sched/stats.h"
#include "sched/thread.h"
#include "sched/workq.h"

enum { KIB_SHIFT = 10 };

static void start_ramdisk(const struct mem_range *module)
{
	int error;

	if (module->start == module->end)
		return;
	error = ramdisk_init(module->start, (uint32_t)(module->end - module->start));
	if (error)
		kprintf("ram0: the module cannot be used (%d)\n", error);
}

static void list_device(struct blkdev *dev, void *ctx)
{
	(void)ctx;
	kprintf("  /dev/%s  %llu KiB\n", dev->name,
		(unsigned long long)(dev->sectors >> (KIB_SHIFT - SECTOR_SHIFT)));
}

static void start_root(void)
{
	int error = mount_root(params.root);

	if (!error)
		return;
	kprintf("block devices:\n");
	blkdev_for_each(list_device, NULL);
	panic("root file system: cannot mount %s (%d): give root= one of the devices above",
	      params.root, error);
}

static void start_system(void *arg)
{
	(void)arg;
	ata_init(params.ata);
	virtio_blk_init();
	start_root();
	if (params.selftest)
		selftest_run();
	process_start_init(params.init, params.init_args);
}

void services_start(const struct mem_range *module, struct log_sink *early)
{
	time_set_real(rtc_read_seconds() * NSEC_PER_SEC);
	random_init();
	console_init(params.console, early);
	mem_devices_init();
	start_ramdisk(module);
	pci_init();
	vfs_init();
	ext2_init();
	procfs_start();
	sched_load_init();
	if (workq_init() != 0 || reclaimd_start() != 0 || vfs_start_writeback() != 0 ||
	    kthread_start("start", start_system, NULL) != 0)
		panic("no memory for the first threads");
}
