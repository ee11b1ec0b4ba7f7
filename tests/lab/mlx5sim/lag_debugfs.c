// SPDX-License-Identifier: GPL-2.0
/* /sys/kernel/debug/mlx5/PF/lag: the files of mlx5 (Linux 6.12, lag/debugfs.c) and their text. */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include "mlx5sim.h"

struct dentry *sim_debugfs_root;

static int sim_show_type(struct seq_file *file, const struct sim_lag *lag)
{
	seq_puts(file, lag->mode == SIM_LAG_ROCE ? "roce\n" : "switchdev\n");
	return 0;
}

static int sim_show_port_sel_mode(struct seq_file *file, const struct sim_lag *lag)
{
	seq_printf(file, "%s\n", sim_lag_port_selection(lag));
	return 0;
}

static int sim_show_flags(struct seq_file *file, const struct sim_lag *lag)
{
	/* mlx5 asks for the native selection when, and only when, it shares the FDB. */
	seq_printf(file, "shared_fdb:%s\n", lag->shared_fdb ? "on" : "off");
	seq_printf(file, "fdb_selection_mode:%s\n", lag->shared_fdb ? "native" : "affinity");
	return 0;
}

/* By queue affinity "virtual:physical" for each port, by hash the ports that are sent by. */
static int sim_show_mapping(struct seq_file *file, const struct sim_lag *lag)
{
	u8 ports[SIM_MAX_PORTS];
	int num_ports = lag->hash ? sim_lag_enabled_ports(lag, ports) : lag->num_ports, i;

	for (i = 0; i < num_ports; i++)
		if (lag->hash)
			seq_printf(file, "%d\n", ports[i] + 1);
		else
			seq_printf(file, "%d:%d\n", i + 1, lag->physical[i]);
	return 0;
}

static int sim_show_state(struct seq_file *file, const struct sim_lag *lag)
{
	seq_puts(file, lag->mode == SIM_LAG_NONE ? "disabled\n" : "active\n");
	return 0;
}

static int sim_show_members(struct seq_file *file, const struct sim_lag *lag)
{
	struct sim_pf *pf;
	int i;

	for (i = 0; i < lag->num_ports; i++) {
		pf = rcu_dereference_protected(lag->pf[i], lockdep_is_held(&lag->lock));
		if (pf)
			seq_printf(file, "%s\n", pci_name(pf->pdev));
	}
	return 0;
}

/* Most of it cannot be read while there is no LAG. */
static int sim_show(struct seq_file *file, bool of_active_lag,
		    int (*show)(struct seq_file *file, const struct sim_lag *lag))
{
	struct sim_pf *pf = file->private;
	struct sim_lag *lag = rcu_dereference_protected(pf->lag, 1);	/* the files go before it */
	int err;

	mutex_lock(&lag->lock);
	err = of_active_lag && lag->mode == SIM_LAG_NONE ? -EINVAL : show(file, lag);
	mutex_unlock(&lag->lock);
	return err;
}

#define SIM_LAG_FILE(name, of_active_lag) \
	static int name##_show(struct seq_file *file, void *unused) \
	{ \
		return sim_show(file, of_active_lag, sim_show_##name); \
	} \
	DEFINE_SHOW_ATTRIBUTE(name)

SIM_LAG_FILE(type, true);
SIM_LAG_FILE(port_sel_mode, true);
SIM_LAG_FILE(flags, true);
SIM_LAG_FILE(mapping, true);
SIM_LAG_FILE(state, false);
SIM_LAG_FILE(members, false);

void sim_lag_debugfs_create(struct sim_pf *pf)
{
	struct dentry *folder;

	if (sim_no_lag_debugfs)
		return;
	folder = debugfs_create_dir("lag", pf->debugfs);
	debugfs_create_file("type", 0444, folder, pf, &type_fops);
	debugfs_create_file("port_sel_mode", 0444, folder, pf, &port_sel_mode_fops);
	debugfs_create_file("state", 0444, folder, pf, &state_fops);
	debugfs_create_file("flags", 0444, folder, pf, &flags_fops);
	debugfs_create_file("mapping", 0444, folder, pf, &mapping_fops);
	debugfs_create_file("members", 0444, folder, pf, &members_fops);
}
