# Experiments with a terminal, driven by tests/boot/test_tty.py.
user-test += tty/tty_probe	# sets modes, shows what reads give
