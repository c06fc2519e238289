# init: the order of start-up
kernel-src += kernel/init/main.c       # kmain: from the boot loader to the first program
kernel-src += kernel/init/multiboot.c  # memory map, command line, module
kernel-src += kernel/init/cpus.c       # finding and starting CPUs
kernel-src += kernel/init/services.c   # devices, root file system, init
