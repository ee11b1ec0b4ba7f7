using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>IPsec is offloaded to a port whose flows are offloaded too.</summary>
internal sealed class N37IpsecBesideTc : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N37",
        "ipsec-beside-tc",
        CheckSeverity.Warning,
        "IPsec is offloaded to a port that offloads flows",
        """
        On mlx5, IPsec offload and tc offload exclude each other on one interface (NVIDIA's known issue 3612274).
        Whichever comes first wins: with IPsec in the NIC, tc rules of the port are refused with EBUSY and its flows
        stay in software; with tc rules there, the kernel refuses "offload packet" for a new security association. With
        "offload crypto" the NIC does the ciphers alone; the release notes make no distinction, so both are reported.

        The check looks at the security associations of this network namespace, on the uplink and on the bond above it.
        Keys and peers are not kept, nor written to a support bundle. Not tried on hardware.
        """);

    protected override IEnumerable<Finding> Examine(PhysicalFunction pf, NicIntent? intent, Observation input)
    {
        string name = pf.Address.ToString();
        if (!pf.IsMlx5)
        {
            return [Skip(name, $"only mlx5 has this limit, this PF's driver is {pf.Driver ?? "none"}")];
        }

        if (pf.Mode != EswitchMode.Switchdev)
        {
            return [Skip(name, pf.Eswitch.IsFailed
                ? $"cannot read the e-switch mode: {pf.Eswitch.Why}"
                : "not in switchdev mode")];
        }

        if (pf.Uplink is not { } uplink)
        {
            return [Skip(name, "the PF has no network device in this namespace")];
        }

        if (!input.State.Platform.IpsecOffloads.TryGet(out ImmutableArray<IpsecOffload> offloads))
        {
            return [Skip(name, $"ip xfrm state: {input.State.Platform.IpsecOffloads.Why}")];
        }

        IpsecOffload[] here =
            [.. offloads.Where(one => one.DeviceIndex == uplink.Index || one.DeviceIndex == uplink.Master)];
        return here.Length == 0
            ? [Ok(name, $"ip xfrm state: no security association is offloaded to {uplink.Name}")]
            :
            [
                Found(
                    Severity,
                    name,
                    $"IPsec is offloaded to {uplink.Name}, which offloads flows",
                    $"ip xfrm state: {here.Count(one => one.IsPacket)} with packet offload and "
                        + $"{here.Count(one => !one.IsPacket)} with crypto offload on {uplink.Name} or its bond",
                    "on mlx5, IPsec offload and tc offload exclude each other on one interface",
                    "let IPsec run in software (libreswan: nic-offload=no; strongSwan: hw_offload = no; ip xfrm: no "
                        + "offload), or give it a port of its own"),
            ];
    }
}
