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
        "ifupdown is told of a representor",
        """
        A line of /etc/network/interfaces for a representor makes ifupdown look for it when the network starts. VFs are
        made later than that, so the boot waits, or the service fails; and what the stanza gives the device, an address
        or a bridge, does not belong on a port of Open vSwitch. Whoever plugs the representor sets it up as well.

        Netplan is not looked at by itself: it works through NetworkManager or systemd-networkd, for which see N09.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
    {
        string name = pf.Address.ToString();
        (Representor Representor, NetDevice Device)[] devices = [.. Devices(pf)];
        if (devices.Length == 0)
        {
            return [Skip(name, "it has no VF representors")];
        }

        if (!input.State.Platform.Interfaces.TryGet(out IReadOnlyList<InterfacesEntry>? entries))
        {
            return [Skip(name, $"/etc/network/interfaces: {input.State.Platform.Interfaces.Why}")];
        }

        Finding[] found =
        [
            .. devices
                .Select(pair => (pair, Entry: entries.FirstOrDefault(entry => pair.Device.IsCalled(entry.Device))))
                .Where(both => both.Entry is not null)
                .Select(both => Found(
                    FindingStatus.Warning,
                    Objects.Of(pf, both.pair.Representor),
                    $"ifupdown is told to bring {both.pair.Device.Name} up",
                    $"{both.Entry!.File}: {Objects.OneLine(both.Entry.Line)}",
                    "somebody wrote a stanza for the representor",
                    $"take it out of {both.Entry.File}; ovs-vsctl add-port and ip link set up are all that it needs")),
        ];
        return found.Length > 0
            ? found
            : [Ok(name, $"/etc/network/interfaces: none of {devices.Length} representors")];
    }
}
