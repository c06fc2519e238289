/* SPDX-License-Identifier: MIT */
/* The PS/2 keyboard at an 8042 controller. */
#ifndef DEV_KBD_H
#define DEV_KBD_H

/* Keys go to the virtual console that is shown (vc.h); the layout is the parameter
 * keymap=. Says so if there is no controller. Interrupts are on.
 */
void kbd_init(void);

#endif
