# SPDX-License-Identifier: MIT
#
# The whole build, in one make. Every directory with sources has a files.mk, a source
# per line with its purpose as the comment; this file knows how things are made, the
# files.mk know which. They add to these lists (paths from the top of the tree):
#
#   kernel-src	 kernel/LAYER/x.c or .asm, boot/x.asm, tests/kernel/x.c: linked into kernel.elf
#   libc-src	 user/libc/x.c or .asm: into build/user/libc.a
#   libc-crt	 the one start-up object's source, linked first into every program
#   user-bin	 NAME of user/bin/NAME.c (or of user/bin/NAME/*.c): build/user/bin/NAME, /bin/NAME
#   user-test	 NAME of tests/user/NAME.c (or NAME/*.c; NAME may hold a slash):
#		 build/tests/user/NAME, on the image /tests/NAME without its directories
#   gen-headers	 generated headers that must exist before any C file is compiled
#   kernel-cflags user-cflags	flags on top of ours (target-specific ones work as well)
#   test-goals check-goals	targets that `make test` and `make check` run first
#
# Variables for rules in a files.mk: $(B) is the output directory, $(Q) hides a command,
# $(call say,WORD,$@) prints the quiet line, $(gen) is $(B)/gen (in the include path).

MAKEFLAGS += --no-builtin-rules --no-builtin-variables --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDEXPANSION:
SHELL := /bin/sh

# ---- what a user may set ------------------------------------------------------------

CPUS ?= 2
MEM ?= 128
CPU ?= max
APPEND ?=
DEBUG ?= 0
WERROR ?= 0
TOOLPREFIX ?=
TOOLCHAIN ?=
ROOT_MB ?= 12
DISK ?= ide
DISK_MB ?= 256
QEMU ?= qemu-system-i386
QEMUFLAGS ?=
B ?= $(if $(filter 1,$(DEBUG)),build/debug,build)
gen := $(B)/gen

Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),:,printf '  %-7s %s\n' '$(1)' '$(patsubst $(CURDIR)/%,%,$(2))')

.PHONY: all
all: ## the kernel, the programs and the root image (this is the default)

# ---- deps: alone first, then a new make that sees the tools it installed --------------

goals := $(or $(MAKECMDGOALS),all)
later := $(filter-out deps,$(goals))

ifneq ($(filter deps,$(goals)),)

.PHONY: $(goals)
deps:
	$(Q)tools/deps.sh

ifneq ($(later),)
$(firstword $(later)): deps
	$(Q)+$(MAKE) $(later)
$(wordlist 2,$(words $(later)),$(later)): $(firstword $(later)) ; @:
endif

else # everything below is for a make without `deps`

# ---- tools ----------------------------------------------------------------------------

needs-tools := $(filter-out clean help,$(goals))
ifneq ($(needs-tools),)
$(shell mkdir -p $(gen); t=$(B)/toolchain.$$$$; \
	tools/toolchain.sh '$(TOOLPREFIX)' '$(TOOLCHAIN)' >$$t; mv $$t $(B)/toolchain.mk)
include $(B)/toolchain.mk
NASM ?= nasm
missing := $(if $(CC_NAME),,i386-compiler) $(foreach t,$(NASM) python3 mke2fs,\
	$(if $(shell PATH=$$PATH:/sbin:/usr/sbin; command -v $(t)),,$(t)))
ifneq ($(strip $(missing)),)
$(error Not found: $(strip $(missing)). Run `make deps` first)
endif
endif

# Debian's own interpreter first: it is the one with Debian's pytest.
python3 := $(firstword $(wildcard /usr/bin/python3) python3)
cc-include := $(if $(CC),$(shell $(CC) $(CC_MACHINE) -print-file-name=include))

# ---- the lists ------------------------------------------------------------------------

kernel-src :=
libc-src :=
libc-crt :=
user-bin :=
user-test :=
gen-headers :=
kernel-cflags :=
user-cflags :=
test-goals :=
check-goals :=

layers := lib x86 core mm sched block vm dev fs proc entry init
-include $(wildcard boot/files.mk $(layers:%=kernel/%/files.mk) kernel/*/*/files.mk)
-include $(wildcard user/files.mk user/bin/files.mk mkfs/files.mk)
-include $(sort $(wildcard tests/*/files.mk tests/*/*/files.mk))
user-bin := $(sort $(user-bin))
user-test := $(sort $(user-test))

