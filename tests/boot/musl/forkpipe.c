/* SPDX-License-Identifier: MIT */
/* A program that knows nothing of us: built with another libc, run unmodified. It checks
 * itself and prints one line a step; the test compares them.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void must(int ok, const char *what)
{
	if (ok)
		return;
	printf("%s: %s\n", what, strerror(errno));
	exit(1);
}

static void fork_and_pipe(void)
{
	char text[64] = "";
	int ends[2], status;

	must(pipe(ends) == 0, "pipe");
	pid_t child = fork();
	must(child >= 0, "fork");
	if (child == 0) {
		dup2(ends[1], 1);
		close(ends[0]);
		close(ends[1]);
		execl("/bin/echo", "echo", "from", "a", "child", (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	FILE *reader = fdopen(ends[0], "r");
	must(reader && fgets(text, sizeof(text), reader), "read");
	fclose(reader);
	must(waitpid(child, &status, 0) == child, "waitpid");
	printf("child %d said %s", WEXITSTATUS(status), text);
}

static void die_by_signal(void)
{
	int status;
	pid_t child = fork();

	must(child >= 0, "fork");
	if (child == 0)
		*(volatile int *)8 = 1;
	must(waitpid(child, &status, 0) == child, "waitpid");
	printf("signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

static void use_files(void)
{
	char text[16] = "";
	struct stat st;
	int fd = open("/tmp/musl", O_RDWR | O_CREAT | O_TRUNC, 0640);

	must(fd >= 0, "open");
	must(write(fd, "0123456789", 10) == 10, "write");
	must(pread(fd, text, 4, 3) == 4, "pread");
	must(fstat(fd, &st) == 0, "fstat");
	must(ftruncate(fd, 5) == 0, "ftruncate");
	must(lseek(fd, 0, SEEK_END) == 5, "lseek");
	close(fd);
	must(unlink("/tmp/musl") == 0, "unlink");
	must(open("/tmp/musl", O_RDONLY) == -1 && errno == ENOENT, "ENOENT");
	printf("file %s %lld %o\n", text, (long long)st.st_size, (unsigned)st.st_mode & 07777);
}

static void use_memory(void)
{
	char *pages = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			   0);
	char *block = malloc(300000);

	must(pages != MAP_FAILED && block, "mmap");
	memset(pages, 1, 1 << 20);
	memset(block, 2, 300000);
	must(mprotect(pages, 4096, PROT_READ) == 0, "mprotect");
	must(munmap(pages, 1 << 20) == 0, "munmap");
	free(block);
	puts("memory good");
}

static void use_time(void)
{
	struct timespec before, after, wait = { 0, 20000000 };

	must(clock_gettime(CLOCK_MONOTONIC, &before) == 0, "clock_gettime");
	must(nanosleep(&wait, NULL) == 0, "nanosleep");
	must(clock_gettime(CLOCK_MONOTONIC, &after) == 0, "clock_gettime");
	long long ns = (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec -
		       before.tv_nsec;
	puts(ns >= 20000000 ? "slept" : "slept too short");
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("%s %d %s\n", argv[0], argc, getenv("COLOUR") ? getenv("COLOUR") : "none");
	fork_and_pipe();
	die_by_signal();
	use_files();
	use_memory();
	use_time();
	return 7;
}
