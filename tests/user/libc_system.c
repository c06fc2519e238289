/* SPDX-License-Identifier: MIT */
/* The C library's streams, memory, environment, options, time; runs on any. */
#define _GNU_SOURCE
#include "ktap.h"

#include <dirent.h>
#include <getopt.h>
#include <limits.h>
#include <setjmp.h>
#include <stdint.h>
#include <time.h>

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
	char *block = malloc(1 << 20), *aligned;

	EXPECT(block != NULL);
	block[(1 << 20) - 1] = 'x';
	block = realloc(block, 3 << 20);
	EXPECT_EQ(block[(1 << 20) - 1], 'x');
	block = realloc(block, 100);
	free(block);
	EXPECT(malloc(huge + huge / 2) == NULL);
	EXPECT_EQ(errno, ENOMEM);
	EXPECT(calloc(huge, 16) == NULL);
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

static int compare_ints(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

static void sorting_and_searching(void)
{
	static int list[1000];
	unsigned int seed = 1;
	int key, bad = 0;

	for (int i = 0; i < 1000; i++) {
		seed = seed * 1103515245 + 12345;
		list[i] = (int)(seed >> 20);
	}
	qsort(list, 1000, sizeof(list[0]), compare_ints);
	for (int i = 1; i < 1000; i++)
		bad += list[i - 1] > list[i];
	EXPECT_EQ(bad, 0);
	key = list[777];
	EXPECT_EQ(*(int *)bsearch(&key, list, 1000, sizeof(list[0]), compare_ints), key);
	key = -1;
	EXPECT(bsearch(&key, list, 1000, sizeof(list[0]), compare_ints) == NULL);
}

static void options_come_before_operands(void)
{
	char *words[] = { (char *)"prog", (char *)"x",  (char *)"-ab", (char *)"arg", (char *)"y",
			  (char *)"-c",   (char *)"--", (char *)"-z",  NULL };
	static const int wanted[] = { 'a', 'b', 'c', -1 };

	optind = 0;
	for (int i = 0; i < 4; i++) {
		EXPECT_EQ(getopt(8, words, "ab:c"), wanted[i]);
		if (wanted[i] == 'b')
			EXPECT_STR(optarg, "arg");
	}
	EXPECT_EQ(optind, 5);
	EXPECT_STR(words[5], "x");
	EXPECT_STR(words[6], "y");
	EXPECT_STR(words[7], "-z");
}

static void options_in_order_stop_at_the_first_operand(void)
{
	char *words[] = { (char *)"prog", (char *)"-a", (char *)"x", (char *)"-b", NULL };

	optind = 0;
	EXPECT_EQ(getopt(4, words, "+ab"), 'a');
	EXPECT_EQ(getopt(4, words, "+ab"), -1);
	EXPECT_EQ(optind, 2);
}

static void wrong_options_are_reported(void)
{
	char *words[] = { (char *)"prog", (char *)"-x", (char *)"-b", NULL };

	optind = opterr = 0;
	EXPECT_EQ(getopt(3, words, "ab:"), '?');
	EXPECT_EQ(optopt, 'x');
	EXPECT_EQ(getopt(3, words, "ab:"), '?');
	EXPECT_EQ(optopt, 'b');
	EXPECT_EQ(getopt(3, words, "ab:"), -1);
	optind = 0;
	EXPECT_EQ(getopt(3, words, ":xb:"), 'x');
	EXPECT_EQ(getopt(3, words, ":xb:"), ':');
	opterr = 1;
}

static void long_options_are_found(void)
{
	static const struct option list[] = { { "help", no_argument, NULL, 'h' },
					      { "number", required_argument, NULL, 'n' },
					      { "null", no_argument, NULL, '0' },
					      { NULL, 0, NULL, 0 } };
	char *words[] = { (char *)"prog", (char *)"file",     (char *)"--number=5",
			  (char *)"--he", (char *)"--number", (char *)"6",
			  (char *)"-h",   (char *)"--nu",     NULL };

	optind = opterr = 0;
	EXPECT_EQ(getopt_long(8, words, "hn:", list, NULL), 'n');
	EXPECT_STR(optarg, "5");
	EXPECT_EQ(getopt_long(8, words, "hn:", list, NULL), 'h');
	EXPECT_EQ(getopt_long(8, words, "hn:", list, NULL), 'n');
	EXPECT_STR(optarg, "6");
	EXPECT_EQ(getopt_long(8, words, "hn:", list, NULL), 'h');
	EXPECT_EQ(getopt_long(8, words, "hn:", list, NULL), '?'); /* number or null */
	EXPECT_EQ(getopt_long(8, words, "hn:", list, NULL), -1);
	EXPECT_STR(words[optind], "file");
	opterr = 1;
}

static void dates_are_computed(void)
{
	time_t t = 951782400; /* 29 February 2000 */
	struct tm *tm = gmtime(&t);
	char line[64];

	EXPECT_EQ(tm->tm_year, 100);
	EXPECT_EQ(tm->tm_mon, 1);
	EXPECT_EQ(tm->tm_mday, 29);
	EXPECT_EQ(tm->tm_wday, 2);
	EXPECT_EQ(tm->tm_yday, 59);
	EXPECT_EQ(timegm(tm), t);
	EXPECT(strftime(line, sizeof(line), "%Y-%m-%d %H:%M:%S %a %b %e %j", tm) > 0);
	EXPECT_STR(line, "2000-02-29 00:00:00 Tue Feb 29 060");
	t = -1;
	tm = gmtime(&t);
	EXPECT(strftime(line, sizeof(line), "%F %T", tm) > 0);
	EXPECT_STR(line, "1969-12-31 23:59:59");
	t = 4102444800; /* beyond 32 bits */
	tm = gmtime(&t);
	EXPECT_EQ(tm->tm_year, 200);
	EXPECT_EQ(strftime(line, 4, "%Y", tm), 0);
}

static void all_days_of_four_centuries_agree(void)
{
	int bad = 0, day = 4; /* 1 January 1970 was a Thursday */

	for (time_t t = 0; t < 146097LL * 86400; t += 86400 * 7 + 86400) {
		struct tm tm = *gmtime(&t);

		bad += tm.tm_wday != day || timegm(&tm) != t;
		day = (day + 8) % 7;
	}
	EXPECT_EQ(bad, 0);
}

static jmp_buf state;

static void jump(int value)
{
	longjmp(state, value);
}

static void longjmp_returns_twice(void)
{
	volatile int count = 0;
	int value = setjmp(state);

	count++;
	if (value == 0)
		jump(7);
	EXPECT_EQ(value, 7);
	EXPECT_EQ(count, 2);
	value = setjmp(state);
	if (value == 0)
		jump(0);
	EXPECT_EQ(value, 1);
}

static volatile unsigned long long dividend, divisor;

static void division_of_64_bits_is_right(void)
{
	unsigned long long values[] = { 1,
					2,
					3,
					10,
					0xffffffff,
					0x100000000,
					0x100000001,
					0x123456789abcdef,
					0x7fffffffffffffff,
					0x8000000000000000,
					0xffffffffffffffff,
					0xfffffffeffffffff };
	int count = sizeof(values) / sizeof(values[0]), bad = 0;

	for (int i = 0; i < count; i++) {
		for (int j = 0; j < count; j++) {
			unsigned long long q, r;

			dividend = values[i];
			divisor = values[j];
			q = dividend / divisor;
			r = dividend % divisor;
			bad += r >= divisor || q * divisor + r != dividend;
		}
	}
	EXPECT_EQ(bad, 0);
	dividend = (unsigned long long)-7;
	divisor = 2;
	EXPECT_EQ((long long)dividend / (long long)divisor, -3);
	EXPECT_EQ((long long)dividend % (long long)divisor, -1);
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
	KTAP(sorting_and_searching),
	KTAP(options_come_before_operands),
	KTAP(options_in_order_stop_at_the_first_operand),
	KTAP(wrong_options_are_reported),
	KTAP(long_options_are_found),
	KTAP(dates_are_computed),
	KTAP(all_days_of_four_centuries_agree),
	KTAP(longjmp_returns_twice),
	KTAP(division_of_64_bits_is_right),
	KTAP(real_paths_have_no_links),
	KTAP(scandir_sorts),
	KTAP(execvp_looks_in_path),
};

KTAP_MAIN(tests)
