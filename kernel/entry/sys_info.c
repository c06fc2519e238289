/* SPDX-License-Identifier: MIT */
/* System calls: about the machine and the kernel. */
#include <abi/klog.h>
#include <abi/random.h>
#include <abi/reboot.h>
#include <abi/sysinfo.h>
#include <abi/utsname.h>

#include "block/bcache.h"
#include "core/log.h"
#include "core/time.h"
#include "dev/console.h"
#include "dev/random.h"
#include "entry/decode.h"
#include "fs/vfs.h"
#include "lib/div64.h"
#include "lib/kprintf.h"
#include "lib/string.h"
#include "mm/page.h"
#include "proc/uts.h"
#include "sched/stats.h"
#include "x86/machine.h"

enum { CHUNK = 256 }; /* what is copied to a program through the stack at a time */

SYSCALL_ABI int32_t sys_uname(uaddr_t name)
{
	struct abi_utsname uts;

	uts_get(&uts);
	return copy_to_user(name, &uts, sizeof(uts));
}

SYSCALL_ABI int32_t sys_sethostname(uaddr_t name, int32_t length)
{
	char text[sizeof(((struct abi_utsname *)0)->nodename)];
	int err;

	if (current_cred()->euid != 0)
		return -EPERM;
	if (length < 0 || (size_t)length >= sizeof(text))
		return -EINVAL;
	err = copy_from_user(text, name, (size_t)length);
	return err ? err : uts_set_hostname(text, (size_t)length);
}

SYSCALL_ABI int32_t sys_sysinfo(uaddr_t info)
{
	struct abi_sysinfo out;
	struct page_stats pages;
	struct bcache_stats buffers;
	uint32_t load[ARRAY_SIZE(out.loads)];

	page_stats(&pages);
	bcache_stats(&buffers);
	sched_load(load);
	memset(&out, 0, sizeof(out));
	for (unsigned i = 0; i < ARRAY_SIZE(load); i++)
		out.loads[i] = load[i] << (ABI_LOAD_SHIFT - LOAD_SHIFT);
	out.bufferram = buffers.bytes;
	out.uptime = (int32_t)div_u64((uint64_t)ktime_now(), NSEC_PER_SEC, NULL);
	out.totalram = pages.total * PAGE_SIZE;
	out.freeram = pages.free * PAGE_SIZE;
	out.procs = (uint16_t)process_count();
	out.mem_unit = 1;
	return copy_to_user(info, &out, sizeof(out));
}

SYSCALL_ABI int32_t sys_getrandom(uaddr_t buf, uint32_t count, uint32_t flags)
{
	uint8_t chunk[CHUNK];
	struct uio u;
	int err = 0;

	if (flags & ~(uint32_t)(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	if ((flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	count = MIN(count, (uint32_t)INT32_MAX);
	uio_user(&u, buf, count);
	while (u.resid > 0 && !err) {
		uint32_t n = MIN(u.resid, (uint32_t)CHUNK);

		random_bytes(chunk, n);
		err = uio_write(&u, chunk, n);
		if (thread_has_work(current, EXIT_SIGNAL))
			break; /* as Linux: a signal ends a long call early */
		sched_point();
	}
	return u.resid < count ? (int32_t)(count - u.resid) : err;
}

/* The last `count` bytes of the kernel log. */
static int32_t log_to_user(uaddr_t buf, uint32_t count)
{
	char chunk[CHUNK];
	size_t size = log_size(), off = size > count ? size - count : 0;
	uint32_t done = 0;
	size_t n;

	while (done < count) {
		n = log_read(chunk, off + done, MIN(count - done, (uint32_t)CHUNK));
		if (!n)
			break;
		if (copy_to_user(buf + done, chunk, n))
			return -EFAULT;
		done += n;
	}
	return (int32_t)done;
}

SYSCALL_ABI int32_t sys_syslog(int32_t type, uaddr_t buf, int32_t count)
{
	if (type < SYSLOG_ACTION_CLOSE || type > SYSLOG_ACTION_SIZE_BUFFER)
		return -EINVAL;
	if (type == SYSLOG_ACTION_SIZE_BUFFER)
		return (int32_t)log_size();
	if (type != SYSLOG_ACTION_READ_ALL && current_cred()->euid != 0)
		return -EPERM;
	if (type != SYSLOG_ACTION_READ_ALL && type != SYSLOG_ACTION_READ_CLEAR)
		return 0; /* the log has no reader's position and one level */
	if (!buf || count < 0)
		return -EINVAL;
	return log_to_user(buf, (uint32_t)count);
}

/* Everything to the disks before the machine ends. */
static void reboot_prepare(const char *what)
{
	int err = vfs_shutdown();

	if (err)
		kprintf("reboot: some data could not be written (error %d)\n", -err);
	kprintf("reboot: %s\n", what);
	console_flush();
}

static bool reboot_magic(uint32_t magic1, uint32_t magic2)
{
	return magic1 == LINUX_REBOOT_MAGIC1 &&
	       (magic2 == LINUX_REBOOT_MAGIC2 || magic2 == LINUX_REBOOT_MAGIC2A ||
		magic2 == LINUX_REBOOT_MAGIC2B || magic2 == LINUX_REBOOT_MAGIC2C);
}

SYSCALL_ABI int32_t sys_reboot(uint32_t magic1, uint32_t magic2, uint32_t cmd, uaddr_t arg)
{
	(void)arg;
	if (current_cred()->euid != 0)
		return -EPERM;
	if (!reboot_magic(magic1, magic2))
		return -EINVAL;
	switch (cmd) {
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0;
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_RESTART2:
		reboot_prepare("restarting");
		machine_reset();
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		reboot_prepare("power off");
		machine_poweroff();
	default:
		return -EINVAL;
	}
}
