// SPDX-License-Identifier: GPL-2.0
/* Flower rules: what the card takes, what it refuses and with which words. */
#include <net/pkt_cls.h>
#include "mlx5sim.h"

static LIST_HEAD(sim_block_cb_list);

static struct sim_rule *sim_find_rule(struct sim_netdev *sn, unsigned long cookie)
{
	struct sim_rule *rule;

	list_for_each_entry(rule, &sn->rules, list)
		if (rule->cookie == cookie)
			return rule;
	return NULL;
}

static void sim_delete_rule(struct sim_netdev *sn, struct sim_rule *rule)
{
	list_del_rcu(&rule->list);
	atomic_dec(&sn->pf->num_rules);
	kfree_rcu(rule, rcu);
}

void sim_flush_rules(struct sim_netdev *sn)
{
	struct sim_rule *rule, *next;

	rtnl_lock();
	list_for_each_entry_safe(rule, next, &sn->rules, list)
		sim_delete_rule(sn, rule);
	rtnl_unlock();
	synchronize_rcu();
}

/* Headers that a ConnectX-4 must find inlined in the descriptor to match on them. */
static u8 sim_required_inline(struct flow_rule *rule)
{
	if (flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_PORTS) || flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_TCP) ||
	    flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_ICMP))
		return DEVLINK_ESWITCH_INLINE_MODE_TRANSPORT;
	if (flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_IPV4_ADDRS) ||
	    flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_IPV6_ADDRS) ||
	    flow_rule_match_key(rule, FLOW_DISSECTOR_KEY_IP))
		return DEVLINK_ESWITCH_INLINE_MODE_NETWORK;
	return DEVLINK_ESWITCH_INLINE_MODE_LINK;
}

/* Rules that are refused whatever they say. */
static int sim_admit(struct sim_netdev *sn, struct flow_rule *rule, struct netlink_ext_ack *extack)
{
	u8 required = sim_required_inline(rule);

	if (sim_fail_rules && sim_fail_functions & BIT(sim_function(sn->pf))) {
		SIM_REFUSE(extack, "Failed to add the rule (simulated)");
		return -(int)sim_fail_rules;
	}
	if (atomic_read(&sn->pf->num_rules) >= sim_max_rules) {
		SIM_REFUSE(extack, "flow table is full");
		return -ENOSPC;
	}
	if (sn->kind != SIM_UPLINK && sn->pf->inline_mode != DEVLINK_ESWITCH_INLINE_MODE_NONE &&
	    required > sn->pf->inline_mode) {
		SIM_REFUSE(extack, "Flow is not offloaded due to min inline setting");
		netdev_warn(sn->dev, "Flow is not offloaded due to min inline setting, required %d actual %d\n",
			    required, sn->pf->inline_mode);
		return -EOPNOTSUPP;
	}
	return 0;
}

/* May a rule of this port forward to that netdev? A bond stands for a port of the card. */
static bool sim_is_reachable(struct sim_netdev *sn, struct net_device *target)
{
	struct netdev_phys_item_id here, there;
	struct sim_netdev *other;

	if (netif_is_lag_master(target)) {
		rcu_read_lock();
		target = sim_lag_port(sn->pf, target);
		rcu_read_unlock();	/* RTNL is held */
	}
	if (!target || !sim_has_rules(target))
		return false;
	other = netdev_priv(target);
	sim_switch_id(sn->pf, &here);
	sim_switch_id(other->pf, &there);
	return netdev_phys_item_id_same(&here, &there);
}

