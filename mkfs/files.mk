# SPDX-License-Identifier: MIT
# mkfs: the root image. mkimage.sh stages mkfs/root/, the programs and the tests, and
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

# Every test program goes to /tests, without the directories of its source.
$(B)/root.img: $$(mkfs-deps) $$(test-programs) $(gen)/root.stamp
	@$(call say,MKFS,$@)
	$(Q)$(mkfs-run) $@ $(ROOT_MB) bin:'$(programs)' tests:'$(test-programs)'

$(B)/root-min.img: $$(mkfs-deps) $(gen)/root.stamp
	@$(call say,MKFS,$@)
	$(Q)$(mkfs-run) $@ $(ROOT_MIN_MB) bin:'$(programs)'
