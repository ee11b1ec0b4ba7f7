/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mlx5sim: a simulated ConnectX-like switchdev NIC for the test guest.
 *
 * It binds to QEMU's "igb" PCI functions, which gives real PCI SR-IOV, MSI-X and
 * IOMMU groups, and never touches the device behind them. On top of that:
 *
 *   pci.c            probe, remove, SR-IOV, the PCI ids that are shown
 *   devlink.c        e-switch attributes, ports, parameters, information
 *   health.c         devlink health reporters
 *   netdev.c         uplink, VF, representor and wire netdevs
 *   statistics.c     what they count
 *   vf_attributes.c  what "ip link set PF vf N .." sets
 *   eswitch.c        the way of a packet: legacy switching, rules in hardware
 *   tc.c             flower rules that are offered to the e-switch
 *   lag.c            VF-LAG: when the card follows a bond, and which port a packet leaves by
 *   lag_tracker.c    what the bond tells of itself
 *   lag_commands.c   what the firmware makes of it
 *   lag_debugfs.c    what /sys/kernel/debug/mlx5/PF/lag shows of it
 *   params.c         module parameters: the model, and every fault
 *
 * The wire is the far end of a PF's cable: put it into a network namespace and it
 * is the switch or another host; take it down and the PF loses its carrier.
 *
 * Functions are numbered through: 0 and 1 are 01:00.0 and 01:00.1, 2 and 3, where the
 * guest has them, 02:00.0 and 02:00.1. So are wires; ports count within their card.
 */
#ifndef MLX5SIM_H
#define MLX5SIM_H

#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/workqueue.h>
#include <net/devlink.h>
#include <net/flow_offload.h>

#include "compat.h"

#define SIM_MAX_VFS	8	/* what the PCI capability of QEMU's igb has room for */
#define SIM_MAX_PORTS	4
#define SIM_MAX_ACTIONS	16
#define SIM_KEY_SIZE	512	/* struct fl_flow_key, as far as it is matched on */

/* Messages carry the prefix of the driver that this module stands for. */
#define SIM_REFUSE(extack, text) NL_SET_ERR_MSG(extack, "mlx5_core: " text)

/* What a generation of the card is and can do. */
struct sim_model {
	u16 pf_id, vf_id;
	const char *firmware;
	bool needs_inline;	/* ConnectX-4: packet headers inlined into the descriptor */
	bool software_steering;
	bool hash_lag;		/* a flow table selects the LAG's port (port_select_flow_table) */
};

struct sim_counter {
	atomic64_t packets, bytes;
};

struct sim_vf {
	u8 mac[ETH_ALEN];
	u16 vlan;
	u8 qos;
	bool spoofchk, trusted;
	int link_state;
	u32 min_rate, max_rate;
	struct sim_counter sent, received;	/* by the VF, whatever carried it */
	struct net_device __rcu *netdev;	/* while the VF is bound to this driver */
	struct net_device __rcu *representor;
};

struct sim_pf {
	struct pci_dev *pdev;
	struct devlink *devlink;
	struct net_device *uplink, *wire;
	u16 mode;
	u8 inline_mode;
	enum devlink_eswitch_encap_mode encap;
	char steering[8];
	int num_vfs;
	int num_irqs;
	struct sim_vf vf[SIM_MAX_VFS];
	struct sim_counter wire_sent, wire_received;	/* seen from the PF's port */
	atomic_t num_rules;
	struct sim_lag __rcu *lag;	/* none where the card offers no LAG */
	bool is_standby;		/* drops what its wire brings: the backup port of a VF-LAG */
	struct dentry *debugfs;
	struct delayed_work late_representors;
	struct devlink_health_reporter *health[4];
	struct list_head list;
	u16 igb_vendor, igb_device, igb_subsystem;
};

enum sim_lag_mode { SIM_LAG_NONE, SIM_LAG_ROCE, SIM_LAG_VF };

