// SPDX-License-Identifier: GPL-2.0
/* What a netdev tells about itself: link statistics, CPU hits, and "ethtool -i", "-S". */
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include "mlx5sim.h"

/*
 * A representor receives all that its VF sends and sends all that the VF gets, in
 * hardware or not; what passed through the host is told apart as CPU hits. An
 * uplink in switchdev mode counts what was on the wire.
 */
static bool sim_hardware_counters(const struct net_device *dev, struct sim_counter **received,
				  struct sim_counter **sent)
{
	struct sim_netdev *sn = netdev_priv(dev);

	if (sn->kind == SIM_REPRESENTOR) {
		*received = &sn->pf->vf[sn->vf].sent;
		*sent = &sn->pf->vf[sn->vf].received;
		return true;
	}
	*received = &sn->pf->wire_received;
	*sent = &sn->pf->wire_sent;
	return sn->kind == SIM_UPLINK && sn->pf->mode == DEVLINK_ESWITCH_MODE_SWITCHDEV;
}

void sim_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats)
{
	struct sim_counter *received, *sent;

	if (!sim_hardware_counters(dev, &received, &sent)) {
		dev_get_tstats64(dev, stats);
		return;
	}
	stats->rx_packets = atomic64_read(&received->packets);
	stats->rx_bytes = atomic64_read(&received->bytes);
	stats->tx_packets = atomic64_read(&sent->packets);
	stats->tx_bytes = atomic64_read(&sent->bytes);
}

bool sim_has_offload_stats(const struct net_device *dev, int attribute)
{
	struct sim_counter *received, *sent;

	return attribute == IFLA_OFFLOAD_XSTATS_CPU_HIT && sim_hardware_counters(dev, &received, &sent);
}

int sim_get_offload_stats(int attribute, const struct net_device *dev, void *stats)
{
	if (attribute != IFLA_OFFLOAD_XSTATS_CPU_HIT)
		return -EINVAL;
	dev_get_tstats64((struct net_device *)dev, stats);
	return 0;
}

static void sim_get_drvinfo(struct net_device *dev, struct ethtool_drvinfo *info)
{
	static const char * const drivers[] = {
		[SIM_UPLINK] = "mlx5_core", [SIM_REPRESENTOR] = "mlx5e_rep", [SIM_VF] = "mlx5_core", [SIM_WIRE] = "mlx5sim_wire",
	};
	struct sim_netdev *sn = netdev_priv(dev);

	strscpy(info->driver, drivers[sn->kind], sizeof(info->driver));
	snprintf(info->fw_version, sizeof(info->fw_version), "%s (MT_0000000012)", sim_model()->firmware);
	if (dev->dev.parent)
		strscpy(info->bus_info, dev_name(dev->dev.parent), sizeof(info->bus_info));
}

static int sim_get_link_ksettings(struct net_device *dev, struct ethtool_link_ksettings *settings)
{
	settings->base.speed = netif_carrier_ok(dev) ? sim_speed : SPEED_UNKNOWN;
	settings->base.duplex = netif_carrier_ok(dev) ? DUPLEX_FULL : DUPLEX_UNKNOWN;
	settings->base.autoneg = AUTONEG_ENABLE;
	settings->base.port = PORT_FIBRE;
	return 0;
}

/* "rx_packets" and its like count what the host saw, "vport_rx_packets" (uplink: "rx_packets_phy") all. */
static const char sim_stat_names[2][8][ETH_GSTRING_LEN] = {
	{ "rx_packets", "rx_bytes", "tx_packets", "tx_bytes",
	  "vport_rx_packets", "vport_rx_bytes", "vport_tx_packets", "vport_tx_bytes" },
	{ "rx_packets", "rx_bytes", "tx_packets", "tx_bytes",
	  "rx_packets_phy", "rx_bytes_phy", "tx_packets_phy", "tx_bytes_phy" },
};

static int sim_get_sset_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS && sim_has_rules(dev) ? 8 : -EOPNOTSUPP;
}

static void sim_get_strings(struct net_device *dev, u32 set, u8 *names)
{
	struct sim_netdev *sn = netdev_priv(dev);

	if (set == ETH_SS_STATS)
		memcpy(names, sim_stat_names[sn->kind == SIM_UPLINK], sizeof(sim_stat_names[0]));
}

static void sim_get_ethtool_stats(struct net_device *dev, struct ethtool_stats *request, u64 *values)
{
	struct sim_counter *received, *sent;
	struct rtnl_link_stats64 host = {};

	dev_get_tstats64(dev, &host);
	sim_hardware_counters(dev, &received, &sent);
	values[0] = host.rx_packets;
	values[1] = host.rx_bytes;
	values[2] = host.tx_packets;
	values[3] = host.tx_bytes;
	values[4] = atomic64_read(&received->packets);
	values[5] = atomic64_read(&received->bytes);
	values[6] = atomic64_read(&sent->packets);
	values[7] = atomic64_read(&sent->bytes);
}

const struct ethtool_ops sim_ethtool_ops = {
	.get_drvinfo = sim_get_drvinfo,
	.get_link = ethtool_op_get_link,
	.get_link_ksettings = sim_get_link_ksettings,
	.get_sset_count = sim_get_sset_count,
	.get_strings = sim_get_strings,
	.get_ethtool_stats = sim_get_ethtool_stats,
};
