/* SPDX-License-Identifier: MIT */
/* The MC146818 clock in the CMOS (data sheet; ports 0x70, 0x71). Read twice until
 * two readings agree and no update is in progress. Used at start-up only.
 */
#include "dev/rtc.h"

#include "x86/cpu.h"

enum {
	PORT_INDEX = 0x70,
	PORT_DATA = 0x71,
	REG_SECONDS = 0,
	REG_MINUTES = 2,
	REG_HOURS = 4,
	REG_DAY = 7,
	REG_MONTH = 8,
	REG_YEAR = 9,
	REG_STATUS_A = 10,
	REG_STATUS_B = 11,
	A_UPDATING = 1 << 7,
	B_24_HOURS = 1 << 1,
	B_BINARY = 1 << 2,
	HOURS_PM = 1 << 7,
	BCD_SHIFT = 4,
	BCD_DIGIT = 0xf,
	TRIES = 100000,
	CENTURY = 2000, /* the two digits of the year count from here */
	SECONDS_PER_DAY = 24 * 3600,
	DAYS_TO_1970 = 719468, /* from 0000-03-01, where the count below starts */
};

struct clock {
	unsigned second, minute, hour, day, month, year;
};

static uint8_t cmos_read(uint8_t reg)
{
	io_outb(PORT_INDEX, reg);
	return io_inb(PORT_DATA);
}

static void wait_for_update_end(void)
{
	for (int i = 0; i < TRIES && (cmos_read(REG_STATUS_A) & A_UPDATING); i++)
		cpu_pause();
}

static struct clock clock_read_raw(void)
{
	return (struct clock){
		.second = cmos_read(REG_SECONDS),
		.minute = cmos_read(REG_MINUTES),
		.hour = cmos_read(REG_HOURS),
		.day = cmos_read(REG_DAY),
		.month = cmos_read(REG_MONTH),
		.year = cmos_read(REG_YEAR),
	};
}

static bool clock_equal(const struct clock *a, const struct clock *b)
{
	return a->second == b->second && a->minute == b->minute && a->hour == b->hour &&
	       a->day == b->day && a->month == b->month && a->year == b->year;
}

static unsigned from_bcd(unsigned v)
{
	return (v >> BCD_SHIFT) * 10 + (v & BCD_DIGIT);
}

static void clock_decode(struct clock *c, uint8_t status_b)
{
	bool pm = c->hour & HOURS_PM;

	c->hour &= ~(unsigned)HOURS_PM;
	if (!(status_b & B_BINARY)) {
		c->second = from_bcd(c->second);
		c->minute = from_bcd(c->minute);
		c->hour = from_bcd(c->hour);
		c->day = from_bcd(c->day);
		c->month = from_bcd(c->month);
		c->year = from_bcd(c->year);
	}
	if (!(status_b & B_24_HOURS))
		c->hour = c->hour % 12 + (pm ? 12 : 0);
	c->year += CENTURY;
}

static bool clock_is_valid(const struct clock *c)
{
	return c->second < 60 && c->minute < 60 && c->hour < 24 && c->day >= 1 && c->day <= 31 &&
	       c->month >= 1 && c->month <= 12;
}

/* Days since 1970-01-01. The year is taken to start in March, so that the leap day
 * is its last; months then have 153 days in each group of five.
 */
static int64_t days_since_1970(unsigned year, unsigned month, unsigned day)
{
	unsigned y = month <= 2 ? year - 1 : year;
	unsigned m = (month + 9) % 12; /* March is 0 */
	unsigned day_of_year = (153 * m + 2) / 5 + day - 1;

	return (int64_t)y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - DAYS_TO_1970;
}

int64_t rtc_read_seconds(void)
{
	struct clock first, second;

	for (int i = 0; i < TRIES; i++) {
		wait_for_update_end();
		first = clock_read_raw();
		wait_for_update_end();
		second = clock_read_raw();
		if (clock_equal(&first, &second))
			break;
	}
	clock_decode(&second, cmos_read(REG_STATUS_B));
	if (!clock_is_valid(&second))
		return 0;
	return days_since_1970(second.year, second.month, second.day) * SECONDS_PER_DAY +
	       (int64_t)(second.hour * 3600 + second.minute * 60 + second.second);
}
