#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Makes an ext2 image from the skeleton tree and lists of programs. The same input gives
# the same bytes, whoever runs it, wherever and whenever.
#
#   mkimage.sh IMAGE MEGABYTES [DIR:'FILE FILE...' | DIR:@TREE]...
#
# From the environment: SOURCE_DATE_EPOCH (all times), OBJCOPY (strips the programs),
# ROOT_BLOCK (1024, 2048 or 4096) and ROOT_INODE (128 or 256 bytes).

set -eu
PATH=$PATH:/usr/sbin:/sbin
export PATH LC_ALL=C

image=$1
megabytes=$2
shift 2
block=${ROOT_BLOCK:-4096}
inode=${ROOT_INODE:-256}
epoch=${SOURCE_DATE_EPOCH:-1767225600}
hash_seed=6a7e4005-0000-4000-8000-000000000002
here=$(dirname "$0")

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/root

# The skeleton, then each list of programs: stripped, in one flat directory.
stage() {
	mkdir "$tree"
	(cd "$here/root" && tar -cf - .) | (cd "$tree" && tar -xf -)
	find "$tree" -name .gitkeep -exec rm {} +
	for list; do
		dir=$tree/${list%%:*}
		mkdir -p "$dir"
		case ${list#*:} in
		@*)
			(cd "${list#*:@}" && tar -cf - .) | (cd "$dir" && tar -xf -)
			continue
			;;
		esac
		for file in ${list#*:}; do
			target=$dir/$(basename "$file")
			if [ -e "$target" ]; then
				echo "mkimage: two files for ${target#"$tree"}" >&2
				exit 1
			fi
			${OBJCOPY:-objcopy} --strip-all "$file" "$target"
		done
	done
	# git keeps one bit of the mode; the rest would be the umask of whoever cloned.
	find "$tree" -type d -exec chmod 755 {} +
	find "$tree" -type f -perm -100 -exec chmod 755 {} +
	find "$tree" -type f ! -perm -100 -exec chmod 644 {} +
	chmod 1777 "$tree/tmp"
	chmod 700 "$tree/root"
	find "$tree" -exec touch -h -d "@$epoch" {} +
}

# Every option is named: the defaults differ between hosts, and so does the file they come
# from. Of two -E only the last would count. The hash seed and the UUID are ours, as random
# ones would differ from run to run.
make_image() {
	{
		printf '[defaults]\n\tdefault_mntopts = ""\n[fs_types]\n'
		printf '\t%s = {\n\t\tinode_size = 256\n\t}\n' default small floppy
	} >"$work/mke2fs.conf"
	truncate -s "${megabytes}M" "$work/image"
	E2FSPROGS_FAKE_TIME=$epoch MKE2FS_CONFIG=$work/mke2fs.conf mke2fs -q -F -t ext2 \
		-b "$block" -I "$inode" -N $((megabytes * 128)) -m 0 -r 1 -L gatehouse \
		-O none,filetype,sparse_super,large_file \
		-U 6a7e4005-0000-4000-8000-000000000386 \
		-E hash_seed=$hash_seed,root_owner=0:0,lazy_itable_init=0 \
		-d "$tree" "$work/image"
}

# mke2fs copied owners and change times from this host's files: all become root's and
# the commit's. Inodes 3 to 10 are reserved, those behind the last one used are empty.
reset_inodes() {
	last=$(dumpe2fs -h "$work/image" 2>/dev/null | awk -F ': *' '
		/^Inode count:/ { count = $2 } /^Free inodes:/ { print count - $2 }')
	i=2
	while [ "$i" -le "$last" ]; do
		echo "set_inode_field <$i> uid 0"
		echo "set_inode_field <$i> gid 0"
		echo "set_inode_field <$i> generation 0"
		for field in atime ctime mtime; do
			echo "set_inode_field <$i> $field @$epoch"
			[ "$inode" -gt 128 ] && echo "set_inode_field <$i> ${field}_extra 0"
		done
		[ "$inode" -gt 128 ] && echo "set_inode_field <$i> crtime @$epoch"
		[ "$i" -eq 2 ] && i=10
		i=$((i + 1))
	done >"$work/commands"
	E2FSPROGS_FAKE_TIME=$epoch debugfs -w -f "$work/commands" "$work/image" \
		>"$work/log" 2>&1
	if grep -v -e '^debugfs' "$work/log"; then
		echo "mkimage: debugfs failed" >&2
		exit 1
	fi
}

stage "$@"
make_image
reset_inodes
e2fsck -fn "$work/image" >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}
mv "$work/image" "$image"
