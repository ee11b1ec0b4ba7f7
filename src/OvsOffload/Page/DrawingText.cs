using System.Collections.Immutable;

namespace OvsOffload.Page;

/// <summary>What the drawing shows, in words. Pure.</summary>
internal static class DrawingText
{
    /// <summary>The whole drawing, for those who hear it.</summary>
    public static string Of(HostPicture host) => string.Join(
        " ",
        [
            .. host.Cards.ValueOr([]).SelectMany(card => card.Pfs.Select(pf => Of(card, pf))),
            .. host.Bonds.ValueOr([]).Select(Of),
            .. host.Bridges.ValueOr([]).Select(bridge => $"Bridge {bridge.Name} has {bridge.Ports} ports."),
        ]);

    /// <summary>How many VFs a PF has.</summary>
    public static string Vfs(PfPicture pf) => pf.Vfs.Match(
        count => count == 1 ? "1 VF" : $"{count} VFs", _ => "no SR-IOV", _ => "VFs unreadable");

    /// <summary>The state of representors.</summary>
    public static string State(RepresentorState state) => state switch
    {
        RepresentorState.Up => "up",
        RepresentorState.Down => "down",
        RepresentorState.NoCarrier => "no carrier",
        RepresentorState.None => "missing",
        RepresentorState.Various => "various",
        _ => "unreadable",
    };

    private static string Of(CardPicture card, PfPicture pf)
    {
        ImmutableArray<FunctionGroup> groups = FunctionGroup.Of(pf);
        string functions = groups.IsEmpty ? "" : "; " + string.Join("; ", groups.Select(Of));
        string uplink = pf.Uplink is null ? "without a device" : $"{pf.Uplink.Name}, {pf.Uplink.State}";
        string plugged = pf.Bond is { } bond ? $", in bond {bond}"
            : pf.Bridge is { } bridge ? $", in bridge {bridge}"
            : "";
        return $"{card.Model}, PF {pf.Address}: mode {pf.Mode ?? "unreadable"}, {Vfs(pf)}{functions}; "
            + $"uplink {uplink}{plugged}.";
    }

    private static string Of(FunctionGroup group) =>
        $"{group.Detail} ({group.HolderLabel}), representor {group.Representor} {State(group.State)}"
        + (group.Bridge is null ? ", not in a bridge" : $", in bridge {group.Bridge}");

    private static string Of(BondPicture bond) =>
        $"Bond {bond.Name}: {bond.Mode ?? "mode unknown"}, {bond.Active} of {bond.Members.Length} members active, "
        + $"VF-LAG {bond.VfLag}{(bond.Bridge is null ? "" : $", in bridge {bond.Bridge}")}.";
}
