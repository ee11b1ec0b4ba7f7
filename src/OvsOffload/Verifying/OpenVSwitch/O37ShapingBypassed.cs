using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>A representor is shaped in software, which offloaded flows never meet.</summary>
internal sealed class O37ShapingBypassed : Check
{
    public override CheckInfo Info { get; } = new(
        "O37",
        "shaping-bypassed",
        CheckSeverity.Warning,
        "offloaded flows bypass a representor's shaping",
        """
        A qdisc on a representor shapes only packets that pass through the host's CPU. Offloaded flows bypass it, so a
        guest with such a limit is not limited: Cloudpods' sdnagent puts tbf on every guest's port, and an ifb device
        for the other direction, while sdn_enable_tc_man is true; a Neutron QoS bandwidth limit is an htb qdisc of Open
        vSwitch. Traffic that is not offloaded passes through software twice.

        Set the limit on the VF: ip link set PF vf N max_tx_rate for what the guest sends, or devlink port function
        rate. Policing by Open vSwitch (ingress_policing_rate) is offloaded and no fault.
        """);

    public override IEnumerable<Finding> Examine(Observation input)
    {
        HostState state = input.State;
        if (state.PhysicalFunctions.IsFailed)
        {
            return [Skip(Objects.Host, Objects.UnreadableReason(state.PhysicalFunctions))];
        }

        if (state.KnownFunctions.All(pf => pf.Mode != EswitchMode.Switchdev))
        {
            return [Skip(Objects.Host, Objects.NoSwitchdev(state))];
        }

        if (!state.Shapers.TryGet(out ImmutableArray<Shaper> shapers))
        {
            return [Skip(Objects.Host, $"tc qdisc show: {state.Shapers.Why}")];
        }

        Finding[] found = [.. state.KnownFunctions.SelectMany(pf => Of(pf, shapers, state))];
        return found.Length > 0
            ? found
            : [Ok(Objects.Host, "tc qdisc show: no representor has a shaping qdisc")];
    }

    private IEnumerable<Finding> Of(PhysicalFunction pf, ImmutableArray<Shaper> shapers, HostState state)
    {
        foreach (Representor port in pf.Representors.ValueOr([]))
        {
            if (port.Device is not { } device)
            {
                continue;
            }

            Shaper? shaper = shapers.FirstOrDefault(one => one.Device == device.Name);

            // sdnagent names the ifb device of a port by an r before it.
            NetDevice? ifb = state.Devices.ValueOr([])
                .FirstOrDefault(one => one.Kind == "ifb" && one.Name == $"r{device.Name}");
            if (shaper is null && ifb is null)
            {
                continue;
            }

            string evidence = string.Join("; ", new[]
            {
                shaper is null ? null : $"tc qdisc show dev {device.Name}: {shaper.Kind} at the root",
                ifb is null ? null : $"device {ifb.Name} is the ifb of this port",
            }.OfType<string>());
            yield return Found(
                FindingStatus.Warning, Objects.Of(pf, port),
                $"the rate limit on {device.Name} applies to software only",
                evidence,
                "an agent shapes the representor, and offloaded flows bypass it",
                $"set the limit on the VF: ip link set {pf.Uplink?.Name ?? "PF"} {Vf(port)} max_tx_rate MBIT; "
                    + "Cloudpods: sdn_enable_tc_man: false; Neutron: no bandwidth limit on these ports");
        }
    }

    private static string Vf(Representor port) => port.VfIndex is { } vf ? $"vf {vf}" : port.Function;
}
