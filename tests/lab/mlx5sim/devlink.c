// SPDX-License-Identifier: GPL-2.0
/* devlink: e-switch attributes, ports, parameters and information, with the texts of mlx5. */
#include "mlx5sim.h"

static struct sim_pf *sim_pf_of(struct devlink *devlink)
{
	return *(struct sim_pf **)devlink_priv(devlink);
}

/* All functions of a card share it: the system image GUID of the card. */
void sim_switch_id(const struct sim_pf *pf, struct netdev_phys_item_id *id)
{
	static const u8 guid[] = { 0x36, 0x3b, 0xd5, 0x00, 0x03, 0xa1 };

	id->id_len = 8;
	memcpy(id->id, guid, sizeof(guid));
	id->id[6] = 1 + sim_card(pf);
	id->id[7] = 0;
}

/* A VF manages no e-switch, nor does a function with an InfiniBand port: no text, as mlx5 has none. */
static int sim_eswitch_check(struct sim_pf *pf)
{
	return pf && !sim_is_infiniband(pf) ? 0 : -EOPNOTSUPP;
}

/* What mlx5 logs of an e-switch that comes or goes. */
void sim_eswitch_says(const struct sim_pf *pf, const char *what)
{
	pci_info(pf->pdev, "E-Switch: %s: mode(%s), nvfs(%d),%s active vports(%d)\n", what,
		 pf->mode == DEVLINK_ESWITCH_MODE_LEGACY ? "LEGACY" : "OFFLOADS", pf->num_vfs, SIM_EC_VFS_TEXT, pf->num_vfs);
}

static int sim_mode_get(struct devlink *devlink, u16 *mode)
{
	struct sim_pf *pf = sim_pf_of(devlink);
	int err = sim_eswitch_check(pf);

	if (!err)
		*mode = pf->mode;
	return err;
}

/* The faults that parameters ask for. */
static int sim_mode_refused(struct sim_pf *pf, u16 mode, struct netlink_ext_ack *extack)
{
	if (sim_busy) {
		sim_busy--;
		SIM_REFUSE(extack, "Can't change mode, E-Switch is busy");
		return -EBUSY;
	}
	if (sim_fail_mode) {
		SIM_REFUSE(extack, "Can't change eswitch mode (simulated)");
		return -EOPNOTSUPP;
	}
	if (sim_need_no_vfs && pf->num_vfs) {
		SIM_REFUSE(extack, "Changing eswitch mode is allowed only if there is no VFs created");
		return -EOPNOTSUPP;
	}
	if (sim_need_vfs && !pf->num_vfs && mode == DEVLINK_ESWITCH_MODE_SWITCHDEV) {
		SIM_REFUSE(extack, "Can't set offloads mode, SRIOV legacy not enabled");
		return -EINVAL;
	}
	if (sim_need_unbind && sim_vf_is_bound(pf)) {
		SIM_REFUSE(extack, "Can't change mode while VFs are bound");
		return -EBUSY;
	}
	return 0;
}

static int sim_change_mode(struct sim_pf *pf, u16 mode, struct netlink_ext_ack *extack)
{
	int err;

	if (mode == pf->mode)
		return 0;
	err = sim_mode_refused(pf, mode, extack);
	if (err)
		return err;
	sim_eswitch_says(pf, "Disable");
	pf->mode = mode;
	if (mode == DEVLINK_ESWITCH_MODE_SWITCHDEV || pf->num_vfs)
		sim_eswitch_says(pf, "Enable");
	if (mode == DEVLINK_ESWITCH_MODE_SWITCHDEV) {
		if (sim_model()->needs_inline && pf->inline_mode == DEVLINK_ESWITCH_INLINE_MODE_NONE)
			pf->inline_mode = DEVLINK_ESWITCH_INLINE_MODE_LINK;
		return sim_add_representors(pf);
	}
	sim_remove_representors(pf);
	sim_flush_rules(netdev_priv(pf->uplink));
	sim_update_vf_carriers(pf);
	return 0;
}

/* Like mlx5, it takes an active LAG down for any request, even for the mode that is set already. */
static int sim_mode_set(struct devlink *devlink, u16 mode, struct netlink_ext_ack *extack)
{
	struct sim_pf *pf = sim_pf_of(devlink);
	int err = sim_eswitch_check(pf);

	if (err)
		return err;
	if (mode != DEVLINK_ESWITCH_MODE_LEGACY && mode != DEVLINK_ESWITCH_MODE_SWITCHDEV)
		return -EINVAL;
	sim_lag_disable_change(pf);
	err = sim_change_mode(pf, mode, extack);
	sim_lag_enable_change(pf);
	return err;
}

static int sim_inline_get(struct devlink *devlink, u8 *mode)
{
	struct sim_pf *pf = sim_pf_of(devlink);
	int err = sim_eswitch_check(pf);

	if (!err)
		*mode = pf->inline_mode;
	return err;
}

