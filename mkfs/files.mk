# SPDX-License-Identifier: MIT
# mkfs: the root image and the disk. mkimage.sh stages mkfs/root/, the programs and the tests, and
# gives the tree to mke2fs. root-min.img has no tests: it is the CD's, and fits a machine of 16 MiB.

# The skeleton's files are no prerequisites by name (make cannot take every name a user
# may choose, nor a dangling link): a digest of the listing stands for them.
flags-skeleton = $(shell find mkfs/root -printf '%p %s %T@ %m %l\n' | sort | md5sum)
mkfs-deps = mkfs/mkimage.sh $(programs) $(gen)/skeleton.stamp $(gen)/user-list.stamp
mkfs-run = ROOT_BLOCK=$(ROOT_BLOCK) ROOT_INODE=$(ROOT_INODE) OBJCOPY='$(OBJCOPY)' mkfs/mkimage.sh

ROOT_MIN_MB ?= 6
ROOT_BLOCK ?= 4096
ROOT_INODE ?= 256
flags-root = $(ROOT_MB) $(ROOT_MIN_MB) $(ROOT_BLOCK) $(ROOT_INODE)

# The manual, as plain Markdown: tools/mkman.py puts in what the sources say already.
man-list = usr/share/man:@$(gen)/man
man-sources = $(shell find docs/man -name '*.md')
$(gen)/man/index: tools/mkman.py $$(man-sources) include/syscalls.def include/errno.def \
		include/signals.def user/bin/files.mk $$(wildcard user/bin/*.c user/bin/*/*.c)
	@$(call say,MAN,$(@D))
	$(Q)rm -rf $(@D)
	$(Q)$(python3) tools/mkman.py $(@D)

# Every test program goes to /tests, without the directories of its source.
$(B)/root.img: $$(mkfs-deps) $(gen)/man/index $$(test-programs) $(gen)/root.stamp
	@$(call say,MKFS,$@)
	$(Q)$(mkfs-run) $@ $(ROOT_MB) bin:'$(programs)' tests:'$(test-programs)' $(man-list)

$(B)/root-min.img: $$(mkfs-deps) $(gen)/man/index $(gen)/root.stamp
	@$(call say,MKFS,$@)
	$(Q)$(mkfs-run) $@ $(ROOT_MIN_MB) bin:'$(programs)' $(man-list)

# A disk that stays: made once, then only the system's files in it are replaced. What it holds
# changes while a machine runs, so a stamp tells whether it has the last root image's files.
$(B)/disk.stamp: $(B)/root.img mkfs/update_disk.py $(if $(wildcard $(B)/disk.img),,FORCE)
	@$(call say,MKFS,$(B)/disk.img)
	$(Q)if [ -e $(B)/disk.img ]; then $(python3) mkfs/update_disk.py $(B)/disk.img $<; \
		else $(mkfs-run) $(B)/disk.img $(DISK_MB) bin:'$(programs)' tests:'$(test-programs)' $(man-list); fi
	@touch $@
