/* SPDX-License-Identifier: MIT */
/* Files and names, beside a copy in memory of what they must hold. */
#define _GNU_SOURCE
#include "soak.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX_BYTES = 40000 };

static bool file_model(struct random *r)
{
	static unsigned char model[FILE_MAX_BYTES], got[FILE_MAX_BYTES];
	size_t size = 0;
	int fd = open("model", O_RDWR | O_CREAT | O_EXCL, 0600);

	CHECK(fd >= 0);
	memset(model, 0, sizeof(model));
	for (unsigned int i = 0; i < 8; i++) {
		size_t at = random_below(r, FILE_MAX_BYTES / 2);
		size_t bytes = 1 + random_below(r, FILE_MAX_BYTES / 2);

		if (random_below(r, 4) == 0) {
			CHECK(ftruncate(fd, (off_t)at) == 0);
			memset(model + at, 0, sizeof(model) - at);
			size = at;
			continue;
		}
		stream_fill(model + at, bytes, random_next(r), 0);
		CHECK(pwrite(fd, model + at, bytes, (off_t)at) == (ssize_t)bytes);
		size = at + bytes > size ? at + bytes : size;
	}
	CHECK(pread(fd, got, sizeof(got), 0) == (ssize_t)size);
	CHECK(memcmp(got, model, size) == 0);
	CHECK(close(fd) == 0);
	CHECK(unlink("model") == 0);
	return true;
}

/* Two append lines to one file: none is lost or cut. */
static bool append_together(struct random *r)
{
	enum { LINES = 20, WORDS = 4 };
	unsigned int line[WORDS], seen[2] = { 0, 0 };
	int fd = open("log", O_RDWR | O_CREAT | O_APPEND | O_EXCL, 0600);
	pid_t child[2];

	(void)r;
	CHECK(fd >= 0);
	for (unsigned int i = 0; i < 2; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			for (unsigned int n = 0; n < LINES; n++) {
				unsigned int words[WORDS] = { i, n, ~i, ~n };

				if (write(fd, words, sizeof(words)) != sizeof(words))
					_exit(CHILD_WRONG);
			}
			_exit(CHILD_FINE);
		}
	}
	for (unsigned int i = 0; i < 2; i++)
		CHECK(soak_child_ends(child[i], 0));
	CHECK(lseek(fd, 0, SEEK_SET) == 0);
	while (read(fd, line, sizeof(line)) == sizeof(line)) {
		CHECK(line[0] < 2 && line[2] == ~line[0] && line[3] == ~line[1]);
		CHECK(line[1] == seen[line[0]]++);
	}
	CHECK(seen[0] == LINES && seen[1] == LINES);
	CHECK(close(fd) == 0);
	CHECK(unlink("log") == 0);
	return true;
}

static unsigned int count_names(const char *directory)
{
	DIR *d = opendir(directory);
	unsigned int count = 0;

	if (!d)
		return 0;
	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

static bool names(struct random *r)
{
	unsigned int count = 1 + random_below(r, 12);
	char name[32], other[32];
	struct stat st;

	CHECK(mkdir("names", 0700) == 0);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "names/%u", i);
		close(open(name, O_WRONLY | O_CREAT | O_EXCL, 0600));
		snprintf(other, sizeof(other), "names/new.%u", i);
		if (random_below(r, 2))
			CHECK(rename(name, other) == 0);
		else
			CHECK(link(name, other) == 0 && unlink(name) == 0);
		CHECK(stat(name, &st) == -1 && errno == ENOENT);
		CHECK(stat(other, &st) == 0 && st.st_nlink == 1);
	}
	CHECK(count_names("names") == count + 2);
	CHECK(rmdir("names") == -1 && errno == ENOTEMPTY);
	for (unsigned int i = 0; i < count; i++) {
		snprintf(other, sizeof(other), "names/new.%u", i);
		CHECK(unlink(other) == 0);
	}
	CHECK(rmdir("names") == 0);
	return true;
}

/* Processes race for one name: exactly one gets it. */
static bool one_winner(struct random *r)
{
	enum { RACERS = 3 };
	unsigned int winners = 0;
	pid_t child[RACERS];
	int status;

	(void)r;
	for (unsigned int i = 0; i < RACERS; i++) {
		child[i] = fork();
		if (child[i] == 0)
			_exit(open("prize", O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0);
	}
	for (unsigned int i = 0; i < RACERS; i++) {
		CHECK(waitpid(child[i], &status, 0) == child[i]);
		winners += status != 0;
	}
	CHECK(winners == 1);
	CHECK(unlink("prize") == 0);
	return true;
}

/* What /proc says of oneself. */
static bool look_at_proc(struct random *r)
{
	static const char *const files[] = {
		"stat", "status", "maps", "statm", "cmdline", "limits"
	};
	char name[64], text[4096];
	int fd;

	snprintf(name, sizeof(name), "/proc/%d/%s", (int)getpid(),
		 files[random_below(r, sizeof(files) / sizeof(files[0]))]);
	fd = open(name, O_RDONLY);
	CHECK(fd >= 0);
	CHECK(read(fd, text, sizeof(text)) > 0);
	CHECK(close(fd) == 0);
	fd = open("/proc/interrupts", O_RDONLY);
	CHECK(fd >= 0);
	CHECK(read(fd, text, sizeof(text)) > 0);
	CHECK(close(fd) == 0);
	return true;
}

const struct operation file_operations[] = {
	{ "file_model", file_model, 6 },
	{ "append_together", append_together, 4 },
	{ "names", names, 5 },
	{ "one_winner", one_winner, 4 },
	{ "look_at_proc", look_at_proc, 3 },
	{ NULL, NULL, 0 },
};