static int sim_inline_set(struct devlink *devlink, u8 mode, struct netlink_ext_ack *extack)
{
	struct sim_pf *pf = sim_pf_of(devlink);
	int err = sim_eswitch_check(pf);

	if (err)
		return err;
	if (!sim_model()->needs_inline) {
		if (mode == DEVLINK_ESWITCH_INLINE_MODE_NONE)
			return 0;
		SIM_REFUSE(extack, "Inline mode can't be set");
		return -EOPNOTSUPP;
	}
	if (atomic_read(&pf->num_rules)) {
		SIM_REFUSE(extack, "Can't set inline mode when flows are configured");
		return -EOPNOTSUPP;
	}
	pf->inline_mode = mode;
	return 0;
}

static int sim_encap_get(struct devlink *devlink, enum devlink_eswitch_encap_mode *encap)
{
	struct sim_pf *pf = sim_pf_of(devlink);
	int err = sim_eswitch_check(pf);

	if (!err)
		*encap = pf->encap;
	return err;
}

static int sim_encap_set(struct devlink *devlink, enum devlink_eswitch_encap_mode encap, struct netlink_ext_ack *extack)
{
	struct sim_pf *pf = sim_pf_of(devlink);
	int err = sim_eswitch_check(pf);

	if (err)
		return err;
	if (encap != pf->encap && pf->mode == DEVLINK_ESWITCH_MODE_SWITCHDEV && atomic_read(&pf->num_rules)) {
		SIM_REFUSE(extack, "Can't set encapsulation when flows are configured");
		return -EOPNOTSUPP;
	}
	pf->encap = encap;
	return 0;
}

static int sim_info_get(struct devlink *devlink, struct devlink_info_req *request, struct netlink_ext_ack *extack)
{
	const char *running = sim_model()->firmware, *stored = *sim_fw_stored ? sim_fw_stored : running;
	struct sim_pf *pf = sim_pf_of(devlink);
	char serial[16];

#if SIM_INFO_DRIVER_NAME
	devlink_info_driver_name_put(request, "mlx5_core");
#endif
	snprintf(serial, sizeof(serial), "MT2048X%05u", 5141 + (pf ? sim_card(pf) : 0));
	devlink_info_serial_number_put(request, serial);
	devlink_info_version_fixed_put(request, "fw.psid", "MT_0000000012");
	devlink_info_version_running_put(request, "fw.version", running);
	devlink_info_version_running_put(request, "fw", running);
	devlink_info_version_stored_put(request, "fw.version", stored);
	devlink_info_version_stored_put(request, "fw", stored);
	return 0;
}

/* ---- ports: numbered (function << 16 | vport) like those of mlx5 ---- */

static int sim_port_mac_get(struct devlink_port *port, u8 *mac, int *length, struct netlink_ext_ack *extack)
{
	struct sim_netdev *sn = container_of(port, struct sim_netdev, port);

	if (sn->kind != SIM_REPRESENTOR)
		return -EOPNOTSUPP;
	ether_addr_copy(mac, sn->pf->vf[sn->vf].mac);
	*length = ETH_ALEN;
	return 0;
}

static int sim_port_mac_set(struct devlink_port *port, const u8 *mac, int length, struct netlink_ext_ack *extack)
{
	struct sim_netdev *sn = container_of(port, struct sim_netdev, port);

	if (sn->kind != SIM_REPRESENTOR) {
		SIM_REFUSE(extack, "Port doesn't support set hw_addr");
		return -EOPNOTSUPP;
	}
	ether_addr_copy(sn->pf->vf[sn->vf].mac, mac);
	return 0;
}

#if SIM_PORT_OPS
static const struct devlink_port_ops sim_vf_port_ops = {
	.port_fn_hw_addr_get = sim_port_mac_get,
	.port_fn_hw_addr_set = sim_port_mac_set,
};
#endif

static int sim_port_register(struct sim_netdev *sn, struct devlink *devlink, unsigned int index)
{
	int err;

#if SIM_PORT_OPS
	if (sn->kind == SIM_REPRESENTOR)
		err = devl_port_register_with_ops(devlink, &sn->port, index, &sim_vf_port_ops);
	else
#endif
		err = devl_port_register(devlink, &sn->port, index);
	if (err)
		return err;
	sn->has_port = true;
	if (sn->dev->type == ARPHRD_INFINIBAND) {
		devlink_port_type_ib_set(&sn->port, NULL);
		return 0;
	}
#if SIM_PORT_OPS
	SET_NETDEV_DEVLINK_PORT(sn->dev, &sn->port);
#endif
	return 0;
}

