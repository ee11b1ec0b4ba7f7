// SPDX-License-Identifier: GPL-2.0
/*
 * What the firmware is told to make of a LAG, and what it answers. Messages are those
 * of mlx5 in Linux 6.12, lag/lag.c; so are the functions and lines that they name.
 */
#include "mlx5sim.h"

#define SIM_LAG_INFO(pf, format, ...) pci_info((pf)->pdev, format, ##__VA_ARGS__)
#define SIM_LAG_ERR(pf, function, line, format, ...) \
	pci_err((pf)->pdev, "%s:%d:(pid %d): " format, function, line, current->pid, ##__VA_ARGS__)
#define SIM_UNBIND_HINT "Make sure all VFs are unbound prior to VF LAG activation or deactivation\n"

/* Bits of fail_lag. */
enum {
	SIM_FAIL_CREATE = 1, SIM_FAIL_PORT_SELECTION = 2, SIM_FAIL_SINGLE_FDB = 4,
	SIM_FAIL_MODIFY = 8, SIM_FAIL_DESTROY = 16, SIM_FAIL_DROP_RULE = 32,
};

/* ---- which ports the bond sends by ---- */

static bool sim_lag_is_enabled(const struct sim_lag *lag, int port)
{
	return lag->tracker.port[port].tx_enabled && lag->tracker.port[port].link_up;
}

/* Ports, from 0, that are up and sent by; all where there are none. */
int sim_lag_enabled_ports(const struct sim_lag *lag, u8 *ports)
{
	int enabled = 0, i;

	for (i = 0; i < lag->num_ports; i++)
		if (sim_lag_is_enabled(lag, i))
			ports[enabled++] = i;
	if (enabled)
		return enabled;
	for (i = 0; i < lag->num_ports; i++)
		ports[i] = i;
	return lag->num_ports;
}

/* A port that is not sent by is stood for by any that is. */
static void sim_lag_infer_mapping(const struct sim_lag *lag, u8 *physical)
{
	u8 enabled[SIM_MAX_PORTS];
	int num_enabled = sim_lag_enabled_ports(lag, enabled), i;

	for (i = 0; i < lag->num_ports; i++) {
		physical[i] = i + 1;
		if (num_enabled < lag->num_ports && !sim_lag_is_enabled(lag, i))
			physical[i] = enabled[get_random_u32() % num_enabled] + 1;
	}
}

static void sim_lag_print_mapping(const struct sim_lag *lag, struct sim_pf *pf)
{
	u8 enabled[SIM_MAX_PORTS];
	char text[SIM_MAX_PORTS * 10 + 1] = "";
	int length = 0, num_enabled, i;

	if (lag->hash) {
		num_enabled = sim_lag_enabled_ports(lag, enabled);
		for (i = 0; i < num_enabled; i++)
			length += scnprintf(text + length, sizeof(text) - length, "%s%d", i ? ", " : "", enabled[i] + 1);
		SIM_LAG_INFO(pf, "lag map active ports: %s\n", text);
		return;
	}
	for (i = 0; i < lag->num_ports; i++)
		length += scnprintf(text + length, sizeof(text) - length, " port %d:%d", i + 1, lag->physical[i]);
	SIM_LAG_INFO(pf, "lag map:%s\n", text);
}

const char *sim_lag_port_selection(const struct sim_lag *lag)
{
	return lag->hash ? "hash" : "queue_affinity";
}

/* In active-backup mode the card drops what comes in by the backup ports, as the bond does. */
static void sim_lag_set_standby(struct sim_lag *lag, bool wanted)
{
	struct sim_pf *pf;
	bool standby;
	int i;

	for (i = 0; i < lag->num_ports; i++) {
		pf = sim_lag_pf(lag, i);
		if (!pf)
			continue;
		standby = wanted && lag->tracker.has_inactive && !sim_lag_is_enabled(lag, i);
		if (standby && sim_fail_lag & SIM_FAIL_DROP_RULE) {
			SIM_LAG_ERR(pf, "mlx5_lag_drop_rule_setup", 410, "Failed to create lag drop rule, error: %d", -EINVAL);
			standby = false;
		}
		WRITE_ONCE(pf->is_standby, standby);
	}
}

static bool sim_lag_wants_standby(const struct sim_lag *lag)
{
	return lag->mode == SIM_LAG_VF && lag->tracker.tx_type == NETDEV_LAG_TX_TYPE_ACTIVEBACKUP;
}

/* ---- what the firmware says ---- */

static int sim_lag_command_failed(struct sim_pf *pf, const char *command, unsigned int opcode, const char *status,
				  unsigned int code, unsigned int syndrome)
{
	SIM_LAG_ERR(pf, "mlx5_cmd_out_err", 815, "%s(0x%x) op_mod(0x0) failed, status %s(0x%x), syndrome (0x%x), err(%d)\n",
		    command, opcode, status, code, syndrome, -EINVAL);
	return -EINVAL;
}

static bool sim_lag_has_bound_vf(const struct sim_lag *lag)
{
	int i;

	for (i = 0; i < lag->num_ports; i++)
		if (sim_lag_pf(lag, i) && sim_vf_is_bound(sim_lag_pf(lag, i)))
			return true;
	return false;
}

/* The firmware neither makes nor ends a LAG under VFs that are in use. */
static bool sim_lag_is_held(const struct sim_lag *lag)
{
	return !sim_lag_with_vfs && sim_lag_has_bound_vf(lag);
}

static int sim_lag_command_create(const struct sim_lag *lag, struct sim_pf *pf)
{
	if (lag->is_stuck)	/* its syndrome is not known here */
		return sim_lag_command_failed(pf, "CREATE_LAG", 0x840, "bad resource state", 9, 0);
	if (sim_fail_lag & SIM_FAIL_CREATE || sim_lag_is_held(lag))
		return sim_lag_command_failed(pf, "CREATE_LAG", 0x840, "bad parameter", 3, 0x7d49cb);
	return 0;
}

static int sim_lag_command_destroy(const struct sim_lag *lag, struct sim_pf *pf)
{
	if (sim_fail_lag & SIM_FAIL_DESTROY || sim_lag_is_held(lag))
		return sim_lag_command_failed(pf, "DESTROY_LAG", 0x843, "bad resource state", 9, 0);
	return 0;
}

/* ---- on, changed and off; the caller holds the lock ---- */

static int sim_lag_create(struct sim_lag *lag, struct sim_pf *pf)
{
	int err;

	sim_lag_print_mapping(lag, pf);
	SIM_LAG_INFO(pf, "shared_fdb:%d mode:%s\n", lag->shared_fdb, sim_lag_port_selection(lag));
	err = sim_lag_command_create(lag, pf);
	if (err) {
		SIM_LAG_ERR(pf, "mlx5_create_lag", 630, "Failed to create LAG (%d)\n", err);
		return err;
	}
	if (!lag->shared_fdb)
		return 0;
	if (sim_fail_lag & SIM_FAIL_SINGLE_FDB) {
		SIM_LAG_ERR(pf, "mlx5_create_lag", 638, "Can't enable single FDB mode\n");
		return -EOPNOTSUPP;
	}
	SIM_LAG_INFO(pf, "Operation mode is single FDB\n");
	return 0;
}

void sim_lag_activate(struct sim_lag *lag, enum sim_lag_mode mode)
{
	struct sim_pf *pf = sim_lag_pf(lag, 0);
	bool can_hash = sim_hash_lag < 0 ? sim_model()->hash_lag : sim_hash_lag;

	lag->hash = can_hash && (mode == SIM_LAG_ROCE || lag->tracker.tx_type == NETDEV_LAG_TX_TYPE_HASH);
	lag->shared_fdb = mode == SIM_LAG_VF && sim_shared_fdb;
	sim_lag_infer_mapping(lag, lag->physical);
	if (lag->hash && sim_fail_lag & SIM_FAIL_PORT_SELECTION) {
		SIM_LAG_ERR(pf, "mlx5_activate_lag", 675, "Failed to create LAG port selection(%d)\n", -EOPNOTSUPP);
		return;
	}
	if (sim_lag_create(lag, pf)) {
		if (mode == SIM_LAG_ROCE)
			SIM_LAG_ERR(pf, "mlx5_activate_lag", 687, "Failed to activate RoCE LAG\n");
		else
			SIM_LAG_ERR(pf, "mlx5_activate_lag", 690, "Failed to activate VF LAG\n" SIM_UNBIND_HINT);
		return;
	}
	WRITE_ONCE(lag->mode, mode);
	sim_lag_set_standby(lag, sim_lag_wants_standby(lag));
}

void sim_lag_modify(struct sim_lag *lag)
{
	struct sim_pf *pf = sim_lag_pf(lag, 0);
	u8 physical[SIM_MAX_PORTS];
	int i;

	sim_lag_infer_mapping(lag, physical);
	if (memcmp(physical, lag->physical, lag->num_ports)) {
		if (sim_fail_lag & SIM_FAIL_MODIFY) {
			SIM_LAG_ERR(pf, "mlx5_modify_lag", 497, "Failed to modify LAG (%d)\n", -EINVAL);
			return;
		}
		for (i = 0; i < lag->num_ports; i++)
			WRITE_ONCE(lag->physical[i], physical[i]);
		sim_lag_print_mapping(lag, pf);
	}
	sim_lag_set_standby(lag, sim_lag_wants_standby(lag));
}

/* A firmware that does not let go of the LAG makes none again before the driver is loaded anew. */
void sim_lag_deactivate(struct sim_lag *lag)
{
	struct sim_pf *pf = sim_lag_pf(lag, 0);
	enum sim_lag_mode mode = lag->mode;

	WRITE_ONCE(lag->mode, SIM_LAG_NONE);
	if (pf && sim_lag_command_destroy(lag, pf)) {
		lag->is_stuck = true;
		if (mode == SIM_LAG_ROCE)
			SIM_LAG_ERR(pf, "mlx5_deactivate_lag", 730, "Failed to deactivate RoCE LAG; driver restart required\n");
		else
			SIM_LAG_ERR(pf, "mlx5_deactivate_lag", 733,
				    "Failed to deactivate VF LAG; driver restart required\n" SIM_UNBIND_HINT);
		return;
	}
	sim_lag_set_standby(lag, false);
}