# ---- flags ----------------------------------------------------------------------------

warnings := -Wall -Wextra -Wshadow -Wmissing-prototypes -Wstrict-prototypes -Wvla \
	-Wimplicit-fallthrough $(if $(filter 1,$(WERROR)),-Werror)

# No path, time or id of this machine may reach a product: two builds are the same.
common := -std=gnu17 -O2 -g -march=i686 -fno-pic -fno-pie -fcf-protection=none \
	-fno-asynchronous-unwind-tables -fno-common -fno-strict-aliasing \
	-ffile-prefix-map=$(CURDIR)=. -nostdinc $(warnings)

# Frame pointers: the backtrace of a panic follows them.
kernel-base := $(common) $(CC_MACHINE) -ffreestanding -mregparm=3 -mgeneral-regs-only \
	-fno-omit-frame-pointer -Wframe-larger-than=$(if $(filter 1,$(DEBUG)),2048,1024) \
	$(if $(filter clang,$(CC_FAMILY)),-mstack-alignment=4,-mpreferred-stack-boundary=2) \
	-DGATEHOUSE_DEBUG=$(DEBUG) -I kernel -I include -I $(gen) -isystem $(cc-include)

# DEBUG=1 checks what the kernel has handlers for.
ubsan = $(if $(filter %/ubsan.c,$(kernel-src)),-fsanitize=undefined)
stackprot = $(if $(filter %/stackprot.c,$(kernel-src)),\
	-fstack-protector-strong -mstack-protector-guard=global,-fno-stack-protector)
kernel-all = $(kernel-base) $(kernel-cflags) $(if $(filter 1,$(DEBUG)),\
	$(ubsan) $(stackprot),-fno-stack-protector)

user-base := $(common) $(CC_MACHINE) -ffreestanding -fno-stack-protector -fomit-frame-pointer \
	-ffunction-sections -fdata-sections \
	-I user/libc/include -I include -I $(gen) -isystem $(cc-include)
user-all = $(user-base) $(user-cflags)

nasm-all = -f elf32 -g -F dwarf -Wall $(if $(filter 1,$(WERROR)),-Werror) \
	-DCONFIG_DEBUG=$(DEBUG) -I include/ -I $(gen)/

ld-base := -m elf_i386 -nostdlib -static -z max-page-size=4096 -z noexecstack --build-id=none
kernel-ld := $(ld-base) -T boot/kernel.ld
user-ld-script := $(wildcard user/libc/user.ld)
user-ld := $(ld-base) --gc-sections \
	$(if $(filter clang,$(CC_FAMILY)),--no-rosegment,-z noseparate-code) \
	$(if $(user-ld-script),-T $(user-ld-script),$(if \
	$(filter clang,$(CC_FAMILY)),--image-base=,-Ttext-segment=)0x08048000)

# ---- stamps: what they hold changed, so what depends on them is made again ---------------

flags-kernel = $(CC) $(kernel-all) | $(NASM) $(nasm-all) | $(LD) $(kernel-ld)
flags-user = $(CC) $(user-all) | $(LD) $(user-ld)
flags-kernel-list = $(kernel-src)
flags-libc-list = $(libc-src)
flags-user-list = $(user-bin) $(user-test)

.PHONY: FORCE
FORCE:
$(gen)/%.stamp: FORCE
	@mkdir -p $(@D)
	@echo '$(flags-$*)' | cmp -s - $@ || { $(using-$*) echo '$(flags-$*)' >$@; }
using-kernel = echo '  using   $(CC_NAME) and $(NASM)$(if $(filter 1,$(DEBUG)), for DEBUG=1)';

# ---- generated files ------------------------------------------------------------------

# glibc programs refuse a kernel that calls itself older than 3.2; 6.1 is what we imitate.
RELEASE := 6.1.0-gatehouse
export SOURCE_DATE_EPOCH ?= $(or $(shell git log -1 --format=%ct 2>/dev/null),1767225600)
flags-version = $(or $(shell git describe --always --dirty=+ 2>/dev/null),unknown)

$(gen)/version.h: $(gen)/version.stamp tools/version.sh
	@tools/version.sh '$(RELEASE)' "$$(cat $<)" >$@

