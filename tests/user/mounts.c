/* SPDX-License-Identifier: MIT */
/* mount, umount, umount2, chroot, sethostname. Only root may: on Linux the tests of what
 * root does also pass as the root of a user name space (unshare -Urmpf --uts). */
#define _GNU_SOURCE
#include "ktap.h"

#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/statfs.h>

#define PROC_MAGIC 0x9fa0
#define NOBODY 65534

/* May this process mount? A root without the right (a container's) may not. */
static int may_mount(void)
{
	static int answer = -1;

	if (answer < 0) {
		mkdir("try", 0755);
		answer = mount("proc", "try", "proc", 0, NULL) == 0;
		if (answer)
			umount("try");
		rmdir("try");
	}
	return answer;
}

#define NEED_ROOT() \
	do { \
		if (!may_mount()) \
			SKIP("only root mounts"); \
	} while (0)

/* Line `n` of /proc/mounts for what is mounted last on a path that ends so. */
static int find_mount(const char *end, char *options, size_t size)
{
	char line[512], where[256], opts[256];
	FILE *f = fopen("/proc/mounts", "r");
	int found = 0;

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*s %255s %*s %255s", where, opts) != 2)
			continue;
		if (strlen(where) >= strlen(end) &&
		    !strcmp(where + strlen(where) - strlen(end), end)) {
			found++;
			snprintf(options, size, ",%s,", opts);
		}
	}
	fclose(f);
	return found;
}

static void as_nobody(void)
{
	EXPECT_OK(setuid(NOBODY));
	EXPECT_ERR(mount("proc", "point", "proc", 0, NULL), EPERM);
	EXPECT_ERR(umount("point"), EPERM);
	EXPECT_ERR(chroot("point"), EPERM);
	EXPECT_ERR(sethostname("other", 5), EPERM);
}

static void only_root_may(void)
{
	if (setuid(getuid()) != 0 || (getuid() == 0 && !may_mount()))
		SKIP("an odd root");
	mkdir("point", 0755);
	chmod(".", 0755);
	if (getuid() == 0) {
		int status = ktap_child(as_nobody);

		if (WEXITSTATUS(status) && access("/proc/self/uid_map", F_OK) == 0)
			status = 0; /* a name space without that user */
		EXPECT_EQ(status, 0);
	} else {
		EXPECT_ERR(mount("proc", "point", "proc", 0, NULL), EPERM);
		EXPECT_ERR(umount("point"), EPERM);
		EXPECT_ERR(chroot("point"), EPERM);
		EXPECT_ERR(sethostname("other", 5), EPERM);
	}
	rmdir("point");
}

static void bad_arguments_are_refused(void)
{
	NEED_ROOT();
	mkdir("point", 0755);
	close(creat("file", 0644));
	EXPECT_ERR(mount("proc", "missing", "proc", 0, NULL), ENOENT);
	EXPECT_ERR(mount("proc", "file", "proc", 0, NULL), ENOTDIR);
	EXPECT_ERR(mount("proc", "point", "nosuchfs", 0, NULL), ENODEV);
	EXPECT_ERR(mount("missing", "point", "ext2", 0, NULL), ENOENT);
	EXPECT_ERR(mount("file", "point", "ext2", 0, NULL), ENOTBLK);
	EXPECT_ERR(mount("proc", (char *)1, "proc", 0, NULL), EFAULT);
	EXPECT_ERR(mount((char *)1, "point", "proc", 0, NULL), EFAULT);
	EXPECT_ERR(mount("proc", "point", (char *)1, 0, NULL), EFAULT);
	EXPECT_ERR(mount("proc", "point", "proc", MS_REMOUNT, NULL), EINVAL);
	EXPECT_ERR(umount("missing"), ENOENT);
	EXPECT_ERR(umount("point"), EINVAL);
	EXPECT_ERR(umount("file"), EINVAL);
	EXPECT_ERR(umount2("point", 1 << 20), EINVAL);
	EXPECT_ERR(chroot("missing"), ENOENT);
	EXPECT_ERR(chroot("file"), ENOTDIR);
	EXPECT_ERR(sethostname("x", -1), EINVAL);
	EXPECT_ERR(sethostname("x", 65), EINVAL);
	unlink("file");
	rmdir("point");
}

static void mounted_tree_covers_the_directory(void)
{
	char options[300];
	struct stat outside, inside;
	struct statfs fs;

	NEED_ROOT();
	mkdir("point", 0755);
	mkdir("point/below", 0755);
	EXPECT_OK(stat("point", &outside));
	EXPECT_OK(mount("some text", "point", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL));
	EXPECT_OK(stat("point", &inside));
	EXPECT(outside.st_dev != inside.st_dev);
	EXPECT_OK(access("point/self/stat", R_OK));
	EXPECT_ERR(access("point/below", F_OK), ENOENT);
	EXPECT_OK(statfs("point", &fs));
	EXPECT_EQ(fs.f_type, PROC_MAGIC);
	EXPECT_EQ(find_mount("/point", options, sizeof(options)), 1);
	EXPECT(strstr(options, ",nosuid,") && strstr(options, ",nodev,") &&
	       strstr(options, ",noexec,") && strstr(options, ",rw,"));
	EXPECT_OK(umount("point"));
	EXPECT_EQ(find_mount("/point", options, sizeof(options)), 0);
	EXPECT_OK(access("point/below", F_OK));
	rmdir("point/below");
	rmdir("point");
}

