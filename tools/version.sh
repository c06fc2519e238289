#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Prints version.h: what uname(2) reports. The date is the commit's, never the build's.
#
#   version.sh RELEASE COMMIT	(SOURCE_DATE_EPOCH in the environment)

date=$(LC_ALL=C date -u -d "@$SOURCE_DATE_EPOCH" 2>/dev/null ||
	LC_ALL=C date -u -r "$SOURCE_DATE_EPOCH")
cat <<END
/* SPDX-License-Identifier: MIT */
/* Made by tools/version.sh. */
#pragma once

#define GATEHOUSE_RELEASE "$1"
#define GATEHOUSE_COMMIT "$2"
#define GATEHOUSE_VERSION "#1 SMP $2 $date"
END