/* What the bond did last, as its notifications told it. */
struct sim_lag_tracker {
	bool is_bonded;		/* all ports of the card and nothing else are in one bond of a mode that suits */
	bool has_inactive;
	enum netdev_lag_tx_type tx_type;
	struct netdev_lag_lower_state_info port[SIM_MAX_PORTS];
};

/* One per card. The lock guards all but what a packet reads: mode, hash, physical and pf. */
struct sim_lag {
	struct list_head list;
	struct rcu_head rcu;
	unsigned int card;
	int num_ports, num_pfs;
	struct sim_pf __rcu *pf[SIM_MAX_PORTS];
	struct mutex lock;
	struct sim_lag_tracker tracker;
	enum sim_lag_mode mode;
	bool hash, shared_fdb;
	bool is_stuck;			/* the firmware kept it when it was to go */
	u8 physical[SIM_MAX_PORTS];	/* the port, from 1, that a virtual one stands for */
	int mode_changes;		/* of e-switches, in progress */
	struct delayed_work work;
	struct notifier_block notifier;
};

enum sim_kind { SIM_UPLINK, SIM_REPRESENTOR, SIM_VF, SIM_WIRE };

/* Private part of every netdev of this module. */
struct sim_netdev {
	enum sim_kind kind;
	struct sim_pf *pf;
	struct net_device *dev;
	int vf;				/* of a VF or its representor, else -1 */
	struct list_head rules;		/* RCU; writers hold RTNL */
	struct devlink *devlink;	/* of a VF, which has an instance of its own */
	struct devlink_port port;
	bool has_port;
	int num_irqs;
};

struct sim_action {
	enum flow_action_id id;
	int ifindex;
	u16 vid;
	__be16 proto;
	u8 prio;
	u32 chain;
};

struct sim_rule {
	struct list_head list;
	struct rcu_head rcu;
	unsigned long cookie;
	u32 chain, prio;
	bool inert;			/* shown in hardware, executed by software */
	struct flow_dissector dissector;
	u8 key[SIM_KEY_SIZE], mask[SIM_KEY_SIZE];
	int num_actions;
	struct sim_action action[SIM_MAX_ACTIONS];
	struct sim_counter hits;
	u64 reported_packets, reported_bytes;
	unsigned long last_used;
};

/* params.c */
extern uint sim_max_vfs, sim_ib_ports, sim_rep_delay_ms, sim_speed;
extern uint sim_fail_rules, sim_fail_functions, sim_max_rules, sim_busy;
extern bool sim_accept_all, sim_need_unbind, sim_need_vfs, sim_need_no_vfs, sim_fail_mode;
extern bool sim_uplink_tc, sim_no_tc;
extern char *sim_fw_stored, *sim_steering;
extern uint sim_ports, sim_fw_vfs, sim_no_roce, sim_fail_lag, sim_lag_delay_ms;
extern uint sim_vfs_delay_ms, sim_close_delay_ms;
extern int sim_hash_lag;
extern bool sim_shared_fdb, sim_lag_not_ready, sim_lag_with_vfs, sim_no_lag_debugfs;
const struct sim_model *sim_model(void);

/* pci.c */
extern struct list_head sim_pfs;
extern struct mutex sim_pfs_lock;
unsigned int sim_function(const struct sim_pf *pf);
unsigned int sim_card(const struct sim_pf *pf);
unsigned int sim_port(const struct sim_pf *pf);
bool sim_is_infiniband(const struct sim_pf *pf);
bool sim_vf_is_bound(const struct sim_pf *pf);

/* devlink.c */
void sim_eswitch_says(const struct sim_pf *pf, const char *what);
struct devlink *sim_devlink_create(struct sim_pf *pf);
struct devlink *sim_devlink_create_vf(struct pci_dev *pdev);
int sim_register_params(struct sim_pf *pf);
void sim_unregister_params(struct sim_pf *pf);
int sim_add_port(struct sim_netdev *sn);
void sim_remove_port(struct sim_netdev *sn);
void sim_switch_id(const struct sim_pf *pf, struct netdev_phys_item_id *id);

