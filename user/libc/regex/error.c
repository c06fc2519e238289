/* SPDX-License-Identifier: MIT */
/* What is wrong with a regular expression, in words. */
#include <regex.h>
#include <string.h>

size_t regerror(int error, const regex_t *regex, char *text, size_t size)
{
	static const char *const texts[] = {
		[0] = "no error",
		[REG_NOMATCH] = "no match",
		[REG_BADPAT] = "bad regular expression",
		[REG_ECOLLATE] = "unknown collating element",
		[REG_ECTYPE] = "unknown character class",
		[REG_EESCAPE] = "trailing backslash",
		[REG_ESUBREG] = "back references are not supported",
		[REG_EBRACK] = "unmatched [",
		[REG_EPAREN] = "unmatched (",
		[REG_EBRACE] = "unmatched {",
		[REG_BADBR] = "bad interval in { }",
		[REG_ERANGE] = "range out of order",
		[REG_ESPACE] = "expression too big",
		[REG_BADRPT] = "nothing to repeat",
	};
	const char *known = "unknown error";

	(void)regex;
	if (error >= 0 && (size_t)error < sizeof(texts) / sizeof(texts[0]))
		known = texts[error];
	strlcpy(text, known, size);
	return strlen(known) + 1;
}
