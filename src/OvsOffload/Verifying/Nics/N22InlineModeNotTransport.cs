using OvsOffload.Host;
using OvsOffload.Intent;
using OvsOffload.Netlink;

namespace OvsOffload.Verifying;

/// <summary>A ConnectX-4 whose VFs do not put the headers into the descriptor that port matches need.</summary>
internal sealed class N22InlineModeNotTransport : FunctionCheck
{
    public override CheckInfo Info { get; } = new(
        "N22",
        "inline-mode-not-transport",
        CheckSeverity.Warning,
        "the inline mode is below transport",
        """
        ConnectX-4 and ConnectX-4 Lx see only the headers that the VF's driver copies into the send descriptor. With
        inline mode link or network the e-switch cannot match on TCP and UDP ports; such rules are refused with "Flow is
        not offloaded due to min inline setting" in the kernel log. ConnectX-5 and later are not affected.

        The mode has to be set after switchdev mode, before any flow and before the VFs' drivers start: a guest reads it
        once.
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

        if (!pf.Model.NeedsInlineTransport)
        {
            return [Ok(name, $"{pf.Model.Name} does not need inline headers")];
        }

        return pf.Eswitch.Value.InlineMode switch
        {
            null => [Skip(name, $"devlink dev eswitch show pci/{name}: no inline-mode")],
            EswitchInlineMode.Transport => [Ok(name, $"devlink dev eswitch show pci/{name}: inline-mode transport")],
            { } mode =>
            [
                Found(
                    FindingStatus.Warning,
                    name,
                    $"inline mode {mode.ToName()}: flows that match on ports are not offloaded",
                    $"devlink dev eswitch show pci/{name}: inline-mode {mode.ToName()}",
                    $"{pf.Model.Name} sees only the headers that the VF's driver copies into the descriptor",
                    intent is { Managed: Management.Full, Mode: NicMode.Switchdev }
                        ? "ovs-offload apply"
                        : $"devlink dev eswitch set pci/{name} inline-mode transport (before any flows exist)"),
            ],
        };
    }
}
