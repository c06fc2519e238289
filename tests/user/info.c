/* SPDX-License-Identifier: MIT */
/* What the system tells: names, memory, limits, usage, random bytes, its log;
 * and that it is not stopped by mistake. */
#define _GNU_SOURCE
#include "ktap.h"

#include <abi/resource.h>
#include <abi/sysinfo.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <termios.h>

static void uname_names_the_system(void)
{
	struct utsname name;

	EXPECT_OK(uname(&name));
	EXPECT(!strcmp(name.sysname, "Gatehouse") || !strcmp(name.sysname, "Linux"));
	EXPECT(name.nodename[0] != '\0');
	EXPECT(name.version[0] != '\0');
	EXPECT(name.release[0] >= '3'); /* C libraries refuse older ones */
	EXPECT(strstr("i386 i486 i586 i686 x86_64", name.machine) != NULL);
}

static void sysinfo_adds_up(void)
{
	struct sysinfo info;

	EXPECT_OK(sysinfo(&info));
	EXPECT(info.mem_unit >= 1);
	EXPECT(info.totalram > 0);
	EXPECT(info.freeram > 0 && info.freeram <= info.totalram);
	EXPECT(info.uptime >= 0);
	EXPECT(info.procs >= 1);
}

static void stack_and_file_limits_are_given(void)
{
	struct rlimit limit;

	EXPECT_OK(getrlimit(RLIMIT_STACK, &limit));
	EXPECT(limit.rlim_cur >= 1 << 20);
	EXPECT_OK(getrlimit(RLIMIT_NOFILE, &limit));
	EXPECT(limit.rlim_cur >= 64);
	EXPECT(limit.rlim_cur <= limit.rlim_max);
}

static void all_limit_calls_agree(void)
{
	struct abi_rlimit32 old, new;
	struct abi_rlimit64 wide;

	EXPECT_OK(syscall(SYS_getrlimit, RLIMIT_NOFILE, &old));
	EXPECT_OK(syscall(SYS_ugetrlimit, RLIMIT_NOFILE, &new));
	EXPECT_OK(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &wide));
	EXPECT_EQ(old.rlim_cur, new.rlim_cur);
	EXPECT_EQ(new.rlim_cur, wide.rlim_cur);
	EXPECT_OK(syscall(SYS_setrlimit, RLIMIT_NOFILE, &new));
	EXPECT_ERR(syscall(SYS_getrlimit, 16, &old), EINVAL);
	EXPECT_ERR(syscall(SYS_ugetrlimit, 99, &old), EINVAL);
	EXPECT_ERR(syscall(SYS_prlimit64, 0, 99, NULL, &wide), EINVAL);
	EXPECT_ERR(syscall(SYS_prlimit64, 0x3fffff, RLIMIT_NOFILE, NULL, &wide), ESRCH);
}

static void no_limit_is_spelled_as_each_width_spells_it(void)
{
	struct abi_rlimit32 narrow;
	struct abi_rlimit64 wide;

	EXPECT_OK(syscall(SYS_prlimit64, 0, RLIMIT_AS, NULL, &wide));
	if (wide.rlim_cur != ABI_RLIM64_INFINITY)
		SKIP("there is a limit");
	EXPECT_OK(syscall(SYS_ugetrlimit, RLIMIT_AS, &narrow));
	EXPECT_EQ(narrow.rlim_cur, ABI_RLIM32_INFINITY);
	EXPECT_OK(syscall(SYS_getrlimit, RLIMIT_AS, &narrow));
	EXPECT_EQ(narrow.rlim_cur, ABI_RLIM32_OLD_INFINITY);
}

