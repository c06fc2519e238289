/* SPDX-License-Identifier: MIT */
/* The ext2 on-disk format (revisions 0 and 1), as mke2fs writes it and the
 * e2fsprogs documentation describes it. All numbers are little-endian, like
 * every machine that includes this. Shared by the kernel and host tools.
 *
 *   | boot 1 KiB | superblock | group descriptors | block bitmap | inode
 *   bitmap | inode table | data ...       and the same again per block group
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	EXT2_SUPER_OFFSET = 1024, /* bytes from the start of the device */
	EXT2_MAGIC = 0xef53,
	EXT2_ROOT_INO = 2,
	EXT2_OLD_FIRST_INO = 11, /* revision 0: first inode for files */
	EXT2_OLD_INODE_SIZE = 128,
	EXT2_NAME_LEN = 255,
	EXT2_MIN_BLOCK_SHIFT = 10,
	EXT2_MAX_BLOCK_SHIFT = 12, /* that we read: 1, 2 and 4 KiB */

	/* s_state */
	EXT2_VALID_FS = 1, /* unmounted or synced cleanly */
	EXT2_ERROR_FS = 2, /* an inconsistency was seen */

	/* s_errors: what an inconsistency leads to */
	EXT2_ERRORS_CONTINUE = 1,
	EXT2_ERRORS_RO = 2,
	EXT2_ERRORS_PANIC = 3,

	/* s_feature_incompat: unknown bit: do not mount */
	EXT2_INCOMPAT_FILETYPE = 0x2,
	EXT2_INCOMPAT_SUPPORTED = EXT2_INCOMPAT_FILETYPE,

	/* s_feature_ro_compat: unknown bit: do not write */
	EXT2_RO_COMPAT_SPARSE_SUPER = 0x1,
	EXT2_RO_COMPAT_LARGE_FILE = 0x2,
	EXT2_RO_COMPAT_EXTRA_ISIZE = 0x40,
	EXT2_RO_COMPAT_SUPPORTED = EXT2_RO_COMPAT_SPARSE_SUPER | EXT2_RO_COMPAT_LARGE_FILE |
				   EXT2_RO_COMPAT_EXTRA_ISIZE,

	/* s_feature_compat */
	EXT2_COMPAT_HAS_JOURNAL = 0x4,

	/* i_flags */
	EXT2_APPEND_FL = 0x20,
	EXT2_IMMUTABLE_FL = 0x10,
	EXT2_INDEX_FL = 0x1000, /* directory has a hash index; linear readers may ignore it */
	EXT2_EXTENTS_FL = 0x80000,

	/* i_block[] */
	EXT2_DIRECT = 12,
	EXT2_INDIRECT = 12,
	EXT2_DOUBLE = 13,
	EXT2_TRIPLE = 14,
	EXT2_BLOCKS = 15,
	EXT2_FAST_LINK = 60, /* bytes of i_block: a shorter symlink lives there */

	/* file_type of a directory entry (with INCOMPAT_FILETYPE) */
	EXT2_FT_UNKNOWN = 0,
	EXT2_FT_REG = 1,
	EXT2_FT_DIR = 2,
	EXT2_FT_CHR = 3,
	EXT2_FT_BLK = 4,
	EXT2_FT_FIFO = 5,
	EXT2_FT_SOCK = 6,
	EXT2_FT_LNK = 7,

	EXT2_XATTR_MAGIC = (int)0xea020000,
};

struct ext2_super_block {
	uint32_t s_inodes_count;
	uint32_t s_blocks_count;
	uint32_t s_r_blocks_count; /* kept for the super-user */
	uint32_t s_free_blocks_count;
	uint32_t s_free_inodes_count;
	uint32_t s_first_data_block; /* block that holds the superblock: 1 iff blocks have 1 KiB */
	uint32_t s_log_block_size;   /* block size = 1024 << this */
	uint32_t s_log_frag_size;
	uint32_t s_blocks_per_group;
	uint32_t s_frags_per_group;
	uint32_t s_inodes_per_group;
	uint32_t s_mtime; /* last mount */
	uint32_t s_wtime; /* last write */
	uint16_t s_mnt_count;
	uint16_t s_max_mnt_count;
	uint16_t s_magic;
	uint16_t s_state;
	uint16_t s_errors;
	uint16_t s_minor_rev_level;
	uint32_t s_lastcheck;
	uint32_t s_checkinterval;
	uint32_t s_creator_os;
	uint32_t s_rev_level;
	uint16_t s_def_resuid;
	uint16_t s_def_resgid;
	/* revision 1 */
	uint32_t s_first_ino;
	uint16_t s_inode_size;
	uint16_t s_block_group_nr;
	uint32_t s_feature_compat;
	uint32_t s_feature_incompat;
	uint32_t s_feature_ro_compat;
	uint8_t s_uuid[16];
	char s_volume_name[16];
	char s_last_mounted[64];
	uint32_t s_algo_bitmap;
	uint8_t s_prealloc_blocks;
	uint8_t s_prealloc_dir_blocks;
	uint16_t s_reserved_gdt_blocks; /* room after the descriptors, for growing */
	uint8_t s_journal_uuid[16];
	uint32_t s_journal_inum;
	uint32_t s_journal_dev;
	uint32_t s_last_orphan; /* head of the list of inodes to delete, through i_dtime */
	uint32_t s_hash_seed[4];
	uint8_t s_def_hash_version;
	uint8_t s_jnl_backup_type;
	uint16_t s_desc_size;
	uint32_t s_default_mount_opts;
	uint32_t s_first_meta_bg;
	uint32_t s_mkfs_time;
	uint32_t s_jnl_blocks[17];
	uint32_t s_blocks_count_hi;
	uint32_t s_r_blocks_count_hi;
	uint32_t s_free_blocks_hi;
	uint16_t s_min_extra_isize;
	uint16_t s_want_extra_isize;
	uint32_t s_flags;
	uint32_t s_unused[167];
};

