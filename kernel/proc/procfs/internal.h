/* SPDX-License-Identifier: MIT */
/* What the files of proc/procfs share. */
#ifndef PROCFS_INTERNAL_H
#define PROCFS_INTERNAL_H

#include <abi/time.h>

#include "fs/procfs.h"
#include "lib/div64.h"
#include "proc/process.h"

struct region; /* vm/region.h */

/* A process as it was at one moment, for files that print numbers. */
struct process_picture {
	pid_t id, parent, group, session;
	char name[THREAD_NAME];
	char state; /* R S D T Z, as ps prints it */
	unsigned threads, cpu;
	int nice;
	uint32_t affinity;
	struct accounting used, children_used;
	struct cred cred;
	mode_t umask;
	sigset_t pending, thread_pending, blocked, ignored, caught;
	ktime_t started;
	int exit_signal, exit_status;
	unsigned descriptors; /* room for them */
	dev_t tty;            /* its terminal, 0: none */
	pid_t tty_group;      /* that in the foreground there, -1: no terminal */
	vaddr_t args, env, env_end, brk_start;
};

bool subject_is_alive(const struct procfs_subject *of);

/* All of these: 0, or -ESRCH when the process has ended. subject.c */
int subject_picture(const struct procfs_subject *of, struct process_picture *out);
/* Referenced; NULL: it has none any more (a zombie). */
int subject_space(const struct procfs_subject *of, struct space **out);
int subject_limits(const struct procfs_subject *of, struct abi_rlimit64 *out);
/* May the caller see what is private to the process? -EACCES: not his (man 2 ptrace). */
int subject_permit(const struct procfs_subject *of);
/* 0 to 2000; what moves it, which is set only by root if it becomes less. */
int subject_oom_score(const struct procfs_subject *of, uint32_t pages, int *out);
int subject_oom_score_adj(const struct procfs_subject *of, int *out);
int subject_set_oom_score_adj(const struct procfs_subject *of, int adj);
/* Reads and, with `set`, writes that thread's fail_nth. */
int subject_fail_nth(const struct procfs_subject *of, const uint32_t *set, uint32_t *was);
/* Of the path context and program: referenced, -ENOENT: none. */
int subject_cwd(const struct procfs_subject *of, struct vnode **out);
int subject_root(const struct procfs_subject *of, struct vnode **out);
int subject_program(const struct procfs_subject *of, struct vnode **out);
/* The descriptor of->number: referenced, -ENOENT. */
int subject_file(const struct procfs_subject *of, struct file **out);

extern const struct procfs_numbers procfs_processes, procfs_threads, procfs_descriptors;
extern const struct procfs_entry procfs_process_entry, procfs_thread_entry; /* root.c */
extern const struct procfs_entry procfs_descriptor_entry;

/* Nanoseconds in the unit that /proc counts processor time in. */
static inline uint64_t user_ticks(uint64_t ns)
{
	return div_u64(ns, NSEC_PER_SEC / ABI_USER_HZ, NULL);
}

/* process.c, memory.c, pages.c, links.c */
int show_stat(struct text *t, const struct procfs_subject *of);
int show_status(struct text *t, const struct procfs_subject *of);
int show_statm(struct text *t, const struct procfs_subject *of);
int show_oom_score(struct text *t, const struct procfs_subject *of);
int show_oom_score_adj(struct text *t, const struct procfs_subject *of);
int store_oom_score_adj(char *words, const struct procfs_subject *of);
int show_fail_nth(struct text *t, const struct procfs_subject *of);
int store_fail_nth(char *words, const struct procfs_subject *of);
int show_comm(struct text *t, const struct procfs_subject *of);
int show_limits(struct text *t, const struct procfs_subject *of);
int show_maps(struct text *t, const struct procfs_subject *of);
/* Writes what there is to say of a region; path: ABI_PATH_MAX bytes to work in. */
typedef void region_text_fn(struct text *t, const struct region *r, char *path, void *ctx);
/* All regions, with the space's lock held over all of it: one picture. */
int show_regions(struct text *t, const struct procfs_subject *of, region_text_fn *put, void *ctx);
region_text_fn put_region; /* its line in maps */
int show_smaps(struct text *t, const struct procfs_subject *of);
int show_smaps_rollup(struct text *t, const struct procfs_subject *of);
int store_swap_pages(char *words); /* "ADDRESS ADDRESS flush|noflush", if that was allowed */
int show_pagetable(struct text *t, const struct procfs_subject *of);
int show_cmdline(struct text *t, const struct procfs_subject *of);
int show_environ(struct text *t, const struct procfs_subject *of);
int read_cwd(const struct procfs_subject *of, char *buf, unsigned size);
int read_root(const struct procfs_subject *of, char *buf, unsigned size);
int read_exe(const struct procfs_subject *of, char *buf, unsigned size);
int read_fd(const struct procfs_subject *of, char *buf, unsigned size);
int follow_fd(const struct procfs_subject *of, struct vnode **out);
int read_self(const struct procfs_subject *of, char *buf, unsigned size);
int read_thread_self(const struct procfs_subject *of, char *buf, unsigned size);

/* cpu.c */
void show_cpu_times(struct text *t);
void show_schedstat(struct text *t);
void show_loadavg(struct text *t);
void show_uptime(struct text *t);
void show_sched(struct text *t);
void show_interrupts(struct text *t);
void show_cpuinfo(struct text *t);

/* meminfo.c */
void show_meminfo(struct text *t);
void show_vmstat(struct text *t);
void show_buddyinfo(struct text *t);
void show_zoneinfo(struct text *t);
void show_slabinfo(struct text *t);

/* system.c */
void show_partitions(struct text *t);
void show_diskstats(struct text *t);
void show_devices(struct text *t);
void show_boot_cmdline(struct text *t);
void show_version(struct text *t);
void show_log(struct text *t);
extern const struct procfs_entry procfs_sys_entries[];

#endif
