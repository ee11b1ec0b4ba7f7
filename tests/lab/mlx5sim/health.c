// SPDX-License-Identifier: GPL-2.0
/* devlink health reporters, named like those of mlx5. */
#include "mlx5sim.h"

/* The driver repairs these by itself; an error of the firmware ("fw") stays. */
static int sim_recover(struct devlink_health_reporter *reporter, void *context, struct netlink_ext_ack *extack)
{
	return 0;
}

static const struct devlink_health_reporter_ops sim_reporters[] = {
	{ .name = "fw" },
	{ .name = "fw_fatal", .recover = sim_recover },
	{ .name = "tx", .recover = sim_recover },
	{ .name = "rx", .recover = sim_recover },
};

/* fw and fw_fatal belong to the device, tx and rx to the uplink's port. */
void sim_health_create(struct sim_pf *pf)
{
	struct sim_netdev *uplink = netdev_priv(pf->uplink);
	int i;

	for (i = 0; i < ARRAY_SIZE(sim_reporters); i++) {
		if (i < 2)
			pf->health[i] = devlink_health_reporter_create(pf->devlink, &sim_reporters[i], 0, pf);
		else
			pf->health[i] = devlink_port_health_reporter_create(&uplink->port, &sim_reporters[i], 0, pf);
		if (IS_ERR(pf->health[i])) {
			pci_warn(pf->pdev, "health reporter %s: %ld\n", sim_reporters[i].name, PTR_ERR(pf->health[i]));
			pf->health[i] = NULL;
		}
	}
}

static void sim_reporter_destroy(struct devlink_health_reporter *reporter, bool of_port)
{
	if (!reporter)
		return;
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	if (of_port) {
		devlink_port_health_reporter_destroy(reporter);
		return;
	}
#endif
	devlink_health_reporter_destroy(reporter);
}

void sim_health_destroy(struct sim_pf *pf)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(sim_reporters); i++)
		sim_reporter_destroy(pf->health[i], i >= 2);
}

int sim_health_error(const char *name)
{
	struct sim_pf *pf;
	int i, err = -ENOENT;

	mutex_lock(&sim_pfs_lock);
	list_for_each_entry(pf, &sim_pfs, list)
		for (i = 0; i < ARRAY_SIZE(sim_reporters); i++)
			if (pf->health[i] && !strcmp(sim_reporters[i].name, name)) {
				devlink_health_report(pf->health[i], "simulated error", pf);
				err = 0;
			}
	mutex_unlock(&sim_pfs_lock);
	return err;
}
