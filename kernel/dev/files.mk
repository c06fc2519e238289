# dev: drivers
kernel-src += kernel/dev/ata.c		# ATA disks: channels, their threads, registration
kernel-src += kernel/dev/ata_port.c	# ... registers: commands, waiting, reset
kernel-src += kernel/dev/ata_identify.c	# ... who is there
kernel-src += kernel/dev/ata_transfer.c	# ... requests, in three ways
kernel-src += kernel/dev/ata_dma.c	# ... the bus-master engine
kernel-src += kernel/dev/chacha20.c	# cipher of the random generator
kernel-src += kernel/dev/chardev.c	# registry of character devices
kernel-src += kernel/dev/console.c	# which devices are consoles
kernel-src += kernel/dev/mem.c		# null zero full random urandom
kernel-src += kernel/dev/pci.c		# PCI functions, their drivers
kernel-src += kernel/dev/random.c	# ChaCha20 random generator
kernel-src += kernel/dev/rtc.c		# CMOS clock, read at start
kernel-src += kernel/dev/tty.c		# terminals: read, write, ioctl
kernel-src += kernel/dev/tty_ioctl.c	# terminals: modes and other requests
kernel-src += kernel/dev/tty_input.c	# terminals: line editing, echo, signal characters
kernel-src += kernel/dev/uart.c		# 16550 serial port
