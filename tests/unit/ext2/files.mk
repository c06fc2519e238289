# ext2 on the host: block, journal and ext2 under ASan and UBSan on an image in memory, checked
# by e2fsck. `make test-ext2`.
ext2-test := cases model fuzz	# single properties; random operations; damaged images
test-goals += test-ext2

ext2-dir := $(B)/tests/unit/ext2
ext2-cflags = -std=gnu17 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer -DGATEHOUSE_DEBUG=1 $(warnings) \
	-I tests/unit/ext2/shim -I tests/unit/ext2 -I kernel -I include
ext2-src := $(addprefix tests/unit/ext2/,host.c pagecache.c vfs.c) \
	$(addprefix kernel/block/,blkdev.c batch.c bcache.c bcache_write.c) \
	$(wildcard kernel/fs/journal/*.c kernel/fs/ext2/*.c) kernel/fs/vnode.c kernel/fs/vnode_pager.c \
	$(addprefix kernel/lib/,bitmap.c hash.c div64.c)
ext2-obj := $(ext2-src:%.c=$(ext2-dir)/obj/%.o)
ext2-programs := $(ext2-test:%=$(ext2-dir)/test_%)

$(ext2-dir)/obj/%.o: %.c tests/unit/ext2/files.mk
	@mkdir -p $(@D)
	@$(call say,HOSTCC,$<)
	$(Q)$(or $(HOSTCC),gcc) $(ext2-cflags) -MMD -MP -c -o $@ $<
$(ext2-dir)/test_model: $(ext2-dir)/obj/tests/unit/ext2/model.o
$(ext2-dir)/test_%: $(ext2-dir)/obj/tests/unit/ext2/test_%.o $(ext2-obj)
	$(Q)$(or $(HOSTCC),gcc) $(ext2-cflags) -o $@ $^

.PRECIOUS: $(ext2-dir)/obj/%.o
.PHONY: test-ext2
test-ext2: $(ext2-programs)
	$(Q)tests/unit/ext2/run $(ext2-dir)

-include $(wildcard $(ext2-dir)/obj/*/*/*.d $(ext2-dir)/obj/*/*/*/*.d)
