/* SPDX-License-Identifier: MIT */
/* date: prints the time, or sets the clock. */

#include <sys/stat.h>

#include "when.h"

enum { TEXT_BYTES = 512 };

static void print_date(const char *format, const struct timespec *when, bool utc)
{
	char text[TEXT_BYTES];
	struct tm tm;
	time_t seconds = when->tv_sec;

	if (utc)
		gmtime_r(&seconds, &tm);
	else
		localtime_r(&seconds, &tm);
	/* Nothing at all is what an empty format gives, and one that is too long. */
	if (strftime(text, sizeof(text), format, &tm) == 0 && *format)
		prog_diex("the format is too long");
	puts(*format ? text : "");
}

/* "%N", which strftime() does not know, becomes nanoseconds. */
static char *expand_nanoseconds(const char *format, long nanoseconds)
{
	/* Each "%N" grows from two to nine characters. */
	char *expanded = prog_grow(NULL, strlen(format) * 5 + 1);
	char *to = expanded;

	while (*format) {
		if (format[0] == '%' && format[1] == 'N') {
			to += sprintf(to, "%09ld", nanoseconds);
			format += 2;
		} else {
			if (format[0] == '%' && format[1])
				*to++ = *format++;
			*to++ = *format++;
		}
	}
	*to = '\0';
	return expanded;
}

int main(int argc, char **argv)
{
	const char *format = "%a %b %e %H:%M:%S %Z %Y";
	struct timespec when;
	bool utc = false;
	struct stat st;
	int letter;

	prog_begin("date",
		   "[-u] [-d TIME | -r FILE | -s TIME] [+FORMAT]\n"
		   "  -d  that time: '2026-11-20 19:30', '19:30:15', yesterday, @SECONDS\n"
		   "  -I  as 2026-11-20; -R as in mail\n"
		   "  -r  when that file was changed\n"
		   "  -s  set the clock\n"
		   "  -u  universal time\n"
		   "  A format is as strftime() takes it: %Y-%m-%d %H:%M:%S, %s, %N, ...",
		   argc, argv);
	clock_gettime(CLOCK_REALTIME, &when);
	while ((letter = getopt(argc, argv, "d:IRr:s:u")) != -1) {
		if (letter == '?')
			prog_usage(1);
		utc |= letter == 'u';
		if (letter == 'I')
			format = "%Y-%m-%d";
		if (letter == 'R')
			format = "%a, %d %b %Y %H:%M:%S %z";
		if (letter == 'r' && stat(optarg, &st) < 0)
			prog_die(optarg);
		if (letter == 'r')
			when = st.st_mtim;
		if ((letter == 'd' || letter == 's') && !when_parse(optarg, &when))
			prog_diex("invalid date '%s'", optarg);
		if (letter == 's' && clock_settime(CLOCK_REALTIME, &when) < 0)
			prog_die("cannot set the clock");
	}
	if (argc - optind > 1 || (optind < argc && argv[optind][0] != '+'))
		prog_usage(1);
	if (optind < argc)
		format = argv[optind] + 1;
	print_date(expand_nanoseconds(format, when.tv_nsec), &when, utc);
	return prog_finish(0);
}
