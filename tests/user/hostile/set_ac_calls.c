/* SPDX-License-Identifier: MIT */
/* Makes system calls with AC set, which would open the kernel's SMAP. Linux: exit status 0. */

#include "hostile.h"

#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { ODD = 1, BYTES = 5 };

/* One system call with AC set before and cleared after it; the raw result. No memory of ours is
 * touched in between, as that might be unaligned. */
static long call(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("pushfl\n\t"
			 "orl %5, (%%esp)\n\t"
			 "popfl\n\t"
			 "int $0x80\n\t"
			 "pushfl\n\t"
			 "andl %6, (%%esp)\n\t"
			 "popfl"
			 : "=a"(result)
			 : "0"(number), "b"(a), "c"(b), "d"(c), "i"(EFLAGS_AC), "i"(~EFLAGS_AC)
			 : "cc", "memory");
	return result;
}

int main(void)
{
	static char out[8] = "-hello";
	static char in[8];
	int status;
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		return 1;
	if (call(SYS_write, ends[1], (long)(out + ODD), BYTES) != BYTES)
		return survived("set_ac_calls: write");
	if (call(SYS_read, ends[0], (long)(in + ODD), BYTES) != BYTES || in[BYTES] != 'o')
		return survived("set_ac_calls: read");
	if (call(SYS_write, ends[1], KERNEL_ADDRESS, 1) != -EFAULT)
		return survived("set_ac_calls: write from the kernel");
	if (call(SYS_read, ends[0], KERNEL_ADDRESS, 0) != 0)
		return survived("set_ac_calls: read of nothing");
	pid = (pid_t)call(SYS_fork, 0, 0, 0);
	if (pid == 0)
		_exit(BYTES);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return survived("set_ac_calls: fork");
	return WEXITSTATUS(status) == BYTES ? 0 : survived("set_ac_calls: child");
}
