/* SPDX-License-Identifier: MIT */
/* What the system is and has. */
#include <string.h>
#include <sys/klog.h>
#include <sys/random.h>
#include <sys/reboot.h>
#include <sys/statfs.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <abi/reboot.h>

#include "stubs.h"

int uname(struct utsname *to)
{
	return sys_result(sys_uname(to));
}

int gethostname(char *to, size_t size)
{
	struct utsname name;
	size_t length;

	if (uname(&name))
		return -1;
	length = strlen(name.nodename);
	if (length >= size)
		return __set_errno(ENAMETOOLONG);
	memcpy(to, name.nodename, length + 1);
	return 0;
}

int sethostname(const char *name, size_t length)
{
	return sys_result(sys_sethostname(name, (int32_t)length));
}

int sysinfo(struct sysinfo *to)
{
	return sys_result(sys_sysinfo(to));
}

int statfs(const char *path, struct statfs *to)
{
	return sys_result(sys_statfs64(path, sizeof(*to), to));
}

int fstatfs(int fd, struct statfs *to)
{
	return sys_result(sys_fstatfs64(fd, sizeof(*to), to));
}

ssize_t getrandom(void *to, size_t count, unsigned int flags)
{
	return sys_result(sys_getrandom(to, count, flags));
}

int reboot(int command)
{
	return sys_result(sys_reboot(LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, command, 0));
}

int klogctl(int type, char *buffer, int size)
{
	return sys_result(sys_syslog(type, buffer, size));
}
