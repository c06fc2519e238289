/* SPDX-License-Identifier: MIT */
/* Pseudo-terminals: man 4 pts, man 3 openpty. */
#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NAME_BYTES = 20 }; /* "/dev/pts/" and a number */

int posix_openpt(int flags)
{
	return open("/dev/ptmx", flags);
}

/* The kernel makes the slave its opener's from the start. */
int grantpt(int master)
{
	int number;

	return ioctl(master, TIOCGPTN, &number);
}

int unlockpt(int master)
{
	int locked = 0;

	return ioctl(master, TIOCSPTLCK, &locked);
}

int ptsname_r(int master, char *name, size_t size)
{
	int number;

	if (ioctl(master, TIOCGPTN, &number) < 0)
		return errno;
	return (size_t)snprintf(name, size, "/dev/pts/%d", number) < size ? 0 : ERANGE;
}

char *ptsname(int master)
{
	static char name[NAME_BYTES];
	int error = ptsname_r(master, name, sizeof(name));

	errno = error;
	return error ? NULL : name;
}

int openpty(int *master, int *slave, char *name, const struct termios *modes,
	    const struct winsize *size)
{
	char path[NAME_BYTES];
	int fd = posix_openpt(O_RDWR | O_NOCTTY), other = -1;

	if (fd < 0)
		return -1;
	if (!unlockpt(fd) && !ptsname_r(fd, path, sizeof(path)))
		other = open(path, O_RDWR | O_NOCTTY);
	if (other < 0) {
		close(fd);
		return -1;
	}
	if (modes)
		tcsetattr(other, TCSANOW, modes);
	if (size)
		ioctl(other, TIOCSWINSZ, size);
	if (name)
		snprintf(name, sizeof(path), "%s", path);
	*master = fd;
	*slave = other;
	return 0;
}

int login_tty(int fd)
{
	setsid();
	if (ioctl(fd, TIOCSCTTY, 0) < 0)
		return -1;
	for (int to = STDIN_FILENO; to <= STDERR_FILENO; to++)
		dup2(fd, to);
	if (fd > STDERR_FILENO)
		close(fd);
	return 0;
}

pid_t forkpty(int *master, char *name, const struct termios *modes, const struct winsize *size)
{
	int slave;
	pid_t pid;

	if (openpty(master, &slave, name, modes, size) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		close(*master);
		if (login_tty(slave) < 0)
			_exit(1);
		return 0;
	}
	close(slave);
	if (pid < 0)
		close(*master);
	return pid;
}
