/* SPDX-License-Identifier: MIT */
/* The calendar: seconds since 1970 to days and back, in UTC. Years are counted
 * from March, so that the leap day is the last of its year. */
#include <time.h>

enum {
	MINUTE = 60,
	HOUR = 60 * MINUTE,
	DAY = 24 * HOUR,
	DAYS_PER_ERA = 146097, /* 400 years */
	YEARS_PER_ERA = 400,
	EPOCH_DAYS = 719468, /* from 1 March of year 0 to 1 January 1970 */
	EPOCH_WEEKDAY = 4,   /* a Thursday */
	BASE_YEAR = 1900,
};

static long long divide_down(long long n, long long by)
{
	return n / by - (n % by < 0);
}

/* Days since 1970 of a date; month from 1. */
static long long days_from_date(long long year, int month, long long day)
{
	long long era;
	int year_of_era, day_of_year;

	year -= month <= 2;
	era = divide_down(year, YEARS_PER_ERA);
	year_of_era = (int)(year - era * YEARS_PER_ERA);
	day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
	return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	       day_of_year + day - 1 - EPOCH_DAYS;
}

static void date_from_days(long long days, struct tm *to)
{
	long long era = divide_down(days + EPOCH_DAYS, DAYS_PER_ERA), year;
	int day_of_era = (int)(days + EPOCH_DAYS - era * DAYS_PER_ERA);
	int year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int march_month = (5 * day_of_year + 2) / 153;
	int month = march_month < 10 ? march_month + 3 : march_month - 9;

	year = era * YEARS_PER_ERA + year_of_era + (month <= 2);
	to->tm_mday = day_of_year - (153 * march_month + 2) / 5 + 1;
	to->tm_mon = month - 1;
	to->tm_year = (int)(year - BASE_YEAR);
	to->tm_yday = (int)(days - days_from_date(year, 1, 1));
}

struct tm *gmtime_r(const time_t *restrict t, struct tm *restrict to)
{
	long long days = divide_down(*t, DAY);
	int seconds = (int)(*t - days * DAY);

	date_from_days(days, to);
	to->tm_hour = seconds / HOUR;
	to->tm_min = seconds % HOUR / MINUTE;
	to->tm_sec = seconds % MINUTE;
	to->tm_wday = (int)(((days + EPOCH_WEEKDAY) % 7 + 7) % 7);
	to->tm_isdst = 0;
	to->tm_gmtoff = 0;
	to->tm_zone = "UTC";
	return to;
}

struct tm *localtime_r(const time_t *restrict t, struct tm *restrict to)
{
	return gmtime_r(t, to);
}

struct tm *gmtime(const time_t *t)
{
	static struct tm result;

	return gmtime_r(t, &result);
}

struct tm *localtime(const time_t *t)
{
	return gmtime(t);
}

/* Fields out of range are carried over, and all are set to match. */
time_t timegm(struct tm *tm)
{
	long long months = tm->tm_year * 12LL + tm->tm_mon;
	long long year = divide_down(months, 12);
	long long days = days_from_date(year + BASE_YEAR, (int)(months - year * 12) + 1,
					tm->tm_mday);
	time_t t = days * DAY + tm->tm_hour * (long long)HOUR + tm->tm_min * (long long)MINUTE +
		   tm->tm_sec;

	gmtime_r(&t, tm);
	return t;
}

time_t mktime(struct tm *tm)
{
	return timegm(tm);
}

void tzset(void)
{
}