# Constants of C for assembly: asm_offsets.c is compiled, never linked; its marker lines
# "->NAME VALUE" become NASM definitions.
asm-offsets-src := $(wildcard kernel/x86/asm_offsets.c)
asm-offsets := $(if $(asm-offsets-src),$(gen)/asm_offsets.inc)
$(gen)/asm_offsets.inc: $(asm-offsets-src) $(gen)/kernel.stamp | $(gen)/version.h
	@$(call say,GEN,$@)
	$(Q)$(CC) $(kernel-all) -fno-sanitize=all $(if $(filter clang,$(CC_FAMILY)),-fno-integrated-as) \
		-MMD -MP -MT $@ -MF $@.d -S -o $@.s $<
	$(Q){ echo '; made from $<'; \
		sed -n 's/^[[:space:]]*->\([A-Z_0-9a-z]*\)  *[$$#]*\(-*[0-9]*\).*/%define \1 \2/p' \
		$@.s; } >$@

gen-all = $(gen)/version.h $(gen-headers)

# ---- the kernel -----------------------------------------------------------------------

objects = $(addprefix $(B)/obj/,$(addsuffix .o,$(basename $(1))))
kernel-obj := $(call objects,$(kernel-src))

define compile-kernel
	@mkdir -p $(@D)
	@$(call say,CC,$<)
	$(Q)$(CC) $(kernel-all) -MMD -MP -c -o $@ $<
endef
# What is in macros has names of NASM's own (..@1.at): they would hide those of functions.
define assemble
	@mkdir -p $(@D)
	@$(call say,NASM,$<)
	$(Q)$(NASM) $(nasm-all) -MD $(@:.o=.d) -MP -o $@ $<
	$(Q)$(python3) tools/asm_debug.py $@
	$(Q)$(OBJCOPY) -w -N '..@*' $@
endef

$(B)/obj/kernel/%.o: kernel/%.c $(gen)/kernel.stamp | $$(gen-all)
	$(compile-kernel)
$(B)/obj/tests/kernel/%.o: tests/kernel/%.c $(gen)/kernel.stamp | $$(gen-all)
	$(compile-kernel)
$(B)/obj/kernel/%.o: kernel/%.asm tools/asm_debug.py $(gen)/kernel.stamp | $(asm-offsets)
	$(assemble)
$(B)/obj/boot/%.o: boot/%.asm tools/asm_debug.py $(gen)/kernel.stamp | $(asm-offsets)
	$(assemble)

# Linked twice. The table of functions and lines that backtraces use is made from the
# first link and, being the last section, moves nothing in the second (mksyms checks).
link-kernel = $(LD) $(kernel-ld) -o $@ $(kernel-obj)

$(gen)/ksyms-empty.o: tools/mksyms.py $(gen)/kernel.stamp
	$(Q)$(python3) tools/mksyms.py --empty >$(@:.o=.asm)
	$(Q)$(NASM) -f elf32 -o $@ $(@:.o=.asm)

$(gen)/kernel-pass1.elf: $(kernel-obj) $(gen)/ksyms-empty.o boot/kernel.ld $(gen)/kernel-list.stamp
	$(Q)$(link-kernel) $(gen)/ksyms-empty.o

$(gen)/ksyms.asm: $(gen)/kernel-pass1.elf tools/mksyms.py tools/dwarf_lines.py
	$(Q)$(python3) tools/mksyms.py --nm $(NM) $< >$@

# How a debugger unwinds the gates, made from the first link as well.
$(gen)/gate_frames.asm: $(gen)/kernel-pass1.elf tools/gate_frames.py
	$(Q)$(python3) tools/gate_frames.py --nm $(NM) --objdump $(OBJDUMP) $< >$@

$(gen)/ksyms.o $(gen)/gate_frames.o: %.o: %.asm
	$(Q)$(NASM) -f elf32 -o $@ $<

$(B)/kernel.elf: $(gen)/kernel-pass1.elf $(gen)/ksyms.o $(gen)/gate_frames.o
	@$(call say,LD,$@)
	$(Q)$(link-kernel) $(gen)/ksyms.o $(gen)/gate_frames.o
	$(Q)$(python3) tools/mksyms.py --nm $(NM) --same $(gen)/kernel-pass1.elf $@

# ---- user programs --------------------------------------------------------------------