struct ext2_group_desc {
	uint32_t bg_block_bitmap;
	uint32_t bg_inode_bitmap;
	uint32_t bg_inode_table;
	uint16_t bg_free_blocks_count;
	uint16_t bg_free_inodes_count;
	uint16_t bg_used_dirs_count;
	uint16_t bg_flags;
	uint32_t bg_reserved[3];
};

/* An inode of the table. What lies beyond 128 bytes is there with larger
 * inodes, as far as i_extra_isize says.
 */
struct ext2_disk_inode {
	uint16_t i_mode;
	uint16_t i_uid;
	uint32_t i_size;
	uint32_t i_atime;
	uint32_t i_ctime;
	uint32_t i_mtime;
	uint32_t i_dtime; /* time of deletion; next inode while on the orphan list */
	uint16_t i_gid;
	uint16_t i_links_count;
	uint32_t i_blocks; /* units of 512 bytes, indirect blocks included */
	uint32_t i_flags;
	uint32_t i_version;
	uint32_t i_block[EXT2_BLOCKS];
	uint32_t i_generation;
	uint32_t i_file_acl;  /* block of extended attributes, 0: none */
	uint32_t i_size_high; /* regular files */
	uint32_t i_faddr;
	uint16_t i_blocks_high;
	uint16_t i_file_acl_high;
	uint16_t i_uid_high;
	uint16_t i_gid_high;
	uint16_t i_checksum_lo;
	uint16_t i_reserved;
	/* 128 */
	uint16_t i_extra_isize; /* bytes from here on that are in use */
	uint16_t i_checksum_hi;
	uint32_t i_ctime_extra; /* nanoseconds << 2 | bits 32 and 33 of the seconds */
	uint32_t i_mtime_extra;
	uint32_t i_atime_extra;
	uint32_t i_crtime;
	uint32_t i_crtime_extra;
	uint32_t i_version_hi;
	uint32_t i_projid;
};

/* A directory is a file of such entries; one never crosses a block, rec_len
 * leads to the next. inode 0: an unused entry.
 */
struct ext2_dirent {
	uint32_t inode;
	uint16_t rec_len; /* multiple of 4 */
	uint8_t name_len;
	uint8_t file_type; /* 0 without INCOMPAT_FILETYPE */
	char name[];
};

struct ext2_xattr_header {
	uint32_t h_magic;
	uint32_t h_refcount; /* inodes that share this block */
	uint32_t h_blocks;
	uint32_t h_hash;
};

enum {
	EXT2_EXTRA_ISIZE = sizeof(struct ext2_disk_inode) - EXT2_OLD_INODE_SIZE,
	EXT2_EPOCH_BITS = 2, /* of the *_extra fields */
	EXT2_EPOCH_MASK = 3,
	EXT2_DIRENT_HEAD = 8,
	EXT2_DIRENT_ALIGN = 4,
};

_Static_assert(sizeof(struct ext2_super_block) == 1024, "superblock");
_Static_assert(offsetof(struct ext2_super_block, s_magic) == 56, "superblock");
_Static_assert(offsetof(struct ext2_super_block, s_first_ino) == 84, "superblock");
_Static_assert(offsetof(struct ext2_super_block, s_last_orphan) == 232, "superblock");
_Static_assert(offsetof(struct ext2_super_block, s_flags) == 352, "superblock");
_Static_assert(sizeof(struct ext2_group_desc) == 32, "group descriptor");
_Static_assert(sizeof(struct ext2_disk_inode) == 160, "inode");
_Static_assert(offsetof(struct ext2_disk_inode, i_block) == 40, "inode");
_Static_assert(offsetof(struct ext2_disk_inode, i_extra_isize) == 128, "inode");
_Static_assert(sizeof(struct ext2_dirent) == EXT2_DIRENT_HEAD, "directory entry");
