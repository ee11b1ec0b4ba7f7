// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a packet through the card. In legacy mode a learning-free switch by
 * the MAC addresses of PF and VFs; in switchdev mode first the rules of the port
 * that it came in by, and what no rule takes goes to the host, by the representor.
 *
 * Runs under rcu_read_lock(); between functions skb->data is at the MAC header.
 */
#include <linux/if_vlan.h>
#include <net/flow_dissector.h>
#include "mlx5sim.h"

void sim_count(struct sim_counter *counter, const struct sk_buff *skb)
{
	atomic64_add(max_t(u32, 1, skb_shinfo(skb)->gso_segs), &counter->packets);
	atomic64_add(skb->len, &counter->bytes);
}

static void sim_deliver(struct net_device *dev, struct sk_buff *skb)
{
	struct sim_netdev *sn;

	if (!dev || !netif_running(dev)) {
		if (dev)
			dev_core_stats_rx_dropped_inc(dev);
		kfree_skb(skb);
		return;
	}
	sn = netdev_priv(dev);
	if (sn->kind == SIM_VF)
		sim_count(&sn->pf->vf[sn->vf].received, skb);
	else if (sn->kind == SIM_WIRE)
		sim_count(&sn->pf->wire_sent, skb);
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;	/* eth_type_trans() sets it only for others */
	skb->protocol = eth_type_trans(skb, dev);
	skb_reset_network_header(skb);
	dev_sw_netstats_rx_add(dev, skb->len + ETH_HLEN);
	netif_rx(skb);
}

/* What is behind the netdev that a rule of this port forwards to; it may be the bond of the uplinks. */
static struct net_device *sim_destination(struct sim_netdev *from, struct net_device *dev, struct sk_buff *skb)
{
	struct sim_netdev *sn;

	if (netif_is_lag_master(dev))
		dev = sim_lag_port(from->pf, dev);
	if (!dev || !sim_has_rules(dev))
		return NULL;
	sn = netdev_priv(dev);
	if (sn->kind == SIM_UPLINK)
		return sim_lag_egress(sn->pf, skb)->wire;
	return rcu_dereference(sn->pf->vf[sn->vf].netdev);
}

/* Keys that the card can match on. */
static const struct {
	u8 id, size;
} sim_keys[] = {
	{ FLOW_DISSECTOR_KEY_CONTROL, sizeof(struct flow_dissector_key_control) },
	{ FLOW_DISSECTOR_KEY_BASIC, sizeof(struct flow_dissector_key_basic) },
	{ FLOW_DISSECTOR_KEY_IPV4_ADDRS, sizeof(struct flow_dissector_key_ipv4_addrs) },
	{ FLOW_DISSECTOR_KEY_IPV6_ADDRS, sizeof(struct flow_dissector_key_ipv6_addrs) },
	{ FLOW_DISSECTOR_KEY_PORTS, sizeof(struct flow_dissector_key_ports) },
	{ FLOW_DISSECTOR_KEY_ICMP, sizeof(struct flow_dissector_key_icmp) },
	{ FLOW_DISSECTOR_KEY_ETH_ADDRS, sizeof(struct flow_dissector_key_eth_addrs) },
	{ FLOW_DISSECTOR_KEY_ARP, sizeof(struct flow_dissector_key_arp) },
	{ FLOW_DISSECTOR_KEY_VLAN, sizeof(struct flow_dissector_key_vlan) },
	{ FLOW_DISSECTOR_KEY_CVLAN, sizeof(struct flow_dissector_key_vlan) },
	{ FLOW_DISSECTOR_KEY_TCP, sizeof(struct flow_dissector_key_tcp) },
	{ FLOW_DISSECTOR_KEY_IP, sizeof(struct flow_dissector_key_ip) },
};

u64 sim_supported_keys(void)
{
	u64 keys = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(sim_keys); i++)
		keys |= BIT_ULL(sim_keys[i].id);
	return keys;
}

