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
        "rules are written by the firmware, which is slow",
        """
        mlx5 can write its rules in two ways: by commands to the firmware (dmfs), a few thousand a second, or straight
        into the card's memory (smfs, and hmfs on later kernels), many times that. ConnectX-5 and later can do the
        latter. With dmfs new flows wait in software for their turn, and conntrack with many short connections is hardly
        offloaded at all.

        The mode is set in legacy mode, before switchdev, and cannot be changed after.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? wish, VerifyInput input)
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

        bool asked = wish?.Steering == SteeringChoice.Dmfs;
        return
        [
            Found(asked ? FindingStatus.Info : FindingStatus.Warning, name, Info.Title,
                $"{evidence}; {pf.Model.Name} can do {modes[0]}",
                asked ? "the configuration wants dmfs" : "it was set, or is what this kernel's driver begins with",
                "steering: smfs in the configuration and ovs-offload apply; by hand in legacy mode: devlink dev "
                    + $"param set pci/{name} name flow_steering_mode value {modes[0]} cmode runtime"),
        ];
    }
}
