# SPDX-License-Identifier: MIT
# tests/boot: what the tests need besides the products: programs of others, made only where
# `make deps` could fetch what it takes, and images that have them.

musl := .cache/musl/usr
musl-lib := $(musl)/lib/i386-linux-musl
musl-have := $(wildcard $(musl-lib)/libc.a)
libgcc = $(if $(CC),$(filter /%,$(shell $(CC) $(CC_MACHINE) -print-libgcc-file-name)))

define musl-link
	@mkdir -p $(@D)
	@$(call say,CC,$<)
	$(Q)$(CC) $(CC_MACHINE) -Os -march=i686 -fno-pic -fno-pie -fno-stack-protector -nostdinc \
		-isystem $(musl)/include/i386-linux-musl -isystem $(cc-include) \
		-ffile-prefix-map=$(CURDIR)=. -c -o $@.o $<
	$(Q)$(LD) -m elf_i386 -static -nostdlib --build-id=none -z noexecstack -o $@ \
		$(musl-lib)/crt1.o $(musl-lib)/crti.o $@.o --start-group $(musl-lib)/libc.a \
		$(wildcard $(libgcc)) --end-group $(musl-lib)/crtn.o
endef

# forkpipe: forks, pipes, execs and prints, linked with musl
$(B)/tests/musl/forkpipe: tests/boot/musl/forkpipe.c $(musl-have)
	$(musl-link)

# pthreads: POSIX threads, linked with musl and with glibc; tests/user builds it with our library
$(B)/tests/musl/pthreads-musl: tests/user/pthreads/pthreads.c $(musl-have)
	$(musl-link)

glibc-cc := i686-linux-gnu-gcc
glibc-have := $(wildcard /usr/i686-linux-gnu/lib/libc.a)

$(B)/tests/glibc/pthreads-glibc: tests/user/pthreads/pthreads.c $(glibc-have)
	@mkdir -p $(@D)
	@$(call say,CC,$<)
	$(Q)$(glibc-cc) -static -Os -s -pthread -o $@ $<

thread-programs := $(B)/tests/musl/pthreads-musl \
	$(if $(glibc-have),$(B)/tests/glibc/pthreads-glibc) $(B)/tests/user/pthreads/pthreads

$(B)/root-musl.img: $$(mkfs-deps) $(B)/tests/musl/forkpipe $(thread-programs) $(gen)/root.stamp
	@$(call say,MKFS,$@)
	$(Q)$(mkfs-run) $@ $(ROOT_MB) bin:'$(programs)' \
		tests:'$(B)/tests/musl/forkpipe $(thread-programs)'

.PHONY: test-threads
test-threads: all $(B)/root-musl.img ## programs with threads, 100 runs each on 4 CPUs
	$(Q)cd $(CURDIR) && GATEHOUSE_THREAD_RUNS=100 $(python3) -m pytest -n 2 -rP \
		tests/boot/test_threads.py -k 4

test-boot: $(if $(musl-have),$(B)/root-musl.img)

# Debian's busybox and bash as they are, in build/apps to run here, in /apps of the image.
apps := .cache/busybox/bin/busybox .cache/bash/bin/bash-static
apps-have := $(if $(filter-out $(wildcard $(apps)),$(apps)),,yes)

$(B)/apps.stamp: $(apps) $$(wildcard tests/boot/apps/*)
	$(Q)rm -rf $(B)/apps && mkdir -p $(B)/apps && cp $^ $(B)/apps && touch $@

$(B)/root-apps.img: $$(mkfs-deps) $(B)/apps.stamp $(gen)/root.stamp
	@$(call say,MKFS,$@)
	$(Q)$(mkfs-run) $@ $(ROOT_MB) bin:'$(programs)' apps:@$(B)/apps

test-boot: $(if $(apps-have),$(B)/root-apps.img)

# What a CD needs is not packaged everywhere: there its tests are skipped.
test-boot: $(if $(iso-tools),$(B)/gatehouse.iso)

.PHONY: test-torture
test-torture: all ## stale translations looked for: a minute, and eight interleavings (5 minutes)
	$(Q)+$(MAKE) DEBUG=1 B=build/debug all
	$(Q)cd $(CURDIR) && GATEHOUSE_TORTURE_SECONDS=60 GATEHOUSE_TORTURE_ROUNDS=3000 $(python3) -m pytest -n 2 -rP \
		tests/boot/test_protection.py -k stale

.PHONY: soak
soak: all ## a mix of everything on 4 CPUs for 30 minutes, release and debug, and 64 interleavings
	$(Q)+$(MAKE) DEBUG=1 B=build/debug all
	$(Q)cd $(CURDIR) && SOAK_SECONDS=1800 SOAK_INTERLEAVINGS=64 $(python3) -m pytest -n 2 -rP \
		tests/boot/test_soak.py

.PHONY: test-diskfault-all
test-diskfault-all: all ## a disk that fails at every read, write and flush of a workload (25 minutes)
	$(Q)cd $(CURDIR) && GATEHOUSE_DISKFAULT=all $(python3) -m pytest -n 2 -rP \
		tests/boot/test_diskfault.py -k every_point
