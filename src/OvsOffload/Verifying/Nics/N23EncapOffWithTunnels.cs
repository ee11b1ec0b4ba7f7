using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;
using OvsOffload.OpenVSwitch;

namespace OvsOffload.Verifying;

/// <summary>There are tunnels, and the e-switch may not encapsulate.</summary>
internal sealed class N23EncapOffWithTunnels : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N23",
        "encap-off-with-tunnels",
        CheckSeverity.Error,
        "encapsulation is off in the e-switch, but there are tunnels",
        """
        devlink's encap-mode controls whether the e-switch encapsulates packets. With none, flows to and from VXLAN,
        Geneve and GRE ports stay in software; other flows are still offloaded. It can be changed only while there are
        no flows, and on some kernels only in legacy mode, before switchdev. Without a tunnel port in Open vSwitch the
        mode does not matter.
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

        if (pf.Eswitch.Value.EncapMode is not { } encap)
        {
            return [Skip(name, $"devlink dev eswitch show pci/{name}: no encap-mode")];
        }

        if (encap != EswitchEncapMode.None)
        {
            return [Ok(name, $"devlink dev eswitch show pci/{name}: encap-mode basic")];
        }

        if (!input.State.OpenVSwitch.Database.IsKnown)
        {
            return [Skip(name, $"Open vSwitch's database: {input.State.OpenVSwitch.Database.Why}")];
        }

        OvsInterface? tunnel = Tunnels.Of(input.State).FirstOrDefault();
        return tunnel is null
            ? [Ok(name, $"devlink dev eswitch show pci/{name}: encap-mode none, and Open vSwitch has no tunnel")]
            :
            [
                Found(input.ErrorIfOffloadExpected, name, $"flows of {tunnel.Type} tunnels stay in software",
                    $"devlink dev eswitch show pci/{name}: encap-mode none; tunnel {tunnel.Name} ({tunnel.Type})",
                    "encap-mode none was set, or is the driver's default",
                    intent is { Managed: Management.Full, Encap: EncapChoice.Basic }
                        ? "ovs-offload apply"
                        : $"devlink dev eswitch set pci/{name} encap-mode basic (while there are no flows); or set "
                            + "encap: basic in the configuration"),
            ];
    }
}
