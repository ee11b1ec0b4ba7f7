using System.Net;
using OvsOffload.Host;
using OvsOffload.Netlink;
using OvsOffload.Nics;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>A tunnel's address is on a device that no e-switch has.</summary>
internal sealed class O15TunnelAddressElsewhere : SwitchCheck
{
    public override CheckInfo Info { get; } = new(
        "O15",
        "tunnel-address-elsewhere",
        CheckSeverity.Error,
        "the tunnel's local address is not on the uplink",
        """
        For a flow into a tunnel the driver looks up the outer packet's output device. That has to be the uplink of the
        same e-switch, the bond above it, or a VLAN on either. If the tunnel's local_ip is on another NIC, on a VF, or
        on a device that belongs to no card, the flow stays in software: "devices are not on same switch HW".

        An address on the bridge's own internal port works from ConnectX-6 Dx and kernel 5.16 on. Older cards do not
        support it; with an older kernel flows are refused with "Invalid argument". RHEL and its derivatives backport
        such features, so on their kernels the check is skipped.
        """);

    protected override IEnumerable<Finding> Examine(OpenVSwitchDatabase database, Observation input)
    {
        OvsInterface[] tunnels = [.. Tunnels.Of(input.State).Where(row => Tunnels.LocalAddress(row) is not null)];
        if (!input.OffloadExpected || tunnels.Length == 0)
        {
            return [Skip(Objects.Switch, input.OffloadExpected
                ? "no tunnel of Open vSwitch has a local_ip"
                : $"offload is not expected: {input.OffloadReason}")];
        }

        if (input.State.PhysicalFunctions.IsFailed || !input.State.Devices.IsKnown)
        {
            return [Skip(Objects.Switch, input.State.PhysicalFunctions.IsFailed
                ? Objects.UnreadableReason(input.State.PhysicalFunctions)
                : $"cannot read the network devices: {input.State.Devices.Why}")];
        }

        if (Objects.UnreadableEswitch(input.State) is { } unread)
        {
            return [Skip(Objects.Switch, unread)];
        }

        return tunnels.DistinctBy(Tunnels.LocalAddress).Select(tunnel => Evaluate(tunnel, database, input));
    }

    private Finding Evaluate(OvsInterface tunnel, OpenVSwitchDatabase database, Observation input)
    {
        IPAddress local = Tunnels.LocalAddress(tunnel)!;
        string subject = $"tunnel {tunnel.Name}";
        NetDevice? device = Tunnels.DeviceOf(local, input.State);
        string evidence = $"ovs-vsctl get Interface {tunnel.Name} options:local_ip: {local}; ip address: "
            + (device is null ? "not found in this network namespace" : $"on {device.Name}");
        if (device is not null && IsOnUplink(device, input.State))
        {
            return Ok(subject, evidence);
        }

        bool internalPort = device is not null && Tunnels.IsInternalPort(device, database);
        NicModel? able = internalPort ? AbleModel(input.State) : null;
        bool? oldKernel = able is null ? null : input.State.Kernel.Predates(able, NicFeature.TunnelOnInternalPort);
        if (able is not null && oldKernel != true)
        {
            return oldKernel == false
                ? Ok(subject, $"{evidence}, an internal port, which this NIC and kernel support")
                : Skip(subject, $"{evidence}, an internal port, which {able.Name} supports; whether this kernel does "
                    + $"is not known ({Release(input.State)})");
        }

        return Found(
            FindingStatus.Error,
            subject,
            $"the tunnel's local address {local} is not on the uplink of a switchdev NIC",
            evidence,
            !internalPort ? "the outer packet leaves through a device outside the e-switch"
                : able is null
                    ? "the address is on an internal port of the bridge, which this NIC generation cannot offload"
                : $"the address is on an internal port of the bridge, which {able.Name} offloads from Linux "
                    + $"{able.Generation.Driver.Since[NicFeature.TunnelOnInternalPort]} on, and this is "
                    + Release(input.State),
            $"move {local} to the uplink, the bond above it or a VLAN on either (it need not be in the bridge)");
    }

    /// <summary>A NIC in switchdev mode that offloads tunnels with their end on an internal port; null for
    /// none.</summary>
    private static NicModel? AbleModel(HostState state) => state.KnownFunctions
        .FirstOrDefault(pf => pf.Mode == EswitchMode.Switchdev
            && pf.Model[NicFeature.TunnelOnInternalPort] == SupportLevel.Full)?.Model;

    private static string Release(HostState state) => state.Kernel.Facts.Release
        .Match(release => $"uname -r: {release}", why => why, why => why);

    /// <summary>Whether a device is an uplink in switchdev mode, or a bond or VLAN above one.</summary>
    private static bool IsOnUplink(NetDevice device, HostState state)
    {
        HashSet<int> uplinks =
        [
            .. state.KnownFunctions.Where(pf => pf.Mode == EswitchMode.Switchdev)
                .Select(pf => pf.Uplink?.Index).OfType<int>(),
        ];
        HashSet<int> bonds =
            [.. state.Devices.Value.Where(one => uplinks.Contains(one.Index)).Select(one => one.Master).OfType<int>()];
        return Has(device.Index) || (device.Kind == "vlan" && device.Lower is { } lower && Has(lower));

        bool Has(int index) => uplinks.Contains(index)
            || (bonds.Contains(index) && state.Devices.Value.Any(one => one.Index == index && one.Kind == "bond"));
    }
}
