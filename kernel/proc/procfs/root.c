/* SPDX-License-Identifier: MIT */
/* The tree of /proc (man 5 proc). What a file says is the function beside its name. */
#include "fs/lock.h"
#include "fs/mount.h"
#include "lib/string.h"
#include "proc/procfs.h"
#include "proc/procfs/internal.h"

#define FILE_OF(name_, show_) \
	{ \
		.name = (name_), .mode = S_IFREG | 0444, .show_of = (show_) \
	}
/* Only for those whom subject_permit lets pass. */
#define PRIVATE_OF(name_, mode_, show_) \
	{ \
		.name = (name_), .mode = S_IFREG | (mode_), .show_of = (show_), \
		.permit = subject_permit \
	}
/* A link to a file itself: its text is for people only. */
#define TARGET_OF(name_, readlink_, follow_) \
	{ \
		.name = (name_), .mode = S_IFLNK | 0777, .readlink = (readlink_), \
		.follow = (follow_), .permit = subject_permit \
	}
#define LINK(name_, readlink_) \
	{ \
		.name = (name_), .mode = S_IFLNK | 0777, .readlink = (readlink_) \
	}

/* What a process and each of its threads have. */
#define THREAD_ENTRIES \
	FILE_OF("cmdline", show_cmdline), FILE_OF("comm", show_comm), \
		TARGET_OF("cwd", read_cwd, subject_cwd), \
		PRIVATE_OF("environ", 0400, show_environ), \
		TARGET_OF("exe", read_exe, subject_program), \
		{ .name = "fd", .mode = S_IFDIR | 0500, .numbers = &procfs_descriptors }, \
		FILE_OF("limits", show_limits), PRIVATE_OF("maps", 0444, show_maps), \
		PROCFS_FILE("mounts", mount_show_all), FILE_OF("oom_score", show_oom_score), \
		{ .name = "oom_score_adj", \
		  .mode = S_IFREG | 0644, \
		  .show_of = show_oom_score_adj, \
		  .store_of = store_oom_score_adj }, \
		PRIVATE_OF("pagetable", 0400, show_pagetable), \
		TARGET_OF("root", read_root, subject_root), PRIVATE_OF("smaps", 0444, show_smaps), \
		PRIVATE_OF("smaps_rollup", 0444, show_smaps_rollup), FILE_OF("stat", show_stat), \
		FILE_OF("statm", show_statm), FILE_OF("status", show_status)

/* In a debug kernel; else the table ends here. */
#define FAIL_NTH_ENTRY \
	{ \
		.name = CONFIG_DEBUG ? "fail-nth" : NULL, .mode = S_IFREG | 0600, \
		.show_of = show_fail_nth, .store_of = store_fail_nth \
	}

static const struct procfs_entry thread_entries[] = { THREAD_ENTRIES, FAIL_NTH_ENTRY, {} };
static const struct procfs_entry process_entries[] = {
	THREAD_ENTRIES,
	{ .name = "task", .mode = S_IFDIR | 0555, .numbers = &procfs_threads },
	FAIL_NTH_ENTRY,
	{},
};

const struct procfs_entry procfs_thread_entry = PROCFS_DIR("thread", thread_entries);
const struct procfs_entry procfs_process_entry = PROCFS_DIR("process", process_entries);
const struct procfs_entry procfs_descriptor_entry = TARGET_OF("descriptor", read_fd, follow_fd);

static int read_mounts(const struct procfs_subject *of, char *buf, unsigned size)
{
	static const char path[] = "self/mounts";
	unsigned n = MIN(size, (unsigned)sizeof(path) - 1);

	(void)of;
	memcpy(buf, path, n);
	return (int)n;
}

static const struct procfs_entry root_entries[] = {
	PROCFS_FILE("buddyinfo", show_buddyinfo),
	PROCFS_FILE("cmdline", show_boot_cmdline),
	PROCFS_FILE("cpuinfo", show_cpuinfo),
	PROCFS_FILE("devices", show_devices),
	PROCFS_FILE("diskstats", show_diskstats),
	PROCFS_FILE("filesystems", mount_show_types),
	PROCFS_FILE("interrupts", show_interrupts),
	{ .name = "kmsg", .mode = S_IFREG | 0400, .show = show_log },
	PROCFS_FILE("loadavg", show_loadavg),
	PROCFS_FILE("locks", lock_show_all),
	PROCFS_FILE("meminfo", show_meminfo),
	LINK("mounts", read_mounts),
	PROCFS_FILE("partitions", show_partitions),
	PROCFS_FILE("sched", show_sched),
	PROCFS_FILE("schedstat", show_schedstat),
	LINK("self", read_self),
	{ .name = "slabinfo", .mode = S_IFREG | 0400, .show = show_slabinfo },
	PROCFS_FILE("stat", show_cpu_times),
	PROCFS_DIR("sys", procfs_sys_entries),
	LINK("thread-self", read_thread_self),
	PROCFS_FILE("uptime", show_uptime),
	PROCFS_FILE("version", show_version),
	PROCFS_FILE("vmstat", show_vmstat),
	PROCFS_FILE("zoneinfo", show_zoneinfo),
	{},
};

static const struct procfs_entry root = {
	.name = "/",
	.mode = S_IFDIR | 0555,
	.children = root_entries,
	.numbers = &procfs_processes,
};

void procfs_start(void)
{
	procfs_init(&root, subject_is_alive);
}