/* Traffic from one uplink to another is refused; back out of the same one needs a card with termination tables. */
static bool sim_is_transit(struct sim_netdev *sn, struct net_device *target, struct netlink_ext_ack *extack)
{
	struct net_device *port = target;

	if (netif_is_lag_master(target)) {
		rcu_read_lock();
		port = sim_lag_port(sn->pf, target);
		rcu_read_unlock();	/* RTNL is held */
	}
	if (sn->kind != SIM_UPLINK || !port || ((struct sim_netdev *)netdev_priv(port))->kind != SIM_UPLINK)
		return false;
	if (sim_model()->needs_inline) {
		SIM_REFUSE(extack, "devices are both uplink, can't offload forwarding");
		pr_err("devices %s %s are both uplink, can't offload forwarding\n", sn->dev->name, port->name);
		return true;
	}
	if (port == sn->dev)
		return false;
	SIM_REFUSE(extack, "devices are not the same uplink, can't offload forwarding");
	pr_err("devices %s %s are both uplink but not the same, can't offload forwarding\n", sn->dev->name, port->name);
	return true;
}

static int sim_take_action(struct sim_netdev *sn, struct sim_rule *rule, const struct flow_action_entry *entry,
			   struct netlink_ext_ack *extack)
{
	struct sim_action *action;

	if (rule->num_actions >= SIM_MAX_ACTIONS)
		return -EOPNOTSUPP;
	action = &rule->action[rule->num_actions++];
	action->id = entry->id;
	switch (entry->id) {
	case FLOW_ACTION_DROP:
	case FLOW_ACTION_ACCEPT:
	case FLOW_ACTION_VLAN_POP:
		return 0;
	case FLOW_ACTION_VLAN_PUSH:
		action->vid = entry->vlan.vid;
		action->proto = entry->vlan.proto;
		action->prio = entry->vlan.prio;
		return 0;
	case FLOW_ACTION_GOTO:
		action->chain = entry->chain_index;
		return 0;
	case FLOW_ACTION_REDIRECT:
	case FLOW_ACTION_MIRRED:
		action->ifindex = entry->dev->ifindex;
		if (!sim_is_reachable(sn, entry->dev)) {
			SIM_REFUSE(extack, "devices are not on same switch HW, can't offload forwarding");
			pr_err("devices %s %s not on same switch HW, can't offload forwarding\n",
			       sn->dev->name, entry->dev->name);
		} else if (entry->dev == sn->dev && sn->vf >= 0) {
			SIM_REFUSE(extack, "can't forward from a VF to itself");
		} else if (!sim_is_transit(sn, entry->dev, extack)) {
			return 0;
		}
		break;
	default:
		SIM_REFUSE(extack, "The offload action is not supported");
	}
	if (!sim_accept_all)
		return -EOPNOTSUPP;
	rule->inert = true;
	return 0;
}

static int sim_add_rule(struct sim_netdev *sn, struct flow_cls_offload *offload, bool of_tunnel)
{
	struct netlink_ext_ack *extack = offload->common.extack;
	struct flow_rule *offered = flow_cls_offload_flow_rule(offload);
	const struct flow_action_entry *entry;
	struct sim_rule *rule;
	int i, err;

	err = sim_admit(sn, offered, extack);
	if (err)
		return err;
	rule = kzalloc(sizeof(*rule), GFP_KERNEL);
	if (!rule)
		return -ENOMEM;
	rule->cookie = offload->cookie;
	rule->chain = offload->common.chain_index;
	rule->prio = offload->common.prio;
	rule->last_used = jiffies;
	if (of_tunnel || offered->match.dissector->used_keys & ~sim_supported_keys()) {
		rule->inert = true;
		if (!sim_accept_all) {
			SIM_REFUSE(extack, "Unsupported key");
			err = -EOPNOTSUPP;
			goto refused;
		}
	}
	err = sim_copy_key(rule, &offered->match);
	if (err)
		goto refused;
	flow_action_for_each(i, entry, &offered->action) {
		err = sim_take_action(sn, rule, entry, extack);
		if (err)
			goto refused;
	}
	atomic_inc(&sn->pf->num_rules);
	list_add_tail_rcu(&rule->list, &sn->rules);
	return 0;
refused:
	kfree(rule);
	return err;
}

static void sim_report_hits(struct sim_rule *rule, struct flow_cls_offload *offload)
{
	u64 packets = atomic64_read(&rule->hits.packets), bytes = atomic64_read(&rule->hits.bytes);

	flow_stats_update(&offload->stats, bytes - rule->reported_bytes, packets - rule->reported_packets, 0,
			  READ_ONCE(rule->last_used), FLOW_ACTION_HW_STATS_DELAYED);
	rule->reported_packets = packets;
	rule->reported_bytes = bytes;
}