/* The caller holds the lock of the devlink instance. */
int sim_add_port(struct sim_netdev *sn)
{
	struct devlink_port_attrs attributes = {};
	struct netdev_phys_item_id id;
	struct sim_pf *pf = sn->pf;
	unsigned int function = sim_port(pf);

	if (sn->kind == SIM_VF) {
		attributes.flavour = DEVLINK_PORT_FLAVOUR_VIRTUAL;
		devlink_port_attrs_set(&sn->port, &attributes);
		return sim_port_register(sn, sn->devlink, (2 + function * SIM_MAX_VFS + sn->vf) << 16 | 0xffff);
	}
	/* mlx5 shows the switch id in legacy mode too. */
	sim_switch_id(pf, &id);
	memcpy(attributes.switch_id.id, id.id, id.id_len);
	attributes.switch_id.id_len = id.id_len;
	if (sn->kind == SIM_UPLINK) {
		attributes.flavour = DEVLINK_PORT_FLAVOUR_PHYSICAL;
		attributes.phys.port_number = function;
		devlink_port_attrs_set(&sn->port, &attributes);
		return sim_port_register(sn, pf->devlink, function << 16 | 0xffff);
	}
	devlink_port_attrs_set(&sn->port, &attributes);
	devlink_port_attrs_pci_vf_set(&sn->port, 0, function, sn->vf, false);
	return sim_port_register(sn, pf->devlink, function << 16 | (sn->vf + 1));
}

void sim_remove_port(struct sim_netdev *sn)
{
	if (!sn->has_port)
		return;
	devl_port_unregister(&sn->port);
	sn->has_port = false;
}

/* ---- parameters ---- */

static int sim_steering_get(struct devlink *devlink, u32 id, struct devlink_param_gset_ctx *context)
{
	strscpy(context->val.vstr, sim_pf_of(devlink)->steering, sizeof(context->val.vstr));
	return 0;
}

static int sim_steering_store(struct devlink *devlink, struct devlink_param_gset_ctx *context)
{
	struct sim_pf *pf = sim_pf_of(devlink);

	strscpy(pf->steering, context->val.vstr, sizeof(pf->steering));
	return 0;
}

#if SIM_PARAM_SET_EXTACK
static int sim_steering_set(struct devlink *devlink, u32 id, struct devlink_param_gset_ctx *context,
			    struct netlink_ext_ack *extack)
{
	return sim_steering_store(devlink, context);
}
#else
static int sim_steering_set(struct devlink *devlink, u32 id, struct devlink_param_gset_ctx *context)
{
	return sim_steering_store(devlink, context);
}
#endif

static int sim_steering_validate(struct devlink *devlink, u32 id, union devlink_param_value value,
				 struct netlink_ext_ack *extack)
{
	struct sim_pf *pf = sim_pf_of(devlink);
	bool switchdev = pf->mode == DEVLINK_ESWITCH_MODE_SWITCHDEV;

	if (!strcmp(value.vstr, "dmfs")) {
		if (!switchdev)
			return 0;
		SIM_REFUSE(extack, "Moving fs mode is not supported when eswitch offloads enabled.");
		return -EOPNOTSUPP;
	}
	if (strcmp(value.vstr, "smfs")) {
		SIM_REFUSE(extack, "Bad parameter: supported values are [\"dmfs\", \"smfs\"]");
		return -EINVAL;
	}
	if (switchdev) {
		SIM_REFUSE(extack, "Software managed steering is not supported when eswitch offloads enabled.");
		return -EOPNOTSUPP;
	}
	if (!sim_model()->software_steering) {
		SIM_REFUSE(extack, "Software managed steering is not supported by current device");
		return -EOPNOTSUPP;
	}
	return 0;
}

static const struct devlink_param sim_params[] = {
	DEVLINK_PARAM_DRIVER(DEVLINK_PARAM_GENERIC_ID_MAX + 1, "flow_steering_mode", DEVLINK_PARAM_TYPE_STRING,
			     BIT(DEVLINK_PARAM_CMODE_RUNTIME), sim_steering_get, sim_steering_set, sim_steering_validate),
};

int sim_register_params(struct sim_pf *pf)
{
	return devlink_params_register(pf->devlink, sim_params, ARRAY_SIZE(sim_params));
}

void sim_unregister_params(struct sim_pf *pf)
{
	devlink_params_unregister(pf->devlink, sim_params, ARRAY_SIZE(sim_params));
}

/* ---- instances ---- */

static const struct devlink_ops sim_devlink_ops = {
	.eswitch_mode_get = sim_mode_get,
	.eswitch_mode_set = sim_mode_set,
	.eswitch_inline_mode_get = sim_inline_get,
	.eswitch_inline_mode_set = sim_inline_set,
	.eswitch_encap_mode_get = sim_encap_get,
	.eswitch_encap_mode_set = sim_encap_set,
	.info_get = sim_info_get,
#if !SIM_PORT_OPS
	.port_function_hw_addr_get = sim_port_mac_get,
	.port_function_hw_addr_set = sim_port_mac_set,
#endif
};

struct devlink *sim_devlink_create(struct sim_pf *pf)
{
	struct devlink *devlink = devlink_alloc(&sim_devlink_ops, sizeof(pf), &pf->pdev->dev);

	if (devlink)
		*(struct sim_pf **)devlink_priv(devlink) = pf;
	return devlink;
}

/* An instance without a PF behind it: the e-switch operations refuse. */
struct devlink *sim_devlink_create_vf(struct pci_dev *pdev)
{
	return devlink_alloc(&sim_devlink_ops, sizeof(struct sim_pf *), &pdev->dev);
}
