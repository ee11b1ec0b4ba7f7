// SPDX-License-Identifier: GPL-2.0
/* The netdevs: uplink (the PF's), VFs, representors and wires. */
#include <linux/delay.h>
#include <linux/rtnetlink.h>
#include "mlx5sim.h"

static const struct net_device_ops sim_uplink_ops, sim_representor_ops;

/* Is it an uplink or a representor of this module: a port of the e-switch? */
bool sim_has_rules(const struct net_device *dev)
{
	return dev->netdev_ops == &sim_uplink_ops || dev->netdev_ops == &sim_representor_ops;
}

/* In switchdev mode a VF has a link while its representor is up. */
void sim_update_vf_carriers(struct sim_pf *pf)
{
	struct net_device *vf, *representor;
	int i;

	rcu_read_lock();
	for (i = 0; i < pf->num_vfs; i++) {
		vf = rcu_dereference(pf->vf[i].netdev);
		representor = rcu_dereference(pf->vf[i].representor);
		if (!vf)
			continue;
		if (netif_running(vf) && (pf->mode == DEVLINK_ESWITCH_MODE_LEGACY || (representor && netif_running(representor))))
			netif_carrier_on(vf);
		else
			netif_carrier_off(vf);
	}
	rcu_read_unlock();
}

static int sim_open(struct net_device *dev)
{
	struct sim_netdev *sn = netdev_priv(dev);

	switch (sn->kind) {
	case SIM_WIRE:
		netif_carrier_on(dev);
		netif_carrier_on(sn->pf->uplink);
		break;
	case SIM_UPLINK:
		if (sn->pf->wire && netif_running(sn->pf->wire))
			netif_carrier_on(dev);
		break;
	case SIM_REPRESENTOR:
		netif_carrier_on(dev);
		fallthrough;
	case SIM_VF:
		sim_update_vf_carriers(sn->pf);
		break;
	}
	netif_start_queue(dev);
	return 0;
}

static int sim_stop(struct net_device *dev)
{
	struct sim_netdev *sn = netdev_priv(dev);

	netif_stop_queue(dev);
	if (sn->kind == SIM_UPLINK)
		msleep(sim_close_delay_ms);
	if (sn->kind == SIM_WIRE)
		netif_carrier_off(sn->pf->uplink);
	if (sn->kind != SIM_UPLINK)
		netif_carrier_off(dev);
	if (sn->kind == SIM_REPRESENTOR) {
		struct net_device *vf;

		/* netif_running() still holds here. */
		rcu_read_lock();
		vf = rcu_dereference(sn->pf->vf[sn->vf].netdev);
		if (vf)
			netif_carrier_off(vf);
		rcu_read_unlock();
	}
	return 0;
}

static int sim_set_features(struct net_device *dev, netdev_features_t features)
{
	struct sim_netdev *sn = netdev_priv(dev);

	if ((dev->features & ~features & NETIF_F_HW_TC) && !list_empty(&sn->rules)) {
		netdev_err(dev, "Active offloaded tc filters, can't turn hw_tc_offload off\n");
		return -EINVAL;
	}
	return 0;
}

#if !SIM_PORT_OPS
static struct devlink_port *sim_get_devlink_port(struct net_device *dev)
{
	struct sim_netdev *sn = netdev_priv(dev);

	return sn->has_port ? &sn->port : NULL;
}
#define SIM_DEVLINK_PORT_OP	.ndo_get_devlink_port = sim_get_devlink_port,
#else
#define SIM_DEVLINK_PORT_OP
#endif

#define SIM_COMMON_OPS \
	SIM_DEVLINK_PORT_OP \
	.ndo_open = sim_open, \
	.ndo_stop = sim_stop, \
	.ndo_start_xmit = sim_xmit, \
	.ndo_set_mac_address = eth_mac_addr, \
	.ndo_validate_addr = eth_validate_addr

#define SIM_ESWITCH_PORT_OPS \
	SIM_COMMON_OPS, \
	.ndo_get_stats64 = sim_get_stats64, \
	.ndo_has_offload_stats = sim_has_offload_stats, \
	.ndo_get_offload_stats = sim_get_offload_stats, \
	.ndo_setup_tc = sim_setup_tc, \
	.ndo_set_features = sim_set_features

static const struct net_device_ops sim_uplink_ops = {
	SIM_ESWITCH_PORT_OPS,
	.ndo_set_vf_mac = sim_set_vf_mac,
	.ndo_set_vf_vlan = sim_set_vf_vlan,
	.ndo_set_vf_spoofchk = sim_set_vf_spoofchk,
	.ndo_set_vf_trust = sim_set_vf_trust,
	.ndo_set_vf_link_state = sim_set_vf_link_state,
	.ndo_set_vf_rate = sim_set_vf_rate,
	.ndo_get_vf_config = sim_get_vf_config,
	.ndo_get_vf_stats = sim_get_vf_stats,
};

static const struct net_device_ops sim_representor_ops = { SIM_ESWITCH_PORT_OPS };
static const struct net_device_ops sim_plain_ops = { SIM_COMMON_OPS, .ndo_get_stats64 = dev_get_tstats64 };

