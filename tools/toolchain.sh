#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Finds a compiler that makes 32-bit x86 code and prints it as make assignments
# (Makefile reads them by $(eval)). Prints nothing when there is none.
#
#   toolchain.sh PREFIX CLANG
#	PREFIX	tried first, e.g. i686-elf- (may be empty)
#	CLANG	"clang" takes clang even where a gcc is found

set -u
prefix=${1:-}
family=${2:-}

have() {
	command -v "$1" >/dev/null 2>&1
}

# gcc_tools NAME PREFIX MACHINE_FLAG
gcc_tools() {
	echo "CC := $2gcc"
	echo "LD := $2ld"
	echo "AR := $2ar"
	echo "NM := $2nm"
	echo "OBJCOPY := $2objcopy"
	echo "OBJDUMP := $2objdump"
	echo "CC_MACHINE := $3"
	echo "CC_FAMILY := gcc"
	echo "CC_NAME := $1"
	exit 0
}

# The plain tools of a Linux host: good for us when they make i386 code.
host_gcc_works() {
	have gcc && have ld || return 1
	echo 'int main;' | gcc -m32 -x c -c -o /dev/null - 2>/dev/null
}

first_of() {
	for tool; do
		if have "$tool"; then
			echo "$tool"
			return
		fi
	done
	echo "$1"
}

clang_tools() {
	have clang && have ld.lld || return 0
	echo "CC := clang"
	echo "LD := ld.lld"
	echo "AR := $(first_of llvm-ar llvm-ar-14 i686-linux-gnu-ar ar)"
	echo "NM := $(first_of llvm-nm llvm-nm-14 i686-linux-gnu-nm nm)"
	echo "OBJCOPY := $(first_of llvm-objcopy llvm-objcopy-14 i686-linux-gnu-objcopy objcopy)"
	echo "OBJDUMP := $(first_of i686-linux-gnu-objdump i686-elf-objdump objdump)"
	echo "CC_MACHINE := --target=i686-elf -m32"
	echo "CC_FAMILY := clang"
	echo "CC_NAME := clang+ld.lld"
	exit 0
}

[ "$family" = clang ] && clang_tools
for p in $prefix i686-elf- i386-elf- i686-linux-gnu-; do
	have "${p}gcc" && have "${p}ld" && gcc_tools "${p}gcc" "$p" -m32
done
have x86_64-elf-gcc && gcc_tools "x86_64-elf-gcc -m32" x86_64-elf- -m32
host_gcc_works && gcc_tools "gcc -m32" "" -m32
clang_tools
