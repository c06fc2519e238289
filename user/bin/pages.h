/* SPDX-License-Identifier: MIT */
/* A process's page table as /proc/PID/pagetable has it (proc(5)), for memmap and pagewalk. */
#ifndef USER_BIN_PAGES_H
#define USER_BIN_PAGES_H

#include "procinfo.h"

enum { PAGES_BYTES = 4096, PAGES_LINE = 256, PAGES_LEVEL = 8, PAGES_LETTERS = 8 };

/* The physical address in an entry; memory lies below 4 GiB. */
#define PAGES_FRAME 0xfffff000ULL

struct page_line {
	char level[PAGES_LEVEL]; /* "pdpt", "table", "page" */
	unsigned long address;
	unsigned long long entry;
	char letters[PAGES_LETTERS]; /* of a page: c cached, s shared, d dirty, l locked */
};

/* /proc/PID/NAME; it has to be there. "self" without a number. */
static inline FILE *pages_open(const char *pid, const char *name)
{
	char path[PROCINFO_NAME];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid ? pid : "self", name);
	file = fopen(path, "r");
	if (!file)
		prog_die(path);
	return file;
}

/* The next line of a pagetable; false at the end. The head line ("cr3") is no entry. */
static inline bool pages_next(FILE *file, struct page_line *line)
{
	char text[PAGES_LINE];

	while (fgets(text, sizeof(text), file)) {
		line->letters[0] = '\0';
		if (sscanf(text, "%7s %lx %llx %7s", line->level, &line->address, &line->entry,
			   line->letters) >= 3)
			return true;
	}
	return false;
}

static inline bool pages_is_page(const struct page_line *line)
{
	return strcmp(line->level, "page") == 0;
}

#endif
