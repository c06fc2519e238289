/* SPDX-License-Identifier: MIT */
/* The C library's streams, memory, environment, directories; runs on any C library. */
#define _GNU_SOURCE
#include "ktap.h"

#include <dirent.h>
#include <limits.h>
#include <stdint.h>

static void streams_write_and_read_back(void)
{
	char line[32];
	FILE *f = fopen("file", "w");

	EXPECT(f != NULL);
	EXPECT_EQ(fprintf(f, "one\ntwo %d\n", 2), 10);
	EXPECT_EQ(fputs("three", f) >= 0, 1);
	EXPECT_EQ(ftell(f), 15);
	EXPECT_OK(fclose(f));
	f = fopen("file", "r");
	EXPECT_STR(fgets(line, sizeof(line), f), "one\n");
	EXPECT_STR(fgets(line, 4, f), "two");
	EXPECT_EQ(getc(f), ' ');
	EXPECT_EQ(ungetc('x', f), 'x');
	EXPECT_EQ(getc(f), 'x');
	EXPECT_STR(fgets(line, sizeof(line), f), "2\n");
	EXPECT_STR(fgets(line, sizeof(line), f), "three");
	EXPECT(fgets(line, sizeof(line), f) == NULL);
	EXPECT(feof(f) && !ferror(f));
	EXPECT_OK(fclose(f));
	unlink("file");
}

static void streams_go_both_ways_and_seek(void)
{
	char data[8] = "";
	FILE *f = fopen("file", "w+");

	EXPECT_EQ(fwrite("0123456789", 1, 10, f), 10);
	rewind(f);
	EXPECT_EQ(fread(data, 2, 3, f), 3);
	EXPECT_STR(data, "012345");
	EXPECT_OK(fseek(f, 0, SEEK_CUR));
	EXPECT_EQ(fputc('x', f), 'x');
	EXPECT_OK(fseek(f, -2, SEEK_CUR));
	EXPECT_EQ(getc(f), '5');
	EXPECT_EQ(getc(f), 'x');
	EXPECT_EQ(ftell(f), 7);
	EXPECT_OK(fclose(f));
	ktap_expect_file("file", "012345x789");
	f = fopen("file", "a");
	fputs("end", f);
	fclose(f);
	ktap_expect_file("file", "012345x789end");
	unlink("file");
}

static void lines_of_any_length_are_read(void)
{
	char *line = NULL;
	size_t size = 0;
	FILE *f = fopen("file", "w");

	for (int i = 0; i < 20000; i++)
		putc(i == 9999 || i == 10000 ? '\n' : 'a', f);
	fclose(f);
	f = fopen("file", "r");
	EXPECT_EQ(getline(&line, &size, f), 10000);
	EXPECT_EQ(getline(&line, &size, f), 1);
	EXPECT_EQ(getline(&line, &size, f), 9999);
	EXPECT_EQ(getline(&line, &size, f), -1);
	free(line);
	fclose(f);
	unlink("file");
}

static void a_large_file_passes_through_a_stream(void)
{
	static char block[30000];
	unsigned int sum = 0, wanted = 0;
	FILE *f = fopen("file", "w");
	int c;

	for (unsigned int i = 0; i < sizeof(block); i++)
		block[i] = (char)(i * 7);
	for (int i = 0; i < 3; i++)
		EXPECT_EQ(fwrite(block, 1, sizeof(block) - i, f), sizeof(block) - i);
	for (int i = 0; i < 3; i++) {
		for (unsigned int k = 0; k < sizeof(block) - i; k++)
			wanted = wanted * 31 + (unsigned char)block[k];
	}
	fclose(f);
	f = fopen("file", "r");
	while ((c = getc(f)) != EOF)
		sum = sum * 31 + c;
	EXPECT_EQ(sum, wanted);
	fclose(f);
	unlink("file");
}

static void stream_errors_are_remembered(void)
{
	FILE *f = fopen("/dev/full", "w");

	EXPECT(f != NULL);
	fputs("x", f);
	EXPECT_EQ(fflush(f), EOF);
	EXPECT_EQ(errno, ENOSPC);
	EXPECT(ferror(f));
	clearerr(f);
	EXPECT(!ferror(f));
	fclose(f);
	EXPECT(fopen("none", "r") == NULL);
	EXPECT_EQ(errno, ENOENT);
	EXPECT(fopen("none", "q") == NULL);
}

static void exit_flushes_streams(void)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		FILE *f = fopen("file", "w");

		fputs("flushed", f);
		exit(f ? 0 : 1);
	}
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	ktap_expect_file("file", "flushed");
	unlink("file");
}

static void mark_a(void)
{
	ktap_put_file("a", ktap_exists("b") ? "after b" : "before b");
}

static void mark_b(void)
{
	ktap_put_file("b", "");
}

static void exit_calls_functions_in_reverse(void)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		atexit(mark_a);
		atexit(mark_b);
		exit(3);
	}
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	ktap_expect_file("a", "after b");
	unlink("a");
	unlink("b");
}

/* Blocks of changing size: none may overlap, all stay what they were. */
static void memory_blocks_do_not_overlap(void)
{
	enum { SLOTS = 200, ROUNDS = 20000 };
	static unsigned char *blocks[SLOTS];
	static size_t sizes[SLOTS];
	unsigned int seed = 12345, bad = 0;

	for (int round = 0; round < ROUNDS; round++) {
		unsigned int slot, size;

		seed = seed * 1103515245 + 12345;
		slot = (seed >> 16) % SLOTS;
		size = (seed >> 8) % (slot % 10 == 0 ? 20000 : 300);
		for (size_t i = 0; i < sizes[slot]; i += 13)
			bad += blocks[slot][i] != (unsigned char)slot;
		if (seed & 1 << 30) {
			blocks[slot] = realloc(blocks[slot], size + 1);
		} else {
			free(blocks[slot]);
			blocks[slot] = malloc(size + 1);
		}
		bad += (uintptr_t)blocks[slot] % 8 != 0;
		memset(blocks[slot], (int)slot, size);
		sizes[slot] = size;
	}
	EXPECT_EQ(bad, 0);
	for (int i = 0; i < SLOTS; i++)
		free(blocks[i]);
}

