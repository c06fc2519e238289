#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `make deps`: installs what is needed to build, run and test, where it is missing. Debian
# and Ubuntu get it by apt (sudo only when not root); elsewhere the list is printed.
# Needs nothing but a POSIX shell: it runs before there is a compiler or a python.
#
#   deps.sh [--list]

set -eu
musl=$(cd "$(dirname "$0")/.." && pwd)/.cache/musl

# Only what build, run, `make test` and `make check` use. gcc is the host's (unit tests).
packages="
binutils		objcopy, objdump for the host
clang			the second compiler
clang-format-14		make check
e2fsprogs		mke2fs, debugfs, e2fsck
gdb			make gdb, the tests of panics
gcc			unit tests on the host
gcc-i686-linux-gnu	the cross compiler
git			the commit in uname
grub-common		grub-mkrescue, for the CD
grub-pc-bin		GRUB itself, for the CD
libc6-dev		unit tests on the host
lld			the second linker
make			this build
mtools			grub-mkrescue uses it
nasm			assembly
python3			tools/
python3-pexpect		boot tests
python3-pytest		boot tests
python3-pytest-xdist	two boot tests at a time
qemu-system-x86		the machine
xorriso			grub-mkrescue uses it
"

# name_list: the first column.
name_list() {
	echo "$packages" | awk 'NF { print $1 }'
}

is_installed() {
	dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'
}

# GRUB for a PC is packaged on PCs only; elsewhere there is no CD.
exists_here() {
	case $1:$(dpkg --print-architecture) in
	grub-pc-bin:amd64 | grub-pc-bin:i386) return 0 ;;
	grub-pc-bin:*) return 1 ;;
	esac
}

# Debian's libgcc for clang, gcc-multilib and the like are not wanted: no recommends.
apt_install() {
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		as_root="sudo"
	fi
	# A list older than this file may name packages that are gone.
	$as_root apt-get -qq update
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -qq \
		-o Dpkg::Use-Pty=0 --no-install-recommends install "$@"
}

print_list() {
	cat <<END
This is neither Debian nor Ubuntu: please install these, or what they are called here
(gcc-i686-linux-gnu is any gcc for i686-elf, i386-elf or i686-linux, or clang and lld):
$(echo "$packages" | sed '/^$/d; s/^/    /')
END
}

# Static test programs are built with musl, whose i386 package would make this a machine of
# two architectures: it is fetched with a state of apt's own and only unpacked. Optional:
# without it the tests that need it are skipped.
fetch_musl() {
	[ -e "$musl/usr/lib/i386-linux-musl/libc.a" ] && return
	echo "deps: fetching musl-dev:i386 into $musl"
	mkdir -p "$musl/state/lists/partial" "$musl/cache/archives/partial"
	state="-o APT::Architecture=i386 -o APT::Architectures=i386
		-o Dir::State=$musl/state -o Dir::Cache=$musl/cache
		-o Dir::State::status=/dev/null -o APT::Sandbox::User=root"
	# One index of several may fail on a mirror in the middle of a sync: the download tells.
	# shellcheck disable=SC2086 # a list of options
	(cd "$musl" && { apt-get -qq $state update || true; } &&
		apt-get -qq $state download musl-dev &&
		dpkg-deb -x musl-dev_*_i386.deb .) || echo "deps: no musl, going on without"
	rm -rf "$musl/state" "$musl/cache" "$musl"/*.deb
}

main() {
	if [ "${1:-}" = --list ] || ! command -v apt-get >/dev/null; then
		print_list
		return
	fi
	# A window for `make qemu` draws in two dozen packages: only where there is a desktop.
	if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
		packages="$packages
qemu-system-gui		a window for the machine"
	fi
	missing=
	for name in $(name_list); do
		exists_here "$name" || continue
		is_installed "$name" || missing="$missing $name"
	done
	if [ -n "$missing" ]; then
		echo "deps: installing$missing"
		# shellcheck disable=SC2086 # a list of words
		apt_install $missing
	else
		echo "deps: nothing is missing"
	fi
	fetch_musl
}

main "$@"
