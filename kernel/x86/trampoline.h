/* SPDX-License-Identifier: MIT */
/* ap_start.asm: bytes to copy to AP_TRAMPOLINE. */
#ifndef X86_TRAMPOLINE_H
#define X86_TRAMPOLINE_H

extern const char ap_trampoline[], ap_trampoline_end[];

#endif