static void lower_the_file_limit(void)
{
	struct rlimit limit = { 10, 10 };

	EXPECT_OK(setrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_ERR(dup2(0, 10), EBADF);
	EXPECT_EQ(dup2(0, 9), 9);
	while (dup(0) >= 0)
		;
	EXPECT_EQ(errno, EMFILE);
	limit.rlim_cur = 11;
	EXPECT_ERR(setrlimit(RLIMIT_NOFILE, &limit), EINVAL); /* above its own maximum */
}

static void the_limit_of_open_files_holds(void)
{
	EXPECT_EXIT(ktap_child(lower_the_file_limit), 0);
}

static void usage_grows_with_work(void)
{
	struct rusage before, after;

	EXPECT_OK(getrusage(RUSAGE_SELF, &before));
	for (int i = 0; i < 2000; i++)
		getppid();
	EXPECT_OK(getrusage(RUSAGE_SELF, &after));
	EXPECT(after.ru_utime.tv_sec >= before.ru_utime.tv_sec);
	EXPECT(after.ru_utime.tv_usec >= 0 && after.ru_utime.tv_usec < 1000000);
	EXPECT_OK(getrusage(RUSAGE_CHILDREN, &after));
	EXPECT_ERR(getrusage(2, &after), EINVAL);
}

static void times_counts_ticks(void)
{
	struct tms used;
	clock_t start = times(&used), now = start;

	EXPECT(used.tms_utime >= 0 && used.tms_stime >= 0);
	EXPECT_EQ(used.tms_cutime >= 0, 1);
	while (now - start < 2) /* moves by itself, a hundred times a second */
		now = times(NULL);
	EXPECT(now - start < 1000);
}

static void getrandom_fills_the_buffer(void)
{
	unsigned char a[64] = { 0 }, b[64] = { 0 };

	EXPECT_EQ(getrandom(a, sizeof(a), 0), sizeof(a));
	EXPECT_EQ(getrandom(b, sizeof(b), GRND_NONBLOCK), sizeof(b));
	EXPECT(memcmp(a, b, sizeof(a)) != 0);
	EXPECT_EQ(getrandom(a, 0, 0), 0);
	EXPECT_ERR(getrandom(a, 1, 0x80), EINVAL);
}

static void the_log_can_be_asked_for_its_size(void)
{
	long size = syscall(SYS_syslog, 10, NULL, 0);

	if (size < 0) {
		EXPECT_EQ(errno, EPERM);
		SKIP("not allowed to see the log");
	}
	EXPECT(size > 0);
	EXPECT_ERR(klogctl(99, NULL, 0), EINVAL);
	EXPECT_ERR(klogctl(3, NULL, 10), EINVAL);
}

static void the_log_can_be_read(void)
{
	static char text[8192];
	int count = klogctl(3, text, sizeof(text));

	if (count < 0)
		SKIP("not allowed to see the log");
	EXPECT(count > 0 && count <= (int)sizeof(text));
	EXPECT(memchr(text, '\n', count) != NULL);
}

/* Never with the right numbers: as root, on a real machine, that would be it. */
static void reboot_wants_its_magic_numbers(void)
{
	int wanted = geteuid() == 0 ? EINVAL : EPERM;

	EXPECT_ERR(syscall(SYS_reboot, 1, 2, 0x1234567, 0), wanted);
	EXPECT_ERR(syscall(SYS_reboot, 0xfee1dead, 1, 0x1234567, 0), wanted);
	EXPECT_ERR(syscall(SYS_reboot, 0xfee1dead, 672274793, 0x7777, 0), wanted);
}

static void ioctl_on_what_is_no_terminal_gives_enotty(void)
{
	struct winsize size;
	struct termios t;
	int fd = open("file", O_RDWR | O_CREAT, 0600), fds[2];

	EXPECT_ERR(ioctl(fd, TIOCGWINSZ, &size), ENOTTY);
	EXPECT_ERR(ioctl(fd, TCGETS, &t), ENOTTY);
	EXPECT_OK(pipe(fds));
	EXPECT_ERR(ioctl(fds[0], TCGETS, &t), ENOTTY);
	close(fds[0]);
	close(fds[1]);
	close(fd);
	EXPECT_ERR(ioctl(fd, TCGETS, &t), EBADF);
	EXPECT(!isatty(fd));
	unlink("file");
}

static void ioctl_sets_close_on_exec_and_non_blocking(void)
{
	int fds[2], on = 1;
	char c;

	EXPECT_OK(pipe(fds));
	EXPECT_OK(ioctl(fds[0], FIOCLEX, 0));
	EXPECT_EQ(fcntl(fds[0], F_GETFD), FD_CLOEXEC);
	EXPECT_OK(ioctl(fds[0], FIONCLEX, 0));
	EXPECT_EQ(fcntl(fds[0], F_GETFD), 0);
	EXPECT_OK(ioctl(fds[0], FIONBIO, &on));
	EXPECT_ERR(read(fds[0], &c, 1), EAGAIN);
	close(fds[0]);
	close(fds[1]);
}

static void an_unknown_number_gives_enosys(void)
{
	EXPECT_ERR(syscall(17), ENOSYS); /* break, of old */
	EXPECT_ERR(syscall(9999), ENOSYS);
	EXPECT_ERR(syscall(-1), ENOSYS);
	EXPECT_ERR(syscall(0x7fffffff), ENOSYS);
}

static const struct ktap_test tests[] = {
	KTAP(uname_names_the_system),
	KTAP(sysinfo_adds_up),
	KTAP(stack_and_file_limits_are_given),
	KTAP(all_limit_calls_agree),
	KTAP(no_limit_is_spelled_as_each_width_spells_it),
	KTAP(the_limit_of_open_files_holds),
	KTAP(usage_grows_with_work),
	KTAP(times_counts_ticks),
	KTAP(getrandom_fills_the_buffer),
	KTAP(the_log_can_be_asked_for_its_size),
	KTAP(the_log_can_be_read),
	KTAP(reboot_wants_its_magic_numbers),
	KTAP(ioctl_on_what_is_no_terminal_gives_enotty),
	KTAP(ioctl_sets_close_on_exec_and_non_blocking),
	KTAP(an_unknown_number_gives_enosys),
};

KTAP_MAIN(tests)
