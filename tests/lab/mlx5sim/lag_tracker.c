// SPDX-License-Identifier: GPL-2.0
/* What a bond tells of itself by netdev notifications, as far as a LAG needs to know. */
#include <net/bonding.h>
#include "mlx5sim.h"

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

int sim_lag_event(struct notifier_block *notifier, unsigned long event, void *info)
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
