#!/bin/sh
# SPDX-License-Identifier: MIT
#
# `make deps`: installs what is needed to build, run and test, where it is missing. Debian
# and Ubuntu get it by apt (sudo only when not root); elsewhere the list is printed.
# Needs nothing but a POSIX shell: it runs before there is a compiler or a python.
#
#   deps.sh [--list]

set -eu
cache=$(cd "$(dirname "$0")/.." && pwd)/.cache

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
libc6-dev-i386-cross	test programs with glibc
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

# What the tests run unmodified, or build with: i386 packages, which would make this a machine
# of two architectures. They are fetched with a state of apt's own and only unpacked, each in
# its directory of .cache. Optional: the tests that need one are skipped without it.
# Directory, package, a file of it.
foreign="
musl	musl-dev	usr/lib/i386-linux-musl/libc.a
busybox	busybox-static	bin/busybox
bash	bash-static	bin/bash-static
"
fetch_tries=3

foreign_missing() {
	echo "$foreign" | while read -r dir package file; do
		[ -z "$dir" ] || [ -e "$cache/$dir/$file" ] || echo "$dir $package"
	done
}

# fetch DIRECTORY PACKAGE: unpacked beside its place, and moved there when it is whole.
fetch() {
	rm -rf "$cache/apt/new" "$cache/apt"/*.deb
	# shellcheck disable=SC2086 # a list of options
	(cd "$cache/apt" && apt-get -qq $apt_state download "$2" &&
		dpkg-deb -x ./*.deb new && chmod -R a+rX new) || return 1
	rm -rf "${cache:?}/$1"
	mv "$cache/apt/new" "$cache/$1"
}

# One index of several may fail on a mirror in the middle of a sync: the download tells.
fetch_foreign() {
	[ "$(foreign_missing)" ] || return 0
	mkdir -p "$cache/apt/lists/partial" "$cache/apt/archives/partial"
	apt_state="-o APT::Architecture=i386 -o APT::Architectures=i386
		-o Dir::State=$cache/apt -o Dir::Cache=$cache/apt
		-o Dir::State::status=/dev/null -o APT::Sandbox::User=root"
	try=0
	while [ "$(foreign_missing)" ] && [ $((try += 1)) -le $fetch_tries ]; do
		[ $try = 1 ] || sleep $((try * 2))
		# shellcheck disable=SC2086
		apt-get -qq $apt_state update || true
		foreign_missing | while read -r dir package; do
			echo "deps: fetching $package:i386 into $cache/$dir"
			fetch "$dir" "$package" || true
		done
	done
	foreign_missing | while read -r dir package; do
		echo "deps: no $package, going on without"
	done
	rm -rf "$cache/apt"
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
	fetch_foreign
}

main "$@"
