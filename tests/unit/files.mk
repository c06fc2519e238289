# Unit tests: kernel/lib built for the host, under AddressSanitizer and UndefinedBehaviorSanitizer.
# One program a module, test_NAME.c; `make test-unit` runs all and shows what failed.
unit-test += bitmap	# searches against an array of bool
unit-test += div64	# against the processor's division
unit-test += fmt	# against the host's printf
unit-test += hash	# spread over buckets
unit-test += keymap	# what keys send, in each layout
unit-test += line	# the line a shell edits
unit-test += list	# order, removal, splice
unit-test += nsec	# against multiplication
unit-test += parse	# text to number
unit-test += radix	# against a sorted array, with failing memory
unit-test += rbtree	# against a sorted array, rules checked at each step
unit-test += ring	# against a queue
unit-test += string	# against the host's
unit-test += types	# alignment, device numbers
unit-test += vt	# the terminal emulator, and any bytes at all

HOSTCC ?= gcc
unit-dir := $(B)/tests/unit
unit-cflags := -std=gnu17 -g -O1 -fno-builtin -fsanitize=address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer $(warnings) -I kernel -I include -I .
unit-rename := -include tests/unit/rename.h
# What is pure outside of kernel/lib.
unit-pure := kernel/dev/vt.c kernel/dev/vt_csi.c kernel/dev/cp437.c kernel/dev/keymap.c
unit-lib := $(patsubst %.c,$(unit-dir)/%.o,$(notdir $(filter kernel/lib/%.c,$(kernel-src)) \
	$(unit-pure)))
unit-common := $(unit-lib) $(unit-dir)/unit.o $(unit-dir)/host.o
unit-programs := $(unit-test:%=$(unit-dir)/test_%)

define unit-compile
	@mkdir -p $(@D)
	@$(call say,HOSTCC,$<)
	$(Q)$(HOSTCC) $(unit-cflags) $(1) -MMD -MP -c -o $@ $<
endef

$(unit-dir)/host.o: tests/unit/host.c tests/unit/files.mk
	$(call unit-compile,)
$(unit-dir)/%.o: tests/unit/%.c tests/unit/files.mk
	$(call unit-compile,$(unit-rename))
$(unit-dir)/%.o: kernel/lib/%.c tests/unit/files.mk
	$(call unit-compile,$(unit-rename))
$(unit-dir)/%.o: kernel/dev/%.c tests/unit/files.mk
	$(call unit-compile,$(unit-rename))
# A part of the shell that knows no system: the C library is the host's.
$(unit-dir)/sh_%.o: user/bin/sh/%.c tests/unit/files.mk
	$(call unit-compile,-fbuiltin)
$(unit-dir)/test_line: $(unit-dir)/sh_line.o $(unit-dir)/sh_arena.o

$(unit-dir)/test_%: $(unit-dir)/test_%.o $(unit-common)
	$(Q)$(HOSTCC) $(unit-cflags) -o $@ $^

.PRECIOUS: $(unit-dir)/%.o
.PHONY: test-unit
test-unit: $(unit-programs) ## only the unit tests on the host
	$(Q)tests/unit/run $(unit-programs)

-include $(wildcard $(unit-dir)/*.d)
