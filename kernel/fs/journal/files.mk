# fs/journal: transaction handles
kernel-src += kernel/fs/journal/txn.c	# handles; no journal behind them yet
