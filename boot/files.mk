# boot: from the boot loader to C
kernel-src += boot/multiboot.asm   # Multiboot header, PAE paging, jump to kmain()
