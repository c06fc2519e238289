/* SPDX-License-Identifier: MIT */
/* The tests inside the kernel (tests/kernel), run before init when booted with `selftest`. */
#ifndef INIT_SELFTEST_H
#define INIT_SELFTEST_H

/* Runs them all in the calling thread, which may sleep; prints KTAP. Returns how many failed. All
 * CPUs run, drivers and the file system may or may not be up. */
unsigned selftest_run(void);

#endif
