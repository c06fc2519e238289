/* SPDX-License-Identifier: MIT */
/* procfs, the mechanism: a tree of tables in which an entry says how a file's text
 * is written. What the files say is in proc/procfs/, which hands in the root.
 *
 * A text is made whole at the first read, and again by each read at position 0:
 * what one reads piece by piece fits together. Names are never cached, as they come
 * and go with processes; a vnode lives while it is referenced, and knows its process
 * by number and time of start, so that a number used again names nobody old.
 */
#ifndef FS_PROCFS_H
#define FS_PROCFS_H

#include "fs/text.h"
#include "fs/vnode.h"

enum { PROCFS_STORE_MAX = 4096 }; /* bytes of one write, with the 0 */

/* Whose file it is. */
struct procfs_subject {
	pid_t pid;       /* 0: nobody's */
	ktime_t started; /* of that process */
	uid_t uid;       /* owner of the file */
	gid_t gid;
	unsigned number; /* of a numbered entry: process, thread or descriptor */
};

struct procfs_entry;

/* The entries of a directory that have numbers for names. */
struct procfs_numbers {
	/* The least number in use that is >= *number. False: none. */
	bool (*next)(const struct procfs_subject *of, unsigned *number);
	/* Makes the directory's subject that of the entry `number`. -ENOENT. */
	int (*find)(unsigned number, struct procfs_subject *of);
	const struct procfs_entry *member; /* what each of them is */
};

/* Operations of a file: show, and store if it is written. Of a link: readlink, and
 * follow if it leads to a file rather than to a path. All may sleep, with no lock held.
 */
struct procfs_entry {
	const char *name; /* NULL: the end of a table */
	mode_t mode;      /* type and permissions */
	void (*show)(struct text *t);
	int (*show_of)(struct text *t, const struct procfs_subject *of);
	int (*store)(char *words); /* one line, without its end */
	int (*store_of)(char *words, const struct procfs_subject *of);
	int (*readlink)(const struct procfs_subject *of, char *buf, unsigned size);
	int (*follow)(const struct procfs_subject *of, struct vnode **out);
	/* May the calling process look? 0 or -EACCES, at open and at links. NULL: by mode. */
	int (*permit)(const struct procfs_subject *of);
	const struct procfs_entry *children; /* of a directory; NULL: none */
	const struct procfs_numbers *numbers;
};

#define PROCFS_DIR(name_, children_) \
	{ \
		.name = (name_), .mode = S_IFDIR | 0555, .children = (children_) \
	}
#define PROCFS_FILE(name_, show_) \
	{ \
		.name = (name_), .mode = S_IFREG | 0444, .show = (show_) \
	}

/* Registers the type "proc". root stays; is_alive: is the process still there? */
void procfs_init(const struct procfs_entry *root,
		 bool (*is_alive)(const struct procfs_subject *of));

#endif
