/* SPDX-License-Identifier: MIT */
/* sysinfo: memory counts are in units of mem_unit bytes. */
#pragma once

#include <abi/types.h>

/* loads[] are fixed-point numbers with this many fraction bits. */
#define ABI_LOAD_SHIFT 16

struct abi_sysinfo {
	int32_t uptime;    /* seconds */
	uint32_t loads[3]; /* over 1, 5 and 15 minutes */
	uint32_t totalram;
	uint32_t freeram;
	uint32_t sharedram;
	uint32_t bufferram;
	uint32_t totalswap;
	uint32_t freeswap;
	uint16_t procs;
	uint16_t pad;
	uint32_t totalhigh;
	uint32_t freehigh;
	uint32_t mem_unit;
	uint8_t spare[8];
};

ABI_SIZE(struct abi_sysinfo, 64);
