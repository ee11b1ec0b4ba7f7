using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>A manager of the host's network manages representors.</summary>
internal sealed class N09NetworkManagerManages : RepresentorCheck
{
    public override CheckInfo Info { get; } = new(
        "N09",
        "network-manager-manages",
        CheckSeverity.Error,
        "representors are managed by a network manager",
        """
        NetworkManager and systemd-networkd manage every device unless configured otherwise. On a representor they
        request an address by DHCP, rename it, set it down when DHCP fails, or remove the ingress qdisc that Open
        vSwitch needs. Guests then lose connectivity at unpredictable times.

        The check reads their state below /run: a device that is "managed" in NetworkManager or configured by
        systemd-networkd. Their configuration files are not read.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        (Representor Representor, NetDevice Device)[] devices = [.. Devices(pf)];
        if (devices.Length == 0)
        {
            return [Skip(name, "the PF has no VF representors")];
        }

        if (!input.State.Platform.ManagedDevices.TryGet(out IReadOnlyList<ManagedDevice>? managed))
        {
            return [Skip(name, $"/run: {input.State.Platform.ManagedDevices.Why}")];
        }

        Finding[] found =
        [
            .. devices.Join(managed, pair => pair.Device.Index, one => one.DeviceIndex, (pair, one) => Found(
                FindingStatus.Error,
                Objects.Of(pf, pair.Representor),
                $"representor {pair.Device.Name} is managed by {one.Manager}",
                one.Evidence,
                $"{one.Manager} is not configured to ignore representors",
                Fix(one.Manager))),
        ];
        return found.Length > 0
            ? found
            : [Ok(name, $"/run/NetworkManager, /run/systemd/netif: none of {devices.Length} representors is managed")];
    }

    private static string Fix(string manager) => manager == "NetworkManager"
        ? "add [keyfile] unmanaged-devices=driver:mlx5e_rep (by name for other drivers) to "
            + "/etc/NetworkManager/conf.d/90-representors.conf, then nmcli general reload"
        : "add [Match] Driver=mlx5e_rep (by name for other drivers), [Link] Unmanaged=yes to "
            + "/etc/systemd/network/10-representors.network, then networkctl reload";
}
