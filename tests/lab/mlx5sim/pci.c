// SPDX-License-Identifier: GPL-2.0
/* PCI: which functions are taken and how they look, their interrupts, and SR-IOV. */
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include "mlx5sim.h"

#define PCI_DEVICE_ID_IGB	0x10c9
#define PCI_DEVICE_ID_IGB_VF	0x10ca

LIST_HEAD(sim_pfs);
DEFINE_MUTEX(sim_pfs_lock);

/* The guest's first card is on bus 1, the second on bus 2. */
unsigned int sim_function(const struct sim_pf *pf)
{
	return (pf->pdev->bus->number - 1) * 2 + PCI_FUNC(pf->pdev->devfn);
}

static unsigned int sim_ports_per_card(void)
{
	return clamp(sim_ports, 1U, (uint)SIM_MAX_PORTS);
}

unsigned int sim_card(const struct sim_pf *pf)
{
	return sim_function(pf) / sim_ports_per_card();
}

unsigned int sim_port(const struct sim_pf *pf)
{
	return sim_function(pf) % sim_ports_per_card();
}

bool sim_is_infiniband(const struct sim_pf *pf)
{
	return sim_ib_ports & BIT(sim_function(pf));
}

bool sim_vf_is_bound(const struct sim_pf *pf)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (pdev->is_virtfn && pci_physfn(pdev) == pf->pdev && pdev->dev.driver) {
			pci_dev_put(pdev);
			return true;
		}
	return false;
}

static irqreturn_t sim_irq(int irq, void *cookie)
{
	return IRQ_NONE;
}

/* Interrupts that never fire, so that /proc/interrupts and msi_irqs look as they do on a host. */
static int sim_request_irqs(struct pci_dev *pdev, void *cookie)
{
	int num_vectors = pci_alloc_irq_vectors(pdev, 1, 8, PCI_IRQ_MSIX), i;
	char *name;

	for (i = 0; i < num_vectors; i++) {
		name = i ? devm_kasprintf(&pdev->dev, GFP_KERNEL, "mlx5_comp%d@pci:%s", i - 1, pci_name(pdev)) :
			   devm_kasprintf(&pdev->dev, GFP_KERNEL, "mlx5_async0@pci:%s", pci_name(pdev));
		if (!name || request_irq(pci_irq_vector(pdev, i), sim_irq, 0, name, cookie))
			break;
	}
	return i;
}

static void sim_free_irqs(struct pci_dev *pdev, int num_irqs, void *cookie)
{
	while (num_irqs-- > 0)
		free_irq(pci_irq_vector(pdev, num_irqs), cookie);
	pci_free_irq_vectors(pdev);
}

/* The card's own: udev changes no address that is said to be one, and replaces a random one. */
static void sim_set_permanent_mac(struct net_device *dev, const u8 *mac)
{
	eth_hw_addr_set(dev, mac);
	dev->addr_assign_type = NET_ADDR_PERM;
}

static int sim_vf_probe(struct pci_dev *pdev)
{
	struct sim_pf *pf = pci_get_drvdata(pci_physfn(pdev));
	int vf = pci_iov_vf_id(pdev), err;
	struct devlink *devlink;
	struct net_device *dev;
	struct sim_netdev *sn;

	if (!pf || vf < 0 || vf >= SIM_MAX_VFS)
		return -ENODEV;
	err = pci_enable_device(pdev);
	if (err)
		return err;
	pci_set_master(pdev);
	err = -ENOMEM;
	devlink = sim_devlink_create_vf(pdev);
	if (!devlink)
		goto disable;
	dev = sim_netdev_create(pf, SIM_VF, vf, &pdev->dev, "eth%d");
	if (!dev)
		goto free_devlink;
	if (is_valid_ether_addr(pf->vf[vf].mac))
		sim_set_permanent_mac(dev, pf->vf[vf].mac);
	sn = netdev_priv(dev);
	sn->devlink = devlink;
	devl_lock(devlink);
	err = sim_add_port(sn);
	if (!err)
		err = sim_netdev_register(dev);
	if (err)
		sim_netdev_destroy(dev);
	devl_unlock(devlink);
	if (err)
		goto free_devlink;
	pci_set_drvdata(pdev, dev);
	sn->num_irqs = sim_request_irqs(pdev, dev);
	rcu_assign_pointer(pf->vf[vf].netdev, dev);
	devlink_register(devlink);
	return 0;
free_devlink:
	devlink_free(devlink);
disable:
	pci_disable_device(pdev);
	return err;
}

static void sim_vf_remove(struct pci_dev *pdev)
{
	struct net_device *dev = pci_get_drvdata(pdev);
	struct sim_netdev *sn = netdev_priv(dev);
	struct devlink *devlink = sn->devlink;

	devlink_unregister(devlink);
	RCU_INIT_POINTER(sn->pf->vf[sn->vf].netdev, NULL);
	synchronize_rcu();
	sim_free_irqs(pdev, sn->num_irqs, dev);
	devl_lock(devlink);
	sim_netdev_destroy(dev);
	devl_unlock(devlink);
	devlink_free(devlink);
	pci_clear_master(pdev);
	pci_disable_device(pdev);
}

