using System.Collections.Immutable;
using OvsOffload.Host;
using OvsOffload.Os;
using OvsOffload.Sysfs;

namespace OvsOffload.Verifying;

/// <summary>Names of the objects that findings are about.</summary>
internal static class Objects
{
    /// <summary>The machine as a whole.</summary>
    public const string Host = "host";

    /// <summary>The kernel.</summary>
    public const string Kernel = "kernel";

    /// <summary>Open vSwitch as a whole.</summary>
    public const string Switch = "Open vSwitch";

    /// <summary>Why a check of PFs is skipped where there is none.</summary>
    public const string NoFunctions = "this host has no NIC with a physical function";

    /// <summary>Letters of somebody else's line that evidence shows.</summary>
    private const int LineBound = 300;

    /// <summary>
    /// Somebody else's words as a part of one line: white space is one blank, what controls a terminal is gone, and
    /// what is too long is cut.
    /// </summary>
    public static string OneLine(string text)
    {
        string whole = text.Length > 4 * LineBound ? text[..(4 * LineBound)] : text;
        string plain = string.Join(' ', whole.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        string clean = string.Concat(plain.Where(letter => !char.IsControl(letter)));
        return clean.Length > LineBound ? $"{clean[..LineBound]}.." : clean;
    }

    /// <summary>Why a check of PFs is skipped that could not be read.</summary>
    public static string UnreadableReason(Reading<ImmutableArray<PhysicalFunction>> functions) =>
        $"cannot read the physical functions: {functions.Why}";

    /// <summary>
    /// The e-switch whose mode could not be read, with the reason; null where all were read, or have none.
    /// </summary>
    public static string? UnreadableEswitch(HostState state) =>
        state.KnownFunctions.FirstOrDefault(pf => pf.Eswitch.IsFailed) is { } unread
            ? $"cannot read the e-switch mode of {unread.Address}: {unread.Eswitch.Why}"
            : null;

    /// <summary>Why a check of hosts that offload is skipped where no PF is known to be in switchdev mode.</summary>
    public static string NoSwitchdev(HostState state) =>
        UnreadableEswitch(state) ?? "this host has no PF in switchdev mode";

    /// <summary>A function of a PF: <c>0000:3b:00.0 vf3</c>.</summary>
    public static string Of(PhysicalFunction pf, Representor representor) => $"{pf.Address} {representor.Function}";

    /// <summary>What a finding's object belongs to: the PF for its functions, else the object itself.</summary>
    public static string GroupOf(string subject) =>
        subject.Split(' ', 2) is [var first, _] && PciAddress.TryParse(first, out _) ? first : subject;
}
