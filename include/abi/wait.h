/* SPDX-License-Identifier: MIT */
/* wait4: options, and the status word.
 *
 *   exited       status << 8
 *   killed       signal, plus WCOREFLAG when a core was written
 *   stopped      signal << 8 | 0x7f
 *   continued    0xffff */
#pragma once

#define WNOHANG 1
#define WUNTRACED 2
#define WSTOPPED WUNTRACED
#define WEXITED 4
#define WCONTINUED 8
#define WNOWAIT 0x01000000
#define ABI_WNOTHREAD 0x20000000
#define ABI_WALL 0x40000000
#define ABI_WCLONE 0x80000000

/* waitid: what its number names */
#ifndef P_ALL
#define P_ALL 0
#define P_PID 1
#define P_PGID 2
#endif

#define WCOREFLAG 0x80
#define ABI_WAIT_STOPPED 0x7f
#define ABI_WAIT_CONTINUED 0xffff

#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WTERMSIG(status) ((status)&0x7f)
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WIFEXITED(status) (WTERMSIG(status) == 0)
#define WIFSIGNALED(status) (WTERMSIG(status) != 0 && WTERMSIG(status) != ABI_WAIT_STOPPED)
#define WIFSTOPPED(status) (((status)&0xff) == ABI_WAIT_STOPPED)
#define WIFCONTINUED(status) ((status) == ABI_WAIT_CONTINUED)
#define WCOREDUMP(status) ((status)&WCOREFLAG)
