/* SPDX-License-Identifier: MIT */
/* Files and directories with names nobody has. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#define MARK 6 /* X's to replace */
#define TRIES 100

/* Returns the place of the X's, or NULL with errno set. */
static char *mark_find(char *template)
{
	size_t length = strlen(template);

	if (length < MARK || strcmp(template + length - MARK, "XXXXXX")) {
		errno = EINVAL;
		return NULL;
	}
	return template + length - MARK;
}

static void mark_fill(char *mark)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz012345";
	unsigned char random[MARK];

	getrandom(random, sizeof(random), 0);
	for (int i = 0; i < MARK; i++)
		mark[i] = letters[random[i] % (sizeof(letters) - 1)];
}

int mkstemp(char *template)
{
	char *mark = mark_find(template);
	int fd = -1;

	for (int i = 0; mark && fd < 0 && i < TRIES; i++) {
		mark_fill(mark);
		fd = open(template, O_RDWR | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
		if (fd < 0 && errno != EEXIST)
			break;
	}
	return fd;
}

char *mkdtemp(char *template)
{
	char *mark = mark_find(template);

	for (int i = 0; mark && i < TRIES; i++) {
		mark_fill(mark);
		if (mkdir(template, S_IRWXU) == 0)
			return template;
		if (errno != EEXIST)
			break;
	}
	return NULL;
}