static netdev_tx_t sim_drop(struct sk_buff *skb, struct net_device *dev)
{
	kfree_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops sim_infiniband_ops = { .ndo_start_xmit = sim_drop };

static void sim_infiniband_setup(struct net_device *dev)
{
	dev->type = ARPHRD_INFINIBAND;
	dev->hard_header_len = 44;	/* IPOIB_HARD_LEN */
	dev->addr_len = 20;		/* INFINIBAND_ALEN */
	dev->mtu = dev->max_mtu = 2044;
	dev->flags = IFF_BROADCAST | IFF_MULTICAST;
	dev->netdev_ops = &sim_infiniband_ops;
}

static void sim_ethernet_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->netdev_ops = &sim_plain_ops;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;
	dev->max_mtu = 9978;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE;
	dev->features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_HIGHDMA;
	dev->hw_features = dev->features;
	eth_hw_addr_random(dev);
}

struct net_device *sim_netdev_create(struct sim_pf *pf, enum sim_kind kind, int vf, struct device *parent,
				     const char *name)
{
	bool infiniband = kind == SIM_UPLINK && sim_is_infiniband(pf);
	struct sim_netdev *sn;
	struct net_device *dev;

	dev = alloc_netdev(sizeof(*sn), name, NET_NAME_ENUM, infiniband ? sim_infiniband_setup : sim_ethernet_setup);
	if (!dev)
		return NULL;
	sn = netdev_priv(dev);
	sn->kind = kind;
	sn->pf = pf;
	sn->dev = dev;
	sn->vf = vf;
	INIT_LIST_HEAD(&sn->rules);
	dev->ethtool_ops = &sim_ethtool_ops;
	if (!infiniband && (kind == SIM_UPLINK || kind == SIM_REPRESENTOR)) {
		dev->netdev_ops = kind == SIM_UPLINK ? &sim_uplink_ops : &sim_representor_ops;
		dev->hw_features |= sim_no_tc ? 0 : NETIF_F_HW_TC;
		if (!sim_no_tc && (kind == SIM_REPRESENTOR || sim_uplink_tc))
			dev->features |= NETIF_F_HW_TC;
	}
	if (parent)
		SET_NETDEV_DEV(dev, parent);
	netif_carrier_off(dev);
	return dev;
}

/* Registers the netdev, and tells devlink that it is its port's. */
int sim_netdev_register(struct net_device *dev)
{
	int err = register_netdev(dev);
#if !SIM_PORT_OPS
	struct sim_netdev *sn = netdev_priv(dev);

	if (!err && sn->has_port && dev->type == ARPHRD_ETHER)
		devlink_port_type_eth_set(&sn->port, dev);
#endif
	return err;
}

/* Undoes create, add_port and register; the caller holds the lock of the port's devlink instance. */
void sim_netdev_destroy(struct net_device *dev)
{
	struct sim_netdev *sn = netdev_priv(dev);

	/* Newer kernels clear it themselves, when an Ethernet netdev goes. */
	if (sn->has_port && (!SIM_PORT_OPS || dev->type == ARPHRD_INFINIBAND))
		devlink_port_type_clear(&sn->port);
	if (dev->reg_state == NETREG_REGISTERED)
		unregister_netdev(dev);
	sim_remove_port(sn);
	free_netdev(dev);
}

static int sim_add_representor(struct sim_pf *pf, int vf)
{
	struct net_device *dev;
	int err;

	if (rcu_access_pointer(pf->vf[vf].representor))
		return 0;
	dev = sim_netdev_create(pf, SIM_REPRESENTOR, vf, &pf->pdev->dev, "eth%d");
	if (!dev)
		return -ENOMEM;
	err = sim_add_port(netdev_priv(dev));
	if (!err)
		err = sim_netdev_register(dev);
	if (err) {
		pci_err(pf->pdev, "representor of VF %d: %d\n", vf, err);
		sim_netdev_destroy(dev);
		return err;
	}
	rcu_assign_pointer(pf->vf[vf].representor, dev);
	return 0;
}

static int sim_add_representors_now(struct sim_pf *pf)
{
	int i, err = 0;

	for (i = 0; i < pf->num_vfs && !err; i++)
		err = sim_add_representor(pf, i);
	sim_update_vf_carriers(pf);
	return err;
}

/* The caller holds the devlink lock. */
int sim_add_representors(struct sim_pf *pf)
{
	if (!sim_rep_delay_ms)
		return sim_add_representors_now(pf);
	sim_update_vf_carriers(pf);
	mod_delayed_work(system_wq, &pf->late_representors, msecs_to_jiffies(sim_rep_delay_ms));
	return 0;
}

/* A mode that changed back meanwhile, or VFs that went, leave it nothing to do. */
void sim_late_representors(struct work_struct *work)
{
	struct sim_pf *pf = container_of(to_delayed_work(work), struct sim_pf, late_representors);

	devl_lock(pf->devlink);
	if (pf->mode == DEVLINK_ESWITCH_MODE_SWITCHDEV)
		sim_add_representors_now(pf);
	devl_unlock(pf->devlink);
}

/* The caller holds the devlink lock, so that late work can be told off but not waited for. */
void sim_remove_representors(struct sim_pf *pf)
{
	struct net_device *dev;
	int i;

	cancel_delayed_work(&pf->late_representors);
	for (i = 0; i < SIM_MAX_VFS; i++) {
		dev = rcu_dereference_protected(pf->vf[i].representor, 1);
		if (!dev)
			continue;
		RCU_INIT_POINTER(pf->vf[i].representor, NULL);
		sim_netdev_destroy(dev);
	}
}
