using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Platform;

namespace OvsOffload.Verifying;

/// <summary>ifupdown is told to bring a representor up.</summary>
internal sealed class N33IfupdownNamesRepresentor : RepresentorCheck
{
    public override CheckInfo Info { get; } = new(
        "N33",
        "ifupdown-names-representor",
        CheckSeverity.Warning,
        "a representor is configured in /etc/network/interfaces",
        """
        A stanza for a representor in /etc/network/interfaces makes ifupdown look for it when the network starts. VFs
        are created later, so the boot waits or the service fails; and an address or a bridge does not belong on an Open
        vSwitch port. Whatever adds the representor to Open vSwitch sets it up as well.

        Netplan is not checked separately: it works through NetworkManager or systemd-networkd, see N09.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        (Representor Representor, NetDevice Device)[] devices = [.. Devices(pf)];
        if (devices.Length == 0)
        {
            return [Skip(name, "the PF has no VF representors")];
        }

        if (!input.State.Platform.Interfaces.TryGet(out IReadOnlyList<InterfacesEntry>? entries))
        {
            return [Skip(name, $"/etc/network/interfaces: {input.State.Platform.Interfaces.Why}")];
        }

        Finding[] found =
        [
            .. devices
                .Select(pair => (pair, Entry: entries.FirstOrDefault(entry => pair.Device.HasName(entry.Device))))
                .Where(both => both.Entry is not null)
                .Select(both => Found(
                    FindingStatus.Warning,
                    Objects.Of(pf, both.pair.Representor),
                    $"{both.pair.Device.Name} is configured in /etc/network/interfaces",
                    $"{both.Entry!.File}: {Objects.OneLine(both.Entry.Line)}",
                    "a stanza for the representor was added to the file",
                    $"remove it from {both.Entry.File}; a representor needs only ovs-vsctl add-port and ip link set "
                        + "up")),
        ];
        return found.Length > 0
            ? found
            : [Ok(name, $"/etc/network/interfaces: none of {devices.Length} representors")];
    }
}