static void memory_freed_is_used_again(void)
{
	char *top = sbrk(0);

	for (int i = 0; i < 10000; i++)
		free(malloc(1000));
	EXPECT((char *)sbrk(0) - top < 1 << 20);
}

static void large_blocks_and_impossible_ones(void)
{
	volatile size_t huge = (size_t)-1 / 2;
	char *volatile impossible;
	char *block = malloc(1 << 20), *aligned;

	EXPECT(block != NULL);
	block[(1 << 20) - 1] = 'x';
	block = realloc(block, 3 << 20);
	EXPECT_EQ(block[(1 << 20) - 1], 'x');
	block = realloc(block, 100);
	free(block);
	impossible = malloc(huge + huge / 2); /* volatile: else compilers leave it out */
	EXPECT(impossible == NULL);
	EXPECT_EQ(errno, ENOMEM);
	impossible = calloc(huge, 16);
	EXPECT(impossible == NULL);
	block = calloc(100, 10);
	for (int i = 0; i < 1000; i++)
		EXPECT_EQ(block[i], 0);
	free(block);
	aligned = aligned_alloc(256, 512);
	EXPECT_EQ((uintptr_t)aligned % 256, 0);
	free(aligned);
}

static void the_environment_changes(void)
{
	static char direct[] = "KTAP_C=three";

	EXPECT(getenv("KTAP_A") == NULL);
	EXPECT_OK(setenv("KTAP_A", "one", 0));
	EXPECT_OK(setenv("KTAP_A", "two", 0));
	EXPECT_STR(getenv("KTAP_A"), "one");
	EXPECT_OK(setenv("KTAP_A", "two", 1));
	EXPECT_STR(getenv("KTAP_A"), "two");
	EXPECT_OK(putenv(direct));
	EXPECT_STR(getenv("KTAP_C"), "three");
	EXPECT_OK(unsetenv("KTAP_A"));
	EXPECT(getenv("KTAP_A") == NULL);
	EXPECT_STR(getenv("KTAP_C"), "three");
	EXPECT_OK(unsetenv("KTAP_C"));
	EXPECT_ERR(setenv("A=B", "x", 1), EINVAL);
	EXPECT_ERR(setenv("", "x", 1), EINVAL);
}

static void real_paths_have_no_links(void)
{
	char here[PATH_MAX], wanted[PATH_MAX + 16], got[PATH_MAX];

	EXPECT(getcwd(here, sizeof(here)) != NULL);
	EXPECT_OK(mkdir("dir", 0777));
	ktap_put_file("dir/file", "");
	EXPECT_OK(symlink("dir", "link"));
	EXPECT_OK(symlink("../dir/file", "dir/again"));
	snprintf(wanted, sizeof(wanted), "%s/dir/file", here);
	EXPECT_STR(realpath("link/.././link/again", got), wanted);
	snprintf(wanted, sizeof(wanted), "%s/dir", here);
	EXPECT_STR(realpath("link/", got), wanted);
	EXPECT_STR(realpath("/", got), "/");
	EXPECT(realpath("none", got) == NULL);
	EXPECT_EQ(errno, ENOENT);
	unlink("dir/again");
	unlink("dir/file");
	unlink("link");
	EXPECT_OK(rmdir("dir"));
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void scandir_sorts(void)
{
	struct dirent **list;

	ktap_put_file("b", "");
	ktap_put_file("c", "");
	ktap_put_file("a", "");
	EXPECT_EQ(scandir(".", &list, not_hidden, alphasort), 3);
	EXPECT_STR(list[0]->d_name, "a");
	EXPECT_STR(list[2]->d_name, "c");
	for (int i = 0; i < 3; i++) {
		unlink(list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

static void look_for_nothing(void)
{
	setenv("PATH", "/bin:/dev/null:.", 1);
	EXPECT_ERR(execlp("no-such-program", "x", (char *)NULL), ENOENT);
	EXPECT_ERR(execlp("", "x", (char *)NULL), ENOENT);
}

static void execvp_looks_in_path(void)
{
	pid_t child;
	int status;

	ktap_put_file("script", "exit $#\n");
	EXPECT_OK(chmod("script", 0755));
	child = fork();
	if (child == 0) {
		setenv("PATH", "/nowhere::/dev", 1);
		execlp("script", "script", "one", "two", (char *)NULL);
		_exit(99);
	}
	EXPECT_EQ(waitpid(child, &status, 0), child);
	EXPECT_EXIT(status, 2); /* no "#!": for the shell */
	EXPECT_EXIT(ktap_child(look_for_nothing), 0);
	unlink("script");
}

static const struct ktap_test tests[] = {
	KTAP(streams_write_and_read_back),
	KTAP(streams_go_both_ways_and_seek),
	KTAP(lines_of_any_length_are_read),
	KTAP(a_large_file_passes_through_a_stream),
	KTAP(stream_errors_are_remembered),
	KTAP(exit_flushes_streams),
	KTAP(exit_calls_functions_in_reverse),
	KTAP(memory_blocks_do_not_overlap),
	KTAP(memory_freed_is_used_again),
	KTAP(large_blocks_and_impossible_ones),
	KTAP(the_environment_changes),
	KTAP(real_paths_have_no_links),
	KTAP(scandir_sorts),
	KTAP(execvp_looks_in_path),
};

KTAP_MAIN(tests)
