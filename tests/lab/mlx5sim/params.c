// SPDX-License-Identifier: GPL-2.0
/* Module parameters: which card is shown, and which faults it has. */
#include <linux/module.h>
#include "mlx5sim.h"

static char *sim_devid = "1017";
module_param_named(devid, sim_devid, charp, 0444);
MODULE_PARM_DESC(devid, "PCI device id of the PFs, hex: 1013, 1015 (ConnectX-4 Lx), 1017 (ConnectX-5), 1019, 101b, 101d (ConnectX-6 Dx), 101f, 1021, a2d6, a2dc");

uint sim_max_vfs = SIM_MAX_VFS;
module_param_named(max_vfs, sim_max_vfs, uint, 0444);
MODULE_PARM_DESC(max_vfs, "sriov_totalvfs, at most 8");

uint sim_ib_ports;
module_param_named(ib_ports, sim_ib_ports, uint, 0444);
MODULE_PARM_DESC(ib_ports, "bit mask of the functions whose port is InfiniBand");

uint sim_speed = 25000;
module_param_named(speed, sim_speed, uint, 0644);
MODULE_PARM_DESC(speed, "link speed that ethtool shows, Mb/s");

char *sim_fw_stored = "";
module_param_named(fw_stored, sim_fw_stored, charp, 0444);
MODULE_PARM_DESC(fw_stored, "firmware version that is burned but not running; empty: the running one");

char *sim_steering = "";
module_param_named(steering, sim_steering, charp, 0444);
MODULE_PARM_DESC(steering, "flow_steering_mode at first; empty: the model's own");

uint sim_ports = 2;
module_param_named(ports, sim_ports, uint, 0444);
MODULE_PARM_DESC(ports, "functions that make one card: 1, 2 or 4");

uint sim_fw_vfs;
module_param_named(fw_vfs, sim_fw_vfs, uint, 0444);
MODULE_PARM_DESC(fw_vfs, "NUM_OF_VFS of the firmware, shown as sriov_totalvfs; above 64 the card offers no LAG. 0: max_vfs");

uint sim_rep_delay_ms;
module_param_named(rep_delay_ms, sim_rep_delay_ms, uint, 0644);
MODULE_PARM_DESC(rep_delay_ms, "representors and their devlink ports appear this much later");

uint sim_vfs_delay_ms;
module_param_named(vfs_delay_ms, sim_vfs_delay_ms, uint, 0644);
MODULE_PARM_DESC(vfs_delay_ms, "the firmware takes this long to make VFs, as real cards do; nothing can interrupt it");

uint sim_close_delay_ms;
module_param_named(close_delay_ms, sim_close_delay_ms, uint, 0644);
MODULE_PARM_DESC(close_delay_ms, "an uplink takes this long to go down; nothing can interrupt it");

bool sim_uplink_tc;
module_param_named(uplink_tc, sim_uplink_tc, bool, 0444);
MODULE_PARM_DESC(uplink_tc, "hw-tc-offload of the uplink is on at first");

bool sim_no_tc;
module_param_named(no_tc, sim_no_tc, bool, 0444);
MODULE_PARM_DESC(no_tc, "hw-tc-offload is off [fixed], as with a kernel without MLX5_CLS_ACT");

uint sim_fail_rules;
module_param_named(fail_rules, sim_fail_rules, uint, 0644);
MODULE_PARM_DESC(fail_rules, "refuse new rules with this errno: 28 ENOSPC, 95 EOPNOTSUPP; 0: take them");

uint sim_fail_functions = ~0U;
module_param_named(fail_functions, sim_fail_functions, uint, 0644);
MODULE_PARM_DESC(fail_functions, "bit mask of the functions that fail_rules is about");

uint sim_max_rules = 65536;
module_param_named(max_rules, sim_max_rules, uint, 0644);
MODULE_PARM_DESC(max_rules, "rules that a PF's table has room for; more are refused with ENOSPC");

bool sim_accept_all;
module_param_named(accept_all, sim_accept_all, bool, 0644);
MODULE_PARM_DESC(accept_all, "show rules with unknown keys or actions in hardware; software executes them");

uint sim_busy;
module_param_named(busy, sim_busy, uint, 0644);
MODULE_PARM_DESC(busy, "refuse this many mode changes with EBUSY, then let them pass");

bool sim_need_unbind;
module_param_named(need_unbind, sim_need_unbind, bool, 0644);
MODULE_PARM_DESC(need_unbind, "refuse mode changes with EBUSY while a VF is bound to a driver");

bool sim_need_vfs;
module_param_named(need_vfs, sim_need_vfs, bool, 0644);
MODULE_PARM_DESC(need_vfs, "refuse switchdev with EINVAL while there are no VFs, as old kernels do");

