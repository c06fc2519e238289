# SPDX-License-Identifier: MIT
#
# The programs of /bin: one per line, NAME.c or all of NAME/*.c, with its purpose.

user-bin += basename	# last component of a path
user-bin += bench	# what basic operations cost, in ticks of the time-stamp counter
user-bin += cat		# files to standard output
user-bin += chmod	# changes permissions
user-bin += cp		# copies files and trees
user-bin += dirname	# a path without its last component
user-bin += echo	# its arguments to standard output
user-bin += env		# runs a program with a changed environment
user-bin += false	# exit status 1
user-bin += grep	# lines that match a regular expression
user-bin += head	# first lines or bytes of files
user-bin += init	# the first process: console, /etc/rc, shells, orphans
user-bin += kill	# sends signals
user-bin += ln		# makes links
user-bin += ls		# what directories hold
user-bin += mkdir	# makes directories
user-bin += mv		# gives files another name
user-bin += poweroff	# turns the machine off
user-bin += printf	# prints by a format
user-bin += pwd		# the current directory
user-bin += reboot	# starts the machine again
user-bin += rm		# removes names and trees
user-bin += rmdir	# removes empty directories
user-bin += seq		# numbers, one per line
user-bin += sh		# the shell
user-bin += sleep	# waits some seconds
user-bin += sort	# lines in order
user-bin += sync	# writes back the disks
user-bin += tail	# last lines or bytes of files
user-bin += tee		# copies its input to files
user-bin += test	# decides by its exit status; [ is a link to it
user-bin += touch	# sets the times of files
user-bin += true	# exit status 0
user-bin += uname	# name of the system
user-bin += wc		# counts lines, words and bytes
