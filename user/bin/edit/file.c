/* SPDX-License-Identifier: MIT */
/* Reading and saving. A file is saved under another name first, and takes the old one's place when
 * it is on the disk as a whole: whatever goes wrong, one of them is there. */

#include <fcntl.h>

#include "../path.h"
#include "edit.h"

enum { MODE_BITS = 07777, NEW_FILE_MODE = 0666 };

static bool add_lines(struct text *text, const char *bytes, size_t length)
{
	const char *end = bytes + length;

	for (;;) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		const char *stop = newline ? newline : end;

		if (!text_insert_line(text, text->count, bytes, (size_t)(stop - bytes)))
			return false;
		if (!newline)
			return true;
		bytes = newline + 1;
	}
}

/* All bytes of the file in new memory; NULL with errno. */
static char *read_all(int fd, size_t *length)
{
	size_t room = PROG_IO_BYTES;
	char *bytes = malloc(room);
	ssize_t count = 1;

	for (*length = 0; bytes && count > 0; *length += count > 0 ? (size_t)count : 0) {
		if (*length == room) {
			char *more = realloc(bytes, room *= 2);

			if (!more)
				break;
			bytes = more;
		}
		count = read(fd, bytes + *length, room - *length);
	}
	if (bytes && count == 0)
		return bytes;
	if (count > 0)
		errno = ENOMEM;
	free(bytes);
	return NULL;
}

bool file_load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	char *bytes;
	bool good;

	if (fd < 0 && errno == ENOENT) {
		editor.st.st_nlink = 0;
		return add_lines(&editor.text, "", 0);
	}
	if (fd < 0)
		return false;
	if (fstat(fd, &editor.st) == 0 && !S_ISREG(editor.st.st_mode)) {
		close(fd);
		errno = S_ISDIR(editor.st.st_mode) ? EISDIR : EINVAL;
		return false;
	}
	bytes = read_all(fd, &length);
	close(fd);
	if (!bytes)
		return false;
	good = add_lines(&editor.text, bytes, length);
	free(bytes);
	if (!good)
		errno = ENOMEM;
	return good;
}

bool file_changed(void)
{
	struct stat now;

	if (stat(editor.path, &now) < 0)
		return false;
	return editor.st.st_nlink == 0 || now.st_ino != editor.st.st_ino ||
	       now.st_size != editor.st.st_size || now.st_mtim.tv_sec != editor.st.st_mtim.tv_sec ||
	       now.st_mtim.tv_nsec != editor.st.st_mtim.tv_nsec;
}

static bool write_lines(FILE *file)
{
	const struct text *text = &editor.text;

	for (size_t i = 0; i < text->count && !ferror(file); i++) {
		fwrite(text->lines[i].bytes, 1, text->lines[i].length, file);
		if (i + 1 < text->count)
			fputc('\n', file);
	}
	return !ferror(file);
}

/* Mode and owner of the file that is replaced; those of a new file as usual. */
static bool set_attributes(int fd, const char *path)
{
	struct stat st;
	mode_t mask;

	if (stat(path, &st) == 0) {
		/* Only root can give a file away; a mode without its owner is refused by nobody. */
		if (fchown(fd, st.st_uid, st.st_gid) < 0 && errno != EPERM)
			return false;
		return fchmod(fd, st.st_mode & MODE_BITS) == 0;
	}
	mask = umask(0);
	umask(mask);
	return fchmod(fd, NEW_FILE_MODE & ~mask) == 0;
}

/* The lines as a file of that name, on the disk; false with errno. */
static bool write_file(int fd, const char *path)
{
	FILE *file = fdopen(fd, "w");
	int error = 0;

	if (!file) {
		close(fd);
		return false;
	}
	if (!write_lines(file) || fflush(file) != 0 || !set_attributes(fd, path) || fsync(fd) < 0)
		error = errno;
	if (fclose(file) != 0 && !error)
		error = errno;
	errno = error;
	return error == 0;
}

/* Where the path leads must be writable itself: replacing it would not ask. */
static bool may_write(const char *path)
{
	return access(path, W_OK) == 0 || errno == ENOENT;
}

/* Puts the new file in the place of the old one; the old one stays if that fails. */
static bool replace(const char *path)
{
	static const char suffix[] = ".XXXXXX";
	char *temporary = malloc(strlen(path) + sizeof(suffix));
	bool good;
	int error;
	int fd;

	if (!temporary)
		return false;
	strcat(strcpy(temporary, path), suffix);
	fd = mkstemp(temporary);
	if (fd < 0) {
		free(temporary);
		return false;
	}
	good = write_file(fd, path) && rename(temporary, path) == 0;
	error = errno;
	if (!good)
		unlink(temporary);
	free(temporary);
	errno = error;
	return good;
}

bool file_save(const char *path)
{
	/* A link stays one: what it leads to is replaced. */
	char *real = path_resolve(path);
	bool good;
	int error;

	if (!real)
		return false;
	good = may_write(real) && replace(real);
	error = errno;
	if (good)
		good = stat(real, &editor.st) == 0;
	free(real);
	errno = error;
	return good;
}
