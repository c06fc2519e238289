/* SPDX-License-Identifier: MIT */
/* personality: asking without changing, and the one we are. */
#pragma once

#define ABI_PERSONALITY_QUERY 0xffffffffU
#define PER_LINUX 0x0000
#define PER_LINUX32 0x0008
#define ADDR_NO_RANDOMIZE 0x0040000
