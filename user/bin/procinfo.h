/* SPDX-License-Identifier: MIT */
/* What /proc says of processes and of the machine, for ps, top, pidof, free, uptime and vmstat. */
#ifndef USER_BIN_PROCINFO_H
#define USER_BIN_PROCINFO_H

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "prog.h"

enum {
	PROCINFO_TEXT = 4096,
	PROCINFO_NAME = 64,
	PROCINFO_TICKS = 100, /* per second: all times of /proc/PID/stat */
	PROCINFO_PAGE_KIB = 4,
};

struct process {
	int pid, parent, group, session, tty, foreground;
	char name[PROCINFO_NAME];
	char state;
	uid_t uid;
	int nice, priority, threads, cpu;
	unsigned long long user, kernel, start; /* ticks */
	unsigned long long size;                /* bytes */
	long resident;                          /* pages */
};

/* A whole file, 0-terminated and cut to size: its length, -1 if it cannot be read. */
static inline ssize_t procinfo_read(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	size_t length = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, text + length, size - 1 - length)) > 0)
		length += (size_t)n;
	close(fd);
	text[length] = '\0';
	return n < 0 ? -1 : (ssize_t)length;
}

/* A file of a process. */
static inline ssize_t procinfo_file(int pid, const char *name, char *text, size_t size)
{
	char path[PROCINFO_NAME];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return procinfo_read(path, text, size);
}

static inline bool procinfo_parse(const char *text, struct process *p)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')');
	int length;

	if (!open || !close)
		return false;
	p->pid = atoi(text);
	length = (int)(close - open - 1);
	snprintf(p->name, sizeof(p->name), "%.*s", length, open + 1);
	return sscanf(close + 1,
		      " %c %d %d %d %d %d %*u %*u %*u %*u %*u %llu %llu %*d %*d %d %d %d %*d "
		      "%llu %llu %ld %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*u %*d %d",
		      &p->state, &p->parent, &p->group, &p->session, &p->tty, &p->foreground,
		      &p->user, &p->kernel, &p->priority, &p->nice, &p->threads, &p->start,
		      &p->size, &p->resident, &p->cpu) == 15;
}

/* False: there is no such process any more. */
static inline bool procinfo_process(int pid, struct process *p)
{
	char text[PROCINFO_TEXT], path[PROCINFO_NAME];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	if (stat(path, &st) < 0 || procinfo_file(pid, "stat", text, sizeof(text)) < 0)
		return false;
	memset(p, 0, sizeof(*p));
	p->uid = st.st_uid;
	return procinfo_parse(text, p);
}

/* All processes, in new memory, in the order of their numbers. */
static inline size_t procinfo_all(struct process **list)
{
	DIR *directory = opendir("/proc");
	size_t count = 0, room = 0;
	struct dirent *entry;

	if (!directory)
		prog_die("/proc");
	*list = NULL;
	while ((entry = readdir(directory)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		if (count == room) {
			room = room ? room * 2 : 64;
			*list = prog_grow(*list, room * sizeof(**list));
		}
		count += procinfo_process(atoi(entry->d_name), &(*list)[count]);
	}
	closedir(directory);
	return count;
}

/* The command line with blanks between the words, or the name in brackets. */
static inline const char *procinfo_args(const struct process *p, char *text, size_t size)
{
	ssize_t length = procinfo_file(p->pid, "cmdline", text, size);

	while (length > 0 && text[length - 1] == '\0')
		length--;
	if (length <= 0) {
		snprintf(text, size, p->state == 'Z' ? "[%s] <defunct>" : "[%s]", p->name);
		return text;
	}
	for (ssize_t i = 0; i < length; i++) {
		if (!isprint((unsigned char)text[i]))
			text[i] = text[i] == '\0' ? ' ' : '?';
	}
	return text;
}

/* The number behind `key` (with its colon or blank) in a file such as /proc/meminfo; 0: none. */
static inline unsigned long long procinfo_field(const char *text, const char *key)
{
	size_t length = strlen(key);

	while (text && strncmp(text, key, length) != 0) {
		text = strchr(text, '\n');
		text += text != NULL;
	}
	return text ? strtoull(text + length, NULL, 10) : 0;
}

/* A file that has to be there. */
static inline void procinfo_need(const char *path, char *text, size_t size)
{
	if (procinfo_read(path, text, size) < 0)
		prog_die(path);
}

/* Hundredths of seconds since the start. */
static inline unsigned long long procinfo_uptime(void)
{
	char text[PROCINFO_NAME];
	unsigned long long seconds = 0, hundredths = 0;

	procinfo_need("/proc/uptime", text, sizeof(text));
	sscanf(text, "%llu.%llu", &seconds, &hundredths);
	return seconds * PROCINFO_TICKS + hundredths;
}

/* "ttyS0", "tty1", "?" of a device number. */
static inline const char *procinfo_tty(int device, char text[PROCINFO_NAME])
{
	enum { TTY_MAJOR = 4, SERIAL = 64, PTS_MAJOR = 136 };
	unsigned type = major((dev_t)device), number = minor((dev_t)device);

	if (device == 0)
		return strcpy(text, "?");
	if (type == TTY_MAJOR && number >= SERIAL)
		snprintf(text, PROCINFO_NAME, "ttyS%u", number - SERIAL);
	else if (type == TTY_MAJOR)
		snprintf(text, PROCINFO_NAME, "tty%u", number);
	else if (type == PTS_MAJOR)
		snprintf(text, PROCINFO_NAME, "pts/%u", number);
	else
		snprintf(text, PROCINFO_NAME, "%u:%u", type, number);
	return text;
}

#endif
