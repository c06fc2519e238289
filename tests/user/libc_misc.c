/* SPDX-License-Identifier: MIT */
/* The C library's options, dates, jumps, arithmetic, cancelling; runs on any C library. */
#define _GNU_SOURCE
#include "ktap.h"

#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>

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

static sem_t ready, never;

static void in_sem_wait(void)
{
	sem_wait(&never);
}

static void in_sigwait(void)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigwait(&set, &number);
}

static void in_sigsuspend(void)
{
	sigset_t none;

	sigemptyset(&none);
	sigsuspend(&none);
}

static void in_select(void)
{
	select(0, NULL, NULL, NULL, NULL);
}

static void in_ppoll(void)
{
	ppoll(NULL, 0, NULL, NULL);
}

static int set_of_files;

static void in_epoll_wait(void)
{
	struct epoll_event event;

	epoll_wait(set_of_files, &event, 1, -1);
}

static void *wait_there(void *where)
{
	sem_post(&ready);
	(*(void (*const *)(void))where)();
	return NULL;
}

static void a_thread_is_cancelled_where_it_waits(void)
{
	static void (*const places[])(void) = { in_sem_wait, in_sigwait, in_sigsuspend,
						in_select,   in_ppoll,   in_epoll_wait };
	pthread_t thread;
	void *result;

	set_of_files = epoll_create1(0);
	for (unsigned int i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		EXPECT_EQ(pthread_create(&thread, NULL, wait_there, (void *)&places[i]), 0);
		sem_wait(&ready);
		usleep(5000); /* it sleeps by now */
		EXPECT_EQ(pthread_cancel(thread), 0);
		EXPECT_EQ(pthread_join(thread, &result), 0);
		EXPECT(result == PTHREAD_CANCELED);
	}
	close(set_of_files);
}

static const struct ktap_test tests[] = {
	KTAP(options_come_before_operands), KTAP(options_in_order_stop_at_the_first_operand),
	KTAP(wrong_options_are_reported),   KTAP(long_options_are_found),
	KTAP(dates_are_computed),           KTAP(all_days_of_four_centuries_agree),
	KTAP(longjmp_returns_twice),        KTAP(division_of_64_bits_is_right),
	KTAP(sorting_and_searching),        KTAP(a_thread_is_cancelled_where_it_waits),
};

KTAP_MAIN(tests)
