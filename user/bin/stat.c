/* SPDX-License-Identifier: MIT */
/* stat: what the system knows about files, in words or by a format. */

#include <limits.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "modetext.h"
#include "owner.h"

enum { PERMISSION_BITS = 07777, BLOCK_BYTES = 512, DATE_BYTES = 64 };

static const char file_format[] = "  File: %N\n"
				  "  Size: %-15s Blocks: %-10b IO Block: %-6o %F\n"
				  "Device: %Hd,%Ld\tInode: %-11i Links: %h\n"
				  "Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
				  "Access: %x\nModify: %y\nChange: %z\n Birth: -\n";
static const char device_format[] = "  File: %N\n"
				    "  Size: %-15s Blocks: %-10b IO Block: %-6o %F\n"
				    "Device: %Hd,%Ld\tInode: %-11i Links: %-5h Device type: %t,%T\n"
				    "Access: (%04a/%A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\n"
				    "Access: %x\nModify: %y\nChange: %z\n Birth: -\n";

/* What a letter stands for: a number, or text. */
struct value {
	bool is_text;
	unsigned long long number;
	char conversion; /* u, o or x for numbers */
	char text[2 * PATH_MAX];
};

static const char *type_name(const struct stat *st)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFREG:
		return st->st_size == 0 ? "regular empty file" : "regular file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symbolic link";
	case S_IFIFO:
		return "fifo";
	case S_IFCHR:
		return "character special file";
	case S_IFBLK:
		return "block special file";
	case S_IFSOCK:
		return "socket";
	default:
		return "weird file";
	}
}

/* The name as a shell would take it if it is a link, with what it says. */
static void quote_name(const char *path, const struct stat *st, struct value *value)
{
	char target[PATH_MAX];
	ssize_t length = S_ISLNK(st->st_mode) ? readlink(path, target, sizeof(target) - 1) : -1;

	if (length < 0)
		snprintf(value->text, sizeof(value->text), "%s", path);
	else
		snprintf(value->text, sizeof(value->text), "%s -> %.*s", path, (int)length, target);
}

static void date_text(const struct timespec *when, struct value *value)
{
	char date[DATE_BYTES];
	char zone[DATE_BYTES];
	time_t seconds = when->tv_sec;
	struct tm tm;

	localtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	strftime(zone, sizeof(zone), "%z", &tm);
	snprintf(value->text, sizeof(value->text), "%s.%09ld %s", date, (long)when->tv_nsec, zone);
}

/* The letters that stand for text. */
static bool text_of(char letter, const char *path, const struct stat *st, struct value *value)
{
	switch (letter) {
	case 'A':
		modetext(st->st_mode, value->text);
		break;
	case 'F':
		strcpy(value->text, type_name(st));
		break;
	case 'G':
		owner_group(st->st_gid, value->text);
		break;
	case 'n':
		snprintf(value->text, sizeof(value->text), "%s", path);
		break;
	case 'N':
		quote_name(path, st, value);
		break;
	case 'U':
		owner_user(st->st_uid, value->text);
		break;
	case 'x':
		date_text(&st->st_atim, value);
		break;
	case 'y':
		date_text(&st->st_mtim, value);
		break;
	case 'z':
		date_text(&st->st_ctim, value);
		break;
	default:
		return false;
	}
	value->is_text = true;
	return true;
}

/* The letters that stand for numbers; `part`: H or L, the major or minor one of a device. */
static bool number_of(char letter, char part, const struct stat *st, struct value *value)
{
	dev_t device = letter == 'r' ? st->st_rdev : st->st_dev;
	const struct {
		char letter;
		char conversion;
		unsigned long long number;
	} numbers[] = {
		{ 'a', 'o', st->st_mode & PERMISSION_BITS },
		{ 'b', 'u', (unsigned long long)st->st_blocks },
		{ 'B', 'u', BLOCK_BYTES },
		{ 'd', 'u', device },
		{ 'D', 'x', device },
		{ 'f', 'x', st->st_mode },
		{ 'g', 'u', st->st_gid },
		{ 'h', 'u', st->st_nlink },
		{ 'i', 'u', st->st_ino },
		{ 'o', 'u', (unsigned long long)st->st_blksize },
		{ 'r', 'u', device },
		{ 's', 'u', (unsigned long long)st->st_size },
		{ 't', 'x', major(st->st_rdev) },
		{ 'T', 'x', minor(st->st_rdev) },
		{ 'u', 'u', st->st_uid },
		{ 'X', 'u', (unsigned long long)st->st_atim.tv_sec },
		{ 'Y', 'u', (unsigned long long)st->st_mtim.tv_sec },
		{ 'Z', 'u', (unsigned long long)st->st_ctim.tv_sec },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].letter != letter)
			continue;
		value->conversion = numbers[i].conversion;
		value->number = numbers[i].number;
		if (part)
			value->number = part == 'H' ? major(device) : minor(device);
		return true;
	}
	return false;
}

/* Flags, width and letter behind a percent sign; returns what follows. */
static const char *print_conversion(const char *at, const char *path, const struct stat *st)
{
	static struct value value;
	bool left = false;
	char part = '\0';
	bool zeros = false;
	int width = 0;

	for (; *at == '-' || *at == '0'; at++) {
		left |= *at == '-';
		zeros |= *at == '0';
	}
	for (; *at >= '0' && *at <= '9'; at++)
		width = width * 10 + (*at - '0');
	if (*at == 'H' || *at == 'L')
		part = *at++;
	value.is_text = false;
	if (*at == '%')
		putchar('%');
	else if (text_of(*at, path, st, &value))
		printf("%*s", left ? -width : width, value.text);
	else if (!number_of(*at, part, st, &value))
		prog_diex("%%%c: no such directive", *at);
	else if (value.conversion == 'u')
		printf("%*llu", left ? -width : width, value.number);
	else if (value.conversion == 'x')
		printf("%*llx", left ? -width : width, value.number);
	else
		printf(zeros ? "%0*llo" : "%*llo", left ? -width : width, value.number);
	return at + 1;
}

static void print_file(const char *format, const char *path, const struct stat *st)
{
	while (*format) {
		if (*format == '%' && format[1])
			format = print_conversion(format + 1, path, st);
		else
			putchar(*format++);
	}
}

int main(int argc, char **argv)
{
	const char *format = NULL;
	bool follow = false;
	int status = 0;
	int letter;

	prog_begin("stat",
		   "[-L] [-c FORMAT] FILE...\n"
		   "  -L  follow links\n"
		   "  -c  %a %A mode, %b %B blocks and their size, %d %D device, %f raw mode,\n"
		   "      %F type, %g %G group, %h links, %i inode, %n %N name, %s size,\n"
		   "      %o I/O block, %t %T major and minor number in hex, %u %U owner,\n"
		   "      %x %y %z time of access, change of data, of state; %X %Y %Z in seconds",
		   argc, argv);
	while ((letter = getopt(argc, argv, "Lc:")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 'c')
			format = optarg;
		else
			follow = true;
	}
	if (optind == argc)
		prog_usage(1);
	for (int i = optind; i < argc; i++) {
		struct stat st;

		if ((follow ? stat(argv[i], &st) : lstat(argv[i], &st)) < 0) {
			prog_warn(argv[i]);
			status = 1;
		} else if (format) {
			print_file(format, argv[i], &st);
			putchar('\n');
		} else {
			bool device = S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode);

			print_file(device ? device_format : file_format, argv[i], &st);
		}
	}
	return prog_finish(status);
}
