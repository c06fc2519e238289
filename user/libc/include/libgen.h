/* SPDX-License-Identifier: MIT */
/* Parts of paths. Both may change their argument. */
#pragma once

char *basename(char *path);
char *dirname(char *path);
