/* SPDX-License-Identifier: MIT */
/* truncate: gives files a size: cuts them off, or lets them grow by a hole. */

#include <fcntl.h>
#include <sys/stat.h>

#include "prog.h"

enum { NEW_FILE_MODE = 0666 };

static struct {
	bool keep;       /* -c: make no file */
	char relation;   /* + or -: by how much, < or >: at most or at least; 0: exactly */
	long long bytes; /* -s */
	long long base;  /* -r: the size of that file, -1 for each file's own */
} option = { .bytes = -1, .base = -1 };

static long long new_size(long long old)
{
	long long base = option.base >= 0 ? option.base : old;

	if (option.bytes < 0)
		return base;
	switch (option.relation) {
	case '+':
		return base + option.bytes;
	case '-':
		return base > option.bytes ? base - option.bytes : 0;
	case '<':
		return base < option.bytes ? base : option.bytes;
	case '>':
		return base > option.bytes ? base : option.bytes;
	default:
		return option.bytes;
	}
}

static bool set_size(const char *path)
{
	int fd = open(path, O_WRONLY | O_NONBLOCK | (option.keep ? 0 : O_CREAT), NEW_FILE_MODE);
	struct stat st;
	bool good;

	if (fd < 0 && errno == ENOENT && option.keep)
		return true;
	good = fd >= 0 && fstat(fd, &st) == 0 && ftruncate(fd, new_size(st.st_size)) == 0;
	if (!good)
		prog_warn(path);
	if (fd >= 0)
		close(fd);
	return good;
}

static void parse_size(const char *text)
{
	if (*text && strchr("+-<>", *text))
		option.relation = *text++;
	if (!prog_bytes(text, &option.bytes) || option.bytes < 0)
		prog_diex("invalid size '%s'", text);
}

int main(int argc, char **argv)
{
	struct stat st;
	int status = 0;
	int letter;

	prog_begin("truncate",
		   "[-c] -s SIZE | -r FILE FILE...\n"
		   "  -c  make no file that is not there\n"
		   "  -r  take the size of that file\n"
		   "  -s  bytes, also with K, M or G behind; with + or - in front by how much,\n"
		   "      with < or > at most or at least",
		   argc, argv);
	while ((letter = getopt(argc, argv, "cr:s:")) != -1) {
		if (letter == 'c')
			option.keep = true;
		else if (letter == 's')
			parse_size(optarg);
		else if (letter != 'r')
			prog_usage(1);
		else if (stat(optarg, &st) < 0)
			prog_die(optarg);
		else
			option.base = st.st_size;
	}
	if (optind == argc || (option.bytes < 0 && option.base < 0))
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		if (!set_size(argv[i]))
			status = 1;
	}
	return status;
}