static void sim_forget_vfs(struct sim_pf *pf)
{
	devl_lock(pf->devlink);
	if (pf->num_vfs)
		sim_eswitch_says(pf, "Unload vfs");
	sim_remove_representors(pf);
	if (pf->num_vfs && pf->mode == DEVLINK_ESWITCH_MODE_LEGACY)
		sim_eswitch_says(pf, "Disable");
	pf->num_vfs = 0;
	devl_unlock(pf->devlink);
}

/*
 * The core makes VFs with the id of igb's capability, asks for a driver, and has no hook
 * in between: this driver's table takes that id too, and the shown one is written after.
 */
static void sim_show_vf_ids(struct pci_dev *pf)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (pdev->is_virtfn && pci_physfn(pdev) == pf)
			pdev->device = sim_model()->vf_id;
}

static int sim_expect_vfs(struct sim_pf *pf, int num_vfs)
{
	int i;

	memset(pf->vf, 0, sizeof(pf->vf));
	for (i = 0; i < num_vfs; i++)
		pf->vf[i].link_state = IFLA_VF_LINK_STATE_AUTO;
	pf->num_vfs = num_vfs;
	if (pf->mode == DEVLINK_ESWITCH_MODE_SWITCHDEV)
		return sim_add_representors(pf);
	/* VFs are what a legacy e-switch is made for, and any LAG goes meanwhile. */
	sim_lag_disable_change(pf);
	sim_eswitch_says(pf, "Enable");
	sim_lag_enable_change(pf);
	return 0;
}

static int sim_sriov_configure(struct pci_dev *pdev, int num_vfs)
{
	struct sim_pf *pf = pci_get_drvdata(pdev);
	int err;

	if (num_vfs > SIM_MAX_VFS)
		return -EINVAL;
	if (!num_vfs) {
		if (pci_vfs_assigned(pdev)) {
			pci_warn(pdev, "can't disable sriov, VFs are assigned\n");
			return -EPERM;
		}
		pci_disable_sriov(pdev);
		sim_forget_vfs(pf);
		return 0;
	}
	devl_lock(pf->devlink);
	err = sim_expect_vfs(pf, num_vfs);
	devl_unlock(pf->devlink);
	msleep(sim_vfs_delay_ms);
	if (!err)
		err = pci_enable_sriov(pdev, num_vfs);
	if (err) {
		sim_forget_vfs(pf);
		return err;
	}
	sim_show_vf_ids(pdev);
	return num_vfs;
}

/* The head of struct pci_sriov in drivers/pci/pci.h, the same in 6.1 and 6.12. */
struct sim_pci_sriov {
	int pos, nres;
	u32 cap;
	u16 ctrl, total_vfs, initial_vfs, num_vfs, offset, stride, vf_device;
	u32 pgsz;
	u8 link, max_vf_buses;
	u16 driver_max_vfs;
};

/* igb's capability has room for 8, and no driver may show more than the capability: fw_vfs is written past it. */
static void sim_show_total_vfs(struct pci_dev *pdev)
{
	struct sim_pci_sriov *sriov = (void *)pdev->sriov;
	u16 total_vfs = min_t(u16, sim_max_vfs, SIM_MAX_VFS);

	pci_sriov_set_totalvfs(pdev, total_vfs);
	if (!sim_fw_vfs)
		return;
	if (sriov->driver_max_vfs == total_vfs && sriov->total_vfs == SIM_MAX_VFS)
		sriov->driver_max_vfs = sim_fw_vfs;
	else
		pci_warn(pdev, "fw_vfs: struct pci_sriov is not what it was\n");
}

static void sim_show_ids(struct sim_pf *pf)
{
	struct pci_dev *pdev = pf->pdev;

	pf->igb_vendor = pdev->vendor;
	pf->igb_device = pdev->device;
	pf->igb_subsystem = pdev->subsystem_vendor;
	pdev->vendor = PCI_VENDOR_ID_MELLANOX;
	pdev->device = sim_model()->pf_id;
	pdev->subsystem_vendor = PCI_VENDOR_ID_MELLANOX;
}

static void sim_restore_ids(struct sim_pf *pf)
{
	pf->pdev->vendor = pf->igb_vendor;
	pf->pdev->device = pf->igb_device;
	pf->pdev->subsystem_vendor = pf->igb_subsystem;
}

static void sim_set_defaults(struct sim_pf *pf)
{
	const struct sim_model *model = sim_model();

	pf->mode = DEVLINK_ESWITCH_MODE_LEGACY;
	pf->inline_mode = model->needs_inline ? DEVLINK_ESWITCH_INLINE_MODE_LINK : DEVLINK_ESWITCH_INLINE_MODE_NONE;
	pf->encap = DEVLINK_ESWITCH_ENCAP_MODE_BASIC;
	strscpy(pf->steering, *sim_steering ? sim_steering : model->software_steering ? "smfs" : "dmfs", sizeof(pf->steering));
	INIT_DELAYED_WORK(&pf->late_representors, sim_late_representors);
}

