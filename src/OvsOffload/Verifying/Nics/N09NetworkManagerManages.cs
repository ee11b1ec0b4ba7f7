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
        "another program manages representors",
        """
        NetworkManager and systemd-networkd take every device that they are not told to leave alone. On a representor
        they ask for an address by DHCP, rename it, take it down when nobody answers, or remove the ingress qdisc that
        Open vSwitch's flows hang on. Guests then lose their network at times that nobody understands.

        It goes by what they keep below /run: a device that NetworkManager calls managed, or systemd-networkd
        configures. Their configuration is not looked at.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        (Representor Representor, NetDevice Device)[] devices = [.. Devices(pf)];
        if (devices.Length == 0)
        {
            return [Skip(name, "it has no VF representors")];
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
                $"{one.Manager} manages the representor {pair.Device.Name}",
                one.Evidence,
                $"{one.Manager} was not told to leave representors alone",
                Fix(one.Manager))),
        ];
        return found.Length > 0
            ? found
            : [Ok(name, $"/run/NetworkManager, /run/systemd/netif: none of {devices.Length} representors is managed")];
    }

    private static string Fix(string manager) => manager == "NetworkManager"
        ? "in /etc/NetworkManager/conf.d/90-representors.conf: [keyfile] unmanaged-devices=driver:mlx5e_rep (by name "
            + "for other drivers), then nmcli general reload"
        : "in /etc/systemd/network/10-representors.network: [Match] Driver=mlx5e_rep (by name for other drivers), "
            + "[Link] Unmanaged=yes, then networkctl reload";
}