static void dot_dot_leads_out_of_a_mount(void)
{
	struct stat here, up;
	char path[512];

	NEED_ROOT();
	mkdir("point", 0755);
	EXPECT_OK(mount("proc", "point", "proc", 0, NULL));
	EXPECT_OK(stat(".", &here));
	EXPECT_OK(stat("point/sys/../..", &up));
	EXPECT(here.st_ino == up.st_ino && here.st_dev == up.st_dev);
	EXPECT_OK(chdir("point/sys/kernel"));
	EXPECT(getcwd(path, sizeof(path)) && strstr(path, "/point/sys/kernel"));
	EXPECT_OK(chdir("../../.."));
	EXPECT_OK(stat(".", &up));
	EXPECT(here.st_ino == up.st_ino && here.st_dev == up.st_dev);
	EXPECT_OK(umount("point"));
	rmdir("point");
}

static void mount_in_use_is_busy(void)
{
	int fd;

	NEED_ROOT();
	mkdir("point", 0755);
	EXPECT_OK(mount("proc", "point", "proc", 0, NULL));
	fd = open("point/self/stat", O_RDONLY);
	EXPECT(fd >= 0);
	EXPECT_ERR(umount("point"), EBUSY);
	EXPECT_OK(access("point/self/stat", R_OK));
	close(fd);
	EXPECT_OK(chdir("point"));
	EXPECT_ERR(umount("../point"), EBUSY);
	EXPECT_OK(chdir(".."));
	EXPECT_ERR(rmdir("point"), EBUSY);
	EXPECT_ERR(rename("point", "other"), EBUSY);
	EXPECT_OK(umount("point"));
	EXPECT_ERR(umount("point"), EINVAL);
	EXPECT_OK(rmdir("point"));
}

static void several_mounts_of_a_kind(void)
{
	char name[8], options[300];

	NEED_ROOT();
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		mkdir(name, 0755);
		EXPECT_OK(mount("proc", name, "proc", 0, NULL));
	}
	EXPECT_OK(access("m7/self/root/proc/self", F_OK));
	for (int i = 0; i < 8; i++) {
		snprintf(name, sizeof(name), "m%d", i);
		EXPECT_OK(umount2(name, UMOUNT_NOFOLLOW));
		rmdir(name);
	}
	EXPECT_EQ(find_mount("/m3", options, sizeof(options)), 0);
}

static void remount_changes_flags(void)
{
	char options[300];

	NEED_ROOT();
	mkdir("point", 0755);
	EXPECT_OK(mount("proc", "point", "proc", 0, NULL));
	EXPECT_OK(mount(NULL, "point", NULL, MS_REMOUNT | MS_RDONLY | MS_NOSUID, NULL));
	EXPECT_EQ(find_mount("/point", options, sizeof(options)), 1);
	EXPECT(strstr(options, ",ro,") && strstr(options, ",nosuid,"));
	EXPECT_OK(mount(NULL, "point", NULL, MS_REMOUNT, NULL));
	find_mount("/point", options, sizeof(options));
	EXPECT(strstr(options, ",rw,") != NULL);
	EXPECT_OK(umount("point"));
	rmdir("point");
}

static void in_another_root(void)
{
	struct stat root, up;
	char path[64];

	EXPECT_OK(chroot("jail"));
	EXPECT_OK(chdir("/"));
	EXPECT(getcwd(path, sizeof(path)) && !strcmp(path, "/"));
	EXPECT_OK(access("/inside", F_OK));
	EXPECT_ERR(access("/proc", F_OK), ENOENT);
	EXPECT_OK(stat("/", &root));
	EXPECT_OK(stat("/../..", &up));
	EXPECT_EQ(root.st_ino, up.st_ino);
	EXPECT_OK(stat("link", &up)); /* absolute, from the new root */
	EXPECT_EQ(root.st_ino, up.st_ino);
}

static void chroot_is_a_wall(void)
{
	NEED_ROOT();
	mkdir("jail", 0755);
	mkdir("jail/inside", 0755);
	EXPECT_OK(symlink("/", "jail/link"));
	EXPECT_EQ(ktap_child(in_another_root), 0);
	unlink("jail/link");
	rmdir("jail/inside");
	rmdir("jail");
}

static void hostname_can_be_changed(void)
{
	char old[65], now[65];

	NEED_ROOT();
	EXPECT_OK(gethostname(old, sizeof(old)));
	if (sethostname("a-test", 6) != 0)
		SKIP("not in this name space");
	EXPECT_OK(gethostname(now, sizeof(now)));
	EXPECT_STR(now, "a-test");
	EXPECT_OK(sethostname(old, strlen(old)));
}

static void a_removed_directory_is_no_mount_point(void)
{
	NEED_ROOT();
	EXPECT_OK(mkdir("gone", 0755));
	EXPECT_OK(chdir("gone"));
	EXPECT_OK(rmdir("../gone"));
	EXPECT_ERR(mount("proc", ".", "proc", 0, NULL), ENOENT);
	EXPECT_OK(chdir(".."));
}

static const struct ktap_test tests[] = {
	KTAP(only_root_may),
	KTAP(bad_arguments_are_refused),
	KTAP(mounted_tree_covers_the_directory),
	KTAP(dot_dot_leads_out_of_a_mount),
	KTAP(mount_in_use_is_busy),
	KTAP(several_mounts_of_a_kind),
	KTAP(remount_changes_flags),
	KTAP(chroot_is_a_wall),
	KTAP(hostname_can_be_changed),
	KTAP(a_removed_directory_is_no_mount_point),
};

KTAP_MAIN(tests)
