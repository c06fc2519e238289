/* SPDX-License-Identifier: MIT */
/* What ls -l, stat and find say of a file's kind and permissions. */
#ifndef USER_BIN_MODETEXT_H
#define USER_BIN_MODETEXT_H

#include <sys/stat.h>

enum { MODETEXT_BYTES = 11 };

static inline char modetext_type(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return 'd';
	case S_IFLNK:
		return 'l';
	case S_IFCHR:
		return 'c';
	case S_IFBLK:
		return 'b';
	case S_IFIFO:
		return 'p';
	case S_IFSOCK:
		return 's';
	default:
		return '-';
	}
}

/* "drwxr-xr-x", with s and t where set-id and sticky bits show. */
static inline const char *modetext(mode_t mode, char text[MODETEXT_BYTES])
{
	static const char letters[] = "rwxrwxrwx";

	text[0] = modetext_type(mode);
	for (int i = 0; i < 9; i++)
		text[i + 1] = mode & (1U << (8 - i)) ? letters[i] : '-';
	if (mode & S_ISUID)
		text[3] = mode & S_IXUSR ? 's' : 'S';
	if (mode & S_ISGID)
		text[6] = mode & S_IXGRP ? 's' : 'S';
	if (mode & S_ISVTX)
		text[9] = mode & S_IXOTH ? 't' : 'T';
	text[10] = '\0';
	return text;
}

#endif