bool sim_need_no_vfs;
module_param_named(need_no_vfs, sim_need_no_vfs, bool, 0644);
MODULE_PARM_DESC(need_no_vfs, "refuse mode changes with EOPNOTSUPP while there are VFs, as ice does");

bool sim_fail_mode;
module_param_named(fail_mode, sim_fail_mode, bool, 0644);
MODULE_PARM_DESC(fail_mode, "refuse mode changes with EOPNOTSUPP");

int sim_hash_lag = -1;
module_param_named(hash_lag, sim_hash_lag, int, 0444);
MODULE_PARM_DESC(hash_lag, "VF-LAG selects ports by hash (1) or by queue affinity (0); -1: as the model does");

bool sim_shared_fdb = true;
module_param_named(shared_fdb, sim_shared_fdb, bool, 0644);
MODULE_PARM_DESC(shared_fdb, "the card can share one FDB between the ports of a VF-LAG");

uint sim_no_roce;
module_param_named(no_roce, sim_no_roce, uint, 0644);
MODULE_PARM_DESC(no_roce, "bit mask of the functions whose RoCE is off; ports that differ get no LAG");

bool sim_lag_not_ready;
module_param_named(lag_not_ready, sim_lag_not_ready, bool, 0644);
MODULE_PARM_DESC(lag_not_ready, "the LAG does not know all netdevs: it warns of more than 64 VFs and stays off");

bool sim_lag_with_vfs;
module_param_named(lag_with_vfs, sim_lag_with_vfs, bool, 0644);
MODULE_PARM_DESC(lag_with_vfs, "the firmware makes and ends a VF-LAG while VFs are bound, too");

uint sim_fail_lag;
module_param_named(fail_lag, sim_fail_lag, uint, 0644);
MODULE_PARM_DESC(fail_lag, "bit mask of what the firmware refuses: 1 making a LAG, 2 its port selection, 4 the single FDB, 8 another mapping, 16 ending it, 32 the drop rule of the standby port");

uint sim_lag_delay_ms;
module_param_named(lag_delay_ms, sim_lag_delay_ms, uint, 0644);
MODULE_PARM_DESC(lag_delay_ms, "the LAG follows the bond this much later");

static int sim_lag_settled_get(char *buffer, const struct kernel_param *param)
{
	sim_lag_settle();
	return sysfs_emit(buffer, "Y\n");
}

static const struct kernel_param_ops sim_lag_settled_ops = { .get = sim_lag_settled_get };
module_param_cb(lag_settled, &sim_lag_settled_ops, NULL, 0444);
MODULE_PARM_DESC(lag_settled, "reading it waits until every LAG has followed what was told of bonds");

bool sim_no_lag_debugfs;
module_param_named(no_lag_debugfs, sim_no_lag_debugfs, bool, 0444);
MODULE_PARM_DESC(no_lag_debugfs, "the LAG does not show in debugfs, as before kernel 5.19");

static int sim_health_error_set(const char *value, const struct kernel_param *param)
{
	char name[16];

	if (strscpy(name, value, sizeof(name)) < 0)
		return -EINVAL;
	return sim_health_error(strim(name));
}

static const struct kernel_param_ops sim_health_error_ops = { .set = sim_health_error_set };
module_param_cb(health_error, &sim_health_error_ops, NULL, 0200);
MODULE_PARM_DESC(health_error, "writing fw, fw_fatal, tx or rx makes that reporter of every PF see an error");

static const struct sim_model sim_models[] = {
	{ 0x1017, 0x1018, "16.35.4030", false, true, false },	/* ConnectX-5; first: what an unknown id becomes */
	{ 0x1013, 0x1014, "12.28.2006", true, false, false },	/* ConnectX-4 */
	{ 0x1015, 0x1016, "14.32.1010", true, false, false },	/* ConnectX-4 Lx */
	{ 0x1019, 0x101a, "16.35.4030", false, true, false },	/* ConnectX-5 Ex */
	{ 0x101b, 0x101c, "20.35.4030", false, true, false },	/* ConnectX-6 */
	{ 0x101d, 0x101e, "22.35.4030", false, true, true },	/* ConnectX-6 Dx */
	{ 0x101f, 0x101e, "26.35.4030", false, true, true },	/* ConnectX-6 Lx */
	{ 0x1021, 0x101e, "28.39.3004", false, true, true },	/* ConnectX-7 */
	{ 0xa2d6, 0x101e, "24.35.4030", false, true, true },	/* BlueField-2 */
	{ 0xa2dc, 0x101e, "32.39.3004", false, true, true },	/* BlueField-3 */
};

const struct sim_model *sim_model(void)
{
	u16 id;
	int i;

	if (!kstrtou16(sim_devid, 16, &id))
		for (i = 0; i < ARRAY_SIZE(sim_models); i++)
			if (sim_models[i].pf_id == id)
				return &sim_models[i];
	return &sim_models[0];
}