/* health.c */
void sim_health_create(struct sim_pf *pf);
void sim_health_destroy(struct sim_pf *pf);
int sim_health_error(const char *reporter);

/* netdev.c */
struct net_device *sim_netdev_create(struct sim_pf *pf, enum sim_kind kind, int vf, struct device *parent,
				     const char *name);
int sim_netdev_register(struct net_device *dev);
void sim_netdev_destroy(struct net_device *dev);
int sim_add_representors(struct sim_pf *pf);
void sim_remove_representors(struct sim_pf *pf);
void sim_late_representors(struct work_struct *work);
void sim_update_vf_carriers(struct sim_pf *pf);
bool sim_has_rules(const struct net_device *dev);

/* statistics.c */
extern const struct ethtool_ops sim_ethtool_ops;
void sim_get_stats64(struct net_device *dev, struct rtnl_link_stats64 *stats);
bool sim_has_offload_stats(const struct net_device *dev, int attribute);
int sim_get_offload_stats(int attribute, const struct net_device *dev, void *stats);

/* vf_attributes.c */
int sim_set_vf_mac(struct net_device *dev, int vf, u8 *mac);
int sim_set_vf_vlan(struct net_device *dev, int vf, u16 vlan, u8 qos, __be16 proto);
int sim_set_vf_spoofchk(struct net_device *dev, int vf, bool on);
int sim_set_vf_trust(struct net_device *dev, int vf, bool on);
int sim_set_vf_link_state(struct net_device *dev, int vf, int state);
int sim_set_vf_rate(struct net_device *dev, int vf, int min, int max);
int sim_get_vf_config(struct net_device *dev, int vf, struct ifla_vf_info *info);
int sim_get_vf_stats(struct net_device *dev, int vf, struct ifla_vf_stats *stats);

/* eswitch.c */
void sim_count(struct sim_counter *counter, const struct sk_buff *skb);
netdev_tx_t sim_xmit(struct sk_buff *skb, struct net_device *dev);
u64 sim_supported_keys(void);
int sim_copy_key(struct sim_rule *rule, const struct flow_match *match);

/* tc.c */
int sim_setup_tc(struct net_device *dev, enum tc_setup_type type, void *data);
int sim_tunnels_watch(struct sim_pf *pf);
void sim_tunnels_unwatch(struct sim_pf *pf);
void sim_flush_rules(struct sim_netdev *sn);

/* lag.c */
void sim_lag_add(struct sim_pf *pf);
void sim_lag_remove(struct sim_pf *pf);
void sim_lag_disable_change(struct sim_pf *pf);
void sim_lag_enable_change(struct sim_pf *pf);
struct net_device *sim_lag_port(const struct sim_pf *pf, struct net_device *bond);
struct sim_pf *sim_lag_egress(struct sim_pf *pf, struct sk_buff *skb);
void sim_lag_queue(struct sim_lag *lag, unsigned int milliseconds);
void sim_lag_settle(void);

/* The lock, or that the port cannot go, makes it safe. */
static inline struct sim_pf *sim_lag_pf(const struct sim_lag *lag, int port)
{
	return rcu_dereference_protected(lag->pf[port], 1);
}

/* lag_tracker.c */
int sim_lag_event(struct notifier_block *notifier, unsigned long event, void *info);

/* lag_commands.c; the caller holds the lock */
void sim_lag_activate(struct sim_lag *lag, enum sim_lag_mode mode);
void sim_lag_modify(struct sim_lag *lag);
void sim_lag_deactivate(struct sim_lag *lag);
const char *sim_lag_port_selection(const struct sim_lag *lag);
int sim_lag_enabled_ports(const struct sim_lag *lag, u8 *ports);

/* lag_debugfs.c */
extern struct dentry *sim_debugfs_root;
void sim_lag_debugfs_create(struct sim_pf *pf);

#endif
