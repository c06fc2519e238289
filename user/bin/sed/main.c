/* SPDX-License-Identifier: MIT */
/* sed: changes text line by line, by a script. Exit status 1: the script makes no sense, 2: a file
 * could not be read or replaced, 4: output was lost. */

#include <sys/stat.h>

#include "sed.h"

enum { INPUT_FAILED = 2, OUTPUT_FAILED = 4 };

struct settings settings;

static struct {
	char **names; /* the next one */
	FILE *file;   /* NULL: none is open */
	const char *name;
	unsigned long number;
	bool had_newline; /* the current line */
	int status;
	/* -i: what is written takes the file's place when all of it is on the disk. */
	FILE *new_file;
	char *new_name;
} input;

static void complain(const char *name)
{
	prog_warn(name);
	input.status = INPUT_FAILED;
}

FILE *output(void)
{
	return input.new_file ? input.new_file : stdout;
}

void output_line(const char *text, size_t length)
{
	fwrite(text, 1, length, output());
	if (input.had_newline || !input_is_last())
		fputc('\n', output());
}

static bool open_new_file(const char *name)
{
	static const char suffix[] = ".XXXXXX";
	struct stat st;
	int fd;

	input.new_name = prog_grow(NULL, strlen(name) + sizeof(suffix));
	sprintf(input.new_name, "%s%s", name, suffix);
	fd = mkstemp(input.new_name);
	if (fd < 0)
		return false;
	if (fstat(fileno(input.file), &st) == 0)
		fchmod(fd, st.st_mode);
	input.new_file = fdopen(fd, "w");
	return input.new_file != NULL;
}

/* The old file stays if the new one is not complete. */
static void finish_new_file(void)
{
	bool good = fflush(input.new_file) == 0 && !ferror(input.new_file) &&
		    fsync(fileno(input.new_file)) == 0;

	good = fclose(input.new_file) == 0 && good && rename(input.new_name, input.name) == 0;
	if (!good) {
		complain(input.name);
		unlink(input.new_name);
	}
	free(input.new_name);
	input.new_file = NULL;
}

static void close_file(void)
{
	if (ferror(input.file))
		complain(input.name);
	if (input.new_file)
		finish_new_file();
	if (input.file != stdin)
		fclose(input.file);
	input.file = NULL;
	if (settings.separate)
		input.number = 0;
}

static bool open_next(void)
{
	while (*input.names) {
		input.name = *input.names++;
		input.file = strcmp(input.name, "-") == 0 ? stdin : fopen(input.name, "r");
		if (input.file && settings.in_place && !open_new_file(input.name)) {
			complain(input.name);
			fclose(input.file);
			continue;
		}
		if (input.file)
			return true;
		complain(input.name);
	}
	return false;
}

/* Whether the open file has nothing more. */
static bool file_is_at_end(void)
{
	int c = getc(input.file);

	if (c == EOF)
		return true;
	ungetc(c, input.file);
	return false;
}

bool input_is_last(void)
{
	if (input.file && !file_is_at_end())
		return false;
	if (settings.separate)
		return true;
	/* The files behind may be empty, or not there. */
	while (*input.names) {
		if (input.file)
			close_file();
		if (open_next() && !file_is_at_end())
			return false;
	}
	return true;
}

bool input_line(struct buffer *space)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	for (;;) {
		if (!input.file && !open_next())
			return false;
		length = getline(&line, &room, input.file);
		if (length > 0)
			break;
		close_file();
	}
	input.number++;
	input.had_newline = line[length - 1] == '\n';
	buffer_add(space, line, (size_t)length - input.had_newline);
	free(line);
	return true;
}

unsigned long input_number(void)
{
	return input.number;
}

static void parse_file(struct script *script, const char *name)
{
	struct buffer text = { 0 };
	FILE *file = fopen(name, "r");
	char chunk[512];
	size_t bytes;

	if (!file)
		prog_die(name);
	while ((bytes = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buffer_add(&text, chunk, bytes);
	fclose(file);
	buffer_add(&text, "", 1);
	script_parse(script, text.text);
	free(text.text);
}

static const char usage[] =
	"[-Eins] [-e SCRIPT | -f FILE]... [SCRIPT] [FILE]...\n"
	"  -E  extended regular expressions (also -r)\n"
	"  -e  a script; -f one from a file\n"
	"  -i  change the files themselves\n"
	"  -n  print only what the script says\n"
	"  -s  each file by itself\n"
	"  Commands: [ADDRESS[,ADDRESS]][!]COMMAND; an address is a line number, $, /PATTERN/\n"
	"  or, behind the comma, +N. s/PATTERN/TEXT/[gpiN][w FILE]  y/ABC/XYZ/  a i c TEXT\n"
	"  d D p P n N q = l g G h H x  { ... }  : b t LABEL  r w FILE";

int main(int argc, char **argv)
{
	static char standard_input[] = "-";
	static char *no_names[] = { standard_input, NULL };
	struct script script = { 0 };
	bool have_script = false;
	int status;
	int letter;

	prog_begin("sed", usage, argc, argv);
	while ((letter = getopt(argc, argv, "Ee:f:inrs")) != -1) {
		if (letter == '?')
			prog_usage(1);
		if (letter == 'e')
			script_parse(&script, optarg);
		if (letter == 'f')
			parse_file(&script, optarg);
		have_script |= letter == 'e' || letter == 'f';
		settings.in_place |= letter == 'i';
		settings.separate |= letter == 's' || letter == 'i';
		settings.quiet |= letter == 'n';
		if (letter == 'E' || letter == 'r')
			settings.flags |= REG_EXTENDED;
	}
	if (!have_script && optind == argc)
		prog_usage(1);
	if (!have_script)
		script_parse(&script, argv[optind++]);
	script_finish(&script);
	input.names = optind < argc ? argv + optind : no_names;
	status = run_script(&script);
	if (input.file)
		close_file();
	return prog_finish(0) ? OUTPUT_FAILED : input.status | status;
}
