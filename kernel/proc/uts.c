/* SPDX-License-Identifier: MIT */
/* The names of the system; the host's can change. Lock: uts_lock (rank OBJECT). */
#include "proc/uts.h"

#include "core/spinlock.h"
#include "lib/errno.h"
#include "lib/string.h"

#include <version.h> /* lint: generated, build/gen */

static struct spinlock uts_lock = SPINLOCK_INIT(LOCK_OBJECT);
static struct abi_utsname uts = {
	/* [uts_lock] */
	.sysname = "Gatehouse",       .nodename = "gatehouse", .release = GATEHOUSE_RELEASE,
	.version = GATEHOUSE_VERSION, .machine = "i686",       .domainname = "(none)",
};

void uts_get(struct abi_utsname *out)
{
	spin_lock(&uts_lock);
	*out = uts;
	spin_unlock(&uts_lock);
}

int uts_set_hostname(const char *name, size_t n)
{
	if (n >= sizeof(uts.nodename))
		return -EINVAL;
	spin_lock(&uts_lock);
	memset(uts.nodename, 0, sizeof(uts.nodename));
	memcpy(uts.nodename, name, n);
	spin_unlock(&uts_lock);
	return 0;
}