static int sim_create_netdevs(struct sim_pf *pf)
{
	unsigned int function = sim_function(pf);
	u8 base[ETH_ALEN] = { 0x0c, 0x42, 0xa1, 0x5c, 0xa1, 0x00 };
	char name[IFNAMSIZ];
	int err;

	pf->uplink = sim_netdev_create(pf, SIM_UPLINK, -1, &pf->pdev->dev, sim_is_infiniband(pf) ? "ib%d" : "eth%d");
	snprintf(name, sizeof(name), "wire%u", function);
	pf->wire = sim_netdev_create(pf, SIM_WIRE, -1, NULL, name);
	if (!pf->uplink || !pf->wire)
		return -ENOMEM;
	base[ETH_ALEN - 1] = function;
	if (!sim_is_infiniband(pf))
		sim_set_permanent_mac(pf->uplink, base);
	devl_lock(pf->devlink);
	err = sim_add_port(netdev_priv(pf->uplink));
	devl_unlock(pf->devlink);
	if (!err)
		err = sim_netdev_register(pf->uplink);
	return err ?: sim_netdev_register(pf->wire);
}

static void sim_destroy_netdevs(struct sim_pf *pf)
{
	devl_lock(pf->devlink);
	if (pf->wire)
		sim_netdev_destroy(pf->wire);
	if (pf->uplink)
		sim_netdev_destroy(pf->uplink);
	devl_unlock(pf->devlink);
}

static int sim_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct sim_pf *pf;
	int err;

	if (pdev->is_virtfn)
		return sim_vf_probe(pdev);
	pf = kzalloc(sizeof(*pf), GFP_KERNEL);
	if (!pf)
		return -ENOMEM;
	pf->pdev = pdev;
	pf->devlink = sim_devlink_create(pf);
	if (!pf->devlink) {
		kfree(pf);
		return -ENOMEM;
	}
	sim_show_ids(pf);
	sim_set_defaults(pf);
	err = pci_enable_device(pdev);
	if (err)
		goto free;
	pci_set_master(pdev);
	pci_set_drvdata(pdev, pf);
	sim_show_total_vfs(pdev);
	err = sim_register_params(pf);
	if (err)
		goto disable;
	err = sim_create_netdevs(pf);
	if (err)
		goto destroy;
	pf->debugfs = debugfs_create_dir(pci_name(pdev), sim_debugfs_root);
	sim_lag_add(pf);
	sim_health_create(pf);
	pf->num_irqs = sim_request_irqs(pdev, pf);
	sim_tunnels_watch(pf);
	devlink_register(pf->devlink);
	mutex_lock(&sim_pfs_lock);
	list_add_tail(&pf->list, &sim_pfs);
	mutex_unlock(&sim_pfs_lock);
	pci_info(pdev, "firmware version: %s (simulated)\n", sim_model()->firmware);
	return 0;
destroy:
	sim_destroy_netdevs(pf);
	sim_unregister_params(pf);
disable:
	pci_disable_device(pdev);
free:
	sim_restore_ids(pf);
	devlink_free(pf->devlink);
	kfree(pf);
	return err;
}

static void sim_remove(struct pci_dev *pdev)
{
	struct sim_pf *pf;

	if (pdev->is_virtfn) {
		sim_vf_remove(pdev);
		return;
	}
	pf = pci_get_drvdata(pdev);
	mutex_lock(&sim_pfs_lock);
	list_del(&pf->list);
	mutex_unlock(&sim_pfs_lock);
	devlink_unregister(pf->devlink);
	sim_tunnels_unwatch(pf);
	sim_sriov_configure(pdev, 0);
	cancel_delayed_work_sync(&pf->late_representors);
	sim_free_irqs(pdev, pf->num_irqs, pf);
	sim_health_destroy(pf);
	debugfs_remove_recursive(pf->debugfs);
	sim_lag_remove(pf);
	sim_destroy_netdevs(pf);
	sim_unregister_params(pf);
	pci_disable_device(pdev);
	sim_restore_ids(pf);
	devlink_free(pf->devlink);
	kfree(pf);
}

static const struct pci_device_id sim_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_INTEL, PCI_DEVICE_ID_IGB) },
	{ PCI_DEVICE(PCI_VENDOR_ID_MELLANOX, PCI_ANY_ID) },	/* the VFs, and a PF that is bound again */
	{}
};
MODULE_DEVICE_TABLE(pci, sim_ids);

static struct pci_driver sim_driver = {
	.name = "mlx5_core",
	.id_table = sim_ids,
	.probe = sim_probe,
	.remove = sim_remove,
	.sriov_configure = sim_sriov_configure,
};

static int __init sim_init(void)
{
	int err;

	sim_debugfs_root = debugfs_create_dir("mlx5", NULL);
	err = pci_register_driver(&sim_driver);
	if (err)
		debugfs_remove(sim_debugfs_root);
	return err;
}

static void __exit sim_exit(void)
{
	pci_unregister_driver(&sim_driver);
	debugfs_remove(sim_debugfs_root);
}

module_init(sim_init);
module_exit(sim_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simulated ConnectX-like switchdev NIC on QEMU's igb functions");
