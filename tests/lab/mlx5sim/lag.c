// SPDX-License-Identifier: GPL-2.0
/*
 * LAG: the card follows a bond of its uplinks. With both e-switches in switchdev mode
 * that is VF-LAG, in legacy mode without VFs it is RoCE LAG, and otherwise, mostly
 * without a word, nothing. Conditions are those of mlx5 in Linux 6.12, lag/lag.c.
 *
 * The bond tells of itself by netdev notifications, which are written down (in
 * lag_tracker.c) and then acted upon by a work item (with lag_commands.c).
 */
#include <net/bonding.h>
#include "mlx5sim.h"

static LIST_HEAD(sim_lags);	/* under sim_pfs_lock */

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

void sim_lag_queue(struct sim_lag *lag, unsigned int milliseconds)
{
	queue_delayed_work(system_wq, &lag->work, msecs_to_jiffies(milliseconds));
}

/* Runs what is due of every LAG, and waits for it. */
void sim_lag_settle(void)
{
	struct sim_lag *lag;

	mutex_lock(&sim_pfs_lock);
	list_for_each_entry(lag, &sim_lags, list)
		flush_delayed_work(&lag->work);
	mutex_unlock(&sim_pfs_lock);
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
