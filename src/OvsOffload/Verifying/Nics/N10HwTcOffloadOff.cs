using OvsOffload.Host;
using OvsOffload.Intent;

namespace OvsOffload.Verifying;

/// <summary>hw-tc-offload is off on an uplink or a VF representor.</summary>
internal sealed class N10HwTcOffloadOff : RepresentorCheck
{
    public override CheckInfo Info { get; } = new(
        "N10",
        "hw-tc-offload-off",
        CheckSeverity.Error,
        "hw-tc-offload is off",
        """
        tc passes a rule to the NIC only on devices with hw-tc-offload on. It has to be on for the uplink and for every
        representor: a flow from a device without it stays in software, and Open vSwitch logs nothing. mlx5 switches it
        on for most devices, other drivers do not, and tools such as tuned or a udev rule may switch it off.

        If the feature is "off [fixed]" on a VF representor it cannot be switched on: the driver lacks tc offload, which
        is P09.
        """);

    protected override IEnumerable<Finding> ExamineSwitchdev(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        var devices = Devices(pf).Select(pair => (Subject: Objects.Of(pf, pair.Representor), pair.Device)).ToList();
        bool driverLacksIt = devices.Any(pair => P09KernelLacksTcOffload.LacksFeature(pair.Device));
        if (pf.Uplink is { } uplink)
        {
            devices.Insert(0, (pf.Address.ToString(), uplink));
        }

        if (devices.Count == 0)
        {
            return [Skip(pf.Address.ToString(), "no uplink and no representors in this network namespace")];
        }

        Finding[] findings =
            [.. devices.Select(pair => Examine(pair.Subject, pair.Device, driverLacksIt, input)).OfType<Finding>()];
        return findings.Length > 0
            ? findings
            : [Ok(pf.Address.ToString(), $"ethtool -k: hw-tc-offload: on for {devices[0].Device.Name}"
                + (devices.Count > 1 ? $" and {devices.Count - 1} more" : ""))];
    }

    /// <summary>What there is to say of one device; null when it is on.</summary>
    private Finding? Examine(string subject, NetDevice device, bool driverLacksIt, Observation input)
    {
        string command = $"ethtool -k {device.Name}";
        if (device.HwTcOffload.IsFailed)
        {
            return Skip(subject, $"{command}: {device.HwTcOffload.Why}");
        }

        if (device.HwTcOffload.ValueOrDefault() is { On: true })
        {
            return null;
        }

        bool cannot = P09KernelLacksTcOffload.LacksFeature(device);
        if (cannot && driverLacksIt)
        {
            return Skip(subject, $"{command}: hw-tc-offload cannot be switched on: see P09");
        }

        return Found(
            input.ErrorIfOffloadExpected,
            subject,
            $"hw-tc-offload is off on {device.Name}",
            $"{command}: hw-tc-offload: "
                + $"{(device.HwTcOffload.IsAbsent ? "not offered" : cannot ? "off [fixed]" : "off")}",
            cannot
                ? "the driver does not allow it on this device"
                : "it was switched off (by tuned, a udev rule or a script), or the driver's default is off",
            cannot ? "use another driver or firmware: see P09" : $"ethtool -K {device.Name} hw-tc-offload on");
    }
}
