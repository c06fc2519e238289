/* SPDX-License-Identifier: MIT */
/* What exit() runs, when the program has it: weak, so that using neither
 * atexit() nor stdio links neither. */
#pragma once

__attribute__((weak)) void __atexit_run(void);
__attribute__((weak)) void __stdio_exit(void);