libc := $(B)/user/libc.a
crt := $(call objects,$(libc-crt))

define compile-user
	@mkdir -p $(@D)
	@$(call say,CC,$<)
	$(Q)$(CC) $(user-all) -MMD -MP -c -o $@ $<
endef

$(B)/obj/user/%.o: user/%.c $(gen)/user.stamp | $$(gen-all)
	$(compile-user)
$(B)/obj/tests/user/%.o: tests/user/%.c $(gen)/user.stamp | $$(gen-all)
	$(compile-user)
$(B)/obj/user/%.o: user/%.asm tools/asm_debug.py $(gen)/user.stamp | $$(gen-all)
	$(assemble)
$(B)/obj/tests/user/%.o: tests/user/%.asm tools/asm_debug.py $(gen)/user.stamp | $$(gen-all)
	$(assemble)

$(libc): $(call objects,$(libc-src)) $(gen)/libc-list.stamp
	@$(call say,AR,$@)
	@mkdir -p $(@D)
	$(Q)rm -f $@
	$(Q)$(AR) rcsD $@ $(filter %.o,$^)

# $(call program,DIR,NAME): rules for $(B)/DIR/NAME from DIR/NAME.c or DIR/NAME/*.c
program-src = $(or $(wildcard $(1)/$(2).c $(1)/$(2).asm),$(sort $(wildcard $(1)/$(2)/*.c)))
define program
$(B)/$(1)/$(2): $(call objects,$(call program-src,$(1),$(2))) $(crt) $(libc) $(user-ld-script)
	@mkdir -p $$(@D)
	@$$(call say,LD,$$@)
	$(Q)$(LD) $(user-ld) -o $$@ $(crt) $(call objects,$(call program-src,$(1),$(2))) $(libc)
endef
$(foreach p,$(user-bin),$(eval $(call program,user/bin,$(p))))
$(foreach p,$(user-test),$(eval $(call program,tests/user,$(p))))

programs := $(user-bin:%=$(B)/user/bin/%)
test-programs := $(user-test:%=$(B)/tests/user/%)

.PHONY: programs
programs: $(programs) $(test-programs) ## only the user programs

# ---- products -------------------------------------------------------------------------

all: $(B)/kernel.elf $(B)/root.img $(B)/root-min.img $(B)/compile_commands.json

$(B)/compile_commands.json: tools/compile_commands.py $(gen)/kernel.stamp $(gen)/user.stamp \
		$(gen)/kernel-list.stamp $(gen)/libc-list.stamp $(gen)/user-list.stamp
	@$(call say,GEN,$@)
	$(Q)$(python3) $< '$(CC) $(kernel-all)' $(filter %.c,$(kernel-src)) \
		-- '$(CC) $(user-all)' $(filter %.c,$(libc-src) $(libc-crt) \
		$(foreach p,$(user-bin),$(call program-src,user/bin,$(p))) \
		$(foreach p,$(user-test),$(call program-src,tests/user,$(p)))) >$@

# ---- running --------------------------------------------------------------------------

qemu-machine = $(QEMU) -m $(MEM) -smp $(CPUS) -cpu $(CPU) -no-reboot \
	-net none -device isa-debug-exit,iobase=0xf4,iosize=4 $(QEMUFLAGS)
# DISK says where the root file system is: on a disk that keeps what you do, or in memory.
root-ide = -drive file=$(B)/disk.img,format=raw,if=ide -append "root=/dev/hda $(APPEND)"
root-virtio = -drive file=$(B)/disk.img,format=raw,if=virtio -append "root=/dev/vda $(APPEND)"
root-none = -initrd $(B)/root.img -append "root=/dev/ram0 $(APPEND)"
root-args = $(or $(root-$(DISK)),$(error DISK=$(DISK): there is none, ide and virtio))
qemu-needs = $(B)/kernel.elf $(if $(filter none,$(DISK)),$(B)/root.img,$(B)/disk.stamp)
qemu-run = $(qemu-machine) -kernel $(B)/kernel.elf $(root-args)
# A clean power-off ends QEMU with 33 (kernel/x86 writes 0x10 to port 0xf4).
qemu-status = ; s=$$?; [ $$s -eq 33 ] || [ $$s -eq 0 ] || { echo "QEMU ended with $$s"; exit 1; }
GDB_SOCKET ?= $(B)/gdb.sock

.PHONY: qemu qemu-nox qemu-gdb gdb trace-switch
qemu: $$(qemu-needs) ## run in a window (or VNC), the serial console in this terminal
	$(Q)display=$$(tools/display.sh $(QEMU)); \
		$(qemu-run) $$display -serial mon:stdio $(qemu-status)
qemu-nox: $$(qemu-needs) ## run in this terminal (C-a x ends, C-a c is the monitor)
	$(Q)$(qemu-run) -display none -serial mon:stdio $(qemu-status)
qemu-gdb: $$(qemu-needs) ## as qemu-nox, stopped until `make gdb` connects
	@echo 'now run `make gdb` in another terminal'
	$(Q)$(qemu-run) -display none -serial mon:stdio -S -gdb unix:$(GDB_SOCKET),server=on,wait=off $(qemu-status)
gdb: $(B)/kernel.elf ## gdb on the machine that `make qemu-gdb` started
	$(Q)gdb -nx -q -iex 'set architecture i386' $(B)/kernel.elf \
		-x tools/gdb/gatehouse.py -ex 'target remote $(GDB_SOCKET)' -ex 'usersyms auto'

trace-switch: $(B)/kernel.elf $(B)/root.img ## show one switch between programs, step by step
	$(Q)QEMU='$(QEMU)' CPU='$(CPU)' tools/gdb/trace-switch $(B) '$(APPEND)'

# ---- testing --------------------------------------------------------------------------

python3-pytest = $(shell tools/python.sh pytest pexpect)
pytest = $(or $(python3-pytest),$(error pytest not found: run `make deps`)) \
	-m pytest $(BOOT_TESTS) $(PYTEST_FLAGS)
BOOT_TESTS ?= tests/boot
PYTEST_FLAGS ?=

.PHONY: test test-boot check
test: $(sort $(test-goals) $(if $(wildcard tests/unit/files.mk),test-unit)) test-boot ## unit tests on the host, then the tests that boot the system

# Every boot test picks a kernel of its own: the release and the debug build are both made. Those
# that measure this host run first, with nothing beside them. 5: no test of the kind was wanted.
test-boot: all ## only the tests that boot the system (BOOT_TESTS=FILE for some)
	$(Q)+$(MAKE) $(if $(filter 1,$(DEBUG)),DEBUG=0 B=build,DEBUG=1 B=build/debug) all
	$(Q)cd $(CURDIR); alone=0 others=0; \
		$(pytest) -m alone -n 0 || alone=$$?; \
		$(pytest) -m 'not alone' || others=$$?; \
		case $$alone$$others in 00|05|50) ;; *) exit 1;; esac

check: all $(check-goals) ## the layer, style and budget checks of tests/lint
	$(Q)$(if $(wildcard tests/lint/run),tests/lint/run --build $(B),echo 'no tests/lint/run yet')

# ---- the rest -------------------------------------------------------------------------

.PHONY: clean help deps
clean: ## remove build/
	$(Q)rm -rf build
help: ## this list
	@echo 'make TARGET... [VARIABLE=VALUE...]'
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(filter %Makefile %.mk,$(MAKEFILE_LIST))
	@echo '  deps         install the tools that are missing (Debian, Ubuntu), or name them'
	@echo
	@echo '  CPUS=$(CPUS)  MEM=$(MEM) (MiB)  CPU=$(CPU) (QEMU model)  APPEND="kernel parameters"'
	@echo '  DEBUG=1 checks more, builds in build/debug   WERROR=1 stops at warnings   V=1 shows commands'
	@echo '  DISK=$(DISK) or virtio: root on build/disk.img, which keeps your files (until `make clean`);'
	@echo '  DISK=none: root in memory, new each time   DISK_MB=$(DISK_MB) size of a new disk'
	@echo '  TOOLPREFIX=i686-elf-  TOOLCHAIN=clang  ROOT_MB=$(ROOT_MB)  B=build (output directory)'

-include $(patsubst %.o,%.d,$(kernel-obj) $(crt) $(call objects,$(libc-src)) \
	$(foreach p,$(user-bin),$(call objects,$(call program-src,user/bin,$(p)))) \
	$(foreach p,$(user-test),$(call objects,$(call program-src,tests/user,$(p))))) \
	$(asm-offsets:=.d)

endif
