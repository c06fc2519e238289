# boot: from the boot loader to C
kernel-src += boot/multiboot.asm   # Multiboot header, PAE paging, jump to kmain()

# The CD: GRUB, the kernel without its debug information, and a root image of its own
# (mkfs/README.md). Of GRUB's modules only what the menu needs, which makes it start at once.
# Nothing of the time or the machine goes in: the volume's UUID and all dates are the commit's.
iso-modules := multiboot normal iso9660 biosdisk serial terminal configfile
iso-grub := /usr/lib/grub/i386-pc
iso-tree := $(B)/iso
iso-tools := $(and $(wildcard $(iso-grub)),$(shell for t in grub-mkrescue xorriso mformat; do \
	command -v $$t >/dev/null || exit; done; echo yes))
iso-date = $(shell date -u -d @$(SOURCE_DATE_EPOCH) +%Y%m%d%H%M%S00)

$(B)/gatehouse.iso: boot/grub.cfg $(B)/kernel.elf $(B)/root-min.img
	@$(call say,ISO,$@)
	$(Q)$(if $(iso-tools),,echo 'Not found: GRUB, xorriso or mtools. Run `make deps` first'; exit 1)
	$(Q)rm -rf $(iso-tree) && mkdir -p $(iso-tree)/boot/grub
	$(Q)cp boot/grub.cfg $(iso-tree)/boot/grub/
	$(Q)$(OBJCOPY) --strip-all $(B)/kernel.elf $(iso-tree)/boot/gatehouse.elf
	$(Q)cp $(B)/root-min.img $(iso-tree)/boot/root.img
	$(Q)grub-mkrescue -d $(iso-grub) -o $@ --install-modules='$(iso-modules)' \
		--locales= --fonts= --themes= $(iso-tree) -- -volid GATEHOUSE \
		-volume_date uuid $(iso-date) -volume_date all_file_dates =$(SOURCE_DATE_EPOCH) \
		>$@.log 2>&1 || { cat $@.log; exit 1; }

.PHONY: iso qemu-iso
iso: $(B)/gatehouse.iso ## the CD: GRUB, the kernel, a root image of 6 MiB
qemu-iso: $(B)/gatehouse.iso ## boot from the CD alone, in this terminal
	$(Q)$(qemu-machine) -cdrom $< -display none -serial mon:stdio $(qemu-status)