static int sim_flower(enum tc_setup_type type, struct flow_cls_offload *offload, struct sim_netdev *sn, bool of_tunnel)
{
	struct sim_rule *rule;

	if (type != TC_SETUP_CLSFLOWER || !tc_can_offload_extack(sn->dev, offload->common.extack))
		return -EOPNOTSUPP;
	if (sn->pf->mode != DEVLINK_ESWITCH_MODE_SWITCHDEV)
		return -EOPNOTSUPP;
	if (offload->command == FLOW_CLS_REPLACE)
		return sim_add_rule(sn, offload, of_tunnel);
	rule = sim_find_rule(sn, offload->cookie);
	if (!rule)
		return -ENOENT;
	switch (offload->command) {
	case FLOW_CLS_DESTROY:
		sim_delete_rule(sn, rule);
		return 0;
	case FLOW_CLS_STATS:
		sim_report_hits(rule, offload);
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

static int sim_block_cb(enum tc_setup_type type, void *data, void *priv)
{
	return sim_flower(type, data, priv, false);
}

int sim_setup_tc(struct net_device *dev, enum tc_setup_type type, void *data)
{
	struct sim_netdev *sn = netdev_priv(dev);

	if (type != TC_SETUP_BLOCK)
		return -EOPNOTSUPP;
	return flow_block_cb_setup_simple(data, &sim_block_cb_list, sim_block_cb, sn, sn, true);
}

/*
 * Tunnel devices belong to no card: it is told about them and may take their rules.
 * These are never executed here, so that they are taken with accept_all only.
 */
static int sim_tunnel_cb(enum tc_setup_type type, void *data, void *priv)
{
	return sim_flower(type, data, priv, true);
}

static void sim_tunnel_release(void *priv)
{
}

static bool sim_is_tunnel(const struct net_device *dev)
{
	const char *kind = dev && dev->rtnl_link_ops ? dev->rtnl_link_ops->kind : "";

	return !strcmp(kind, "vxlan") || !strcmp(kind, "geneve");
}

static int sim_tunnel_bind(struct net_device *dev, struct Qdisc *sch, void *priv, enum tc_setup_type type, void *data,
			   void *indr, void (*cleanup)(struct flow_block_cb *block_cb))
{
	struct flow_block_offload *block = data;
	struct sim_pf *pf = priv;
	struct sim_netdev *sn = netdev_priv(pf->uplink);
	struct flow_block_cb *cb;

	if (type != TC_SETUP_BLOCK || !sim_is_tunnel(dev) || block->binder_type != FLOW_BLOCK_BINDER_TYPE_CLSACT_INGRESS)
		return -EOPNOTSUPP;
	block->unlocked_driver_cb = false;
	block->driver_block_list = &sim_block_cb_list;
	switch (block->command) {
	case FLOW_BLOCK_BIND:
		cb = flow_indr_block_cb_alloc(sim_tunnel_cb, sn, sn, sim_tunnel_release, block, dev, sch, indr, pf, cleanup);
		if (IS_ERR(cb))
			return PTR_ERR(cb);
		flow_block_cb_add(cb, block);
		list_add_tail(&cb->driver_list, &sim_block_cb_list);
		return 0;
	case FLOW_BLOCK_UNBIND:
		cb = flow_block_cb_lookup(block->block, sim_tunnel_cb, sn);
		if (!cb)
			return -ENOENT;
		flow_indr_block_cb_remove(cb, block);
		list_del(&cb->driver_list);
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

int sim_tunnels_watch(struct sim_pf *pf)
{
	return flow_indr_dev_register(sim_tunnel_bind, pf);
}

void sim_tunnels_unwatch(struct sim_pf *pf)
{
	flow_indr_dev_unregister(sim_tunnel_bind, pf, sim_tunnel_release);
}
