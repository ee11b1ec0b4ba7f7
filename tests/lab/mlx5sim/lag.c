// SPDX-License-Identifier: GPL-2.0
/*
 * LAG: the card follows a bond of its uplinks. With both e-switches in switchdev mode
 * that is VF-LAG, in legacy mode without VFs it is RoCE LAG, and otherwise, mostly
 * without a word, nothing. Conditions and messages are those of mlx5 in Linux 6.12,
 * lag/lag.c; so are the functions that its error messages name.
 *
 * The bond tells of itself by netdev notifications, which are written down and then
 * acted upon by a work item.
 */
#include <net/bonding.h>
#include "mlx5sim.h"

#define SIM_LAG_INFO(pf, format, ...) pci_info((pf)->pdev, format, ##__VA_ARGS__)
#define SIM_LAG_ERR(pf, function, line, format, ...) \
	pci_err((pf)->pdev, "%s:%d:(pid %d): " format, function, line, current->pid, ##__VA_ARGS__)
#define SIM_UNBIND_HINT "Make sure all VFs are unbound prior to VF LAG activation or deactivation\n"

/* Bits of fail_lag. */
enum {
	SIM_FAIL_CREATE = 1, SIM_FAIL_PORT_SELECTION = 2, SIM_FAIL_SINGLE_FDB = 4,
	SIM_FAIL_MODIFY = 8, SIM_FAIL_DESTROY = 16, SIM_FAIL_DROP_RULE = 32,
};

static LIST_HEAD(sim_lags);	/* under sim_pfs_lock */

/* The lock, or that the port cannot go, makes it safe. */
static struct sim_pf *sim_lag_pf(const struct sim_lag *lag, int port)
{
	return rcu_dereference_protected(lag->pf[port], 1);
}

/* ---- which ports the bond sends by ---- */

static bool sim_lag_is_enabled(const struct sim_lag *lag, int port)
{
	return lag->tracker.port[port].tx_enabled && lag->tracker.port[port].link_up;
}

/* Ports, from 0, that are up and sent by; all where there are none. */
int sim_lag_enabled_ports(const struct sim_lag *lag, u8 *ports)
{
	int enabled = 0, i;

	for (i = 0; i < lag->num_ports; i++)
		if (sim_lag_is_enabled(lag, i))
			ports[enabled++] = i;
	if (enabled)
		return enabled;
	for (i = 0; i < lag->num_ports; i++)
		ports[i] = i;
	return lag->num_ports;
}

/* A port that is not sent by is stood for by any that is. */
static void sim_lag_infer_mapping(const struct sim_lag *lag, u8 *physical)
{
	u8 enabled[SIM_MAX_PORTS];
	int num_enabled = sim_lag_enabled_ports(lag, enabled), i;

	for (i = 0; i < lag->num_ports; i++) {
		physical[i] = i + 1;
		if (num_enabled < lag->num_ports && !sim_lag_is_enabled(lag, i))
			physical[i] = enabled[get_random_u32() % num_enabled] + 1;
	}
}

static void sim_lag_print_mapping(const struct sim_lag *lag, struct sim_pf *pf)
{
	u8 enabled[SIM_MAX_PORTS];
	char text[SIM_MAX_PORTS * 10 + 1] = "";
	int length = 0, num_enabled, i;

	if (lag->hash) {
		num_enabled = sim_lag_enabled_ports(lag, enabled);
		for (i = 0; i < num_enabled; i++)
			length += scnprintf(text + length, sizeof(text) - length, "%s%d", i ? ", " : "", enabled[i] + 1);
		SIM_LAG_INFO(pf, "lag map active ports: %s\n", text);
		return;
	}
	for (i = 0; i < lag->num_ports; i++)
		length += scnprintf(text + length, sizeof(text) - length, " port %d:%d", i + 1, lag->physical[i]);
	SIM_LAG_INFO(pf, "lag map:%s\n", text);
}

const char *sim_lag_port_selection(const struct sim_lag *lag)
{
	return lag->hash ? "hash" : "queue_affinity";
}

/* In active-backup mode the card drops what comes in by the backup ports, as the bond does. */
static void sim_lag_set_standby(struct sim_lag *lag, bool wanted)
{
	struct sim_pf *pf;
	bool standby;
	int i;

	for (i = 0; i < lag->num_ports; i++) {
		pf = sim_lag_pf(lag, i);
		if (!pf)
			continue;
		standby = wanted && lag->tracker.has_inactive && !sim_lag_is_enabled(lag, i);
		if (standby && sim_fail_lag & SIM_FAIL_DROP_RULE) {
			SIM_LAG_ERR(pf, "mlx5_lag_drop_rule_setup", 410, "Failed to create lag drop rule, error: %d", -EINVAL);
			standby = false;
		}
		WRITE_ONCE(pf->is_standby, standby);
	}
}

static bool sim_lag_wants_standby(const struct sim_lag *lag)
{
	return lag->mode == SIM_LAG_VF && lag->tracker.tx_type == NETDEV_LAG_TX_TYPE_ACTIVEBACKUP;
}

/* ---- what the firmware says ---- */

static int sim_lag_command_failed(struct sim_pf *pf, const char *command, unsigned int opcode, const char *status,
				  unsigned int code, unsigned int syndrome)
{
	SIM_LAG_ERR(pf, "mlx5_cmd_out_err", 815, "%s(0x%x) op_mod(0x0) failed, status %s(0x%x), syndrome (0x%x), err(%d)\n",
		    command, opcode, status, code, syndrome, -EINVAL);
	return -EINVAL;
}

static bool sim_lag_has_bound_vf(const struct sim_lag *lag)
{
	int i;

	for (i = 0; i < lag->num_ports; i++)
		if (sim_lag_pf(lag, i) && sim_vf_is_bound(sim_lag_pf(lag, i)))
			return true;
	return false;
}

/* The firmware neither makes nor ends a LAG under VFs that are in use. */
static bool sim_lag_is_held(const struct sim_lag *lag)
{
	return !sim_lag_with_vfs && sim_lag_has_bound_vf(lag);
}

static int sim_lag_command_create(const struct sim_lag *lag, struct sim_pf *pf)
{
	if (lag->is_stuck)	/* its syndrome is not known here */
		return sim_lag_command_failed(pf, "CREATE_LAG", 0x840, "bad resource state", 9, 0);
	if (sim_fail_lag & SIM_FAIL_CREATE || sim_lag_is_held(lag))
		return sim_lag_command_failed(pf, "CREATE_LAG", 0x840, "bad parameter", 3, 0x7d49cb);
	return 0;
}

static int sim_lag_command_destroy(const struct sim_lag *lag, struct sim_pf *pf)
{
	if (sim_fail_lag & SIM_FAIL_DESTROY || sim_lag_is_held(lag))
		return sim_lag_command_failed(pf, "DESTROY_LAG", 0x843, "bad resource state", 9, 0);
	return 0;
}

/* ---- on, changed and off; the caller holds the lock ---- */

static int sim_lag_create(struct sim_lag *lag, struct sim_pf *pf)
{
	int err;

	sim_lag_print_mapping(lag, pf);
	SIM_LAG_INFO(pf, "shared_fdb:%d mode:%s\n", lag->shared_fdb, sim_lag_port_selection(lag));
	err = sim_lag_command_create(lag, pf);
	if (err) {
		SIM_LAG_ERR(pf, "mlx5_create_lag", 630, "Failed to create LAG (%d)\n", err);
		return err;
	}
	if (!lag->shared_fdb)
		return 0;
	if (sim_fail_lag & SIM_FAIL_SINGLE_FDB) {
		SIM_LAG_ERR(pf, "mlx5_create_lag", 638, "Can't enable single FDB mode\n");
		return -EOPNOTSUPP;
	}
	SIM_LAG_INFO(pf, "Operation mode is single FDB\n");
	return 0;
}

static void sim_lag_activate(struct sim_lag *lag, enum sim_lag_mode mode)
{
	struct sim_pf *pf = sim_lag_pf(lag, 0);
	bool can_hash = sim_hash_lag < 0 ? sim_model()->hash_lag : sim_hash_lag;

	lag->hash = can_hash && (mode == SIM_LAG_ROCE || lag->tracker.tx_type == NETDEV_LAG_TX_TYPE_HASH);
	lag->shared_fdb = mode == SIM_LAG_VF && sim_shared_fdb;
	sim_lag_infer_mapping(lag, lag->physical);
	if (lag->hash && sim_fail_lag & SIM_FAIL_PORT_SELECTION) {
		SIM_LAG_ERR(pf, "mlx5_activate_lag", 675, "Failed to create LAG port selection(%d)\n", -EOPNOTSUPP);
		return;
	}
	if (sim_lag_create(lag, pf)) {
		if (mode == SIM_LAG_ROCE)
			SIM_LAG_ERR(pf, "mlx5_activate_lag", 687, "Failed to activate RoCE LAG\n");
		else
			SIM_LAG_ERR(pf, "mlx5_activate_lag", 690, "Failed to activate VF LAG\n" SIM_UNBIND_HINT);
		return;
	}
	WRITE_ONCE(lag->mode, mode);
	sim_lag_set_standby(lag, sim_lag_wants_standby(lag));
}

static void sim_lag_modify(struct sim_lag *lag)
{
	struct sim_pf *pf = sim_lag_pf(lag, 0);
	u8 physical[SIM_MAX_PORTS];
	int i;

	sim_lag_infer_mapping(lag, physical);
	if (memcmp(physical, lag->physical, lag->num_ports)) {
		if (sim_fail_lag & SIM_FAIL_MODIFY) {
			SIM_LAG_ERR(pf, "mlx5_modify_lag", 497, "Failed to modify LAG (%d)\n", -EINVAL);
			return;
		}
		for (i = 0; i < lag->num_ports; i++)
			WRITE_ONCE(lag->physical[i], physical[i]);
		sim_lag_print_mapping(lag, pf);
	}
	sim_lag_set_standby(lag, sim_lag_wants_standby(lag));
}

/* A firmware that does not let go of the LAG makes none again before the driver is loaded anew. */
static void sim_lag_deactivate(struct sim_lag *lag)
{
	struct sim_pf *pf = sim_lag_pf(lag, 0);
	enum sim_lag_mode mode = lag->mode;

	WRITE_ONCE(lag->mode, SIM_LAG_NONE);
	if (pf && sim_lag_command_destroy(lag, pf)) {
		lag->is_stuck = true;
		if (mode == SIM_LAG_ROCE)
			SIM_LAG_ERR(pf, "mlx5_deactivate_lag", 730, "Failed to deactivate RoCE LAG; driver restart required\n");
		else
			SIM_LAG_ERR(pf, "mlx5_deactivate_lag", 733,
				    "Failed to deactivate VF LAG; driver restart required\n" SIM_UNBIND_HINT);
		return;
	}
	sim_lag_set_standby(lag, false);
}

/* mlx5_lag_check_prereq(): every refusal here is silent. */
static bool sim_lag_may_be(const struct sim_lag *lag)
{
	struct sim_pf *pf, *first = sim_lag_pf(lag, 0);
	int i;

	for (i = 0; i < lag->num_ports; i++) {
		pf = sim_lag_pf(lag, i);
		if (!pf)
			return false;
		if (pf->num_vfs && pf->mode != DEVLINK_ESWITCH_MODE_SWITCHDEV)
			return false;
		if (pf->mode != first->mode)
			return false;
		if (!(sim_no_roce & BIT(sim_function(pf))) != !(sim_no_roce & BIT(sim_function(first))))
			return false;
	}
	return SIM_LAG_FOUR_PORTS || lag->num_ports == 2 || first->mode != DEVLINK_ESWITCH_MODE_SWITCHDEV;
}

static void sim_lag_queue(struct sim_lag *lag, unsigned int milliseconds)
{
	queue_delayed_work(system_wq, &lag->work, msecs_to_jiffies(milliseconds));
}

static void sim_lag_work(struct work_struct *work)
{
	struct sim_lag *lag = container_of(to_delayed_work(work), struct sim_lag, work);
	bool wanted;

	mutex_lock(&lag->lock);
	if (lag->mode_changes) {
		sim_lag_queue(lag, 1000);
		goto unlock;
	}
	wanted = lag->tracker.is_bonded && !sim_lag_not_ready && sim_lag_may_be(lag);
	if (wanted && lag->mode == SIM_LAG_NONE)
		sim_lag_activate(lag, sim_lag_pf(lag, 0)->mode == DEVLINK_ESWITCH_MODE_SWITCHDEV ? SIM_LAG_VF : SIM_LAG_ROCE);
	else if (wanted)
		sim_lag_modify(lag);
	else if (lag->mode != SIM_LAG_NONE)
		sim_lag_deactivate(lag);
unlock:
	mutex_unlock(&lag->lock);
}

/* ---- what the bond tells ---- */

static int sim_lag_port_of(const struct sim_lag *lag, const struct net_device *dev)
{
	int i;

	for (i = 0; i < lag->num_ports; i++)
		if (sim_lag_pf(lag, i) && sim_lag_pf(lag, i)->uplink == dev)
			return i;
	return -ENOENT;
}

static bool sim_lag_is_inactive(struct net_device *master, struct net_device *dev)
{
	struct slave *slave = netif_is_bond_master(master) ? bond_slave_get_rcu(dev) : NULL;

	return slave && bond_is_slave_inactive(slave);
}

/* Does it concern this card, and did anything change? Members of other kinds count: they keep the LAG off. */
static bool sim_lag_upper_changed(struct sim_lag *lag, struct netdev_notifier_changeupper_info *info)
{
	struct netdev_lag_upper_info *how = info->linking ? info->upper_info : NULL;
	struct sim_lag_tracker *tracker = &lag->tracker;
	int num_members = 0, num_ours = 0;
	bool was_bonded = tracker->is_bonded, has_inactive = false, suits;
	struct net_device *dev;

	if (!netif_is_lag_master(info->upper_dev))
		return false;
	rcu_read_lock();
	for_each_netdev_in_bond_rcu(info->upper_dev, dev) {
		num_members++;
		if (sim_lag_port_of(lag, dev) < 0)
			continue;
		num_ours++;
		has_inactive |= sim_lag_is_inactive(info->upper_dev, dev);
	}
	rcu_read_unlock();
	if (!num_ours && sim_lag_port_of(lag, netdev_notifier_info_to_dev(&info->info)) < 0)
		return false;
	if (how)
		tracker->tx_type = how->tx_type;
	tracker->has_inactive = has_inactive;
	suits = tracker->tx_type == NETDEV_LAG_TX_TYPE_ACTIVEBACKUP || tracker->tx_type == NETDEV_LAG_TX_TYPE_HASH;
	tracker->is_bonded = suits && num_members == lag->num_ports && num_ours == lag->num_ports;
	if (num_members == lag->num_ports && num_ours == lag->num_ports) {
		if (sim_lag_not_ready)
			SIM_REFUSE(info->info.extack, "Can't activate LAG offload, PF is configured with more than 64 VFs");
		else if (!suits)
			SIM_REFUSE(info->info.extack, "Can't activate LAG offload, TX type isn't supported");
	}
	return tracker->is_bonded != was_bonded;
}

static bool sim_lag_lower_changed(struct sim_lag *lag, struct net_device *dev,
				  struct netdev_notifier_changelowerstate_info *info)
{
	int port = netif_is_lag_port(dev) ? sim_lag_port_of(lag, dev) : -ENOENT;
	struct netdev_lag_lower_state_info *state = info->lower_state_info;

	if (port < 0 || !state)
		return false;
	lag->tracker.port[port] = *state;
	return true;
}

static bool sim_lag_inactive_changed(struct sim_lag *lag, struct net_device *master)
{
	bool had_inactive = lag->tracker.has_inactive, has_inactive = false, ours = false;
	struct net_device *dev;

	if (!netif_is_lag_master(master))
		return false;
	rcu_read_lock();
	for_each_netdev_in_bond_rcu(master, dev)
		if (sim_lag_port_of(lag, dev) >= 0) {
			ours = true;
			has_inactive |= sim_lag_is_inactive(master, dev);
		}
	rcu_read_unlock();
	if (!ours)
		return false;
	lag->tracker.has_inactive = has_inactive;
	return had_inactive != has_inactive;
}

static int sim_lag_event(struct notifier_block *notifier, unsigned long event, void *info)
{
	struct sim_lag *lag = container_of(notifier, struct sim_lag, notifier);
	struct net_device *dev = netdev_notifier_info_to_dev(info);
	bool changed = false;

	if (event != NETDEV_CHANGEUPPER && event != NETDEV_CHANGELOWERSTATE && event != NETDEV_CHANGEINFODATA)
		return NOTIFY_DONE;
	mutex_lock(&lag->lock);
	if (event == NETDEV_CHANGEUPPER)
		changed = sim_lag_upper_changed(lag, info);
	else if (event == NETDEV_CHANGELOWERSTATE)
		changed = sim_lag_lower_changed(lag, dev, info);
	else
		changed = sim_lag_inactive_changed(lag, dev);
	mutex_unlock(&lag->lock);
	if (changed)
		sim_lag_queue(lag, sim_lag_delay_ms);
	return NOTIFY_DONE;
}

/* ---- the way of a packet; under rcu_read_lock() ---- */

/*
 * The port that a rule of this PF means by a bond: its own uplink if that is a member,
 * else the active one, if the bond has such. Without a LAG that is where packets go,
 * be its carrier lost or not.
 */
struct net_device *sim_lag_port(const struct sim_pf *pf, struct net_device *bond)
{
	struct slave *slave;

	if (netdev_master_upper_dev_get_rcu(pf->uplink) == bond)
		return pf->uplink;
	if (!netif_is_bond_master(bond) || !bond_uses_primary(netdev_priv(bond)))
		return NULL;
	slave = rcu_dereference(((struct bonding *)netdev_priv(bond))->curr_active_slave);
	return slave ? slave->dev : NULL;
}

/* The PF whose wire a packet for this one's leaves by. */
struct sim_pf *sim_lag_egress(struct sim_pf *pf, struct sk_buff *skb)
{
	struct sim_lag *lag = rcu_dereference(pf->lag);
	struct sim_pf *other;
	int port;

	if (!lag || READ_ONCE(lag->mode) != SIM_LAG_VF)
		return pf;
	/* A netdev here has one queue, whose affinity is its own port. */
	port = READ_ONCE(lag->hash) ? skb_get_hash(skb) % lag->num_ports : sim_port(pf);
	other = rcu_dereference(lag->pf[READ_ONCE(lag->physical[port]) - 1]);
	return other ?: pf;
}

/* ---- e-switches that change, ports that come and go ---- */

void sim_lag_disable_change(struct sim_pf *pf)
{
	struct sim_lag *lag = rcu_dereference_protected(pf->lag, 1);

	if (!lag)
		return;
	mutex_lock(&lag->lock);
	lag->mode_changes++;
	if (lag->mode != SIM_LAG_NONE)
		sim_lag_deactivate(lag);
	mutex_unlock(&lag->lock);
}

void sim_lag_enable_change(struct sim_pf *pf)
{
	struct sim_lag *lag = rcu_dereference_protected(pf->lag, 1);

	if (!lag)
		return;
	mutex_lock(&lag->lock);
	lag->mode_changes--;
	mutex_unlock(&lag->lock);
	sim_lag_queue(lag, sim_lag_delay_ms);
}

/* The caller holds sim_pfs_lock. */
static struct sim_lag *sim_lag_of_card(const struct sim_pf *pf)
{
	struct sim_lag *lag;

	list_for_each_entry(lag, &sim_lags, list)
		if (lag->card == sim_card(pf))
			return lag;
	lag = kzalloc(sizeof(*lag), GFP_KERNEL);
	if (!lag)
		return NULL;
	lag->card = sim_card(pf);
	lag->num_ports = sim_ports;
	mutex_init(&lag->lock);
	INIT_DELAYED_WORK(&lag->work, sim_lag_work);
	lag->notifier.notifier_call = sim_lag_event;
	if (register_netdevice_notifier_net(&init_net, &lag->notifier)) {
		kfree(lag);
		return NULL;
	}
	list_add_tail(&lag->list, &sim_lags);
	return lag;
}

/* One port, or a firmware that is set to more than 64 VFs, and the card offers no LAG. */
void sim_lag_add(struct sim_pf *pf)
{
	struct sim_lag *lag;

	if ((sim_ports != 2 && sim_ports != 4) || sim_fw_vfs > 64 || sim_is_infiniband(pf))
		return;
	mutex_lock(&sim_pfs_lock);
	lag = sim_lag_of_card(pf);
	if (lag) {
		lag->num_pfs++;
		mutex_lock(&lag->lock);
		memset(&lag->tracker.port[sim_port(pf)], 0, sizeof(lag->tracker.port[0]));
		rcu_assign_pointer(lag->pf[sim_port(pf)], pf);
		mutex_unlock(&lag->lock);
		rcu_assign_pointer(pf->lag, lag);
		sim_lag_debugfs_create(pf);
	}
	mutex_unlock(&sim_pfs_lock);
}

/* Before the uplink goes; neither RTNL nor a devlink lock is held. */
void sim_lag_remove(struct sim_pf *pf)
{
	struct sim_lag *lag = rcu_dereference_protected(pf->lag, 1);

	if (!lag)
		return;
	mutex_lock(&sim_pfs_lock);
	mutex_lock(&lag->lock);
	if (lag->mode != SIM_LAG_NONE)
		sim_lag_deactivate(lag);
	lag->tracker.is_bonded = false;
	RCU_INIT_POINTER(pf->lag, NULL);
	RCU_INIT_POINTER(lag->pf[sim_port(pf)], NULL);
	mutex_unlock(&lag->lock);
	if (!--lag->num_pfs) {
		list_del(&lag->list);
		unregister_netdevice_notifier_net(&init_net, &lag->notifier);
		cancel_delayed_work_sync(&lag->work);
		kfree_rcu(lag, rcu);
	}
	mutex_unlock(&sim_pfs_lock);
}
