/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between the kernels that the lab boots: 6.1 and 6.12. */
#ifndef MLX5SIM_COMPAT_H
#define MLX5SIM_COMPAT_H

#include <linux/version.h>

/* 6.3 gave ports operations of their own, and netdevs a pointer to their port. */
#define SIM_PORT_OPS	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0))
/* 6.6 reports a parameter's refusal with text from its setter too. */
#define SIM_PARAM_SET_EXTACK	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0))
/* 6.2 fills in the driver's name itself. */
#define SIM_INFO_DRIVER_NAME	(LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0))
/* 6.5 counts the VFs of an embedded CPU, of which there are none. */
#define SIM_EC_VFS_TEXT	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0) ? " necvfs(0)," : "")
/* 6.5 lets four ports be in a VF-LAG; before, it takes exactly two. */
#define SIM_LAG_FOUR_PORTS	(LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0))

#endif
