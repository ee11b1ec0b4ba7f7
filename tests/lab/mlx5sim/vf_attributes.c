// SPDX-License-Identifier: GPL-2.0
/* VF attributes that the PF's owner sets: "ip link set PF vf N ..". */
#include <linux/if_link.h>
#include "mlx5sim.h"

static struct sim_vf *sim_vf_of(struct net_device *dev, int vf)
{
	struct sim_netdev *sn = netdev_priv(dev);

	return vf >= 0 && vf < sn->pf->num_vfs ? &sn->pf->vf[vf] : NULL;
}

static bool sim_is_switchdev(struct net_device *dev)
{
	struct sim_netdev *sn = netdev_priv(dev);

	return sn->pf->mode == DEVLINK_ESWITCH_MODE_SWITCHDEV;
}

/* A bound VF keeps the address that it has; the next driver to bind takes this one. */
int sim_set_vf_mac(struct net_device *dev, int vf, u8 *mac)
{
	struct sim_vf *v = sim_vf_of(dev, vf);

	if (!v || is_multicast_ether_addr(mac))
		return -EINVAL;
	ether_addr_copy(v->mac, mac);
	return 0;
}

int sim_set_vf_vlan(struct net_device *dev, int vf, u16 vlan, u8 qos, __be16 proto)
{
	struct sim_vf *v = sim_vf_of(dev, vf);

	if (!v)
		return -EINVAL;
	if (proto != htons(ETH_P_8021Q))
		return -EPROTONOSUPPORT;
	if (sim_is_switchdev(dev))
		return vlan ? -EOPNOTSUPP : 0;
	v->vlan = vlan;
	v->qos = qos;
	return 0;
}

int sim_set_vf_spoofchk(struct net_device *dev, int vf, bool on)
{
	struct sim_vf *v = sim_vf_of(dev, vf);

	if (!v)
		return -EINVAL;
	if (sim_is_switchdev(dev))
		return -EOPNOTSUPP;
	v->spoofchk = on;
	return 0;
}

int sim_set_vf_trust(struct net_device *dev, int vf, bool on)
{
	struct sim_vf *v = sim_vf_of(dev, vf);

	if (!v)
		return -EINVAL;
	if (sim_is_switchdev(dev))
		return -EOPNOTSUPP;
	v->trusted = on;
	return 0;
}

int sim_set_vf_link_state(struct net_device *dev, int vf, int state)
{
	struct sim_vf *v = sim_vf_of(dev, vf);

	if (!v)
		return -EINVAL;
	v->link_state = state;
	return 0;
}

int sim_set_vf_rate(struct net_device *dev, int vf, int min, int max)
{
	struct sim_vf *v = sim_vf_of(dev, vf);

	if (!v)
		return -EINVAL;
	v->min_rate = min;
	v->max_rate = max;
	return 0;
}

int sim_get_vf_config(struct net_device *dev, int vf, struct ifla_vf_info *info)
{
	struct sim_vf *v = sim_vf_of(dev, vf);

	if (!v)
		return -EINVAL;
	memset(info, 0, sizeof(*info));
	info->vf = vf;
	ether_addr_copy(info->mac, v->mac);
	info->vlan = v->vlan;
	info->qos = v->qos;
	info->vlan_proto = htons(ETH_P_8021Q);
	info->spoofchk = v->spoofchk;
	info->trusted = v->trusted;
	info->linkstate = v->link_state;
	info->min_tx_rate = v->min_rate;
	info->max_tx_rate = v->max_rate;
	return 0;
}

int sim_get_vf_stats(struct net_device *dev, int vf, struct ifla_vf_stats *stats)
{
	struct sim_vf *v = sim_vf_of(dev, vf);

	if (!v)
		return -EINVAL;
	stats->rx_packets = atomic64_read(&v->received.packets);
	stats->rx_bytes = atomic64_read(&v->received.bytes);
	stats->tx_packets = atomic64_read(&v->sent.packets);
	stats->tx_bytes = atomic64_read(&v->sent.bytes);
	return 0;
}
