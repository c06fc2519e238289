/* SPDX-License-Identifier: MIT */
/* uname. */
#pragma once

#include <abi/types.h>

#define ABI_UTSNAME_LENGTH 65

struct abi_utsname {
	char sysname[ABI_UTSNAME_LENGTH];
	char nodename[ABI_UTSNAME_LENGTH];
	char release[ABI_UTSNAME_LENGTH];
	char version[ABI_UTSNAME_LENGTH];
	char machine[ABI_UTSNAME_LENGTH];
	char domainname[ABI_UTSNAME_LENGTH];
};

ABI_SIZE(struct abi_utsname, 390);