int sim_copy_key(struct sim_rule *rule, const struct flow_match *match)
{
	u32 at;
	int i;

	rule->dissector = *match->dissector;
	for (i = 0; i < ARRAY_SIZE(sim_keys); i++) {
		if (!dissector_uses_key(&rule->dissector, sim_keys[i].id))
			continue;
		at = rule->dissector.offset[sim_keys[i].id];
		if (at + sim_keys[i].size > SIM_KEY_SIZE)
			return -EOPNOTSUPP;
		memcpy(rule->key + at, (u8 *)match->key + at, sim_keys[i].size);
		memcpy(rule->mask + at, (u8 *)match->mask + at, sim_keys[i].size);
	}
	return 0;
}

static bool sim_matches(struct sim_rule *rule, struct sk_buff *skb)
{
	u8 key[SIM_KEY_SIZE] __aligned(8) = {};
	struct flow_dissector_key_basic *basic;
	u32 at, end;
	int i;

	if (dissector_uses_key(&rule->dissector, FLOW_DISSECTOR_KEY_BASIC)) {
		basic = (void *)(key + rule->dissector.offset[FLOW_DISSECTOR_KEY_BASIC]);
		basic->n_proto = skb_protocol(skb, false);
	}
	skb_flow_dissect(skb, &rule->dissector, key, FLOW_DISSECTOR_F_STOP_BEFORE_ENCAP);
	for (i = 0; i < ARRAY_SIZE(sim_keys); i++) {
		if (!dissector_uses_key(&rule->dissector, sim_keys[i].id))
			continue;
		at = rule->dissector.offset[sim_keys[i].id];
		for (end = at + sim_keys[i].size; at < end; at++)
			if ((key[at] ^ rule->key[at]) & rule->mask[at])
				return false;
	}
	return true;
}

/* skb->data is at the network header */
static struct sim_rule *sim_lookup(struct sim_netdev *sn, u32 chain, struct sk_buff *skb)
{
	struct sim_rule *rule, *best = NULL;

	list_for_each_entry_rcu(rule, &sn->rules, list)
		if (rule->chain == chain && !rule->inert && (!best || rule->prio < best->prio) && sim_matches(rule, skb))
			best = rule;
	return best;
}

enum sim_verdict { SIM_CONSUMED, SIM_GOTO };

/* Executes a rule's actions, skb->data at the MAC header; SIM_GOTO names another chain. */
static enum sim_verdict sim_execute(struct sim_netdev *sn, struct sim_rule *rule, struct sk_buff *skb, u32 *chain)
{
	struct net_device *target, *out;
	struct sk_buff *copy;
	int i;

	for (i = 0; i < rule->num_actions; i++) {
		struct sim_action *action = &rule->action[i];

		switch (action->id) {
		case FLOW_ACTION_VLAN_POP:
			skb_vlan_pop(skb);
			break;
		case FLOW_ACTION_VLAN_PUSH:
			skb_vlan_push(skb, action->proto, action->vid | action->prio << VLAN_PRIO_SHIFT);
			break;
		case FLOW_ACTION_GOTO:
			*chain = action->chain;
			return SIM_GOTO;
		case FLOW_ACTION_REDIRECT:
		case FLOW_ACTION_MIRRED:
			target = dev_get_by_index_rcu(dev_net(sn->dev), action->ifindex);
			out = target ? sim_destination(sn, target, skb) : NULL;
			if (action->id == FLOW_ACTION_REDIRECT) {
				sim_deliver(out, skb);
				return SIM_CONSUMED;
			}
			copy = out ? skb_clone(skb, GFP_ATOMIC) : NULL;
			if (copy)
				sim_deliver(out, copy);
			break;
		default:	/* FLOW_ACTION_DROP, and nothing more to do */
			break;
		}
	}
	kfree_skb(skb);
	return SIM_CONSUMED;
}

