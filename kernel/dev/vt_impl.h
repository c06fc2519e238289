/* SPDX-License-Identifier: MIT */
/* What vt.c (bytes, glyphs, the screen) and vt_csi.c (control sequences) share. */
#ifndef DEV_VT_IMPL_H
#define DEV_VT_IMPL_H

#include "dev/vt.h"

/* The cell that erasing leaves: a blank in the pen's background. */
uint16_t vt_blank(const struct vt *vt);
uint16_t *vt_line(struct vt *vt, unsigned row);
void vt_erase(struct vt *vt, unsigned row, unsigned column, unsigned n);
void vt_erase_rows(struct vt *vt, unsigned row, unsigned end);

/* Rows [first, end) move by n; blank ones come in. */
void vt_scroll_up(struct vt *vt, unsigned first, unsigned end, unsigned n);
void vt_scroll_down(struct vt *vt, unsigned first, unsigned end, unsigned n);

/* Clipped to the screen or, in origin mode, to the scroll region. */
void vt_move(struct vt *vt, unsigned row, unsigned column);
void vt_put(struct vt *vt, uint32_t code_point);
void vt_tab(struct vt *vt, unsigned n);
void vt_back_tab(struct vt *vt, unsigned n);
void vt_reply(struct vt *vt, const char *text);

/* The control sequence that ends with this byte; parameters are in vt. vt_csi.c */
void vt_csi(struct vt *vt, uint8_t final);

#endif
