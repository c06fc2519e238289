/* SPDX-License-Identifier: MIT */
/* The operations that bench measures: each does it `iterations` times and returns the ticks for
 * one, setting up left out. What cannot be done ends the program. */
#ifndef USER_BIN_BENCH_BENCH_H
#define USER_BIN_BENCH_BENCH_H

#include <sched.h>
#include <stdint.h>

extern char *bench_child; /* what fork-exec-wait runs */

/* main.c: says what failed, with errno's text, and ends the program. */
_Noreturn void bench_die(const char *what);

/* system.c */
uint64_t run_getpid(unsigned int iterations);
uint64_t run_pingpong(unsigned int iterations);
uint64_t run_futex(unsigned int iterations);
uint64_t run_mutex(unsigned int iterations);
uint64_t run_pingpong_between(const cpu_set_t *near, const cpu_set_t *far,
			      unsigned int iterations); /* NULL: wherever */
uint64_t run_fork(unsigned int iterations);
uint64_t run_exec(unsigned int iterations);
uint64_t run_signal(unsigned int iterations);
uint64_t run_pipe_kib(unsigned int iterations);
uint64_t run_touch(unsigned int iterations);
uint64_t run_fork_big(unsigned int iterations);
uint64_t run_fork_big_touch(unsigned int iterations);
uint64_t run_map_touch_unmap(unsigned int iterations);
uint64_t run_protect_pair(unsigned int iterations);

/* crowd.c: ping-pong beside many that sleep, and between processors */
uint64_t run_pingpong_beside_50(unsigned int iterations);
uint64_t run_pingpong_beside_2000(unsigned int iterations);
uint64_t run_pingpong_far(unsigned int iterations);

/* files.c */
uint64_t run_read(unsigned int iterations);
uint64_t run_write(unsigned int iterations);
uint64_t run_open_close(unsigned int iterations);
uint64_t run_create_unlink(unsigned int iterations);
uint64_t run_stat(unsigned int iterations);

/* disk.c: prints what a file of so many MiB (0: its own number) costs to write and to read. */
void bench_disk(unsigned int mib);

#endif
