/* SPDX-License-Identifier: MIT */
/* Points in time as text, for date and touch. */
#ifndef USER_BIN_WHEN_H
#define USER_BIN_WHEN_H

#include <time.h>

#include "prog.h"

enum { WHEN_DAY = 86400, WHEN_SECOND_NS = 1000000000, WHEN_BASE_YEAR = 1900 };

/* ".25" as nanoseconds; leaves *at behind it. */
static inline long when_fraction(const char **at)
{
	long unit = WHEN_SECOND_NS;
	long ns = 0;

	if (**at != '.')
		return 0;
	for (++*at; **at >= '0' && **at <= '9'; ++*at)
		ns += (**at - '0') * (unit /= 10);
	return ns;
}

/* "@SECONDS" since 1970. */
static inline bool when_parse_seconds(const char *text, struct timespec *when)
{
	const char *at;
	char *end;

	errno = 0;
	when->tv_sec = strtoll(text, &end, 10);
	at = end;
	when->tv_nsec = when_fraction(&at);
	return end != text && *at == '\0' && errno == 0;
}

/* "now", "today", "yesterday", "tomorrow". */
static inline bool when_parse_word(const char *text, struct timespec *when)
{
	static const struct {
		const char *word;
		int days;
	} words[] = { { "now", 0 }, { "today", 0 }, { "yesterday", -1 }, { "tomorrow", 1 } };

	clock_gettime(CLOCK_REALTIME, when);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i].word) == 0) {
			when->tv_sec += words[i].days * WHEN_DAY;
			return true;
		}
	}
	return false;
}

static inline bool when_is_valid(const struct tm *tm)
{
	return tm->tm_mon >= 0 && tm->tm_mon < 12 && tm->tm_mday >= 1 && tm->tm_mday <= 31 &&
	       tm->tm_hour >= 0 && tm->tm_hour < 24 && tm->tm_min >= 0 && tm->tm_min < 60 &&
	       tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

/* The time of day behind a date, or alone: "HH:MM", "HH:MM:SS" and a fraction. */
static inline bool when_parse_clock(const char *at, struct tm *tm, struct timespec *when)
{
	int used = 0;

	if (sscanf(at, "%d:%d%n", &tm->tm_hour, &tm->tm_min, &used) < 2)
		return false;
	at += used;
	used = 0;
	if (*at == ':' && sscanf(at, ":%d%n", &tm->tm_sec, &used) < 1)
		return false;
	at += used;
	when->tv_nsec = when_fraction(&at);
	at += strspn(at, " ");
	return *at == '\0' || strcmp(at, "Z") == 0 || strcmp(at, "UTC") == 0;
}

/* "2026-11-20", "2026-11-20 19:30", "2026-11-20T19:30:15.25", "19:30" (today), "@SECONDS" and a
 * few words, in local time. False if the text is nothing of that. */
static inline bool when_parse(const char *text, struct timespec *when)
{
	struct tm tm = { .tm_isdst = -1 };
	time_t now = time(NULL);
	int used = 0;

	if (*text == '@')
		return when_parse_seconds(text + 1, when);
	if (when_parse_word(text, when))
		return true;
	when->tv_nsec = 0;
	if (sscanf(text, "%d-%d-%d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &used) == 3) {
		tm.tm_year -= WHEN_BASE_YEAR;
		tm.tm_mon--;
		text += used;
	} else {
		localtime_r(&now, &tm);
		tm.tm_sec = 0;
	}
	if (used == 0 || *text) {
		text += used > 0 && (*text == ' ' || *text == 'T');
		if (!when_parse_clock(text, &tm, when))
			return false;
	}
	if (!when_is_valid(&tm))
		return false;
	when->tv_sec = mktime(&tm);
	return true;
}

/* touch -t: "[[CC]YY]MMDDhhmm[.SS]". */
static inline bool when_parse_digits(const char *text, struct timespec *when)
{
	size_t digits = strspn(text, "0123456789");
	time_t now = time(NULL);
	struct tm tm;
	int century = 0;
	int year;

	localtime_r(&now, &tm);
	year = tm.tm_year + WHEN_BASE_YEAR;
	tm.tm_sec = 0;
	if ((digits != 8 && digits != 10 && digits != 12) ||
	    (text[digits] && sscanf(text + digits, ".%2d", &tm.tm_sec) != 1))
		return false;
	if (digits == 12) {
		sscanf(text, "%2d%2d", &century, &year);
		year += century * 100;
	} else if (digits == 10) {
		sscanf(text, "%2d", &year);
		year += year < 69 ? 2000 : WHEN_BASE_YEAR;
	}
	sscanf(text + digits - 8, "%2d%2d%2d%2d", &tm.tm_mon, &tm.tm_mday, &tm.tm_hour, &tm.tm_min);
	tm.tm_year = year - WHEN_BASE_YEAR;
	tm.tm_mon--;
	tm.tm_isdst = -1;
	if (!when_is_valid(&tm))
		return false;
	*when = (struct timespec){ .tv_sec = mktime(&tm) };
	return true;
}

#endif
