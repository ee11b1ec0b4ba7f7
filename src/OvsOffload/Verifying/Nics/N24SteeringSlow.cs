using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>The card's rules are written by its firmware, which is slow.</summary>
internal sealed class N24SteeringSlow : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N24",
        "steering-slow",
        CheckSeverity.Warning,
        "flow steering uses the firmware (dmfs), which is slow",
        """
        mlx5 can write its rules in two ways: through the firmware (dmfs), a few thousand per second, or directly to the
        card's memory (smfs, and hmfs on later kernels), many times faster. ConnectX-5 and later support the latter.
        With dmfs new flows wait in software, and conntrack with many short connections is hardly offloaded.

        The mode has to be set in legacy mode, before switchdev, and cannot be changed afterwards.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (pf.Eswitch.IsFailed)
        {
            return [Skip(name, $"devlink dev eswitch show pci/{name}: {pf.Eswitch.Why}")];
        }

        if (pf.Mode != EswitchMode.Switchdev)
        {
            return [Skip(name, "not in switchdev mode")];
        }

        if (!pf.SteeringMode.TryGet(out string? mode))
        {
            return [Skip(name, $"devlink dev param show pci/{name} name flow_steering_mode: {pf.SteeringMode.Why}")];
        }

        IReadOnlyList<string> modes = pf.Model.Generation.SteeringModes;
        string evidence = $"devlink dev param show pci/{name} name flow_steering_mode: {mode}";
        if (mode != "dmfs" || modes.Count == 0 || modes[0] == "dmfs")
        {
            return [Ok(name, evidence)];
        }

        bool asked = intent?.Steering == SteeringChoice.Dmfs;
        return
        [
            Found(asked ? FindingStatus.Info : FindingStatus.Warning, name, Info.Title,
                $"{evidence}; {pf.Model.Name} supports {modes[0]}",
                asked ? "the configuration sets steering: "
                    + "dmfs" : "dmfs was set, or is the driver's default on this kernel",
                "set steering: smfs in the configuration and run ovs-offload apply; or in legacy mode: devlink dev "
                    + $"param set pci/{name} name flow_steering_mode value {modes[0]} cmode runtime"),
        ];
    }
}
