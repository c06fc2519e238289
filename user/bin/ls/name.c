/* SPDX-License-Identifier: MIT */
/* One name, and what goes with it. */

#include <ctype.h>

#include "ls.h"

enum { EXECUTE_BITS = 0111, INODE_BYTES = 24 };

/* -F: what the file is, in a character; 0 for nothing to add. */
static char indicator(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return '/';
	case S_IFLNK:
		return option.layout == LAYOUT_LENGTHY ? '\0' : '@';
	case S_IFIFO:
		return '|';
	case S_IFSOCK:
		return '=';
	case S_IFREG:
		return mode & EXECUTE_BITS ? '*' : '\0';
	default:
		return '\0';
	}
}

/* Rendition (ECMA-48: SGR); NULL: the usual one. */
static const char *colour(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "1;34";
	case S_IFLNK:
		return "1;36";
	case S_IFIFO:
		return "33";
	case S_IFSOCK:
		return "1;35";
	case S_IFBLK:
	case S_IFCHR:
		return "1;33";
	default:
		return mode & EXECUTE_BITS ? "1;32" : NULL;
	}
}

static size_t inode_text(const struct entry *entry, char text[INODE_BYTES])
{
	if (!option.inode)
		return 0;
	return (size_t)snprintf(text, INODE_BYTES, "%llu ", (unsigned long long)entry->st.st_ino);
}

size_t name_width(const struct entry *entry)
{
	char inode[INODE_BYTES];
	bool marked = option.classify && indicator(entry->st.st_mode);

	return inode_text(entry, inode) + strlen(entry->name) + marked;
}

size_t print_name(const struct entry *entry)
{
	const char *rendition = option.colour ? colour(entry->st.st_mode) : NULL;
	char inode[INODE_BYTES] = "";
	char mark = option.classify ? indicator(entry->st.st_mode) : '\0';

	inode_text(entry, inode);
	fputs(inode, stdout);
	if (rendition)
		printf("\033[%sm", rendition);
	for (const char *at = entry->name; *at; at++)
		putchar(option.printable && iscntrl((unsigned char)*at) ? '?' : *at);
	if (rendition)
		fputs("\033[0m", stdout);
	if (mark)
		putchar(mark);
	return name_width(entry);
}