/* True when a rule took the packet; skb->data at the network header before and after. */
static bool sim_in_hardware(struct sim_netdev *sn, struct sk_buff *skb)
{
	struct sim_rule *rule;
	u32 chain = 0;
	int hops;

	if (!(sn->dev->features & NETIF_F_HW_TC))
		return false;
	for (hops = 0; hops < 8; hops++) {
		rule = sim_lookup(sn, chain, skb);
		if (!rule)
			return false;
		skb_push(skb, ETH_HLEN);
		sim_count(&rule->hits, skb);
		WRITE_ONCE(rule->last_used, jiffies);
		if (sim_execute(sn, rule, skb, &chain) == SIM_CONSUMED)
			return true;
		skb_pull(skb, ETH_HLEN);
	}
	return false;
}

/* From a VF or the wire into the port that stands for it on the host's side. */
static void sim_enter_port(struct net_device *port, struct sk_buff *skb)
{
	if (!port || !netif_running(port)) {
		kfree_skb(skb);
		return;
	}
	skb->dev = port;
	skb->protocol = eth_type_trans(skb, port);
	skb_reset_network_header(skb);
	skb_reset_mac_len(skb);
	if (eth_type_vlan(skb->protocol) && !skb_vlan_tag_present(skb)) {
		skb = skb_vlan_untag(skb);
		if (!skb)
			return;
	}
	if (sim_in_hardware(netdev_priv(port), skb))
		return;
	skb_push(skb, ETH_HLEN);
	sim_deliver(port, skb);
}

static void sim_flood(struct net_device **ports, int num_ports, struct net_device *from, struct sk_buff *skb)
{
	struct sk_buff *copy;
	int i;

	for (i = 0; i < num_ports; i++) {
		copy = ports[i] == from ? NULL : skb_clone(skb, GFP_ATOMIC);
		if (copy)
			sim_deliver(ports[i], copy);
	}
}

static void sim_legacy(struct sim_pf *pf, struct net_device *from, struct sk_buff *skb)
{
	struct net_device *ports[SIM_MAX_VFS + 1], *vf;
	int num_ports = 0, i;

	ports[num_ports++] = pf->uplink;
	for (i = 0; i < pf->num_vfs; i++) {
		vf = rcu_dereference(pf->vf[i].netdev);
		if (vf)
			ports[num_ports++] = vf;
	}
	for (i = 0; i < num_ports; i++)
		if (ports[i] != from && ether_addr_equal(ports[i]->dev_addr, skb->data)) {
			sim_deliver(ports[i], skb);
			return;
		}
	if (is_multicast_ether_addr(skb->data)) {
		sim_flood(ports, num_ports, from, skb);
		if (from == pf->wire) {
			kfree_skb(skb);
			return;
		}
	}
	sim_deliver(from == pf->wire ? pf->uplink : pf->wire, skb);
}

netdev_tx_t sim_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct sim_netdev *sn = netdev_priv(dev);
	struct sim_pf *pf = sn->pf;

	skb_orphan(skb);
	skb_scrub_packet(skb, true);
	dev_sw_netstats_tx_add(dev, 1, skb->len);
	if (sn->kind == SIM_VF)
		sim_count(&pf->vf[sn->vf].sent, skb);
	else if (sn->kind == SIM_WIRE)
		sim_count(&pf->wire_received, skb);
	rcu_read_lock();
	if (pf->mode != DEVLINK_ESWITCH_MODE_SWITCHDEV)
		sim_legacy(pf, dev, skb);
	else if (sn->kind == SIM_UPLINK)
		sim_deliver(pf->wire, skb);
	else if (sn->kind == SIM_REPRESENTOR)
		sim_deliver(rcu_dereference(pf->vf[sn->vf].netdev), skb);
	else if (sn->kind == SIM_VF)
		sim_enter_port(rcu_dereference(pf->vf[sn->vf].representor), skb);
	else if (READ_ONCE(pf->is_standby))
		kfree_skb(skb);
	else
		sim_enter_port(pf->uplink, skb);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}
