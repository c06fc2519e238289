/* SPDX-License-Identifier: MIT */
/* Dates as text, in English. */
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *const day_names[] = {
	"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
};

static const char *const month_names[] = {
	"January", "February", "March",     "April",   "May",      "June",
	"July",    "August",   "September", "October", "November", "December",
};

enum { SHORT_NAME = 3, BASE_YEAR = 1900, FIELD_MAX = 64 };

static const char *name_of(const char *const names[], int count, int index)
{
	return index >= 0 && index < count ? names[index] : "?";
}

/* What a conversion stands for that is made of others. */
static const char *compound(char conversion)
{
	switch (conversion) {
	case 'c':
		return "%a %b %e %H:%M:%S %Y";
	case 'D':
	case 'x':
		return "%m/%d/%y";
	case 'F':
		return "%Y-%m-%d";
	case 'R':
		return "%H:%M";
	case 'r':
		return "%I:%M:%S %p";
	case 'T':
	case 'X':
		return "%H:%M:%S";
	}
	return NULL;
}

static int put_name(char *to, char conversion, const struct tm *tm)
{
	const char *day = name_of(day_names, 7, tm->tm_wday);
	const char *month = name_of(month_names, 12, tm->tm_mon);

	switch (conversion) {
	case 'A':
		return snprintf(to, FIELD_MAX, "%s", day);
	case 'a':
		return snprintf(to, FIELD_MAX, "%.*s", SHORT_NAME, day);
	case 'B':
		return snprintf(to, FIELD_MAX, "%s", month);
	case 'b':
	case 'h':
		return snprintf(to, FIELD_MAX, "%.*s", SHORT_NAME, month);
	case 'p':
		return snprintf(to, FIELD_MAX, "%s", tm->tm_hour < 12 ? "AM" : "PM");
	case 'Z':
		return snprintf(to, FIELD_MAX, "UTC");
	case 'z':
		return snprintf(to, FIELD_MAX, "+0000");
	case 'n':
		return snprintf(to, FIELD_MAX, "\n");
	case 't':
		return snprintf(to, FIELD_MAX, "\t");
	}
	return snprintf(to, FIELD_MAX, "%%%.*s", conversion != '%', &conversion);
}

static int put_field(char *to, char conversion, const struct tm *tm)
{
	int hour12 = tm->tm_hour % 12 ? tm->tm_hour % 12 : 12;
	struct tm copy = *tm;

	switch (conversion) {
	case 'C':
		return snprintf(to, FIELD_MAX, "%02d", (tm->tm_year + BASE_YEAR) / 100);
	case 'd':
		return snprintf(to, FIELD_MAX, "%02d", tm->tm_mday);
	case 'e':
		return snprintf(to, FIELD_MAX, "%2d", tm->tm_mday);
	case 'H':
		return snprintf(to, FIELD_MAX, "%02d", tm->tm_hour);
	case 'I':
		return snprintf(to, FIELD_MAX, "%02d", hour12);
	case 'j':
		return snprintf(to, FIELD_MAX, "%03d", tm->tm_yday + 1);
	case 'M':
		return snprintf(to, FIELD_MAX, "%02d", tm->tm_min);
	case 'm':
		return snprintf(to, FIELD_MAX, "%02d", tm->tm_mon + 1);
	case 'S':
		return snprintf(to, FIELD_MAX, "%02d", tm->tm_sec);
	case 's':
		return snprintf(to, FIELD_MAX, "%lld", (long long)mktime(&copy));
	case 'u':
		return snprintf(to, FIELD_MAX, "%d", tm->tm_wday ? tm->tm_wday : 7);
	case 'w':
		return snprintf(to, FIELD_MAX, "%d", tm->tm_wday);
	case 'Y':
		return snprintf(to, FIELD_MAX, "%d", tm->tm_year + BASE_YEAR);
	case 'y':
		return snprintf(to, FIELD_MAX, "%02d", ((tm->tm_year % 100) + 100) % 100);
	}
	return put_name(to, conversion, tm);
}

size_t strftime(char *restrict to, size_t size, const char *restrict format,
		const struct tm *restrict tm)
{
	char field[FIELD_MAX];
	size_t done = 0, part;
	const char *whole;

	for (; *format; format++) {
		field[0] = *format;
		part = 1;
		if (*format == '%' && format[1]) {
			format++;
			whole = compound(*format);
			part = whole ? strftime(field, sizeof(field), whole, tm)
				     : (size_t)put_field(field, *format, tm);
		}
		if (part >= size - done)
			return 0;
		memcpy(to + done, field, part);
		done += part;
	}
	if (done >= size)
		return 0;
	to[done] = '\0';
	return done;
}

char *asctime(const struct tm *tm)
{
	static char text[FIELD_MAX];

	strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y\n", tm);
	return text;
}

char *ctime(const time_t *t)
{
	return asctime(localtime(t));
}
