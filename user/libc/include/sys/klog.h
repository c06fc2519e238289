/* SPDX-License-Identifier: MIT */
/* The kernel's log. */
#pragma once

int klogctl(int type, char *buffer, int size);
