/* SPDX-License-Identifier: MIT */
/* Resource usage: from the kernel's 32-bit struct to ours. */
#pragma once

struct abi_rusage;
struct rusage;

void __rusage_convert(struct rusage *to, const struct abi_rusage *from);
